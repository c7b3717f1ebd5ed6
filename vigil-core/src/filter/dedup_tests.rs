//! Folding counts each event exactly once, and keeps nothing back that a crash could lose.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::event::Status;
use crate::event::record::{Header, push_section};

const SECOND: u64 = 1_000_000_000;
const WINDOW: Option<Duration> = Some(Duration::from_secs(10));

/// An event that says `what`.
fn record(what: u8, at: u64) -> (EventId, Vec<u8>) {
    custom(what, at, |_| {}, b"\"main\"")
}

fn custom(
    what: u8,
    at: u64,
    change: impl FnOnce(&mut Header),
    thread: &[u8],
) -> (EventId, Vec<u8>) {
    let mut header = Header {
        callsite: 7,
        status: Status::Success,
        slow: false,
        id: EventId::new(at),
        parent: None,
        started_unix_nanos: at,
        took_nanos: at % 1000,
    };
    change(&mut header);
    let mut bytes = Vec::new();
    header.write(&mut bytes);
    push_section(
        &mut bytes,
        Section::Parameters,
        format!("\"a\":{what}").as_bytes(),
    );
    push_section(&mut bytes, Section::Thread, thread);
    (header.id, bytes)
}

impl Dedup {
    fn take(&mut self, bytes: &[u8], position: u64, now: u64) -> Verdict {
        self.offer(&Record::read(bytes).unwrap(), bytes, position, WINDOW, now)
    }
}

#[test]
fn the_first_is_written_and_the_others_become_one_line_when_the_window_ends() {
    let mut dedup = Dedup::default();
    let (first, bytes) = record(1, 100);
    assert_eq!(dedup.take(&bytes, 0, 0), Verdict::Write);
    assert_eq!(
        (dedup.pinned(), dedup.next_due()),
        (None, Some(10 * SECOND))
    );
    assert_eq!(dedup.take(&record(1, 200).1, 70, SECOND), Verdict::Fold);
    // Another thread that began earlier and ended later.
    let (third, other) = custom(1, 150, |_| {}, b"\"worker\"");
    assert_eq!(dedup.take(&other, 140, 2 * SECOND), Verdict::Fold);
    assert_eq!(
        dedup.take(&record(2, 300).1, 210, 3 * SECOND),
        Verdict::Write
    );
    assert_eq!(dedup.pinned(), Some(70));
    assert_eq!(dedup.due(10 * SECOND - 1), None);
    let folded = dedup.due(10 * SECOND).unwrap();
    assert_eq!(folded.record, other);
    assert_eq!(
        folded.repeats,
        Repeats {
            count: 2,
            first_unix_nanos: 150,
            last_unix_nanos: 200,
            of: first
        }
    );
    assert_eq!(Record::read(&folded.record).unwrap().header.id, third);
    assert_eq!((dedup.pinned(), dedup.due(10 * SECOND)), (None, None));
    // A new window begins with a line again.
    assert_eq!(
        dedup.take(&record(1, 400).1, 280, 11 * SECOND),
        Verdict::Write
    );
    // One that is alone leaves no line.
    assert_eq!(dedup.drain(), None);
    assert_eq!((dedup.bytes, dedup.next_due()), (0, None));
}

#[test]
fn what_differs_in_anything_that_matters_is_not_folded() {
    let mut dedup = Dedup::default();
    assert_eq!(dedup.take(&record(1, 1).1, 0, 0), Verdict::Write);
    for change in [
        |header: &mut Header| header.callsite = 8,
        |header: &mut Header| header.status = Status::Failure,
        |header: &mut Header| header.slow = true,
        |header: &mut Header| header.parent = Some(EventId::new(5)),
    ] {
        let (_, bytes) = custom(1, 2, change, b"\"main\"");
        assert_eq!(dedup.take(&bytes, 0, 0), Verdict::Write);
    }
    for section in Section::ALL {
        let (_, mut bytes) = record(1, 3);
        push_section(&mut bytes, section, b"\"other\":1");
        let expected = match section {
            Section::Thread | Section::Checkpoints => Verdict::Fold,
            _ => Verdict::Write,
        };
        assert_eq!(dedup.take(&bytes, 0, 0), expected, "{section:?}");
    }
}

#[test]
fn a_parent_keeps_its_line() {
    let mut dedup = Dedup::default();
    let child = |parent| custom(9, 1, |header| header.parent = Some(parent), b"").1;
    for _ in 0..3 {
        let (id, parent) = record(1, 1);
        assert_eq!(dedup.take(&child(id), 0, 0), Verdict::Write);
        assert_eq!(dedup.take(&parent, 0, 0), Verdict::Write);
    }
    assert_eq!(dedup.drain(), None);
}

#[test]
fn without_a_window_nothing_is_folded() {
    let mut dedup = Dedup::default();
    for _ in 0..3 {
        let (_, bytes) = record(1, 1);
        let verdict = dedup.offer(&Record::read(&bytes).unwrap(), &bytes, 0, None, 0);
        assert_eq!(verdict, Verdict::Write);
    }
    assert_eq!(dedup.next_due(), None);
    let windows = Windows {
        every: WINDOW,
        categories: BTreeMap::from([("AUTH".to_owned(), None)]),
    };
    assert_eq!((windows.of("API"), windows.of("AUTH")), (WINDOW, None));
    assert!(!windows.is_off() && Windows::default().is_off());
}

#[test]
fn memory_is_bounded_and_what_finds_no_room_is_written() {
    let mut dedup = Dedup::default();
    let mut big = record(1, 1).1;
    push_section(&mut big, Section::Custom, &[b'1'; 10_000]);
    let mut number = 0_u64;
    let mut offer = |dedup: &mut Dedup| {
        number += 1;
        let mut bytes = big.clone();
        push_section(&mut bytes, Section::Error, number.to_string().as_bytes());
        let first = dedup.take(&bytes, 0, 0);
        (first, dedup.take(&bytes, 0, 0))
    };
    let outcomes: Vec<_> = (0..1000).map(|_| offer(&mut dedup)).collect();
    assert!(outcomes.iter().all(|(first, _)| *first == Verdict::Write));
    assert_eq!(outcomes[0].1, Verdict::Fold);
    assert_eq!(outcomes[999].1, Verdict::Write);
    assert!(dedup.bytes <= MOST_BYTES, "{}", dedup.bytes);
    while dedup.drain().is_some() {}
    assert_eq!(dedup.bytes, 0);
}

/// What the writer does with a stream of events: lines, and how far the journal has been released.
struct Machine {
    dedup: Dedup,
    /// Id, what it says, and how many events it stands for.
    lines: Vec<(EventId, u8, u64)>,
    /// How many lines are safe on disk, and how many records may be forgotten.
    safe: usize,
    released: usize,
}

impl Machine {
    fn new(lines: Vec<(EventId, u8, u64)>) -> Self {
        Self {
            dedup: Dedup::default(),
            safe: lines.len(),
            lines,
            released: 0,
        }
    }

    fn take(&mut self, position: usize, journal: &[(u8, EventId, Vec<u8>)], now: u64) {
        while let Some(folded) = self.dedup.due(now) {
            self.fold(&folded, journal);
        }
        let (what, id, bytes) = &journal[position];
        if self.dedup.take(bytes, position as u64, now) == Verdict::Write {
            self.lines.push((*id, *what, 1));
        }
    }

    fn fold(&mut self, folded: &Folded, journal: &[(u8, EventId, Vec<u8>)]) {
        let id = Record::read(&folded.record).unwrap().header.id;
        let what = journal.iter().find(|entry| entry.1 == id).unwrap().0;
        self.lines.push((id, what, folded.repeats.count));
    }

    fn sync(&mut self, taken: usize) {
        self.safe = self.lines.len();
        let pinned = self.dedup.pinned().map_or(taken, |at| at as usize);
        self.released = self.released.max(pinned.min(taken));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Events come, windows end, the disk is synced, the process is killed twice on the way, and the lines beyond the
    /// last sync may be there or not. In the end every event has been counted by exactly one line.
    #[test]
    fn every_event_is_counted_once_also_over_crashes(
        events in vec((0_u8..4, 0_u64..4 * SECOND, any::<bool>()), 1..120),
        crashes in vec((0_usize..120, any::<prop::sample::Index>()), 2),
    ) {
        let journal: Vec<_> = events
            .iter()
            .enumerate()
            .map(|(at, (what, ..))| {
                let (id, bytes) = record(*what, at as u64);
                (*what, id, bytes)
            })
            .collect();
        let mut machine = Machine::new(Vec::new());
        let (mut now, mut from) = (0, 0);
        for crash in crashes.iter().map(Some).chain([None]) {
            let end = crash.map_or(events.len(), |(after, _)| (from + after).min(events.len()));
            // What the trail has of the records that the journal still holds is not written again.
            let mut written = Written::default();
            for (id, _, count) in &machine.lines {
                written.line(*id, *count > 1);
            }
            let released = machine.released;
            machine = Machine::new(machine.lines);
            machine.released = released;
            for (at, (_, _, bytes)) in journal.iter().enumerate().take(from).skip(released) {
                written.show(&Record::read(bytes).unwrap(), at as u64);
            }
            for at in released..end {
                let (_, gap, sync) = events[at];
                if !written.holds(&Record::read(&journal[at].2).unwrap(), at as u64) {
                    machine.take(at, &journal, now);
                }
                now += gap;
                if sync {
                    machine.sync(at + 1);
                }
            }
            from = end;
            match crash {
                Some((_, kept)) => {
                    let unsafe_lines = machine.lines.len() - machine.safe;
                    let kept = machine.safe + kept.index(unsafe_lines + 1);
                    machine.lines.truncate(kept);
                }
                None => {
                    while let Some(folded) = machine.dedup.drain() {
                        machine.fold(&folded, &journal);
                    }
                }
            }
        }
        let mut counted = BTreeMap::new();
        for (_, what, count) in &machine.lines {
            *counted.entry(*what).or_insert(0) += count;
        }
        let mut expected = BTreeMap::new();
        for (what, ..) in &events {
            *expected.entry(*what).or_insert(0) += 1;
        }
        prop_assert_eq!(counted, expected);
        let mut ids: Vec<_> = machine.lines.iter().map(|line| *line.0.as_bytes()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), machine.lines.len(), "no line twice");
    }
}
