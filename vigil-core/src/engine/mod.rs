//! The running engine: it puts configuration, filters, journal and trail together, and is what the rest of the process
//! talks to. There is one a process at a time.

mod anchoring;
mod builder;
mod checkup;
mod delivery;
mod folding;
mod guard;
pub(crate) mod holds;
mod in_force;
mod keeper;
mod monitor;
mod obligations;
mod overflow;
mod packing;
mod policy;
mod recovery;
mod reload;
pub(crate) mod retention;
mod sealer;
mod sinks;
mod start;
mod stats;
mod subjects;
mod syncer;
mod system_events;
mod visit;
mod writer;

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

pub use builder::{Builder, builder, init};
pub use checkup::{AnchorStats, Disk, Health, HealthState, JournalFill, Proof, Reason, health};
pub(crate) use delivery::{admit, await_safe, late, refused, submit_or_refuse, wait_safe};
pub(crate) use guard::flush_within;
pub use guard::{Guard, flush};
pub(crate) use policy::{Policies, policy};
pub use reload::{Reloaded, reload};
pub use sealer::rotate_key;
pub use stats::{CategoryStats, Stats, stats};
#[cfg(feature = "subject-keys")]
pub(crate) use visit::leave_note_as;
pub use visit::{RecoverOptions, Recovery, leave_note, recover, rotate_key_of};

use crate::clock::{Clock, Monotonic, SystemClock};
use crate::event::Callsite;
use crate::filter;
use crate::journal::JOURNAL;
pub(crate) use crate::journal::Place;

static CLOCK: RwLock<Option<Arc<dyn Clock>>> = RwLock::new(None);
/// Whether there is a clock in `CLOCK`: the operating system's is asked without taking a lock.
static CLOCK_IS_GIVEN: AtomicBool = AtomicBool::new(false);
static SLOW_NANOS: AtomicU64 = AtomicU64::new(1_000_000_000);
static ERRORS: AtomicU64 = AtomicU64::new(0);

thread_local!(static ROLE: Cell<Role> = const { Cell::new(Role::Caller) });

/// What a thread is to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It makes events.
    Caller,
    /// It writes the trail.
    Writer,
    /// It runs the code of a sink.
    Sink,
}

impl Role {
    fn of_this_thread() -> Self {
        ROLE.try_with(Cell::get).unwrap_or(Self::Caller)
    }

    /// This thread has this role while it does `work`.
    fn during<R>(self, work: impl FnOnce() -> R) -> R {
        let before = Self::of_this_thread();
        self.take();
        let done = work();
        before.take();
        done
    }

    /// From here on this thread has this role.
    fn take(self) {
        let _ = ROLE.try_with(|role| role.set(self));
    }
}

/// Hands the record of an event of `callsite` to the writer. What finds no room is counted.
///
/// Gives back where it lies; `None` if it is lost, or held in memory for want of an engine.
pub(crate) fn submit(callsite: &'static Callsite, record: &[u8]) -> Option<Place> {
    if Role::of_this_thread() == Role::Sink {
        // A sink would be given the events of its own work, and make others by that.
        callsite.counters.filtered.fetch_add(1, Relaxed);
        return None;
    }
    // Before the push: an atomic addition waits for all that the thread has stored, and the memory of the ring is far
    // away. Nor does the writer count as written what is not counted here.
    callsite.counters.recorded.fetch_add(1, Relaxed);
    match JOURNAL.push(record) {
        Ok(place) => place,
        Err(refused) => overflow::overflow(callsite, record, refused).unwrap_or_else(|| {
            callsite.counters.recorded.fetch_sub(1, Relaxed);
            None
        }),
    }
}

/// Now, by the clock that measures durations and by the one that stamps events.
///
/// Reading a clock is a good part of what a call costs, so a thread reads the second one every [`ANCHORED`] only and
/// goes by the first in between.
pub(crate) fn now() -> (Monotonic, u64) {
    thread_local!(static ANCHOR: Cell<Option<(Monotonic, u64)>> = const { Cell::new(None) });
    let now = Monotonic::now();
    if CLOCK_IS_GIVEN.load(Relaxed)
        && let Some(clock) = CLOCK
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
    {
        return (now, clock.unix_nanos());
    }
    if let Ok(Some((anchor, unix_nanos))) = ANCHOR.try_with(Cell::get) {
        let since = now.since(anchor);
        if since < ANCHORED {
            return (now, unix_nanos + since);
        }
    }
    let unix_nanos = SystemClock.unix_nanos();
    let _ = ANCHOR.try_with(|anchor| anchor.set(Some((now, unix_nanos))));
    (now, unix_nanos)
}

/// How late a step of the wall clock may be noticed, in nanoseconds.
const ANCHORED: u64 = 100_000_000;

fn set_clock(clock: Option<Arc<dyn Clock>>) {
    CLOCK_IS_GIVEN.store(clock.is_some(), Relaxed);
    *CLOCK.write().unwrap_or_else(PoisonError::into_inner) = clock;
}

/// From how many nanoseconds on a call of `callsite` is slow.
pub(crate) fn slow_threshold(callsite: &Callsite) -> u64 {
    match callsite.slow {
        Some(threshold) => u64::try_from(threshold.as_nanos()).unwrap_or(u64::MAX),
        None => SLOW_NANOS.load(Relaxed),
    }
}

fn set_slow_threshold(threshold: Option<Duration>) {
    let nanos = threshold.and_then(|threshold| u64::try_from(threshold.as_nanos()).ok());
    SLOW_NANOS.store(nanos.unwrap_or(u64::MAX), Relaxed);
}

/// Switches recording on or off for the whole process, at once: the kill switch. What was recorded before is kept.
///
/// Off, an audited call costs one relaxed load, and nothing is counted. Starting the engine sets the switch to what the
/// configuration's `enabled` says, and so does a [`reload`] that changes `enabled`.
///
/// While an engine runs, each switch stands in the trail as `audit_config_changed`: what is missing between two of them is
/// missing because somebody wanted it so. Mandatory categories, which no configuration can switch off, are switched off
/// by this as well, for it is the code that says so; the event then names them.
///
/// # Examples
///
/// ```
/// vigil::set_enabled(false);
/// assert!(!vigil::is_enabled());
/// vigil::set_enabled(true);
/// ```
pub fn set_enabled(enabled: bool) {
    reload::switch(enabled);
}

/// Whether events are being recorded.
#[must_use]
pub fn is_enabled() -> bool {
    filter::is_enabled()
}
