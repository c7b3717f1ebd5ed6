//! Compression and encryption of closed segments while the engine runs: by a thread of its own, one segment at a time, off
//! the paths of callers and of the writer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::in_force::InForce;
use super::monitor::Monitor;
use super::writer::{OnError, report};
use crate::Error;
use crate::sink::Forwarders;
use crate::trail::packing::{Needed, Packed, Packing, has_work, run};

/// What could not be done is tried again after so long: a sink is behind, or the disk is full.
const AGAIN: Duration = Duration::from_secs(5);
/// What fails again and again is tried less and less often, down to this: each time, a whole segment is read and written.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// How long a shutdown waits for the thread, which stops as soon as it has read the next part of a file.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the thread needs.
pub(super) struct Subject {
    pub(super) dir: PathBuf,
    pub(super) in_force: Arc<InForce>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) on_error: OnError,
}

/// Looks whether there is something to do.
pub(super) struct PackWatch {
    subject: Arc<Subject>,
    shared: Arc<Shared>,
    began: Option<Instant>,
}

#[derive(Default)]
struct Shared {
    /// A thread is at it.
    busy: AtomicBool,
    /// The last one has left something.
    has_left: AtomicBool,
    /// So many in a row could not do what they should.
    failed: AtomicU32,
    /// The engine stops: what is being made is given up.
    stop: AtomicBool,
}

impl Shared {
    /// How long to leave it alone after the last one began.
    fn pause(&self) -> Duration {
        if !self.has_left.load(Relaxed) {
            return Duration::ZERO;
        }
        let doubled = self.failed.load(Relaxed).saturating_sub(1).min(16);
        (AGAIN * (1 << doubled)).min(LONGEST)
    }

    /// The last one could not do what it should.
    fn fails(&self) {
        self.has_left.store(true, Relaxed);
        self.failed.fetch_add(1, Relaxed);
    }
}

impl Drop for PackWatch {
    fn drop(&mut self) {
        self.shared.stop.store(true, Relaxed);
        let deadline = Instant::now() + PATIENCE;
        while self.shared.busy.load(Relaxed) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl PackWatch {
    pub(super) fn new(subject: Subject) -> Self {
        Self {
            subject: Arc::new(subject),
            shared: Arc::default(),
            began: None,
        }
    }

    pub(super) fn look(&mut self) {
        let packing = self.subject.in_force.get().1.packing.clone();
        let is_first = self.began.is_none();
        // What a broken-off run has left is mended also where nothing is to be packed any more.
        if packing.is_off() && !is_first {
            self.subject.monitor.packing.ended();
            return;
        }
        let pause = self.shared.pause();
        let rests = self.began.is_some_and(|began| began.elapsed() < pause);
        if rests || self.shared.busy.load(Relaxed) {
            return;
        }
        let has_work = has_work(&self.subject.dir, &packing);
        if is_first || has_work {
            self.began = Some(Instant::now());
        }
        if !has_work {
            return;
        }
        self.shared.busy.store(true, Relaxed);
        let (subject, shared) = (Arc::clone(&self.subject), Arc::clone(&self.shared));
        let spawned = thread::Builder::new()
            .name("vigil-pack".to_owned())
            .spawn(move || {
                let _done = Done(&shared.busy);
                work(&subject, &shared, &packing);
            });
        if let Err(error) = spawned {
            self.shared.busy.store(false, Relaxed);
            let what = "cannot start the thread that compresses";
            let error = Error::io(what, &self.subject.dir, error);
            self.fail(&error);
        }
    }

    fn fail(&self, error: &Error) {
        self.shared.fails();
        self.subject.monitor.packing.failed(error);
        report(&self.subject.on_error, error);
    }
}

/// Says so when the work is done, however that comes about.
struct Done<'b>(&'b AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

fn work(subject: &Subject, shared: &Shared, packing: &Packing) {
    let result = pack(subject, shared, packing);
    let Subject {
        monitor, on_error, ..
    } = subject;
    match result {
        Ok(packed) => {
            for mended in packed.mended {
                report(on_error, &Error::trail(mended));
            }
            shared.has_left.store(!packed.waiting.is_empty(), Relaxed);
            match packed.altered.into_iter().next() {
                Some(altered) => {
                    shared.fails();
                    let error = Error::trail(altered);
                    if monitor.packing.last().is_none() {
                        report(on_error, &error);
                    }
                    monitor.packing.failed(&error);
                }
                None => {
                    shared.failed.store(0, Relaxed);
                    monitor.packing.ended();
                }
            }
        }
        // Somebody does it by hand.
        Err(error) if error.is_already_running() => shared.has_left.store(true, Relaxed),
        Err(error) => {
            shared.fails();
            if monitor.packing.last().is_none() {
                report(on_error, &error);
            }
            monitor.packing.failed(&error);
        }
    }
}

fn pack(subject: &Subject, shared: &Shared, packing: &Packing) -> Result<Packed, Error> {
    let sinks = subject.sinks.stats().into_iter();
    let sinks: Vec<_> = sinks.map(|(sink, stats)| (sink, stats.next_seq)).collect();
    let needed = Needed::look(&subject.dir, &sinks)?;
    run(&subject.dir, packing, &needed, &|| {
        shared.stop.load(Relaxed)
    })
}
