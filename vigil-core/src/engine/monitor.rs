//! What the threads of the engine note about themselves, for [`health`](super::health()) to look at.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::checkup::AnchorStats;
use crate::error::Error;

#[derive(Debug)]
pub(super) struct Monitor {
    started: Instant,
    /// When the writer last began a turn, in nanoseconds since `started`.
    turned: AtomicU64,
    /// Likewise, when what was appended last got onto the disk.
    synced: AtomicU64,
    /// Likewise, when the sync was asked for that has not come about yet; 0 if there is none.
    sync_asked: AtomicU64,
    writer_has_ended: AtomicBool,
    /// Appending to the trail.
    pub(super) trail: Trouble,
    /// Making it safe.
    pub(super) sync: Trouble,
    /// Signing it.
    pub(super) signing: Trouble,
    /// Removing from it what is due.
    pub(super) retention: Trouble,
    /// Compressing and encrypting closed segments.
    pub(super) packing: Trouble,
    /// Reading the legal holds on it.
    pub(super) holds: Trouble,
    /// How its anchors are doing, by their names.
    anchors: Mutex<BTreeMap<String, AnchorStats>>,
    /// By whom it is signed; `None` if it is not.
    proof: Mutex<Option<Proof>>,
    /// Over how many events the latest checkpoint is.
    signed: AtomicU64,
    /// Bytes that are free on the disk of the trail; `u64::MAX` where nobody knows.
    free: AtomicU64,
    /// What the start found and mended.
    pub(super) recovery: Vec<String>,
}

/// By what others can check the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) origin: String,
    pub(super) verifier_key: String,
}

/// Something that fails again and again until it works.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    exists: AtomicBool,
    /// Since when, and what was said last.
    last: Mutex<Option<(Instant, String)>>,
}

impl Trouble {
    pub(super) fn failed(&self, error: &Error) {
        let mut last = self.lock();
        let since = last.as_ref().map_or_else(Instant::now, |(since, _)| *since);
        *last = Some((since, error.to_string()));
        self.exists.store(true, Relaxed);
    }

    /// It works. A load where it has worked before.
    #[inline]
    pub(super) fn ended(&self) {
        if self.exists.load(Relaxed) {
            *self.lock() = None;
            self.exists.store(false, Relaxed);
        }
    }

    /// For how long it has failed, and with what.
    pub(super) fn last(&self) -> Option<(Duration, String)> {
        let last = self.lock();
        last.as_ref()
            .map(|(since, error)| (since.elapsed(), error.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Monitor {
    pub(super) fn new(recovery: Vec<String>) -> Self {
        Self {
            started: Instant::now(),
            turned: AtomicU64::new(0),
            synced: AtomicU64::new(0),
            sync_asked: AtomicU64::new(0),
            writer_has_ended: AtomicBool::new(false),
            trail: Trouble::default(),
            sync: Trouble::default(),
            signing: Trouble::default(),
            retention: Trouble::default(),
            packing: Trouble::default(),
            holds: Trouble::default(),
            anchors: Mutex::default(),
            proof: Mutex::new(None),
            signed: AtomicU64::new(0),
            free: AtomicU64::new(u64::MAX),
            recovery,
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn since(&self, then: &AtomicU64) -> Duration {
        Duration::from_nanos(self.now().saturating_sub(then.load(Relaxed)))
    }

    /// The writer is alive, and begins to look for events.
    #[inline]
    pub(super) fn turn(&self) {
        self.turned.store(self.now(), Relaxed);
    }

    /// For how long the writer has been at one turn.
    pub(super) fn since_turn(&self) -> Duration {
        self.since(&self.turned)
    }

    /// What was appended is to get onto the disk.
    pub(super) fn sync_asked(&self) {
        let now = self.now().max(1);
        let _ = self.sync_asked.compare_exchange(0, now, Relaxed, Relaxed);
    }

    /// For how long a sync has been asked for in vain.
    pub(super) fn since_sync_was_asked(&self) -> Duration {
        match self.sync_asked.load(Relaxed) {
            0 => Duration::ZERO,
            _ => self.since(&self.sync_asked),
        }
    }

    /// What was appended is on disk.
    pub(super) fn synced(&self) {
        self.sync.ended();
        self.sync_asked.store(0, Relaxed);
        self.synced.store(self.now(), Relaxed);
    }

    /// How long ago that was; since the start, if it has not come to it yet.
    pub(super) fn since_sync(&self) -> Duration {
        self.since(&self.synced)
    }

    /// The trail is signed by this key.
    pub(super) fn signs(&self, proof: Proof) {
        *self.proof.lock().unwrap_or_else(PoisonError::into_inner) = Some(proof);
    }

    /// There is a checkpoint over so many events.
    pub(super) fn signed(&self, events: u64) {
        self.signed.store(events, Relaxed);
    }

    /// By what the trail can be checked, and over how many events there is a checkpoint.
    pub(super) fn proof(&self) -> Option<(Proof, u64)> {
        let proof = self.proof.lock().unwrap_or_else(PoisonError::into_inner);
        proof
            .clone()
            .map(|proof| (proof, self.signed.load(Relaxed)))
    }

    /// An anchor has done or said something.
    pub(super) fn anchored(&self, name: &str, stats: AnchorStats) {
        let mut anchors = self.anchors.lock().unwrap_or_else(PoisonError::into_inner);
        anchors.insert(name.to_owned(), stats);
    }

    pub(super) fn anchors(&self) -> BTreeMap<String, AnchorStats> {
        let anchors = self.anchors.lock().unwrap_or_else(PoisonError::into_inner);
        anchors.clone()
    }

    /// The writer's thread ends, however that comes about.
    pub(super) fn writer_ended(&self) {
        self.writer_has_ended.store(true, Relaxed);
    }

    pub(super) fn writer_lives(&self) -> bool {
        !self.writer_has_ended.load(Relaxed)
    }

    pub(super) fn set_free(&self, bytes: Option<u64>) {
        self.free.store(bytes.unwrap_or(u64::MAX), Relaxed);
    }

    /// The bytes that are free on the disk of the trail, as far as anybody has looked.
    pub(super) fn free(&self) -> Option<u64> {
        Some(self.free.load(Relaxed)).filter(|bytes| *bytes != u64::MAX)
    }
}
