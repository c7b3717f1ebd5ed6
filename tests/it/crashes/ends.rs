//! Ends of a process that nobody has planned, and what the next one finds: a trail in use, a lock that is stale, a clock
//! that has been set back.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use vigil::audit;
use vigil_tests::{all_events, builder, events, isolated, part_of, process, start, trail_files};

use super::numbered;

/// The ends are those that run no destructor: what was recorded is in the journal, and the next start writes it.
#[test]
fn an_end_without_a_shutdown_loses_nothing() {
    const NAME: &str = "crashes::ends::an_end_without_a_shutdown_loses_nothing";
    const EVENTS: u64 = 2_000;
    if let Some((part, dir)) = part_of(NAME) {
        let vigil = start(&dir);
        if part == "next" {
            vigil.shutdown().unwrap();
            return;
        }
        (0..EVENTS).for_each(|number| numbered(0, 0, number));
        match part.as_str() {
            "exit" => std::process::exit(0),
            "abort" => std::process::abort(),
            "forget" => {
                std::mem::forget(vigil);
                return;
            }
            other => panic!("{other}"),
        }
    }
    for end in ["exit", "abort", "forget"] {
        let dir = tempfile::tempdir().unwrap();
        let play = |part: &str| {
            let mut command = process(NAME, part, dir.path());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command.status().unwrap()
        };
        let status = play(end);
        assert_eq!(status.success(), end != "abort", "{status}");
        assert!(play("next").success());
        let numbers: Vec<_> = events(dir.path())
            .iter()
            .map(|event| event["action"]["parameters"]["number"].as_u64().unwrap())
            .collect();
        assert!(
            numbers.iter().copied().eq(0..EVENTS),
            "{end}: {} events",
            numbers.len()
        );
        // Two starts, one end.
        let all = all_events(dir.path());
        let count = |operation: &str| {
            all.iter()
                .filter(|event| event["action"]["operation"] == operation)
                .count()
        };
        assert_eq!((count("audit_started"), count("audit_stopped")), (2, 1));
    }
}

/// The message names the process to stop; when that is dead, its lock is none.
#[test]
fn a_trail_in_use_is_refused_and_taken_over_when_its_owner_is_dead() {
    const NAME: &str =
        "crashes::ends::a_trail_in_use_is_refused_and_taken_over_when_its_owner_is_dead";
    if let Some((part, dir)) = part_of(NAME) {
        match (part.as_str(), builder(&dir).init()) {
            ("owner", Ok(vigil)) => {
                numbered(0, 0, 0);
                vigil::flush().unwrap();
                fs::write(dir.join("running"), "").unwrap();
                std::thread::sleep(Duration::from_secs(60));
                drop(vigil);
            }
            ("second", Err(error)) => {
                assert!(error.is_already_running());
                fs::write(dir.join("error"), error.to_string()).unwrap();
            }
            ("next", Ok(vigil)) => {
                numbered(1, 0, 0);
                vigil.shutdown().unwrap();
            }
            (part, result) => panic!("{part}: {result:?}"),
        }
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut owner = process(NAME, "owner", dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !dir.path().join("running").exists() {
        assert!(owner.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(5));
    }
    let before = fs::read(&trail_files(dir.path())[0]).unwrap();
    assert!(
        process(NAME, "second", dir.path())
            .stdout(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let error = fs::read_to_string(dir.path().join("error")).unwrap();
    assert!(
        error.contains(&format!("is in use by process {}", owner.id())),
        "{error}"
    );
    assert!(error.contains(&dir.path().display().to_string()), "{error}");
    assert_eq!(
        fs::read(&trail_files(dir.path())[0]).unwrap(),
        before,
        "the second has touched nothing"
    );

    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(dir.path().join(".vigil/lock").exists());
    assert!(
        process(NAME, "next", dir.path())
            .stdout(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(events(dir.path()).len(), 2);
}

/// 2026-11-23T12:00:00Z, and it may be set.
static CLOCK: AtomicU64 = AtomicU64::new(1_795_435_200_000_000_000);

struct Settable;

impl vigil::Clock for Settable {
    fn unix_nanos(&self) -> u64 {
        CLOCK.load(Relaxed)
    }
}

isolated! {
    fn a_clock_that_is_set_back_changes_no_order_and_opens_no_old_file(dir) {
        const HOUR: u64 = 3_600_000_000_000;
        let vigil = builder(dir).clock(Settable).init().unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        CLOCK.fetch_add(24 * HOUR, Relaxed);
        numbered(0, 0, 1);
        vigil::flush().unwrap();
        // Two days, so that it is before everything.
        CLOCK.fetch_sub(48 * HOUR, Relaxed);
        numbered(0, 0, 2);
        vigil.shutdown().unwrap();
        // And a start by a clock that is behind.
        let vigil = builder(dir).clock(Settable).init().unwrap();
        numbered(0, 0, 3);
        vigil.shutdown().unwrap();

        let files: Vec<_> = trail_files(dir).iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(files, ["audit_audit_2026-11-23.log", "audit_audit_2026-11-24.log"]);
        let events: Vec<_> = all_events(dir).into_iter().filter(|event| event["action"]["operation"] == "numbered").collect();
        let numbers: Vec<_> = events.iter().map(|event| event["action"]["parameters"]["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [0, 1, 2, 3]);
        let day = |at: usize| events[at]["timestamp"].as_str().unwrap()[..10].to_owned();
        assert_eq!([day(0), day(1), day(2), day(3)], ["2026-11-23", "2026-11-24", "2026-11-22", "2026-11-22"]);
        assert!(events.iter().all(|event| event["performance"]["duration_ms"].as_f64().unwrap() < 60_000.0));
    }

    fn events_of_64_kib_and_more_survive_a_crash_as_whole_lines(dir) {
        let vigil = builder(dir).journal(1 << 20, Duration::from_secs(10)).init().unwrap();
        for size in [1_000, 60_000, 65_536, 65_537, 200_000, 2_000_000] {
            for parts in [1, 40] {
                let texts = vec!["lorem ipsum ".repeat(size / parts / 12); parts];
                audit!(category = "DATA", operation = "large", fields(size = size as u64, texts = &texts));
            }
        }
        vigil.shutdown().unwrap();
        for file in trail_files(dir) {
            assert!(fs::read(file).unwrap().split(|byte| *byte == b'\n').all(|line| line.len() < 65_536));
        }
        let stats = vigil::stats();
        let large: Vec<_> = events(dir);
        assert_eq!((large.len(), stats.total.dropped), (12, 0));
        let sizes: Vec<_> = large.iter().map(|event| event["action"]["parameters"]["size"].as_u64().unwrap()).collect();
        assert_eq!(sizes, [1_000, 1_000, 60_000, 60_000, 65_536, 65_536, 65_537, 65_537, 200_000, 200_000, 2_000_000, 2_000_000]);
    }
}
