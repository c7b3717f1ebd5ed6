//! Who has returned from which call, told in a way that outlives the process; and the trail held against it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::IgnoredAny;
use vigil_tests::all_lines;

/// A file beside the trail in which the threads of one process write how many of their calls have returned, each at its
/// place: with pwrite(2), so that the number is with the operating system when the next call begins.
#[derive(Debug)]
pub(crate) struct Witness(File);

/// How far a process has got.
pub(crate) const STARTING: u64 = 1;
pub(crate) const RUNNING: u64 = 2;
pub(crate) const DONE: u64 = 3;

impl Witness {
    /// The file of the run with this number.
    pub(crate) fn of_run(dir: &Path, run: u64) -> Self {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        Self(options.open(path(dir, run)).unwrap())
    }

    fn write(&self, place: u64, value: u64) {
        self.0
            .write_all_at(&value.to_le_bytes(), place * 8)
            .unwrap();
    }

    fn read(&self, place: u64) -> u64 {
        let mut value = [0; 8];
        match self.0.read_exact_at(&mut value, place * 8) {
            Ok(()) => u64::from_le_bytes(value),
            // Nobody has written that far.
            Err(_) => 0,
        }
    }

    pub(crate) fn reach(&self, stage: u64) {
        self.write(0, stage);
    }

    /// So many calls of the thread have returned.
    pub(crate) fn returned(&self, thread: u64, calls: u64) {
        self.write(1 + thread, calls);
    }

    pub(crate) fn calls(&self, thread: u64) -> u64 {
        self.read(1 + thread)
    }

    /// Waits until the process has got to `stage`. False if it has not within a minute, or `gone` says that there is no
    /// process any more.
    pub(crate) fn await_stage(&self, stage: u64, mut gone: impl FnMut() -> bool) -> bool {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.read(0) < stage {
            if gone() || Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        true
    }
}

fn path(dir: &Path, run: u64) -> PathBuf {
    dir.join(format!("returned-{run}"))
}

/// What a trail has been found to hold.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    /// Calls that had returned.
    pub(crate) reported: u64,
    /// Events of calls in the trail. More than were reported, where a process died between the one and the other.
    pub(crate) found: u64,
    /// Of these, so many were written by a later process, from the journal.
    pub(crate) recovered: u64,
    /// Stretches of the journal that were reserved and never filled.
    pub(crate) unfinished: u64,
    /// Checkpoints and seals, where somebody has proved them.
    pub(crate) checkpoints: u64,
    pub(crate) seals: u64,
    /// Keys that signed them.
    pub(crate) keys: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.reported += other.reported;
        self.found += other.found;
        self.recovered += other.recovered;
        self.unfinished += other.unfinished;
        self.checkpoints += other.checkpoints;
        self.seals += other.seals;
        self.keys += other.keys;
    }
}

/// Of an event, what is held against the witnesses; the rest must be JSON.
#[derive(Deserialize)]
struct Event<'a> {
    seq: u64,
    #[serde(borrow)]
    action: Action<'a>,
    #[serde(rename = "system")]
    _system: IgnoredAny,
}

#[derive(Deserialize)]
struct Action<'a> {
    operation: &'a str,
    parameters: Said,
}

#[derive(Deserialize)]
struct Said {
    run: Option<u64>,
    thread: Option<u64>,
    number: Option<u64>,
    events: Option<u64>,
    unfinished: Option<u64>,
    damaged: Option<u64>,
    journal_unreadable: Option<bool>,
}

/// Holds the trail in `dir` against the witnesses of `runs`: each call that had returned stands in it once, those of a
/// thread in their order; a thread has at most one more event, of a call that had not returned; every line is whole, and
/// their numbers have no gap.
pub(crate) fn check(dir: &Path, runs: std::ops::Range<u64>, threads: u64) -> Tally {
    check_lines(&all_lines(dir), dir, runs, threads)
}

/// As [`check`], where somebody has read the lines.
pub(crate) fn check_lines(
    lines: &[String],
    dir: &Path,
    runs: std::ops::Range<u64>,
    threads: u64,
) -> Tally {
    let mut tally = Tally::default();
    let mut next: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for (seq, line) in lines.iter().enumerate() {
        let event: Event<'_> =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        assert_eq!(event.seq, seq as u64, "the numbers have a gap: {line}");
        let said = event.action.parameters;
        match (event.action.operation, said.run.zip(said.thread)) {
            ("numbered", Some(thread)) => {
                let next = next.entry(thread).or_default();
                assert_eq!(
                    said.number,
                    Some(*next),
                    "out of order, lost or doubled: {line}"
                );
                *next += 1;
                tally.found += 1;
            }
            ("audit_recovered", None) => {
                tally.recovered += said.events.unwrap();
                tally.unfinished += said.unfinished.unwrap();
                assert_eq!(said.damaged, Some(0), "{line}");
                assert_eq!(said.journal_unreadable, Some(false), "{line}");
            }
            ("audit_started" | "audit_stopped" | "audit_failure" | "audit_key_rotated", None) => {}
            _ => panic!("nobody recorded {line}"),
        }
    }
    for run in runs {
        let witness = Witness::of_run(dir, run);
        for thread in 0..threads {
            let reported = witness.calls(thread);
            let found = next.remove(&(run, thread)).unwrap_or_default();
            assert!(
                found == reported || found == reported + 1,
                "thread {thread} of run {run} had returned from {reported} calls, and {found} are in the trail"
            );
            tally.reported += reported;
        }
    }
    assert!(next.is_empty(), "events of nobody: {next:?}");
    tally
}
