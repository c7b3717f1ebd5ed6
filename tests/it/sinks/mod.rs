//! Sinks are cursors in the trail: whatever becomes of one, it gets each event at least once and in order, and neither
//! the program, nor the trail, nor another sink notices.
//!
//! A sink is given every line, also those that Vigil writes of its own accord. So what it got is compared with the whole
//! trail; which of the program's events are among it is asked by their own numbers, see [`Copy::numbers`].

mod around;
mod catching_up;
mod failing;
mod gaps;
#[cfg(target_os = "linux")]
mod memory;
mod processes;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use vigil::sink::{
    Batch, Memory, Sink, SinkError, SinkOptions, SinkState, SinkStats, Start, cursors, needed_from,
};
use vigil::{audit, audited};
use vigil_tests::{all_bytes, all_lines, builder, events, isolated, lines, start, trail_files};

const PATIENCE: Duration = Duration::from_secs(60);

/// The first line of each run tells of its start: the program's event `n` of the first run stands at `START + n`.
const START: u64 = 1;
/// The last line of each run tells of its end.
const END: u64 = 1;

/// A sink that does what a test says.
struct Acting<F>(&'static str, F);

impl<F> Sink for Acting<F>
where
    F: FnMut(&Batch<'_>) -> Result<(), SinkError> + Send + 'static,
{
    fn name(&self) -> &str {
        self.0
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        (self.1)(batch)
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new().retry(Duration::from_millis(1), Duration::from_millis(20))
    }
}

/// What has been delivered, over several runs of an engine.
#[derive(Clone, Default)]
struct Copy(Arc<Mutex<(Vec<u64>, Vec<u8>)>>);

impl Copy {
    fn sink(&self, name: &'static str) -> impl Sink + use<> {
        let copy = self.clone();
        Acting(name, move |batch: &Batch<'_>| {
            copy.take(batch);
            Ok(())
        })
    }

    fn take(&self, batch: &Batch<'_>) {
        let mut copy = self.0.lock().unwrap();
        copy.0.extend(batch.lines().map(|line| line.seq()));
        copy.1.extend_from_slice(batch.as_bytes());
    }

    /// Where in the trail what came has stood.
    fn seqs(&self) -> Vec<u64> {
        self.0.lock().unwrap().0.clone()
    }

    /// What [`numbered`] was called with, of the events that came.
    fn numbers(&self) -> Vec<u64> {
        let copy = self.0.lock().unwrap();
        let events = copy
            .1
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let events = events.map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap());
        events
            .filter(|event| event["action"]["operation"] == "numbered")
            .map(|event| event["action"]["parameters"]["number"].as_u64().unwrap())
            .collect()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().0.len()
    }

    /// The copy is the trail, byte by byte.
    fn assert_is(&self, dir: &Path) {
        self.assert_is_from(dir, 0);
    }

    /// The copy is the trail from this line on, byte by byte.
    fn assert_is_from(&self, dir: &Path, first: u64) {
        let trail = all_lines(dir);
        let text: String = trail[first as usize..]
            .iter()
            .map(|line| format!("{line}\n"))
            .collect();
        let copy = self.0.lock().unwrap();
        assert_eq!(copy.0, (first..trail.len() as u64).collect::<Vec<_>>());
        assert!(copy.1 == text.as_bytes());
    }
}

/// What `on_error` was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn by(&self, builder: vigil::Builder) -> vigil::Builder {
        let told = self.clone();
        builder.on_error(move |error| {
            assert!(error.is_sink(), "{error}");
            told.0.lock().unwrap().push(error.to_string());
        })
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn has(&self, text: &str) -> bool {
        self.all().iter().any(|told| told.contains(text))
    }
}

/// A gate that a sink waits at.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: {}", vigil::stats());
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn of(name: &str) -> SinkStats {
    vigil::stats().sinks[name].clone()
}

#[audited(category = "DATA")]
fn numbered(number: u64) {
    std::hint::black_box(number);
}

/// A call that must not go unrecorded.
#[audited(category = "DATA", delivery = "required")]
fn insisting() -> Result<(), vigil::Error> {
    Ok(())
}

fn record(numbers: std::ops::Range<u64>) {
    numbers.for_each(numbered);
}

/// Records, and waits until it is in the trail: from then on a sink lags behind.
fn write(numbers: std::ops::Range<u64>) {
    record(numbers);
    vigil::flush().unwrap();
}
