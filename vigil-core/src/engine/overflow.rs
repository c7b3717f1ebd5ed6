//! What becomes of an event for which the journal has no room.

use std::time::{Duration, Instant};

use super::policy::{policy, timeouts};
use super::{Role, now};
use crate::event::{Callsite, Overflow};
use crate::journal::{JOURNAL, Loss, LossReason, Place, Refused};

/// Tries again as the policy of the callsite says, and counts the event if that is in vain: then there is nothing.
/// Otherwise there is perhaps a place.
#[cold]
pub(super) fn overflow(
    callsite: &'static Callsite,
    record: &[u8],
    refused: Refused,
) -> Option<Option<Place>> {
    let patience = match policy(callsite).overflow {
        Overflow::Drop => Duration::ZERO,
        // A call that could be denied has been admitted: it has run.
        Overflow::Block | Overflow::Deny => timeouts().0,
    };
    match keep_trying(record, refused, patience) {
        Ok(place) => Some(place),
        Err(reason) => {
            lose(callsite, reason);
            None
        }
    }
}

/// Waits for room for at most so long.
pub(super) fn keep_trying(
    record: &[u8],
    refused: Refused,
    patience: Duration,
) -> Result<Option<Place>, Option<LossReason>> {
    // Callbacks of the user's may be audited themselves; the writer must not wait for itself.
    let patience = match Role::of_this_thread() {
        Role::Writer => Duration::ZERO,
        _ => patience,
    };
    let deadline = Instant::now() + patience;
    let mut refused = refused;
    loop {
        let live = match refused {
            Refused::Full(live) => live,
            Refused::Held => return Err(Some(LossReason::BeforeStart)),
            Refused::TooLarge => return Err(Some(LossReason::TooLarge)),
            Refused::Closed => return Err(None),
        };
        if !live.wait_for_room(deadline) {
            return Err(Some(LossReason::JournalFull));
        }
        match JOURNAL.push(record) {
            Ok(place) => return Ok(place),
            Err(again) => refused = again,
        }
    }
}

/// Counts a lost event; without a reason, where no trail will tell of it, because the engine has been shut down.
fn lose(callsite: &'static Callsite, reason: Option<LossReason>) {
    use std::sync::atomic::Ordering::Relaxed;
    callsite.counters.dropped.fetch_add(1, Relaxed);
    let Some(reason) = reason else { return };
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
