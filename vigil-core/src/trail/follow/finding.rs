//! What a follower has found besides events, and says in a sentence.

use std::fmt;
use std::path::Path;

use crate::trail::evidence::{Places, Purges};
use crate::trail::verify::{Form, Layout, Slot};

/// What a follower has found besides events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The events from `from` on, up to the one before `to`, are not in the trail.
    Gap { from: u64, to: u64 },
    /// Likewise, and the trail has told that retention removed them, last by this event.
    Purged { from: u64, to: u64, event: u64 },
    /// Likewise, and they are there, encrypted.
    Encrypted { from: u64, to: u64 },
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
            None if is_encrypted(dir, from) => Self::Encrypted { from, to },
            None => Self::Gap { from, to },
        }
    }
}

/// Whether an event lies in a segment that is encrypted.
fn is_encrypted(dir: &Path, seq: u64) -> bool {
    let holds = |slot: &Slot| {
        let seal = slot.seal.as_ref().map(|file| &file.seal);
        seal.is_some_and(|seal| (seal.first..seal.end()).contains(&seq))
    };
    let slots = Layout::look(dir, None).map(|layout| layout.slots);
    let slot = slots.ok().and_then(|slots| slots.into_iter().find(holds));
    slot.and_then(|slot| slot.stored)
        .is_some_and(|stored| stored.form == Form::Encrypted)
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
            Self::Encrypted { from, to } => {
                let last = to.saturating_sub(1);
                write!(
                    f,
                    "events {from} to {last} are encrypted to who may read them, and cannot be read here; they were passed over"
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
