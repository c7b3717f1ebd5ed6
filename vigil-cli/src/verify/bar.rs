//! A line at the bottom of the terminal.

use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Told on a terminal this often.
const STEP: Duration = Duration::from_millis(100);

/// How far a check has come.
pub(super) struct Bar {
    began: Instant,
    told: Mutex<Option<Instant>>,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            told: Mutex::new(None),
        }
    }

    pub(super) fn show(&self, done: u64, total: u64) {
        const WIDTH: usize = 30;
        let Ok(mut told) = self.told.try_lock() else {
            return;
        };
        let now = Instant::now();
        if told.is_some_and(|told| now - told < STEP) || now - self.began < STEP {
            return;
        }
        *told = Some(now);
        let part = if total == 0 {
            1.0
        } else {
            done as f64 / total as f64
        };
        let filled = (part * WIDTH as f64) as usize;
        let speed = done as f64 / (now - self.began).as_secs_f64() / 1e6;
        // Who cannot be told of progress gets the report all the same.
        let _ = write!(
            std::io::stderr(),
            "\r[{}{}] {:3.0} % {speed:.0} MB/s ",
            "#".repeat(filled.min(WIDTH)),
            " ".repeat(WIDTH - filled.min(WIDTH)),
            part * 100.0
        );
    }

    pub(super) fn clear(&self) {
        let told = self.told.lock().is_ok_and(|told| told.is_some());
        if told {
            let _ = write!(std::io::stderr(), "\r{}\r", " ".repeat(60));
        }
    }
}
