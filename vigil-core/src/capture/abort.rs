//! Programs that abort when they panic: no destructor runs, so no guard can record the calls that the panic breaks off.
//!
//! The panic hook is the last code that runs. So in a program built with `panic = "abort"` each thread keeps a copy of
//! what is known of the calls it is in, and the hook records from that, waits for the trail, and lets the process die.
//! The copies cost something; programs that unwind have none of it.

use std::cell::RefCell;
use std::time::Duration;

use super::active::Active;
use crate::engine;
use crate::event::{EventId, Status};

/// Whether a panic ends the process.
pub(super) const ABORTS: bool = cfg!(panic = "abort");

/// How long the process lives on for its events to get into the trail. If that is too short, they are in the journal.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// The calls that this thread is in, the innermost last.
    static OPEN: RefCell<Vec<Active>> = const { RefCell::new(Vec::new()) };
}

/// This thread is in the call from here on.
#[inline]
pub(super) fn open(active: &Active) {
    if ABORTS {
        with(|open| open.push(active.clone()));
    }
}

/// More is known of a call.
#[inline]
pub(super) fn update(active: &Active) {
    if ABORTS {
        with(|open| {
            let copy = open.iter_mut().rfind(|copy| copy.head.id == active.head.id);
            if let Some(copy) = copy {
                copy.clone_from(active);
            }
        });
    }
}

/// This thread is in the call no more.
#[inline]
pub(super) fn close(id: EventId) {
    if ABORTS {
        with(|open| {
            if let Some(at) = open.iter().rposition(|copy| copy.head.id == id) {
                open.remove(at);
            }
        });
    }
}

/// Records the calls that this thread is in as broken off by a panic of which `details` tells.
pub(super) fn record_open(details: &[u8]) {
    let mut open = Vec::new();
    with(|calls| open = std::mem::take(calls));
    if open.is_empty() {
        return;
    }
    for mut active in open.into_iter().rev() {
        active.head.status = Status::Panic;
        active.buffers.error.clear();
        active.buffers.error.extend_from_slice(details);
        Box::new(active).hand_over();
    }
    // What keeps the trail from being written has been told to `on_error`; the journal has the events.
    let _ = engine::flush_within(PATIENCE);
}

fn with(f: impl FnOnce(&mut Vec<Active>)) {
    // Borrowed only where a panic starts in here; the process then has worse to report.
    let _ = OPEN.try_with(|open| open.try_borrow_mut().map(|mut open| f(&mut open)));
}
