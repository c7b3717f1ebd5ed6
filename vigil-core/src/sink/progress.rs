//! How far the trail has been written: all that its writer tells those who read along.

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::time::Instant;

use super::bell::Bell;

/// The number of the next event to be written. Every event before it can be read from the trail's files, whole.
#[derive(Debug)]
pub(crate) struct Progress {
    next_seq: AtomicU64,
    advanced: Bell,
}

impl Progress {
    pub(crate) fn new(next_seq: u64) -> Self {
        Self {
            next_seq: AtomicU64::new(next_seq),
            advanced: Bell::default(),
        }
    }

    /// The writer's side: all events before `next_seq` have been written. Called after each append; a store, a fence
    /// and a load, unless somebody sleeps.
    pub(crate) fn advance(&self, next_seq: u64) {
        self.next_seq.store(next_seq, Release);
        self.advanced.ring();
    }

    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq.load(Acquire)
    }

    /// Sleeps until there is more than `seq`, until `enough`, or until the time has come.
    pub(super) fn wait(&self, seq: u64, until: Option<Instant>, enough: impl Fn() -> bool) {
        self.advanced
            .sleep(until, || self.next_seq() > seq || enough());
    }

    /// Makes those who sleep ask again whether it is enough.
    pub(super) fn wake(&self) {
        self.advanced.ring();
    }
}
