//! Callers that want more than the journal gives: to know that an event is on disk, or that it will be kept, before
//! they go on.

use std::future::poll_fn;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::Role;
use super::overflow::keep_trying;
use super::policy::{policy, timeouts};
use crate::error::Error;
use crate::event::{Callsite, Overflow};
use crate::journal::{JOURNAL, LossReason, Place};

const NO_ENGINE: &str = "no engine is running; call vigil::init() first";

/// As [`submit`](super::submit), but what finds no room is told to the caller, and not counted as lost: the call does not run.
pub(crate) fn submit_or_refuse(
    callsite: &'static Callsite,
    record: &[u8],
) -> Result<Option<Place>, Error> {
    if Role::of_this_thread() == Role::Sink {
        // Nothing that a sink does is recorded; its outcome is counted as that.
        return Ok(None);
    }
    let place = push_or_refuse(callsite, record)?;
    callsite.counters.recorded.fetch_add(1, Relaxed);
    Ok(place)
}

fn push_or_refuse(callsite: &'static Callsite, record: &[u8]) -> Result<Option<Place>, Error> {
    // Asked before: pushed, it would be held in memory until an engine starts, and then tell of a call that never ran.
    if JOURNAL.live().is_none() {
        return Err(refuse(callsite, NO_ENGINE));
    }
    let refused = match JOURNAL.push(record) {
        Ok(place) => return Ok(place),
        Err(refused) => refused,
    };
    let patience = match policy(callsite).overflow {
        Overflow::Drop | Overflow::Deny => Duration::ZERO,
        Overflow::Block => timeouts().0,
    };
    keep_trying(record, refused, patience).map_err(|reason| {
        let why = match reason {
            Some(LossReason::JournalFull) => {
                "the journal is full; the trail cannot be written fast enough, or at all"
            }
            Some(LossReason::TooLarge) => {
                "it is larger than what the journal takes; see journal.capacity"
            }
            Some(LossReason::BeforeStart) => NO_ENGINE,
            None => "the engine has been shut down",
        };
        refuse(callsite, why)
    })
}

/// Whether the journal has room for an event now; a call that can be denied asks this before its body runs.
pub(crate) fn admit(callsite: &'static Callsite) -> Result<(), Error> {
    match JOURNAL.live() {
        _ if Role::of_this_thread() == Role::Sink => Ok(()),
        Some(live) if live.has_room() => Ok(()),
        Some(_) => Err(refuse(
            callsite,
            "the journal is nearly full; the trail cannot be written fast enough, or at all",
        )),
        None => Err(refuse(callsite, NO_ENGINE)),
    }
}

/// Waits until the event at `place` is safe on disk; false if it was not in time.
pub(crate) fn wait_safe(place: Place) -> bool {
    // The threads that make it safe must not wait for themselves.
    Role::of_this_thread() != Role::Writer && place.wait_safe(timeouts().1)
}

/// As [`wait_safe`], without blocking the thread.
pub(crate) async fn await_safe(place: Place) -> bool {
    let deadline = Instant::now() + timeouts().1;
    poll_fn(|cx| place.poll_safe(deadline, cx.waker())).await
}

/// Counts an event that was not safe on disk in time.
pub(crate) fn late(callsite: &'static Callsite) {
    callsite.counters.late.fetch_add(1, Relaxed);
}

/// Counts a call that was refused.
pub(crate) fn refused(callsite: &'static Callsite) {
    callsite.counters.refused.fetch_add(1, Relaxed);
}

fn refuse(callsite: &'static Callsite, why: &str) -> Error {
    refused(callsite);
    Error::refused(format!(
        "{} was refused and has not run, because its audit event cannot be kept: {why}",
        callsite.operation
    ))
}
