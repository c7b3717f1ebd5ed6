//! `durable` means on the disk: what has been acknowledged is there after a power failure, which takes the page cache.
//!
//! The disk is an image file, mounted through a loop device. What the file system above has not written yet is in its
//! page cache and not in the image, so a copy of the image is the disk as a power failure would leave it: with all that
//! was synced, and whatever the kernel happens to have written besides. The copy is mounted in place of the original, and
//! the next process starts on that.
//!
//! While the process works, stretches of its journal are written to the disk at random, as the kernel may do at any time.
//! So the copy has the journal's head of one moment and its records of others, many laps apart.
//!
//! Not played is a disk that says that it has written and has not; against that no program can do anything. It takes
//! root and loop devices; elsewhere the test says that it is skipped.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vigil_tests::{all_events, builder, part_of, process, skip};

use super::witness::{DONE, RUNNING, Witness};
use super::{Chance, numbered};

const NAME: &str = "crashes::power::what_was_acknowledged_is_on_the_disk_after_a_power_failure";

const THREADS: u64 = 4;
const RING: u64 = 1 << 20;

#[vigil::audited(category = "DATA", delivery = "durable")]
fn durable(run: u64, thread: u64, number: u64) {
    std::hint::black_box((run, thread, number));
}

/// A disk, mounted.
struct Disk {
    dir: PathBuf,
    failures: u32,
}

impl Disk {
    /// Why there is none, if there is none.
    fn make(dir: &Path) -> Result<Self, String> {
        let disk = Self {
            dir: dir.to_owned(),
            failures: 0,
        };
        fs::create_dir(disk.at()).unwrap();
        File::create(disk.image(0))
            .unwrap()
            .set_len(1 << 30)
            .unwrap();
        run(Command::new("mkfs.ext4")
            .arg("-q")
            .arg("-F")
            .arg(disk.image(0)))?;
        disk.mount()?;
        Ok(disk)
    }

    fn at(&self) -> PathBuf {
        self.dir.join("disk")
    }

    fn image(&self, number: u32) -> PathBuf {
        self.dir.join(format!("image-{number}"))
    }

    fn mount(&self) -> Result<(), String> {
        run(Command::new("mount")
            .args(["-o", "loop"])
            .arg(self.image(self.failures))
            .arg(self.at()))
    }

    /// What is in the page cache is gone. Nobody may be using the disk.
    fn fail(&mut self) {
        let before = self.image(self.failures);
        self.failures += 1;
        run(Command::new("cp")
            .arg("--sparse=always")
            .arg(&before)
            .arg(self.image(self.failures)))
        .unwrap();
        self.unmount();
        fs::remove_file(before).unwrap();
        self.mount().unwrap();
    }

    fn unmount(&self) {
        let _ = run(Command::new("umount").arg("-l").arg(self.at()));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!(
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn play(part: &str, dir: &Path) {
    let (what, run) = part.split_once(' ').unwrap();
    let run: u64 = run.parse().unwrap();
    let witness = Witness::of_run(dir, run);
    let vigil = builder(&dir.join("disk/audit"))
        .config_text("journal: { durable_timeout: 5m, sync_interval: 200ms }")
        .max_size(1 << 20)
        .journal(RING, Duration::from_secs(300))
        .on_error(|_| {})
        .init()
        .unwrap();
    if what == "end" {
        vigil.shutdown().unwrap();
        return witness.reach(DONE);
    }
    witness.reach(RUNNING);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let witness = &witness;
            scope.spawn(move || {
                for number in 0.. {
                    durable(run, thread, number);
                    witness.returned(thread, number + 1);
                }
            });
        }
        // Events of which none waits for the disk, so that the ring goes round.
        for number in 0.. {
            numbered(run, THREADS, number);
            if number % 50 == 0 {
                std::thread::sleep(Duration::from_micros(500));
            }
        }
    });
}

/// Writes a stretch of the journal to the disk now, as the kernel may.
#[allow(unsafe_code, reason = "the standard library syncs whole files only")]
fn write_back(journal: &File, chance: &mut Chance) {
    let at = chance.number(0..RING / 4096) * 4096;
    let length = chance.number(1..16) * 4096;
    let all = libc::SYNC_FILE_RANGE_WAIT_BEFORE
        | libc::SYNC_FILE_RANGE_WRITE
        | libc::SYNC_FILE_RANGE_WAIT_AFTER;
    // SAFETY: no memory is involved, and the descriptor is that of an open file.
    let done = unsafe { libc::sync_file_range(journal.as_raw_fd(), at as i64, length as i64, all) };
    assert_eq!(done, 0);
}

/// Holds the trail against what was acknowledged. Gives back how many calls were, and how many events there are of others.
fn check(dir: &Path, runs: u64) -> (u64, u64) {
    let mut durable: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    let mut journaled: BTreeMap<u64, u64> = BTreeMap::new();
    let mut others = 0;
    for event in all_events(&dir.join("disk/audit")) {
        let part = |name: &str| event["action"]["parameters"][name].as_u64().unwrap();
        match event["action"]["operation"].as_str().unwrap() {
            "durable" => {
                let next = durable.entry((part("run"), part("thread"))).or_default();
                assert_eq!(
                    part("number"),
                    *next,
                    "out of order, lost or doubled: {event}"
                );
                *next += 1;
            }
            "numbered" => {
                let next = journaled.entry(part("run")).or_default();
                assert!(part("number") >= *next, "out of order or doubled: {event}");
                *next = part("number") + 1;
                others += 1;
            }
            _ => {}
        }
    }
    let mut acknowledged = 0;
    for run in 0..runs {
        let witness = Witness::of_run(dir, run);
        for thread in 0..THREADS {
            let (told, found) = (
                witness.calls(thread),
                durable.get(&(run, thread)).copied().unwrap_or(0),
            );
            assert!(
                found == told || found == told + 1,
                "thread {thread} of run {run} was told that {told} events are on the disk, and {found} are"
            );
            acknowledged += told;
        }
    }
    (acknowledged, others)
}

#[test]
fn what_was_acknowledged_is_on_the_disk_after_a_power_failure() {
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut disk = match Disk::make(dir) {
        Ok(disk) => disk,
        Err(why) => return skip(NAME, &why),
    };
    let began = Instant::now();
    let mut chance = Chance::new(5);
    let (mut runs, mut kills, mut found) = (0, 0, (0, 0));
    let start = |what: &str, run: u64| {
        let mut command = process(NAME, &format!("{what} {run}"), dir);
        let errors = File::create(dir.join("stderr")).unwrap();
        command
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap()
    };
    for _ in 0..rounds() {
        // Now and then a process is only killed, and the power fails in the next.
        for fails in [false, true] {
            if !fails && chance.number(0..3) > 0 {
                continue;
            }
            let mut child = start("record", runs);
            let reached = Witness::of_run(dir, runs)
                .await_stage(RUNNING, || child.try_wait().unwrap().is_some());
            assert!(
                reached,
                "{}",
                fs::read_to_string(dir.join("stderr")).unwrap()
            );
            runs += 1;
            let journal = File::options()
                .read(true)
                .write(true)
                .open(disk.at().join("audit/.vigil/journal"))
                .unwrap();
            let end = Instant::now() + chance.micros(50_000..500_000);
            while Instant::now() < end {
                write_back(&journal, &mut chance);
                std::thread::sleep(chance.micros(0..20_000));
            }
            drop(journal);
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            if fails {
                disk.fail();
            }
        }
        // Some of the starts after a power failure are killed as well.
        if chance.number(0..3) == 0 {
            let mut child = start("end", runs);
            runs += 1;
            std::thread::sleep(chance.micros(5_000..60_000));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let mut child = start("end", runs);
        runs += 1;
        assert!(
            child.wait().unwrap().success(),
            "{}",
            fs::read_to_string(dir.join("stderr")).unwrap()
        );
        found = check(dir, runs);
    }
    println!(
        "{} power failures among {kills} kills in {:.0?}: {} durable events had been acknowledged, and are on the disk, \
         once; so are {} others",
        disk.failures,
        began.elapsed(),
        found.0,
        found.1,
    );
    assert!(found.0 > u64::from(disk.failures));
}

fn rounds() -> u32 {
    std::env::var("POWER_FAILURES").map_or(4, |rounds| {
        rounds.parse().expect("a number of power failures")
    })
}
