//! Retention while the engine runs: on a schedule, and when somebody asks for it from outside; and for a trail that no
//! process writes, by running an engine on it for that long.
//!
//! A process that writes a trail removes from it by its own rules and no others: whoever asks from outside can make it
//! look at once, and cannot have it sign that something was removed by rules of his.

mod offline;
mod options;
mod request;
mod schedule;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use self::offline::apply_offline;
pub use self::options::ApplyOptions;
use self::request::ask;
pub(super) use self::schedule::Schedule;
use super::in_force::InForce;
use super::monitor::Monitor;
use super::system_events::{self, RETENTION_PURGED};
use super::writer::OnError;
use super::{flush_within, now};
use crate::retention::{Applied, Claim, Now, Order, Retention, Teller, run};
use crate::sink::{Forwarders, Progress};
use crate::{Error, EventId};

/// How long an event may take to get under a checkpoint.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(50);

/// The engine that runs.
static RUNNING: Mutex<Option<Arc<Subject>>> = Mutex::new(None);

/// A running engine, as far as retention goes.
pub(super) struct Subject {
    pub(super) dir: PathBuf,
    pub(super) in_force: Arc<InForce>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) progress: Arc<Progress>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) on_error: OnError,
    /// One at a time: two would tell of the same files twice, and each take the other's work for its own.
    pub(super) at_work: Mutex<()>,
    /// The schedule's thread is at it, or waits for its turn.
    pub(super) busy: AtomicBool,
    /// The clock was set forward, to this time in milliseconds; 0 if it was not.
    pub(super) stepped: AtomicU64,
    pub(super) has_schedule: bool,
}

/// Removes from the trail in a directory what is due.
///
/// Where a process writes it, that process is asked to do so, and goes by its own rules; otherwise the trail is opened for
/// it, by `retention`, and what a crash has left in its journal is written first.
///
/// # Errors
///
/// If the rules do not agree with each other; if there is no trail, or it is not what was signed; if the process that writes
/// it does not answer. What was removed before stands in the trail.
pub fn apply(
    dir: impl AsRef<Path>,
    retention: &Retention,
    options: &ApplyOptions,
) -> Result<Applied, Error> {
    retention.check()?;
    let dir = dir.as_ref();
    let dir = std::path::absolute(dir)
        .map_err(|error| Error::io("cannot find the trail directory", dir, error))?;
    let operator = options.operator.clone().unwrap_or_else(user);
    // The lock is not held meanwhile.
    let subject = running().clone();
    if let Some(subject) = subject
        && subject.dir == dir
    {
        return subject.apply(retention, &operator, options.clock_is_right);
    }
    match apply_offline(&dir, retention, &operator, options.clock_is_right) {
        Err(error) if error.is_already_running() => ask(&dir, operator, options.clock_is_right),
        result => result,
    }
}

/// The user that the process runs as, as far as the environment says.
pub(super) fn user() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.is_empty());
    name.map_or_else(|| "(unknown)".to_owned(), |name| format!("user {name}"))
}

fn running() -> MutexGuard<'static, Option<Arc<Subject>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This engine runs from now on; or none, which ends what it was at.
pub(super) fn arm(subject: Option<Arc<Subject>>) {
    *running() = subject;
}

fn stopped() -> Error {
    Error::stopped("the engine has stopped before retention was applied")
}

impl Subject {
    fn apply(
        &self,
        retention: &Retention,
        operator: &str,
        clock_is_right: bool,
    ) -> Result<Applied, Error> {
        let _at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let sinks = self.sinks.stats();
        let sinks = sinks.into_iter().map(|(sink, stats)| Claim {
            sink,
            next_seq: stats.next_seq,
            is_damaged: false,
        });
        let stepped = i64::try_from(self.stepped.load(Relaxed)).unwrap_or(i64::MAX);
        let order = Order {
            dir: &self.dir,
            retention,
            operator,
            now: Now {
                is_right: clock_is_right,
                stepped: (stepped > 0)
                    .then(|| Timestamp::from_millisecond(stepped).unwrap_or(Timestamp::MAX)),
                ..Now::at(now().1)
            },
            running: &sinks.collect::<Vec<_>>(),
        };
        run(&order, &mut Journaled(self))
    }

    fn is_running(&self) -> bool {
        running()
            .as_ref()
            .is_some_and(|subject| std::ptr::eq(&**subject, self))
    }
}

/// Tells by the journal, as all threads of the process do.
struct Journaled<'s>(&'s Subject);

impl Teller for Journaled<'_> {
    fn next_seq(&self) -> u64 {
        self.0.progress.next_seq()
    }

    fn tell(&mut self, id: EventId, parameters: &Value) -> Result<(), Error> {
        if !self.0.is_running() {
            return Err(stopped());
        }
        system_events::submit_as(id, &RETENTION_PURGED, parameters);
        flush_within(PATIENCE)?;
        let written = self.0.progress.next_seq();
        let deadline = Instant::now() + PATIENCE;
        while self
            .0
            .monitor
            .proof()
            .is_none_or(|(_, signed)| signed < written)
        {
            if Instant::now() >= deadline || !self.0.is_running() {
                return Err(Error::timeout(
                    "the event that tells of what is to be removed has not been signed in time, so nothing is removed yet; \
                     health() says what is the matter",
                ));
            }
            thread::sleep(STEP);
        }
        Ok(())
    }
}
