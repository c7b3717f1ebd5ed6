//! A tree to which leaves are appended one after the other, and many of them.

use super::hash::Hash;
use super::peaks::Peaks;

/// So many leaves wait: their nodes stay in the nearest cache.
const WAITING: usize = 256;

/// A tree whose newest leaves wait until there are many, or until its root is asked for: many nodes at once are hashed
/// quicker than one by one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Growing {
    peaks: Peaks,
    waiting: Vec<Hash>,
}

impl Growing {
    pub(crate) fn push(&mut self, leaf: Hash) {
        self.waiting.push(leaf);
        if self.waiting.len() == WAITING {
            self.settle();
        }
    }

    /// The root of the tree as it is now.
    pub(crate) fn root(&mut self) -> Hash {
        self.settle();
        self.peaks.root()
    }

    fn settle(&mut self) {
        self.peaks.extend(&mut self.waiting);
        self.waiting.clear();
    }
}

impl From<Peaks> for Growing {
    fn from(peaks: Peaks) -> Self {
        Self {
            peaks,
            waiting: Vec::new(),
        }
    }
}
