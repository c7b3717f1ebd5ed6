//! By SIGKILL, while a process writes, rotates, signs as often as it can, changes its keys, compresses and encrypts, all at
//! the same time: each event whose call had returned is there once, the trail verifies, and no segment is left half.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use vigil::audited;
use vigil::trail::{Compression, Identities, PackOptions, Verdict, pack};
use vigil_tests::{builder, identity, part_of, process};

use super::{SMALLEST, assert_intact, assert_tidy, ending, files, lines_by, until, verified};
use crate::crashes::Chance;
use crate::crashes::witness::{DONE, RUNNING, STARTING, Tally, Witness, check_lines};

const NAME: &str = "packing::killed::whatever_a_process_is_at_when_it_is_killed_nothing_is_lost";
const THREADS: u64 = 4;
/// So many rounds on one trail.
const IN_ONE: u64 = 10;
/// So many calls of each thread in a round: some segments in all.
const CALLS: u64 = 700;

#[audited(category = "DATA")]
fn numbered(run: u64, thread: u64, number: u64, text: &str) {
    std::hint::black_box((run, thread, number, text));
}

/// What a trail is to become: every other one is encrypted, and half of each are zstd.
fn compression(group: u64) -> Compression {
    match group / 2 % 2 {
        0 => Compression::Zstd,
        _ => Compression::Gzip,
    }
}

/// One process: `<what> <group> <run> <recipient or nothing>`.
fn play(part: &str, dir: &Path) {
    let words: Vec<&str> = part.split(' ').collect();
    let [what, group, run, recipient] = words[..] else {
        panic!("{part}")
    };
    let (group, run): (u64, u64) = (group.parse().unwrap(), run.parse().unwrap());
    let trail = dir.join("trail");
    let witness = Witness::of_run(dir, run);
    witness.reach(STARTING);
    let mut engine = builder(&trail)
        .max_size(SMALLEST)
        .journal(1 << 20, Duration::from_secs(60))
        .checkpoints(Duration::from_millis(10), 100)
        .compression(compression(group))
        .on_error(|_| {});
    let mut options = PackOptions::new().compression(compression(group));
    if !recipient.is_empty() {
        engine = engine.encryption([recipient]);
        options = options.recipient(recipient).unwrap();
    }
    let vigil = engine.init().unwrap();
    witness.reach(RUNNING);
    if what == "end" {
        until("all is packed", || is_packed(&trail, !recipient.is_empty()));
        vigil.shutdown().unwrap();
        return witness.reach(DONE);
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            loop {
                vigil::rotate_key().unwrap();
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        // The engine looks once a second; a hand that does the same in between hits more moments.
        scope.spawn(|| {
            loop {
                let _ = pack(&trail, &options);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        for thread in 0..THREADS {
            let witness = &witness;
            scope.spawn(move || {
                for number in 0..CALLS {
                    numbered(run, thread, number, &text(run, thread, number));
                    witness.returned(thread, number + 1);
                    std::thread::sleep(Duration::from_micros(200));
                }
            });
        }
    });
}

/// Some two kilobytes that are like each other, and not the same.
fn text(run: u64, thread: u64, number: u64) -> String {
    let seed = run * 1_000_003 + thread * 10_007 + number;
    let words =
        (0..120).map(|word| format!("word {:x} ", (seed + word * 31) * 2_654_435_761 % 9_973));
    words.collect()
}

fn is_packed(trail: &Path, is_encrypted: bool) -> bool {
    let files = files(trail);
    let as_written = files.iter().filter(|name| name.ends_with(".log")).count();
    let is_done = |name: &String| !is_encrypted || name.ends_with(".log") || name.ends_with(".age");
    as_written == 1 && files.iter().all(is_done) && ending(trail, ".tmp").is_empty()
}

/// A trail, and the processes that have written it.
struct Group {
    dir: tempfile::TempDir,
    number: u64,
    runs: u64,
    recipient: String,
    identities: Identities,
}

impl Group {
    fn new(number: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (mut recipient, mut identities) = (String::new(), Identities::none());
        if number % 2 == 1 {
            let (key, of_key) = identity(dir.path(), "auditor.key");
            recipient = of_key;
            identities = Identities::read(key).unwrap();
        }
        Self {
            dir,
            number,
            runs: 0,
            recipient,
            identities,
        }
    }

    fn trail(&self) -> PathBuf {
        self.dir.path().join("trail")
    }

    fn start(&mut self, what: &str, stage: u64) -> Child {
        let run = self.runs;
        self.runs += 1;
        let part = format!("{what} {} {run} {}", self.number, self.recipient);
        let errors = fs::File::create(self.dir.path().join("stderr")).unwrap();
        let mut child = process(NAME, &part, self.dir.path())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap();
        let witness = Witness::of_run(self.dir.path(), run);
        let reached = witness.await_stage(stage, || child.try_wait().unwrap().is_some());
        let said = || fs::read_to_string(self.dir.path().join("stderr")).unwrap();
        assert!(
            reached,
            "group {}, run {run} ({what}): {}",
            self.number,
            said()
        );
        child
    }

    /// Of each segment that was sealed there is a file, whatever else there is.
    fn assert_nothing_lost(&self) {
        let files = files(&self.trail());
        let Ok(seals) = fs::read_dir(self.trail().join(".vigil/seals")) else {
            return;
        };
        for seal in seals {
            let seal = seal.unwrap().file_name().into_string().unwrap();
            let Some(segment) = seal.strip_suffix(".json") else {
                continue;
            };
            let is_there = |name: &String| name.starts_with(segment) && !name.ends_with(".tmp");
            assert!(files.iter().any(is_there), "{segment} is lost: {files:?}");
        }
    }

    /// Whether a process was killed at work on a segment.
    fn was_within(&self) -> bool {
        let files = files(&self.trail());
        let mut segments: Vec<_> = files
            .iter()
            .filter_map(|name| name.split_once(".log"))
            .collect();
        segments.dedup_by_key(|(segment, _)| *segment);
        segments.len() < files.len() || !ending(&self.trail(), ".tmp").is_empty()
    }

    fn finish(&mut self) -> Tally {
        let mut child = self.start("end", DONE);
        assert!(child.wait().unwrap().success());
        let trail = self.trail();
        assert_tidy(&trail);
        assert!(!trail.join(".vigil/aside-1").exists());
        assert_eq!(unfinished(&trail), Vec::<PathBuf>::new());
        let report = assert_intact(&trail, &self.identities);
        assert_eq!(report.covered, report.events);
        let lines = lines_by(&trail, &self.identities);
        let mut tally = check_lines(&lines, self.dir.path(), 0..self.runs, THREADS);
        tally.seals = report.seals;
        tally.checkpoints = report.checkpoints;
        tally.keys = report.keys.len() as u64;
        tally
    }
}

/// What is left of files that were to take the place of others.
fn unfinished(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(unfinished(&path));
        } else if path
            .extension()
            .is_some_and(|ending| ending == "new" || ending == "tmp")
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn whatever_a_process_is_at_when_it_is_killed_nothing_is_lost() {
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    let rounds = std::env::var("PACK_ROUNDS").map_or(100, |rounds| rounds.parse().unwrap());
    let began = Instant::now();
    let mut chance = Chance::new(61);
    let mut tally = Tally::default();
    let (mut round, mut number, mut within) = (0, 0, 0);
    while round < rounds {
        let mut group = Group::new(number);
        number += 1;
        for _ in 0..IN_ONE.min(rounds - round) {
            let stage = if chance.number(0..8) == 0 {
                STARTING
            } else {
                RUNNING
            };
            let mut child = group.start("work", stage);
            let longest = if round % 4 == 0 { 1_000_000 } else { 150_000 };
            std::thread::sleep(chance.micros(0..longest));
            child.kill().unwrap();
            child.wait().unwrap();
            within += u64::from(group.was_within());
            group.assert_nothing_lost();
            if round % 5 == 0 && stage == RUNNING {
                let report = verified(&group.trail(), &group.identities);
                assert_ne!(
                    report.verdict,
                    Verdict::Altered,
                    "round {round}: {report:#?}"
                );
            }
            round += 1;
        }
        tally += group.finish();
    }
    println!(
        "{rounds} rounds in {:.0?}: {within} processes killed at work on a segment; {} calls had returned, {} events are in \
         the trails, {} of them from the journal; lost 0, doubled 0; {} checkpoints by {} keys and {} seals, all of which \
         hold",
        began.elapsed(),
        tally.reported,
        tally.found,
        tally.recovered,
        tally.checkpoints,
        tally.keys,
        tally.seals,
    );
    assert!(tally.reported > rounds * 10 && tally.seals > rounds / 2);
    assert!(tally.keys > rounds && within > rounds / 5, "{within}");
}
