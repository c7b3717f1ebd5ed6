//! What is found in a journal file after its process is gone.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::super::header::HEADER_WORDS;
use super::super::{JournalFile, Mark, Opened};
use super::{RING, live};

fn records(count: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|n| n.to_le_bytes().repeat(1 + n as usize % 7))
        .collect()
}

fn reopen(dir: &Path) -> JournalFile {
    match JournalFile::open(dir).unwrap() {
        Opened::Journal(file) => *file,
        other => panic!("{other:?}"),
    }
}

fn found(file: &JournalFile) -> Vec<Vec<u8>> {
    let mark = file.mark();
    let survey = file.survey(mark.as_ref());
    survey
        .records
        .iter()
        .map(|position| {
            let mut record = Vec::new();
            assert!(file.read_record(*position, &mut record));
            record
        })
        .collect()
}

#[test]
fn what_was_recorded_is_found_by_the_next_process() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 4000);
    let records = records(100);
    for record in &records {
        live.push(record).unwrap();
    }
    assert_eq!(found(&reopen(dir.path())), records);
}

#[test]
fn what_stands_in_the_trail_is_not_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let records = records(3000);
    let mut record = Vec::new();
    let mut position = 0;
    for (n, sent) in records.iter().enumerate() {
        let end = live.push(sent).unwrap().end;
        if n % 100 == 50 {
            while let super::super::Found::Record { next } | super::super::Found::Filler { next } =
                live.read(position, &mut record)
            {
                position = next;
            }
            assert_eq!(position, end);
            live.settle(&Mark::at(position, n as u64, 1), position);
        }
    }
    assert!(position > 2 * RING / 8, "several laps");
    assert_eq!(found(&reopen(dir.path())), records[2951..]);
}

/// The mark of a moment, and records of a later one: so it may be on a disk after a power failure, and where the newer of
/// the two marks was damaged.
#[test]
fn records_that_an_old_mark_knows_nothing_of_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let head = fs::read(dir.path().join("journal")).unwrap()[..HEADER_WORDS * 8].to_vec();
    let records = records(6000);
    let mut record = Vec::new();
    let mut position = 0;
    for (n, sent) in records.iter().enumerate() {
        let end = live.push(sent).unwrap().end;
        if n % 500 == 499 {
            while let super::super::Found::Record { next } | super::super::Found::Filler { next } =
                live.read(position, &mut record)
            {
                position = next;
            }
            assert_eq!(position, end);
            live.settle(&Mark::at(position, n as u64, 1), position);
        }
    }
    assert!(position > 3 * RING / 8, "several laps");
    let path = dir.path().join("journal");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..head.len()].copy_from_slice(&head);
    fs::write(&path, bytes).unwrap();
    let file = reopen(dir.path());
    assert_eq!(file.mark().unwrap().position, 0);
    let found = found(&file);
    assert!(found.len() > 500, "{}", found.len());
    assert_eq!(found, records[6000 - found.len()..]);
    // What begins there is never taken for a record of before.
    assert_eq!(file.survey(None).end, position);
}

#[test]
fn without_a_mark_every_whole_record_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 800);
    let records = records(50);
    for record in &records {
        live.push(record).unwrap();
    }
    let path = dir.path().join("journal");
    let mut bytes = fs::read(&path).unwrap();
    bytes[16 * 8..HEADER_WORDS * 8].fill(0xaa);
    fs::write(&path, bytes).unwrap();
    let file = reopen(dir.path());
    assert_eq!(file.mark(), None);
    assert_eq!(found(&file), records);
}

#[test]
fn a_hole_is_passed_over_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let ends: Vec<_> = records(10)
        .iter()
        .map(|record| live.push(record).unwrap().end)
        .collect();
    // A producer that was killed before it could publish: its frame has no tag.
    let path = dir.path().join("journal");
    let mut bytes = fs::read(&path).unwrap();
    let tag = (HEADER_WORDS as u64 + ends[3]) as usize * 8;
    bytes[tag..tag + 8].fill(0);
    fs::write(&path, bytes).unwrap();
    let file = reopen(dir.path());
    let survey = file.survey(file.mark().as_ref());
    assert_eq!((survey.holes, survey.damaged), (1, 0));
    let mut expected = records(10);
    expected.remove(4);
    assert_eq!(found(&file), expected);
}

#[test]
fn a_truncated_file_gives_what_is_left_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let ends: Vec<_> = records(20)
        .iter()
        .map(|record| live.push(record).unwrap().end)
        .collect();
    let file = fs::File::options()
        .write(true)
        .open(dir.path().join("journal"))
        .unwrap();
    file.set_len((HEADER_WORDS as u64 + ends[9]) * 8 + 5)
        .unwrap();
    let file = reopen(dir.path());
    assert!(!file.suits(RING), "it must be made anew");
    assert_eq!(found(&file), records(10));
}

#[test]
fn a_file_that_is_no_journal_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    for (n, bytes) in [b"".as_slice(), b"short", &[7; 1 << 17]]
        .into_iter()
        .enumerate()
    {
        fs::write(dir.path().join("journal"), bytes).unwrap();
        let Opened::SetAside(path) = JournalFile::open(dir.path()).unwrap() else {
            panic!("read {bytes:?}");
        };
        assert!(path.ends_with(format!("journal.unreadable-{}", n + 1)));
        assert_eq!(fs::read(path).unwrap(), bytes);
        assert!(matches!(JournalFile::open(dir.path()), Ok(Opened::Nothing)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Bytes that were changed anywhere make no record that was not put in, and hide none but those that they hit.
    #[test]
    fn changed_bytes_hide_no_more_than_they_hit(
        flips in prop::collection::vec((0..RING as usize, any::<u8>()), 1..20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let live = live(dir.path(), 0);
        let records = records(300);
        let mut frames = Vec::new();
        let mut start = 0;
        for record in &records {
            let end = live.push(record).unwrap().end;
            frames.push(start..end);
            start = end;
        }
        let path = dir.path().join("journal");
        let mut bytes = fs::read(&path).unwrap();
        for (at, byte) in &flips {
            bytes[HEADER_WORDS * 8 + at] = *byte;
        }
        fs::write(&path, bytes).unwrap();
        let found = found(&reopen(dir.path()));
        let hit = |frame: &std::ops::Range<u64>| {
            flips.iter().any(|(at, _)| frame.contains(&(*at as u64 / 8)))
        };
        let mut left = found.iter().peekable();
        for (record, frame) in records.iter().zip(&frames) {
            if left.next_if_eq(&record).is_none() {
                prop_assert!(hit(frame), "a record that was not hit is missing");
            }
        }
        prop_assert_eq!(left.next(), None, "something was found that was not put in");
    }
}
