//! A journal that is in use: the ring with all that its producers and its consumer tell each other.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::{Poll, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::header::{self, Mark};
use super::ledger::{Ledger, Loss};
use super::mapping::Mapping;
use super::ring::{self, Found, Ring, Words as _};
use super::waiting::Waiting;
use crate::disk::Identity;

/// Words of the ring that the writer keeps warm before the producers.
const WARM: u64 = 512 * 1024;
/// So many words must be free for a call to be admitted that must not run unrecorded: 64 KiB, a line's worth.
const SPARE: u64 = 8 * 1024;
/// Words in a page of memory; in a larger one, some are touched in vain.
const PAGE: u64 = 512;

/// A journal in use. There is one for each time the engine is started, and it is never freed, so that a thread that has
/// been sleeping since before the engine stopped finds a ring that is closed, and nothing else.
#[derive(Debug)]
pub(crate) struct Live {
    path: PathBuf,
    identity: Identity,
    ring: Ring<Mapping>,
    ledger: Ledger,
    waiting: Waiting,
    writer: OnceLock<Thread>,
    /// Whether the writer sleeps and may be woken before its time.
    asleep: AtomicBool,
    /// Before this position no event is to be kept back any longer in order to be folded.
    unfold_to: AtomicU64,
}

/// Where a record lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(super) live: &'static Live,
    /// The position behind it.
    pub(super) end: u64,
}

impl Place {
    /// Waits until the record is safe on disk; false if it was not in time, or will never be.
    pub(crate) fn wait_safe(self, patience: Duration) -> bool {
        self.live.wait_safe(self.end, patience)
    }

    /// As [`Place::wait_safe`], for a task.
    pub(crate) fn poll_safe(self, deadline: Instant, waker: &Waker) -> Poll<bool> {
        let wake = || self.live.wake();
        self.live.waiting.poll_safe(self.end, deadline, waker, wake)
    }
}

impl Live {
    /// `identity` is that of the file at `path`, whose memory the ring is to be.
    pub(super) fn new(
        path: PathBuf,
        identity: Identity,
        ring: Ring<Mapping>,
        position: u64,
    ) -> Self {
        let ledger = Ledger::of(ring.memory().header());
        Self {
            path,
            identity,
            ring,
            ledger,
            waiting: Waiting::safe_up_to(position),
            writer: OnceLock::new(),
            asleep: AtomicBool::new(false),
            unfold_to: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(super) fn push(&'static self, record: &[u8]) -> Result<Place, ring::Refused> {
        let taken = self.ring.push(record)?;
        // The writer looks by itself soon enough, unless there is much to do all at once.
        if taken.used > self.ring.capacity() / 8 && self.asleep.load(Relaxed) {
            self.wake();
        }
        Ok(Place {
            live: self,
            end: taken.end,
        })
    }

    /// Waits a little for the writer to make room.
    pub(crate) fn wait_for_room(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        // What makes room is a sync.
        self.waiting.want(self.ring.tail());
        self.wake();
        self.waiting
            .for_progress(left.min(Duration::from_millis(100)));
        true
    }

    /// Counts events that found no room.
    pub(super) fn lose(&self, lost: &Loss) -> bool {
        let header = || self.ring.memory().header();
        self.ledger.add(header, self.ring.tail(), lost)
    }

    #[cold]
    fn wake(&self) {
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
    }

    /// Waits until everything before `position` is safe on disk.
    pub(crate) fn wait_safe(&self, position: u64, patience: Duration) -> bool {
        self.waiting.until_safe(position, patience, || self.wake())
    }

    /// As [`Live::wait_safe`], also of events that are being folded: they are written at once.
    pub(crate) fn wait_written(&self, position: u64, patience: Duration) -> bool {
        self.unfold_to.fetch_max(position, SeqCst);
        self.waiting.until_free(position, patience, || self.wake())
    }

    /// How many bytes are in use, and how many there are.
    pub(crate) fn fill(&self) -> (u64, u64) {
        let used = self.ring.tail().saturating_sub(self.ring.released());
        (used * 8, self.ring.capacity() * 8)
    }

    /// Where the next record will begin.
    pub(crate) fn tail(&self) -> u64 {
        self.ring.tail()
    }

    pub(super) fn close(&self) {
        self.ring.close();
        self.wake();
    }

    /// Whether there is room for an ordinary event, with some to spare for those that come at the same time.
    pub(crate) fn has_room(&self) -> bool {
        let used = self.ring.tail().saturating_sub(self.ring.released());
        used + SPARE <= self.ring.capacity()
    }
}

/// The writer's side. One thread at a time uses it.
impl Live {
    /// The calling thread is the writer.
    pub(crate) fn attend(&self) {
        // A second one would be a bug; it is then not woken early.
        let _ = self.writer.set(thread::current());
    }

    /// Reads the record at `position` into `record`.
    pub(crate) fn read(&self, position: u64, record: &mut Vec<u8>) -> Found {
        self.ring.read(position, record)
    }

    /// Where to go on behind a damaged frame, whose length is not to be trusted: where the next frame is known to begin.
    pub(crate) fn behind_damage(&self, position: u64) -> u64 {
        let tail = self.tail();
        let mut record = Vec::new();
        (position + 1..tail)
            .find(|next| {
                matches!(
                    self.ring.read(*next, &mut record),
                    Found::Record { .. } | Found::Filler { .. }
                )
            })
            .unwrap_or(tail)
    }

    /// Where the file lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is where the next process will look for it.
    pub(crate) fn stands(&self) -> bool {
        Identity::of_path(&self.path).is_ok_and(|found| found == self.identity)
    }

    /// Whether events were lost before `position` that the trail does not tell of.
    #[inline]
    pub(crate) fn owes(&self, position: u64) -> bool {
        self.ledger.owes(position)
    }

    /// The events lost before `position`, which are now going to be told of.
    pub(crate) fn take_losses(&self, position: u64) -> Vec<Loss> {
        self.ledger.take(position)
    }

    /// Wakes the tasks whose patience has come to its end, and says how long that of the next one lasts.
    pub(crate) fn expire(&self) -> Option<Duration> {
        self.waiting.expire()
    }

    /// Whether a quarter of the ring waits to be released since a sync was last asked for, which covers what is before
    /// `requested`, or somebody waits for more than that to be safe. `more`: there is more to read at once, and a sync
    /// that ends before what is waited for lets nobody go on.
    pub(crate) fn presses(&self, requested: u64, read: u64, more: bool) -> bool {
        let wanted = self.waiting.wanted();
        read - requested > self.ring.capacity() / 4
            || wanted > requested && (wanted <= read || !more)
    }

    /// Before which position nothing is to be folded any longer.
    pub(crate) fn unfold_to(&self) -> u64 {
        self.unfold_to.load(SeqCst)
    }

    /// Whether a quarter of the ring lies between these positions.
    pub(crate) fn is_quarter(&self, from: u64, to: u64) -> bool {
        to.saturating_sub(from) > self.ring.capacity() / 4
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.ring.is_closed()
    }

    /// Sleeps until a producer calls, or for `time`.
    pub(crate) fn doze(&self, time: Duration) {
        self.asleep.store(true, SeqCst);
        if !self.is_closed() {
            thread::park_timeout(time);
        }
        self.asleep.store(false, Relaxed);
    }

    /// Touches memory that producers are going to write to; `warmed` is what the last call gave back.
    pub(crate) fn warm(&self, warmed: u64) -> u64 {
        self.ring
            .warm(warmed, WARM.min(self.ring.capacity() / 4), PAGE)
    }

    /// What is before the mark stands in the trail, safe on disk: its room is free, and who waited for it goes on. So do
    /// those who waited for what is before `safe`: what is behind the mark and not in the trail is being folded, and
    /// nobody waits for it.
    pub(crate) fn settle(&self, mark: &Mark, safe: u64) {
        header::write_mark(self.ring.memory().header(), mark);
        self.ring.release(mark.position);
        self.waiting.safe(safe, mark.position);
    }

    /// The writer has come to an unforeseen end: nobody waits for it any more. The memory stays.
    pub(crate) fn break_off(&self) {
        self.ledger.end();
        self.waiting.end();
    }

    /// The writer has ended, having read everything before `position`. The memory is given back; the file stays, and
    /// with it what the mark does not cover.
    pub(crate) fn end(&self, position: u64) {
        self.ledger.end();
        self.waiting.end();
        if self.is_quiet(position) {
            // SAFETY: the ring is closed and each frame that had been reserved has been published, so no producer holds
            // or asks for words any more: it asks only after it has reserved a frame. The ledger has ended under its
            // lock, under which alone it asks for the header. The writer and the thread that syncs, which also use the
            // header, have come to their end: this is the last thing that they do.
            unsafe { self.ring.memory().unmap() };
        }
    }

    /// Whether every frame from `position` on has been published, and none will follow.
    fn is_quiet(&self, mut position: u64) -> bool {
        let mut record = Vec::new();
        while self.is_closed() && position < self.tail() {
            position = match self.read(position, &mut record) {
                Found::Record { next } | Found::Filler { next } => next,
                Found::Nothing | Found::Damaged { .. } => return false,
            };
        }
        self.is_closed() && !self.ring.memory().words().is_empty()
    }
}
