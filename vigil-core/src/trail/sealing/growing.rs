//! The tree of a trail that is being written.

use std::io;

use super::account::Account;
use super::apart::Grown;
use crate::trail::evidence::{Places, Seal, SidecarWriter};
use crate::trail::tree::{Hash, Peaks, leaves};

/// The tree at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

/// A segment that nothing is appended to any more, and is to be sealed.
#[derive(Debug)]
pub(crate) struct Closed {
    /// What is true of it; not yet: the seal before, and the keys.
    pub(crate) seal: Seal,
    /// To be made safe first: whoever reads the seal goes by its hashes.
    pub(crate) sidecar: SidecarWriter,
}

/// Hashes lines as they are appended.
#[derive(Debug)]
pub(in crate::trail) struct Growing {
    places: Places,
    origin: String,
    tree: Peaks,
    account: Account,
    sidecar: SidecarWriter,
    closed: Vec<Closed>,
    /// Of the lines that are being added; kept for its room.
    leaves: Vec<Hash>,
    /// It has been told that the sidecar cannot be written.
    told: bool,
    trouble: Vec<String>,
}

impl Growing {
    pub(super) fn new(
        places: Places,
        origin: String,
        tree: Peaks,
        account: Account,
        sidecar: SidecarWriter,
        closed: Vec<Closed>,
    ) -> Self {
        Self {
            places,
            origin,
            tree,
            account,
            sidecar,
            closed,
            leaves: Vec::new(),
            told: false,
            trouble: Vec::new(),
        }
    }

    /// These whole lines stand in the segment. `tells_losses`: one of them may tell of lost events.
    pub(super) fn add(&mut self, lines: &[u8], tells_losses: bool) {
        self.leaves.clear();
        self.leaves.extend(leaves(lines).map(|(_, leaf)| leaf));
        self.sidecar.extend(&self.leaves);
        self.account.add(lines, self.leaves.len() as u64);
        self.tree.extend(&mut self.leaves);
        if tells_losses {
            self.account.add_losses(lines);
        }
        self.write_sidecar();
    }

    /// The segment ends here, and this one begins.
    pub(super) fn turn(&mut self, segment: String) {
        let sidecar = SidecarWriter::new(self.places.hashes(&segment), 0);
        let account = Account::of(segment, self.tree.size());
        let ended = std::mem::replace(&mut self.account, account);
        self.closed.push(Closed {
            seal: ended.seal(&self.origin, &self.tree),
            sidecar: std::mem::replace(&mut self.sidecar, sidecar),
        });
    }

    /// How far the tree has grown, with what came about since last asked.
    pub(super) fn grown(&mut self) -> Grown {
        Grown {
            tree: self.tree(),
            closed: std::mem::take(&mut self.closed),
            trouble: std::mem::take(&mut self.trouble),
        }
    }

    pub(in crate::trail) fn tree(&self) -> Tree {
        Tree {
            size: self.tree.size(),
            root: self.tree.root(),
        }
    }

    /// The sidecar can be made again from the lines, so that it cannot be written is told, once, and stops nothing.
    fn write_sidecar(&mut self) {
        let Err(error) = self.sidecar.write() else {
            self.told = false;
            return;
        };
        if !std::mem::replace(&mut self.told, true) {
            self.trouble.push(format!(
                "the hashes of the trail cannot be written to {} ({error}); they are kept in memory, and made again by \
                 the next start",
                self.sidecar.path().display()
            ));
        }
    }
}

pub(in crate::trail) fn create_directories(places: &Places) -> io::Result<()> {
    use crate::disk::create_directory;
    create_directory(&places.hashes_dir())?;
    create_directory(&places.seals_dir())?;
    create_directory(&places.keys_dir())
}
