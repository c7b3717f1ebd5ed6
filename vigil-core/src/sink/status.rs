//! What is known of a sink from outside its thread.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

/// How a sink is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SinkState {
    /// It takes what it is given.
    #[default]
    Running,
    /// It failed, and is tried again: the last error was a transient one, or a panic.
    Retrying,
    /// It refuses what comes next: the last error was a permanent one. It is tried again at the longest interval.
    Failed,
    /// A call of it has taken longer than its deadline and has not come back. When it does, it goes on.
    Hanging,
    /// The engine has been shut down.
    Stopped,
}

impl SinkState {
    /// In one word, as it stands in what [`Stats`](crate::Stats) prints.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
            Self::Hanging => "hanging",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for SinkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a sink is doing, and how far it has got: in [`Stats`](crate::Stats).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SinkStats {
    /// How it is doing.
    pub state: SinkState,
    /// Events it has taken since the engine started; one that it was given twice counts twice.
    pub delivered: u64,
    /// Events that were not in the trail any more when it came to them.
    pub missed: u64,
    /// Its cursor: the number of the first event that it has not got, or of which that is not certain yet.
    pub next_seq: u64,
    /// So many events are in the trail and not certain to be in the sink.
    pub lag: u64,
    /// How often it has failed since it last took something.
    pub consecutive_failures: u32,
    /// What it said when it last failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

impl fmt::Display for SinkStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            state,
            delivered,
            lag,
            ..
        } = self;
        write!(f, "{state}, {delivered} delivered, {lag} behind")?;
        if self.missed > 0 {
            write!(f, ", {} missed", self.missed)?;
        }
        if let Some(error) = self
            .last_error
            .as_ref()
            .filter(|_| *state != SinkState::Running)
        {
            write!(f, ", {} failures: {error}", self.consecutive_failures)?;
        }
        Ok(())
    }
}

/// What the thread of a sink tells, and what others look at.
#[derive(Debug)]
pub(super) struct Status {
    pub(super) name: String,
    deadline: Duration,
    started: Instant,
    /// 0 while the sink is in no call; else nanoseconds from `started` to the beginning of the call, with the lowest bit
    /// for whether its hanging has been reported.
    call: AtomicU64,
    stats: Mutex<SinkStats>,
    /// Set when nobody waits for the thread any more. Held while the cursor is saved, so that a sink that was left
    /// behind cannot move the cursor of the one that has come after it.
    abandoned: Mutex<bool>,
}

const TOLD: u64 = 1;

/// Whether a sink is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Late {
    /// It is in no call, or its hanging has been reported.
    No,
    /// It will be then.
    From(Instant),
    /// It is.
    Now,
}

impl Status {
    pub(super) fn new(name: String, deadline: Duration, next_seq: u64) -> Self {
        Self {
            name,
            deadline,
            started: Instant::now(),
            call: AtomicU64::new(0),
            stats: Mutex::new(SinkStats {
                next_seq,
                ..SinkStats::default()
            }),
            abandoned: Mutex::new(false),
        }
    }

    pub(super) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// The stats, with what can only be said now.
    pub(super) fn stats(&self, written: u64) -> SinkStats {
        let mut stats = self.lock().clone();
        stats.lag = written.saturating_sub(stats.next_seq);
        let due = self.due(self.call.load(Relaxed));
        if due.is_some_and(|due| due <= Instant::now()) {
            stats.state = SinkState::Hanging;
        }
        stats
    }

    pub(super) fn begin_call(&self) {
        let since = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.call.store(since.max(TOLD + 1) & !TOLD, Relaxed);
    }

    pub(super) fn end_call(&self) {
        self.call.store(0, Relaxed);
    }

    /// Whether it is in a call that may come to be late.
    pub(super) fn is_unwatched(&self) -> bool {
        let call = self.call.load(Relaxed);
        call != 0 && call & TOLD == 0
    }

    /// When the call is due that the sink is in. A deadline beyond what a clock can say never comes.
    fn due(&self, call: u64) -> Option<Instant> {
        let since = (call != 0).then(|| Duration::from_nanos(call & !TOLD))?;
        self.started.checked_add(since)?.checked_add(self.deadline)
    }

    /// Says `Now` once a call.
    pub(super) fn late(&self, now: Instant) -> Late {
        let call = self.call.load(Relaxed);
        match self.due(call) {
            Some(due) if due > now => Late::From(due),
            // Should the call have come back at this moment, it was late all the same.
            Some(_) if call & TOLD == 0 => {
                let told = call | TOLD;
                let _ = self.call.compare_exchange(call, told, Relaxed, Relaxed);
                Late::Now
            }
            _ => Late::No,
        }
    }

    /// It has taken so many events.
    pub(super) fn took(&self, events: u64) {
        let mut stats = self.lock();
        stats.delivered += events;
        stats.state = SinkState::Running;
        stats.consecutive_failures = 0;
    }

    /// It has failed. Gives back how often in a row.
    pub(super) fn failed(&self, permanent: bool, error: String) -> u32 {
        let mut stats = self.lock();
        stats.state = if permanent {
            SinkState::Failed
        } else {
            SinkState::Retrying
        };
        stats.last_error = Some(error);
        stats.consecutive_failures = stats.consecutive_failures.saturating_add(1);
        stats.consecutive_failures
    }

    pub(super) fn missed(&self, events: u64) {
        self.lock().missed += events;
    }

    pub(super) fn reached(&self, next_seq: u64) {
        self.lock().next_seq = next_seq;
    }

    pub(super) fn stopped(&self) {
        self.lock().state = SinkState::Stopped;
    }

    /// Runs `save` unless nobody waits for this thread any more.
    pub(super) fn unless_abandoned<R>(&self, save: impl FnOnce() -> R) -> Option<R> {
        let abandoned = self
            .abandoned
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (!*abandoned).then(save)
    }

    /// Nobody waits for the thread any more. If its sink is in a call still, it is left behind there.
    pub(super) fn abandon(&self) {
        self.lock().state = match self.call.load(Relaxed) {
            0 => SinkState::Stopped,
            _ => SinkState::Hanging,
        };
        *self
            .abandoned
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
    }

    fn lock(&self) -> MutexGuard<'_, SinkStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
