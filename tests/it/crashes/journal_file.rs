//! The journal's file as somebody has left it: cut, scribbled on, of another version, something else altogether, gone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use vigil_tests::{all_events, builder, events, isolated, only, part_of, process, start};

use super::{Chance, block, numbered, unblock};

/// Bytes before the ring.
const HEAD: u64 = 8 * 1024;

/// Events that the trail has when the process dies, and that only the journal has.
const WRITTEN: u64 = 50;
const WAITING: u64 = 400;

fn journal(dir: &Path) -> PathBuf {
    dir.join(".vigil/journal")
}

/// Leaves in `dir` what a process leaves that dies with its journal well filled.
fn crash(dir: &Path) {
    let part = process(CRASH, "crash", dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!part.success());
    unblock(dir);
}

const CRASH: &str =
    "crashes::journal_file::what_an_aborted_process_had_recorded_is_written_by_the_next";

#[test]
fn what_an_aborted_process_had_recorded_is_written_by_the_next() {
    if let Some((part, dir)) = part_of(CRASH) {
        if part == "crash" {
            let _vigil = builder(&dir)
                .on_error(|_| {})
                .journal(1 << 20, Duration::ZERO)
                .init()
                .unwrap();
            (0..WRITTEN).for_each(|number| numbered(0, 0, number));
            vigil::flush().unwrap();
            block(&dir);
            (WRITTEN..WRITTEN + WAITING).for_each(|number| numbered(0, 0, number));
            std::process::abort();
        }
        return start(&dir).shutdown().map(drop).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    crash(dir.path());
    assert_eq!(events(dir.path()).len() as u64, WRITTEN);
    assert!(
        process(CRASH, "next", dir.path())
            .status()
            .unwrap()
            .success()
    );
    let numbers: Vec<_> = counts(dir.path()).into_iter().collect();
    assert_eq!(
        numbers,
        (0..WRITTEN + WAITING)
            .map(|number| (number, 1))
            .collect::<Vec<_>>()
    );
    let all = all_events(dir.path());
    let recovered = only(&all, "audit_recovered");
    assert_eq!(recovered["action"]["parameters"]["events"], WAITING);
}

/// How often each number stands in the trail.
fn counts(dir: &Path) -> BTreeMap<u64, u32> {
    let mut counts = BTreeMap::new();
    for event in events(dir) {
        let number = event["action"]["parameters"]["number"].as_u64().unwrap();
        *counts.entry(number).or_default() += 1;
    }
    counts
}

/// Starts and stops on what is in `dir`, and gives back what was told on the way.
fn recover(dir: &Path) -> Vec<String> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let vigil = builder(dir)
        .journal(1 << 20, Duration::ZERO)
        .on_error(move |error| tell.lock().unwrap().push(error.to_string()))
        .init()
        .unwrap();
    vigil.shutdown().unwrap();
    std::mem::take(&mut told.lock().unwrap())
}

/// As a copy of a directory that a crash has left, once for each try.
fn copy(from: &Path, to: &Path) {
    for dir in ["", ".vigil", ".vigil/keys", ".vigil/hashes", ".vigil/seals"] {
        fs::create_dir_all(to.join(dir)).unwrap();
        for entry in fs::read_dir(from.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, to.join(dir).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
}

/// The CRC of the head, one bit after the other.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0x82f6_3b78 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

isolated! {
    fn a_journal_cut_anywhere_gives_what_is_left_of_it(dir) {
        let left = dir.join("left");
        fs::create_dir(&left).unwrap();
        crash(&left);
        let whole = fs::metadata(journal(&left)).unwrap().len();
        // The events take some 60 KiB.
        let mut former = 0;
        for (at, length) in [0, 5, HEAD - 1, HEAD, HEAD + 1_000, HEAD + 20_003, HEAD + 40_000, whole - 1].into_iter().enumerate() {
            let dir = dir.join(at.to_string());
            copy(&left, &dir);
            File::options().write(true).open(journal(&dir)).unwrap().set_len(length).unwrap();
            let told = recover(&dir);
            let counts = counts(&dir);
            // What was recorded first is what is left.
            assert!(counts.iter().enumerate().all(|(at, (number, count))| *number == at as u64 && *count == 1));
            assert!(counts.len() >= former, "{length}");
            former = counts.len();
            assert_eq!(told.iter().any(|told| told.contains("could not be read; it has been moved to")), length < HEAD, "{told:?}");
            assert_eq!(fs::metadata(journal(&dir)).unwrap().len(), whole, "it has been made anew");
        }
        assert_eq!(former as u64, WRITTEN + WAITING);
    }

    fn random_bytes_cost_no_more_than_the_records_they_hit(dir) {
        let left = dir.join("left");
        fs::create_dir(&left).unwrap();
        crash(&left);
        let mut chance = Chance::new(3);
        for at in 0..25 {
            let dir = dir.join(at.to_string());
            copy(&left, &dir);
            let file = File::options().write(true).open(journal(&dir)).unwrap();
            let changes = chance.number(1..20);
            for _ in 0..changes {
                let at = chance.number(0..HEAD + 60_000);
                file.write_all_at(&chance.number(0..u64::MAX).to_le_bytes(), at).unwrap();
            }
            recover(&dir);
            let counts = counts(&dir);
            assert!(counts.values().all(|count| *count == 1));
            // Eight bytes reach over two records at most.
            assert!(counts.len() as u64 + 2 * changes >= WRITTEN + WAITING, "{} after {changes}", counts.len());
        }
    }

    fn a_journal_of_another_version_is_left_alone(dir) {
        crash(dir);
        let written = fs::read(journal(dir)).unwrap();
        let mut later = written.clone();
        for at in [0, 1016 * 8] {
            later[at + 8] += 1;
            let sum = crc32c(&later[at..at + 32]);
            later[at + 32..at + 36].copy_from_slice(&sum.to_le_bytes());
        }
        fs::write(journal(dir), &later).unwrap();
        let error = builder(dir).init().unwrap_err().to_string();
        assert!(error.contains(&journal(dir).display().to_string()) && error.contains("version 3"), "{error}");
        assert!(error.contains("start the program that wrote it once more"), "{error}");
        assert_eq!(fs::read(journal(dir)).unwrap(), later, "nothing has been done to it");
        fs::write(journal(dir), &written).unwrap();
        recover(dir);
        assert_eq!(counts(dir).len() as u64, WRITTEN + WAITING);
    }

    fn what_is_no_file_is_put_aside(dir) {
        start(dir).shutdown().unwrap();
        fs::remove_file(journal(dir)).unwrap();
        fs::create_dir(journal(dir)).unwrap();
        fs::write(journal(dir).join("inside"), "kept").unwrap();
        let told = recover(dir);
        let aside = dir.join(".vigil/journal.unreadable-1");
        assert!(told[0].contains(&aside.display().to_string()), "{told:?}");
        assert_eq!(fs::read(aside.join("inside")).unwrap(), b"kept");

        // A link is put aside too, and what it leads to is not touched.
        let other = dir.join("other");
        fs::write(&other, "another's file").unwrap();
        fs::remove_file(journal(dir)).unwrap();
        std::os::unix::fs::symlink(&other, journal(dir)).unwrap();
        recover(dir);
        assert_eq!(fs::read(&other).unwrap(), b"another's file");
        assert!(fs::symlink_metadata(journal(dir)).unwrap().is_file());

        // One that leads nowhere is none.
        fs::remove_file(journal(dir)).unwrap();
        std::os::unix::fs::symlink(dir.join("nowhere"), journal(dir)).unwrap();
        recover(dir);
        assert!(fs::symlink_metadata(journal(dir)).unwrap().is_file() && !dir.join("nowhere").exists());
    }

    fn a_journal_deleted_while_it_is_used_is_told_and_costs_nothing(dir) {
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        let vigil = builder(dir)
            .on_error(move |error| tell.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        fs::remove_file(journal(dir)).unwrap();
        for number in 1..100 {
            numbered(0, 0, number);
        }
        vigil::flush().unwrap();
        numbered(0, 0, 100);
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.written, stats.total.dropped), (101, 0));
        let told = told.lock().unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(&format!("the journal file is gone from {}", journal(dir).display())), "{told:?}");
        assert_eq!(only(&all_events(dir), "audit_failure")["action"]["parameters"]["what"], "the journal file is gone");
        assert!(recover(dir).is_empty());
        assert!(journal(dir).is_file());
    }

    fn a_journal_scribbled_on_while_it_is_used_costs_what_was_hit(dir) {
        let told = Arc::new(Mutex::new(Vec::new()));
        let (hold, tell) = (Arc::new(Mutex::new(())), Arc::clone(&told));
        let held = Arc::clone(&hold);
        let vigil = builder(dir)
            .journal(1 << 20, Duration::ZERO)
            .on_error(move |error| {
                drop(held.lock());
                tell.lock().unwrap().push(error.to_string());
            })
            .init()
            .unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        // The writer is kept busy with an error while the others are recorded, so that it has read none of them.
        let busy = hold.lock().unwrap();
        block(dir);
        numbered(0, 0, 1);
        std::thread::sleep(Duration::from_millis(200));
        let calls = 300;
        (2..calls).for_each(|number| numbered(0, 0, number));
        let bytes = fs::read(journal(dir)).unwrap();
        let memory = File::options().write(true).open(journal(dir)).unwrap();
        let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        // The third frame gets another length, the tenth another checksum, the twentieth other contents.
        let salt = word(24);
        let mut frames = Vec::new();
        let mut at = HEAD as usize;
        while word(at) == salt.wrapping_add(((at - HEAD as usize) as u64 / 8) << 1) {
            frames.push(at);
            at += 16 + (word(at + 8) as u32 as usize).next_multiple_of(8);
        }
        assert!(frames.len() >= 250);
        let broken = [frames[53], frames[70], frames[90]];
        memory.write_all_at(&[0xff; 4], broken[0] as u64 + 8).unwrap();
        memory.write_all_at(&[0xff; 4], broken[1] as u64 + 12).unwrap();
        memory.write_all_at(&[0xff; 4], broken[2] as u64 + 30).unwrap();
        drop(busy);
        unblock(dir);
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.total.recorded, calls);
        let counts = counts(dir);
        assert!(counts.values().all(|count| *count == 1));
        assert_eq!(counts.len() as u64, calls - 3);
        let damaged = told.lock().unwrap().iter().filter(|told| told.contains("was damaged")).count();
        assert_eq!(damaged, 3);
        // The trail itself has no gap.
        all_events(dir).iter().for_each(|event: &Value| assert!(event.is_object()));
    }

    fn a_frame_that_is_never_filled_does_not_hold_up_the_end(dir) {
        let vigil = builder(dir).journal(1 << 20, Duration::ZERO).on_error(|_| {}).init().unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        block(dir);
        numbered(0, 0, 1);
        std::thread::sleep(Duration::from_millis(100));
        // What the writer comes to next looks as if a thread had been stopped on its way.
        let bytes = fs::read(journal(dir)).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64;
        let next = end.next_multiple_of(8);
        (2..10).for_each(|number| numbered(0, 0, number));
        let memory = File::options().write(true).open(journal(dir)).unwrap();
        memory.write_all_at(&[0; 8], next).unwrap();
        unblock(dir);
        let error = vigil.shutdown().unwrap_err().to_string();
        assert!(error.contains("the next start writes them"), "{error}");
        assert_eq!(counts(dir).len(), 2);
        recover(dir);
        let numbers: Vec<_> = counts(dir).into_iter().collect();
        assert_eq!(numbers, [0, 1, 3, 4, 5, 6, 7, 8, 9].map(|number| (number, 1)));
        assert_eq!(only(&all_events(dir), "audit_recovered")["action"]["parameters"]["unfinished"], 1);
    }
}
