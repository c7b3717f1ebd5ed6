//! What the body of a function has said of its event, until the call takes it up.

use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::members::Members;
use crate::clock::Monotonic;
use crate::event::{Callsite, Status};
use crate::sanitize::Counts;
use crate::sanitize::sealing::Whose;

/// This many checkpoints are kept, so that one in a loop does not grow without end.
const MOST_CHECKPOINTS: usize = 500;

/// What the body has said so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// When and where the call began; `None` once it has ended.
    pub(super) call: Option<(Monotonic, &'static Callsite)>,
    pub(super) parameters: Members,
    pub(super) changes: Members,
    checkpoints: Vec<u8>,
    checkpoint_count: usize,
    pub(super) actor: Vec<u8>,
    pub(super) resource: Vec<u8>,
    pub(super) counts: Counts,
    pub(super) verdict: Option<Status>,
    pub(super) scratch: Vec<u8>,
    /// Under whose key values are encrypted.
    pub(super) whose: Option<Arc<Whose>>,
}

impl Notes {
    pub(super) fn add_checkpoint(&mut self, name: &[u8]) {
        let Some((started, _)) = self.call else {
            return;
        };
        self.checkpoint_count += 1;
        if self.checkpoint_count > MOST_CHECKPOINTS {
            return;
        }
        if !self.checkpoints.is_empty() {
            self.checkpoints.push(b',');
        }
        let micros = started.elapsed() / 1000;
        self.checkpoints.extend_from_slice(b"{\"name\":");
        self.checkpoints.extend_from_slice(name);
        // Writing into a vector does not fail.
        let _ = write!(
            self.checkpoints,
            ",\"at_ms\":{}.{:03}}}",
            micros / 1000,
            micros % 1000
        );
    }

    /// Ends the notes: what comes later is not recorded. Gives back the outcome, where the body has one in place of
    /// `status`; how a call was broken off is not for the body to say.
    pub(super) fn close(&mut self, status: Status) -> Status {
        self.call = None;
        let left_out = self.checkpoint_count.saturating_sub(MOST_CHECKPOINTS);
        if left_out > 0 {
            let _ = write!(self.checkpoints, ",{{\"$truncated\":{left_out}}}");
        }
        match (status, self.verdict) {
            (Status::Success | Status::Failure, Some(verdict)) => verdict,
            _ => status,
        }
    }

    /// Elements of a list, without the brackets.
    pub(super) fn checkpoints(&self) -> &[u8] {
        &self.checkpoints
    }

    pub(super) fn clear(&mut self) {
        self.call = None;
        self.parameters.clear();
        self.changes.clear();
        self.checkpoints.clear();
        self.checkpoint_count = 0;
        self.actor.clear();
        self.resource.clear();
        self.counts.clear();
        self.verdict = None;
        self.whose = None;
    }

    pub(super) fn capacity(&self) -> usize {
        self.parameters.capacity() + self.changes.capacity() + self.checkpoints.capacity()
    }
}

/// Nothing of ours panics under the lock, and if it did, the notes would be no worse than incomplete.
pub(super) fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}
