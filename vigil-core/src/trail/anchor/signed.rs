//! The checkpoint that is handed over.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::trail::checkpoint::Checkpoint;
use crate::trail::proof::{newest_signed, proof_of_growth};

/// A checkpoint of a trail, signed by the trail's own key.
#[derive(Debug, Clone)]
pub struct SignedCheckpoint {
    dir: PathBuf,
    note: String,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// The newest of the trail in a directory.
    ///
    /// # Errors
    ///
    /// If it has none, or none that one of the keys beside it has signed.
    pub fn newest(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref().to_owned();
        let (note, checkpoint) = newest_signed(&dir)?;
        Ok(Self {
            dir,
            note,
            checkpoint,
        })
    }

    /// The whole note (<https://c2sp.org/tlog-checkpoint>).
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Which trail it is.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.checkpoint.origin
    }

    /// The number of events that it covers.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The root of the tree over them.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        self.checkpoint.root
    }

    /// The proof (RFC 9162, section 2.1.4) that the trail holds its first `old` events unchanged; empty for none of them,
    /// and for all.
    ///
    /// # Errors
    ///
    /// If `old` is larger than this, or the hashes of the trail cannot be read.
    pub fn consistency(&self, old: u64) -> Result<Vec<[u8; 32]>, Error> {
        proof_of_growth(&self.dir, old, self.checkpoint.size)
    }
}
