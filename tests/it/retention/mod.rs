//! Retention: what is due goes, what is claimed stays, and what has gone is told from what was stolen.

#[cfg(target_os = "linux")]
mod crashes;
mod engine;
mod foreign;
mod forged;
mod holds;
mod rules;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use vigil::trail::retention::{Applied, ApplyOptions, Retention, apply};
use vigil::trail::{Verdict, VerifyOptions, VerifyReport, verify};
use vigil::{Clock, audited};
use vigil_tests::{builder, trail_files};

const DAY: u64 = 24 * 3600 * 1_000_000_000;

/// A clock that the test turns.
#[derive(Clone)]
struct Turned(Arc<AtomicU64>);

impl Turned {
    /// So many days before now.
    fn days_ago(days: u64) -> Self {
        Self(Arc::new(AtomicU64::new(now() - days * DAY)))
    }

    fn advance(&self, days: u64) {
        self.0.fetch_add(days * DAY, Relaxed);
    }
}

impl Clock for Turned {
    fn unix_nanos(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos()).unwrap()
}

#[audited(category = "DATA")]
fn numbered(number: u64) {
    std::hint::black_box(number);
}

#[audited(category = "API")]
fn called(number: u64) {
    std::hint::black_box(number);
}

/// A builder by this clock, with a file a day and nothing that writes of its own accord.
fn turned(dir: &Path, clock: &Turned) -> vigil::Builder {
    builder(dir)
        .origin("shop.example/audit")
        .heartbeat(None)
        .clock(clock.clone())
}

/// A closed segment of 10 events each so many days, the first one `ago` days old, and an open one of today. The process
/// that wrote them has ended.
fn written(dir: &Path, ago: u64, step: u64) {
    let clock = Turned::days_ago(ago);
    let vigil = turned(dir, &clock).init().unwrap();
    for day in 0..=ago / step {
        (0..10).for_each(|number| numbered(day * 10 + number));
        vigil.flush().unwrap();
        clock.advance(step);
    }
    clock.0.store(now(), Relaxed);
    numbered(0);
    vigil.shutdown().unwrap();
}

fn applied(dir: &Path, retention: &Retention) -> Applied {
    apply(dir, retention, &ApplyOptions::new().operator("the test")).unwrap()
}

fn verified(dir: &Path) -> VerifyReport {
    verify(dir, &VerifyOptions::new()).unwrap()
}

#[track_caller]
fn assert_intact(dir: &Path) -> VerifyReport {
    let report = verified(dir);
    assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
    report
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The names of the files of a trail.
fn files(dir: &Path) -> Vec<String> {
    trail_files(dir).iter().map(|path| name(path)).collect()
}

/// The events of this operation, in all files that are there.
fn told(dir: &Path, operation: &str) -> Vec<serde_json::Value> {
    let lines = vigil_tests::all_lines(dir);
    let events = lines
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    events
        .filter(|event| event["action"]["operation"] == operation)
        .collect()
}

fn records(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir.join(".vigil/purges")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect()
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
