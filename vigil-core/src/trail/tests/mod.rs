//! The trail on a real file system: what becomes of lines when days change, files fill, vanish or are torn.

mod follow;
mod full_disk;
mod mishaps;
mod rotation;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::store::{Daily, Rotation, Trail, TrailConfig};
use crate::Clock;

/// A clock that a test sets.
#[derive(Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn unix_nanos(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Hand {
    fn set(&self, text: &str) {
        let at = text.parse::<jiff::Timestamp>().unwrap().as_nanosecond();
        self.0.store(u64::try_from(at).unwrap(), Relaxed);
    }
}

struct Bench {
    dir: TempDir,
    clock: Arc<Hand>,
    max_size: Option<u64>,
    daily: Daily,
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(Hand::default());
        clock.set("2026-11-23T12:00:00Z");
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock,
            max_size: None,
            daily: Daily::Utc,
        }
    }

    fn config(&self) -> TrailConfig {
        TrailConfig {
            dir: self.dir.path().join("logs/audit"),
            name: "audit".to_owned(),
            rotation: Rotation {
                daily: self.daily,
                max_size: self.max_size,
            },
            ..TrailConfig::default()
        }
    }

    fn open(&self) -> Trail {
        Trail::open(self.config(), self.clock.clone()).unwrap()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.config().dir.join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<_> = fs::read_dir(self.config().dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        files.sort();
        files
    }

    /// The numbers in a file, each line of which must be whole.
    fn seqs(&self, file: &str) -> Vec<u64> {
        let text = self.text(file);
        assert!(text.is_empty() || text.ends_with('\n'), "{file}");
        text.lines()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                value["seq"].as_u64().unwrap()
            })
            .collect()
    }
}

const TODAY: &str = "audit_audit_2026-11-23.log";

/// Lines that go on where the trail is.
fn lines(trail: &Trail, count: u64) -> Vec<u8> {
    let first = trail.next_seq();
    (first..first + count)
        .map(|seq| format!("{{\"seq\":{seq},\"pad\":\"{}\"}}\n", "x".repeat(40)))
        .collect::<String>()
        .into_bytes()
}

fn add(trail: &mut Trail, count: u64) {
    let lines = lines(trail, count);
    trail.append(&lines, count).unwrap();
}
