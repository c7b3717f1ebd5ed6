//! Promise 2, for what other programs have to say: a note that was left becomes an event, once, whoever has the trail open
//! and whoever is killed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil::trail::{Left, Note, NoteKind, VerifyOptions, verify};
use vigil_tests::{all_events, builder, isolated, part_of, process};

use crate::integrity::prove;

const PATIENCE: Duration = Duration::from_secs(60);

fn note(number: u64) -> Note {
    Note::new(NoteKind::Read, "report").detail("number", number)
}

fn inbox(dir: &Path) -> PathBuf {
    dir.join(".vigil/inbox")
}

/// The names of what lies in the inbox, but for what is being written.
fn lying(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(inbox(dir)) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "refused" && !name.ends_with(".new"))
        .collect();
    names.sort_unstable();
    names
}

fn await_that(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How often each number was told of.
fn told(dir: &Path) -> BTreeMap<u64, u32> {
    let mut told = BTreeMap::new();
    for event in all_events(dir) {
        if event["action"]["operation"] == "audit_read" {
            let number = event["action"]["parameters"]["number"].as_u64().unwrap();
            *told.entry(number).or_default() += 1;
        }
    }
    told
}

/// One process of the tests here that has the trail open.
fn run_engine(dir: &Path) {
    let _vigil = builder(dir)
        .max_size(1 << 20)
        .on_error(|_| {})
        .init()
        .unwrap();
    fs::write(dir.join("running"), "").unwrap();
    loop {
        vigil::audit!(category = "DATA", operation = "work", outcome = ok);
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn engine(name: &str, dir: &Path) -> Child {
    let _ = fs::remove_file(dir.join("running"));
    let child = process(name, "engine", dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    await_that("the engine runs", || dir.join("running").exists());
    child
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_running_engine_takes_what_another_process_leaves() {
    const NAME: &str = "inbox::a_running_engine_takes_what_another_process_leaves";
    if let Some((_, dir)) = part_of(NAME) {
        return run_engine(&dir);
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let child = engine(NAME, dir);
    for number in 0..5 {
        assert_eq!(vigil::leave_note(dir, &note(number)).unwrap(), Left::Handed);
    }
    await_that("the inbox is empty", || lying(dir).is_empty());
    kill(child);
    // Only for the last line, which the process may have died in.
    builder(dir).init().unwrap().shutdown().unwrap();
    assert_eq!(told(dir), (0..5).map(|number| (number, 1)).collect());
    let events = all_events(dir);
    let read = events
        .iter()
        .find(|event| event["action"]["operation"] == "audit_read")
        .unwrap();
    let parameters = &read["action"]["parameters"];
    assert_eq!(parameters["command"], "report");
    assert_eq!(parameters["process"]["pid"], std::process::id());
    assert_eq!(read["actor"]["type"], "user");
    assert_eq!(read["actor"]["id"], parameters["by"]["uid"].to_string());
    assert_eq!(read["source"]["module"], "vigil");
    // The engine's own process wrote it.
    assert_ne!(read["system"]["runtime"]["process_id"], std::process::id());
}

/// Engines that are killed while notes come, again and again.
#[test]
fn each_note_becomes_one_event_whoever_is_killed() {
    const NAME: &str = "inbox::each_note_becomes_one_event_whoever_is_killed";
    if let Some((part, dir)) = part_of(NAME) {
        match part.as_str() {
            "engine" => run_engine(&dir),
            leaves => {
                let first: u64 = leaves.parse().unwrap();
                let mut left = fs::File::create(dir.join(format!("left-{first}"))).unwrap();
                for number in first.. {
                    vigil::leave_note(&dir, &note(number)).unwrap();
                    left.write_all(format!("{number}\n").as_bytes()).unwrap();
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        }
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    builder(dir).init().unwrap().shutdown().unwrap();
    let (mut between, mut left_over) = (0, 0);
    for round in 0..12 {
        let first = round * 1_000_000;
        // Some notes are left while nobody has the trail open, and that program is killed too.
        let leaving = process(NAME, &first.to_string(), dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        await_that("a note is left", || {
            let left = fs::metadata(dir.join(format!("left-{first}")));
            left.is_ok_and(|left| left.len() > 0)
        });
        let child = engine(NAME, dir);
        if round % 3 == 0 {
            std::thread::sleep(Duration::from_millis(900 + 37 * round));
        } else {
            let began = Instant::now();
            // The moment between the taking and the removing.
            while !lying(dir).iter().any(|name| name.ends_with(".taken")) {
                assert!(began.elapsed() < PATIENCE);
            }
        }
        if round % 2 == 0 {
            kill(leaving);
            kill(child);
        } else {
            kill(child);
            std::thread::sleep(Duration::from_millis(30));
            kill(leaving);
        }
        let names = lying(dir);
        between += names.iter().filter(|name| name.ends_with(".taken")).count();
        left_over += names.len();
    }
    let vigil = builder(dir).init().unwrap();
    await_that("the inbox is empty", || lying(dir).is_empty());
    vigil.shutdown().unwrap();
    let told = told(dir);
    let mut notes = 0;
    for round in 0..12 {
        let first = round * 1_000_000;
        let text = fs::read_to_string(dir.join(format!("left-{first}"))).unwrap();
        let last: u64 = text.lines().last().unwrap().parse().unwrap();
        for number in first..=last {
            assert_eq!(told.get(&number), Some(&1), "note {number}");
            notes += 1;
        }
        // The last one may have been left, and its author killed before he could say so.
        assert!(told.range(last + 2..first + 1_000_000).next().is_none());
    }
    assert!(told.values().all(|times| *times == 1));
    let proved = prove(dir);
    assert_eq!(proved.signed, proved.events);
    println!(
        "{notes} notes, each told once; after the kills {left_over} lay in the inbox, {between} of them taken"
    );
    assert!(notes > 50 && between > 0);
}

isolated! {
    /// The moment of the crash, made by hand: the event is in the trail, or was taken and is not.
    fn a_note_that_was_taken_before_a_crash_is_not_doubled(dir) {
        let vigil = builder(dir).init().unwrap();
        vigil::leave_note(dir, &note(1)).unwrap();
        let left = inbox(dir).join(&lying(dir)[0]);
        let text = fs::read(&left).unwrap();
        let id = left.file_stem().unwrap().to_str().unwrap().to_owned();
        await_that("the note is taken", || lying(dir).is_empty());
        vigil.shutdown().unwrap();
        assert_eq!(told(dir), BTreeMap::from([(1, 1)]));
        let seq = all_events(dir)
            .iter()
            .find(|event| event["event_id"] == id.as_str())
            .unwrap()["seq"]
            .as_u64()
            .unwrap();
        let other = vigil::EventId::new(1).to_string();
        for (id, seq, times) in [(&id, seq, 1), (&id, 0, 1), (&other, 0, 2), (&other, seq + 1, 2)] {
            fs::write(inbox(dir).join(format!("{id}.{seq}.taken")), &text).unwrap();
            let vigil = builder(dir).init().unwrap();
            await_that("the note is gone", || lying(dir).is_empty());
            vigil.shutdown().unwrap();
            assert_eq!(told(dir), BTreeMap::from([(1, times)]), "taken at {seq}");
        }
    }

    /// Nobody has the trail open: the note is written at once, signed, and the trail goes on.
    fn without_an_engine_the_trail_is_opened_written_and_signed(dir) {
        for integrity in [true, false] {
            let dir = &dir.join(integrity.to_string());
            let start = || builder(dir).integrity(integrity).init().unwrap();
            start().shutdown().unwrap();
            let keys = fs::read(dir.join(".vigil/log.vkey")).ok();
            for number in 0..3 {
                let left = vigil::leave_note(dir, &note(number)).unwrap();
                assert_eq!(left, Left::Written);
                if integrity {
                    let report = verify(dir, &VerifyOptions::new()).unwrap();
                    assert_eq!(report.verdict, vigil::trail::Verdict::Intact, "{report:?}");
                    assert_eq!(report.covered, report.events);
                }
            }
            start().shutdown().unwrap();
            assert_eq!(told(dir), BTreeMap::from([(0, 1), (1, 1), (2, 1)]));
            assert_eq!(fs::read(dir.join(".vigil/log.vkey")).ok(), keys);
            let events = all_events(dir);
            let operations: Vec<_> = events
                .iter()
                .map(|event| event["action"]["operation"].as_str().unwrap())
                .collect();
            assert_eq!(operations, [
                "audit_started", "audit_stopped", "audit_read", "audit_read", "audit_read", "audit_started",
                "audit_stopped",
            ]);
        }
    }

    /// What there is to recover, a note does not touch.
    fn a_trail_that_was_not_left_in_order_is_not_opened(dir) {
        start_and_leave(dir, "torn", |dir| {
            let segment = vigil_tests::trail_files(dir).pop().unwrap();
            let mut text = fs::read(&segment).unwrap();
            text.extend_from_slice(b"{\"event_id\":\"0");
            fs::write(segment, text).unwrap();
        }, "its last line is not whole");
        start_and_leave(dir, "keyless", |dir| {
            fs::rename(dir.join(".vigil/keys/signing.key"), dir.join("elsewhere")).unwrap();
        }, "the key that signs the trail does not lie beside it");
        start_and_leave(dir, "altered", |dir| {
            let segment = vigil_tests::trail_files(dir).pop().unwrap();
            let text = fs::read_to_string(&segment).unwrap();
            fs::write(segment, text.replace("audit_started", "audit_starved")).unwrap();
        }, "is not what was signed");
        start_and_leave(dir, "shortened", |dir| {
            let segment = vigil_tests::trail_files(dir).pop().unwrap();
            let text = fs::read_to_string(&segment).unwrap();
            let (first, _) = text.split_once('\n').unwrap();
            fs::write(segment, format!("{first}\n")).unwrap();
        }, "its end is missing");
        start_and_leave(dir, "journal", |dir| {
            fs::write(dir.join(".vigil/journal"), "something else").unwrap();
        }, "the program that writes it has not ended in order");
    }

    fn what_is_no_trail_gets_no_note(dir) {
        let error = vigil::leave_note(dir, &note(0)).unwrap_err();
        assert!(error.is_trail() && error.to_string().contains("holds no trail"), "{error}");
        fs::write(dir.join("audit_audit_2026-11-23.log"), "{\"seq\":0}\n").unwrap();
        let error = vigil::leave_note(dir, &note(0)).unwrap_err();
        assert!(error.is_trail() && error.to_string().contains("no directory .vigil"), "{error}");
        assert!(!dir.join(".vigil").exists());
    }

    /// The host goes on, and the trail says what lay there.
    fn what_is_no_note_is_told_in_the_trail_and_moved_away(dir) {
        let vigil = builder(dir).on_error(|_| {}).init().unwrap();
        await_that("there is an inbox", || inbox(dir).is_dir());
        fs::write(inbox(dir).join("card 4012888888881881"), "{}").unwrap();
        for number in 0..40 {
            let name = format!("01934f3c-6a1b-7def-8123-4567{number:08}.json");
            fs::write(inbox(dir).join(name), vec![b'['; 40_000 * (number % 2) + 500]).unwrap();
        }
        await_that("the inbox is empty", || lying(dir).is_empty());
        vigil::audit!(category = "DATA", operation = "work", outcome = ok);
        vigil.shutdown().unwrap();
        assert_eq!(fs::read_dir(inbox(dir).join("refused")).unwrap().count(), 41);
        let events = all_events(dir);
        let refused: Vec<&Value> = events
            .iter()
            .filter(|event| event["action"]["parameters"]["condition"] == "note_refused")
            .collect();
        let count: u64 = refused
            .iter()
            .map(|event| event["action"]["parameters"]["count"].as_u64().unwrap())
            .sum();
        assert_eq!(count, 41);
        assert!(refused.iter().all(|event| event["action"]["result"]["status"] == "FAILURE"));
        assert!(!format!("{refused:?}").contains("4012888888881881"));
        assert_eq!(vigil_tests::events(dir).len(), 1);
    }

    /// A program that has the trail open for a moment does not keep another from starting.
    fn a_start_waits_for_a_note_that_is_being_written(dir) {
        builder(dir).init().unwrap().shutdown().unwrap();
        std::thread::scope(|scope| {
            let leaving = scope.spawn(|| {
                (0..30).map(|number| vigil::leave_note(dir, &note(number)).unwrap()).collect::<Vec<_>>()
            });
            for _ in 0..10 {
                builder(dir).init().unwrap().shutdown().unwrap();
            }
            let left = leaving.join().unwrap();
            assert!(left.iter().all(|left| matches!(left, Left::Written | Left::Handed)), "{left:?}");
        });
        let vigil = builder(dir).init().unwrap();
        await_that("the inbox is empty", || lying(dir).is_empty());
        vigil.shutdown().unwrap();
        assert_eq!(told(dir), (0..30).map(|number| (number, 1)).collect());
    }
}

/// A trail, something that happens to it, and a note: which waits, with the trail as it was.
fn start_and_leave(dir: &Path, name: &str, happen: impl Fn(&Path), why: &str) {
    let dir = &dir.join(name);
    builder(dir).init().unwrap().shutdown().unwrap();
    happen(dir);
    let segments = || -> Vec<Vec<u8>> {
        let files = vigil_tests::trail_files(dir);
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    };
    let before = (
        segments(),
        fs::read(dir.join(".vigil/checkpoints")).unwrap(),
    );
    match vigil::leave_note(dir, &note(7)).unwrap() {
        Left::Waiting(reason) => assert!(reason.contains(why), "{name}: {reason}"),
        other => panic!("{name}: {other:?}"),
    }
    assert_eq!(lying(dir).len(), 1, "{name}");
    assert!(!dir.join(".vigil/aside-1").exists() && !dir.join(".vigil/torn").exists());
    let after = (
        segments(),
        fs::read(dir.join(".vigil/checkpoints")).unwrap(),
    );
    assert!(before == after, "{name}");
    // The next start mends what there is to mend, and takes it.
    let vigil = builder(dir).on_error(|_| {}).init().unwrap();
    await_that("the inbox is empty", || lying(dir).is_empty());
    vigil.shutdown().unwrap();
    assert_eq!(told(dir), BTreeMap::from([(7, 1)]), "{name}");
}
