//! What becomes of an event for which the journal has no room.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::{is_writer, now};
use crate::event::Callsite;
use crate::journal::{JOURNAL, Live, Loss, LossReason, Place, Refused};

/// How long a caller waits for room, in nanoseconds.
static PATIENCE: AtomicU64 = AtomicU64::new(0);

pub(super) fn set_patience(patience: Duration) {
    let nanos = u64::try_from(patience.as_nanos()).unwrap_or(u64::MAX);
    PATIENCE.store(nanos, Relaxed);
}

/// Tries again as the policy of the callsite says, and counts the event if that is in vain.
#[cold]
pub(super) fn overflow(
    callsite: &'static Callsite,
    record: &[u8],
    refused: Refused,
) -> Option<Place> {
    let reason = match refused {
        Refused::Full(live) => match wait(live, record) {
            Ok(place) => return place,
            Err(reason) => reason,
        },
        Refused::Held => Some(LossReason::BeforeStart),
        Refused::TooLarge => Some(LossReason::TooLarge),
        Refused::Closed => None,
    };
    callsite.counters.dropped.fetch_add(1, Relaxed);
    if let Some(reason) = reason {
        let (_, unix_nanos) = now();
        JOURNAL.lose(&Loss {
            kind: 0,
            category: callsite.category.as_str().to_owned(),
            reason,
            count: 1,
            first: unix_nanos,
            last: unix_nanos,
        });
    }
    None
}

/// Waits for room.
fn wait(live: &'static Live, record: &[u8]) -> Result<Option<Place>, Option<LossReason>> {
    // Callbacks of the user's may be audited themselves; the writer must not wait for itself.
    let patience = if is_writer() {
        0
    } else {
        PATIENCE.load(Relaxed)
    };
    let deadline = Instant::now() + Duration::from_nanos(patience);
    let mut live = live;
    loop {
        let in_time = JOURNAL.wait_for_room(live, deadline);
        match JOURNAL.push(record) {
            Ok(place) => return Ok(place),
            Err(Refused::Full(now_live)) => live = now_live,
            Err(Refused::TooLarge) => return Err(Some(LossReason::TooLarge)),
            Err(Refused::Held) => return Err(Some(LossReason::BeforeStart)),
            Err(Refused::Closed) => return Err(None),
        }
        if !in_time {
            return Err(Some(LossReason::JournalFull));
        }
    }
}
