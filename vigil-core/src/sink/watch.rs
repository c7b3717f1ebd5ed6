//! The one thread that looks after all sinks: a sink that hangs cannot say so itself.

use std::sync::Arc;
use std::time::Instant;

use super::forwarders::Surroundings;
use super::status::{Late, Status};
use crate::Error;

/// Reports each call that takes longer than its deadline, until the sinks have been stopped.
pub(super) fn watch(sinks: &[Arc<Status>], surroundings: &Surroundings) {
    let Some(shortest) = sinks.iter().map(|status| status.deadline()).min() else {
        return;
    };
    let ended = || surroundings.ended.get().is_some();
    while !ended() {
        let now = Instant::now();
        let mut next = None;
        for status in sinks {
            match status.late(now) {
                Late::No => {}
                Late::From(due) => next = Some(next.map_or(due, |next: Instant| next.min(due))),
                Late::Now => surroundings.report(&Error::sink(format!(
                    "sink {} hangs: a call of it has not come back within {:?}; it goes on when it does",
                    status.name,
                    status.deadline()
                ))),
            }
        }
        match next {
            // A call that begins in the meantime is not due before this is over.
            Some(due) => {
                let wait = due.saturating_duration_since(now).min(shortest);
                surroundings.ended.wait(wait);
            }
            // Nobody rings while this thread is awake, so calls cost nothing for being watched.
            None => surroundings.calls.sleep(None, || {
                ended() || sinks.iter().any(|status| status.is_unwatched())
            }),
        }
    }
}
