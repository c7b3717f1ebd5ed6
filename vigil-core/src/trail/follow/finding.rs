//! What a follower has found besides events, and says in a sentence.

use std::fmt;
use std::path::Path;

use crate::trail::evidence::{Places, Purges};

/// What a follower has found besides events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The events from `from` on, up to the one before `to`, are not in the trail.
    Gap { from: u64, to: u64 },
    /// Likewise, and the trail has told that retention removed them, last by this event.
    Purged { from: u64, to: u64, event: u64 },
    /// Lines that are no events of this trail, from this byte of this file on.
    Foreign {
        file: String,
        offset: u64,
        lines: u64,
    },
}

impl Finding {
    /// The events from one to before another are not in the trail in this directory.
    pub(super) fn missing(dir: &Path, from: u64, to: u64) -> Self {
        let purges = Purges::look(&Places::of_trail(dir)).unwrap_or_default();
        match purges.covering(from, to) {
            Some(purge) => Self::Purged {
                from,
                to,
                event: purge.event,
            },
            None => Self::Gap { from, to },
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { from, to } => {
                let last = to.saturating_sub(1);
                write!(
                    f,
                    "events {from} to {last} are not in the trail any more, because a file was deleted or changed; \
                     they were passed over"
                )
            }
            Self::Purged { from, to, event } => {
                let last = to.saturating_sub(1);
                write!(
                    f,
                    "events {from} to {last} are not in the trail any more: retention has removed them, as event {event} \
                     tells; they were passed over"
                )
            }
            Self::Foreign {
                file,
                offset,
                lines,
            } => write!(
                f,
                "{lines} lines of {file}, from byte {offset} on, are no events of this trail; they were passed over"
            ),
        }
    }
}
