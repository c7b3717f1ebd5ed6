//! Where the files lie, in the directory `.vigil` of the trail.

use std::path::{Path, PathBuf};

/// By the directory `.vigil`. A segment is named as its file, without the endings that it gets when it is compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    inner: PathBuf,
}

impl Places {
    /// Of the trail in this directory.
    pub(crate) fn of_trail(dir: &Path) -> Self {
        Self {
            inner: dir.join(".vigil"),
        }
    }

    pub(crate) fn inner(&self) -> &Path {
        &self.inner
    }

    /// The leaves of a segment, 32 bytes each.
    pub(crate) fn hashes(&self, segment: &str) -> PathBuf {
        self.hashes_dir().join(segment)
    }

    pub(crate) fn hashes_dir(&self) -> PathBuf {
        self.inner.join("hashes")
    }

    /// The manifest of a closed segment.
    pub(crate) fn seal(&self, segment: &str) -> PathBuf {
        self.seals_dir().join(format!("{segment}.json"))
    }

    pub(crate) fn seals_dir(&self) -> PathBuf {
        self.inner.join("seals")
    }

    /// The latest signed checkpoint.
    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.inner.join("checkpoint")
    }

    /// All of them, one after the other.
    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.inner.join("checkpoints")
    }

    /// The public key that signs now, in a line.
    pub(crate) fn verifier_key(&self) -> PathBuf {
        self.inner.join("log.vkey")
    }

    /// The origin of the trail, in a line.
    pub(crate) fn origin(&self) -> PathBuf {
        self.inner.join("origin")
    }

    /// The events that tell what retention has removed, each in a file.
    pub(crate) fn purges_dir(&self) -> PathBuf {
        self.inner.join("purges")
    }

    /// What retention is about to remove.
    pub(crate) fn pending_purge(&self) -> PathBuf {
        self.purges_dir().join("pending")
    }

    /// Legal holds, each in a file.
    pub(crate) fn holds_dir(&self) -> PathBuf {
        self.inner.join("holds")
    }

    /// The holds that the trail has told of.
    pub(crate) fn holds_told(&self) -> PathBuf {
        self.inner.join("holds.told")
    }

    /// The key under which holds name subjects.
    pub(crate) fn holds_key(&self) -> PathBuf {
        self.inner.join("holds.key")
    }

    /// Where whoever asks for retention and the engine that runs meet.
    pub(crate) fn retention_dir(&self) -> PathBuf {
        self.inner.join("retention")
    }

    /// Held while closed segments are compressed and encrypted.
    pub(crate) fn packing_lock(&self) -> PathBuf {
        self.inner.join("packing.lock")
    }

    /// What anchors have said to the checkpoints that they were handed.
    pub(crate) fn anchors_dir(&self) -> PathBuf {
        self.inner.join("anchors")
    }

    /// The same of one anchor: the files of checkpoints of a trail, and its time stamps.
    pub(crate) fn anchor(&self, name: &str) -> Self {
        Self {
            inner: self.anchors_dir().join(name),
        }
    }

    /// The time stamps that an anchor has given.
    pub(crate) fn timestamps_dir(&self) -> PathBuf {
        self.inner.join("timestamps")
    }

    /// What the trail has not told yet of one that was set aside.
    pub(crate) fn damage(&self) -> PathBuf {
        self.inner.join("damage")
    }

    pub(crate) fn keys_dir(&self) -> PathBuf {
        self.inner.join("keys")
    }

    /// The public keys of all epochs, the first one first, in a line each.
    pub(crate) fn epochs(&self) -> PathBuf {
        self.keys_dir().join("epochs")
    }

    /// The secret key, where it lies in a file.
    pub(crate) fn signing_key(&self) -> PathBuf {
        self.keys_dir().join("signing.key")
    }

    /// The change of keys of which the trail has not told yet.
    pub(crate) fn untold_rotation(&self) -> PathBuf {
        self.keys_dir().join("untold")
    }

    /// The secret key of the epoch that is about to begin.
    pub(crate) fn next_signing_key(&self) -> PathBuf {
        self.keys_dir().join("next.key")
    }
}
