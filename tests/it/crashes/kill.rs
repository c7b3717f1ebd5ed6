//! Promise 2, by SIGKILL: once an audited call has returned, its event is in the trail after the next start. Once.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use vigil_tests::{builder, part_of, process, trail_files};

use super::witness::{DONE, RUNNING, STARTING, Tally, check};
use super::{Chance, Witness, block, numbered, unblock};
use crate::integrity::prove;

const THREADS: u64 = 4;
/// The smallest ring there is, so that it goes round.
const RING: u64 = 1 << 20;

fn rounds(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |rounds| rounds.parse().expect("a number of rounds"))
}

/// One process of the tests here, told what to do by `part`: `<what> <run>`.
fn play(part: &str, dir: &Path) {
    let (what, run) = part.split_once(' ').unwrap();
    let run = run.parse().unwrap();
    let witness = Witness::of_run(dir, run);
    witness.reach(STARTING);
    let patience = Duration::from_secs(60);
    let vigil = builder(dir)
        .max_size(1 << 20)
        .journal(RING, patience)
        .on_error(|_| {})
        .init()
        .unwrap();
    match what {
        "record" => {
            witness.reach(RUNNING);
            if run % 3 == 0 {
                // One key after the other, so that some processes are killed in between.
                std::thread::spawn(|| {
                    loop {
                        vigil::rotate_key().unwrap();
                    }
                });
            }
            record(&witness, run, u64::MAX);
        }
        // A trail that cannot be written, so that all that is recorded waits in the journal.
        "fill" => {
            block(dir);
            record(&witness, run, 700);
            witness.reach(RUNNING);
            std::thread::sleep(patience);
        }
        "end" => {
            vigil.shutdown().unwrap();
            witness.reach(DONE);
        }
        other => panic!("{other}"),
    }
}

/// Records on all threads, and says of each call that it has returned.
fn record(witness: &Witness, run: u64, calls: u64) {
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for number in 0..calls {
                    numbered(run, thread, number);
                    witness.returned(thread, number + 1);
                    // Every other process leaves its writer time to fall asleep.
                    let burst = if run % 2 == 1 { 8 } else { 64 };
                    if number % burst == burst - 1 {
                        std::thread::sleep(Duration::from_micros(300));
                    }
                }
            });
        }
    });
}

/// A trail and the processes that have written it, one after the other.
struct Group<'t> {
    test: &'t str,
    dir: tempfile::TempDir,
    runs: u64,
}

impl<'t> Group<'t> {
    fn new(test: &'t str) -> Self {
        Self {
            test,
            dir: tempfile::tempdir().unwrap(),
            runs: 0,
        }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Starts a process and waits until it has got to `stage`.
    fn start(&mut self, what: &str, stage: u64) -> Child {
        let run = self.runs;
        self.runs += 1;
        let errors = fs::File::create(self.dir().join("stderr")).unwrap();
        let mut child = process(self.test, &format!("{what} {run}"), self.dir())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap();
        let witness = Witness::of_run(self.dir(), run);
        let reached = witness.await_stage(stage, || child.try_wait().unwrap().is_some());
        assert!(
            reached,
            "run {run} ({what}) came to nothing: {}",
            self.said()
        );
        child
    }

    /// Kills a process that is still at work.
    fn kill(&self, mut child: Child) {
        use std::os::unix::process::ExitStatusExt as _;
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert_eq!(
            status.signal(),
            Some(9),
            "it was at its end already: {}",
            self.said()
        );
    }

    /// Starts once more and shuts down.
    fn end(&mut self) {
        let mut child = self.start("end", DONE);
        assert!(child.wait().unwrap().success(), "{}", self.said());
    }

    fn check(&self) -> Tally {
        let mut tally = check(self.dir(), 0..self.runs, THREADS);
        // And what is there is what was signed, each time.
        let proved = prove(self.dir());
        assert_eq!(proved.signed, proved.events);
        assert!(!self.dir().join(".vigil/aside-1").exists());
        tally.checkpoints = proved.checkpoints as u64;
        tally.seals = proved.seals as u64;
        tally.keys = proved.keys as u64;
        tally
    }

    fn said(&self) -> String {
        fs::read_to_string(self.dir().join("stderr")).unwrap()
    }
}

/// Two hundred processes killed after 5 to 80 ms of work. Some are followed by a clean end, most by the next victim, so
/// that crashes come two and more in a row; some are killed within the first moments of their start, while they write
/// what the one before has left.
#[test]
fn what_has_returned_is_in_the_trail_once() {
    const NAME: &str = "crashes::kill::what_has_returned_is_in_the_trail_once";
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    let rounds = rounds("KILL_ROUNDS", 200);
    let began = Instant::now();
    let mut chance = Chance::new(1);
    let mut tally = Tally::default();
    let (mut starts_killed, mut ends, mut round) = (0, 0, 0);
    while round < rounds {
        let mut group = Group::new(NAME);
        for _ in 0..25.min(rounds - round) {
            round += 1;
            let child = group.start("record", RUNNING);
            std::thread::sleep(chance.micros(5_000..80_000));
            group.kill(child);
            for _ in 0..chance.number(0..6).saturating_sub(3) {
                let child = group.start("record", STARTING);
                std::thread::sleep(chance.micros(0..8_000));
                group.kill(child);
                starts_killed += 1;
            }
            if chance.number(0..4) == 0 {
                group.end();
                ends += 1;
            }
        }
        group.end();
        tally += group.check();
    }
    println!(
        "{rounds} rounds in {:.0?}: killed {rounds} times at work and {starts_killed} times at the start, {ends} clean \
         ends between; {} calls had returned, {} events are in the trail, {} of them from the journal, {} calls were \
         killed within; lost 0, doubled 0; {} checkpoints by {} keys and {} seals, all of which hold",
        began.elapsed(),
        tally.reported,
        tally.found,
        tally.recovered,
        tally.unfinished,
        tally.checkpoints,
        tally.keys,
        tally.seals,
    );
    assert!(tally.reported > rounds * 10 && tally.recovered > 0);
    assert!(tally.checkpoints > rounds && tally.seals > 0 && tally.keys > rounds / 25);
}

/// A journal full of events that the trail does not hold, and processes killed again and again while they write them.
#[test]
fn a_crash_during_recovery_is_mended_by_the_next_start() {
    const NAME: &str = "crashes::kill::a_crash_during_recovery_is_mended_by_the_next_start";
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    let mut chance = Chance::new(2);
    let mut tally = Tally::default();
    let (mut kills, mut within) = (0, 0);
    for _ in 0..5 {
        let mut group = Group::new(NAME);
        let child = group.start("fill", RUNNING);
        group.kill(child);
        unblock(group.dir());
        let left = written(group.dir());
        for _ in 0..8 {
            let mut child = group.start("end", STARTING);
            std::thread::sleep(chance.micros(0..40_000));
            // It may have been quicker.
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            let written = written(group.dir());
            within += usize::from(written > left && written < 700 * THREADS as usize);
        }
        group.end();
        let found = group.check();
        assert_eq!(found.reported, 700 * THREADS);
        tally += found;
    }
    println!(
        "killed {kills} times during the start, {within} times with a part of the journal's events written; {} calls \
         had returned, {} events are in the trail; lost 0, doubled 0",
        tally.reported, tally.found,
    );
}

/// How many events stand in a trail that may end in the middle of a line.
fn written(dir: &Path) -> usize {
    let count = |file| {
        let bytes = fs::read(file).unwrap();
        let name = b"\"numbered\"";
        bytes
            .windows(name.len())
            .filter(|window| window == name)
            .count()
    };
    trail_files(dir).iter().map(count).sum()
}
