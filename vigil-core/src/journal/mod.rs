//! The hand-over from the threads that make events to the one thread that writes them: a ring in a mapped file.
//!
//! An audited call must cost its caller next to nothing, and its event must survive the death of the process. A queue
//! in memory gives the first, a write for each event the second. Memory that is a file gives both: a record is in the
//! page cache when it has been copied, and the operating system keeps that, also after `kill -9`. At the next start the
//! records that the trail does not hold yet are read back and written.
//!
//! - [`ring`]: the algorithm, on any memory of atomic words, and [`summed`], the copy into it and out of it; [`mapping`]: the memory
//!   that is a file.
//! - [`header`]: up to where the records stand in the trail; [`ledger`]: what was lost, and survives as well.
//! - [`live`]: a journal in use, its producers on one side and the writer on the other; [`waiting`]: who waits for it.
//! - [`file`](mod@file): makes and finds the file; [`survey`]: finds the records in it after a crash; [`process`]: the
//!   names of what the records refer to.
//! - [`fork`]: a forked child keeps its hands off.
//!
//! Before the engine runs there is no file, and records are held in memory, up to [`HELD_BYTES`].

mod file;
mod fork;
mod header;
mod ledger;
mod live;
mod mapping;
mod process;
mod ring;
mod summed;
mod survey;
#[cfg(test)]
mod tests;
mod waiting;

use std::ptr;
use std::sync::atomic::AtomicPtr;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use file::{JournalFile, Opened, capacity_in};
pub(crate) use fork::is_child;
#[cfg(unix)]
pub(crate) use fork::{keep_from_children, let_go};
pub(crate) use header::Mark;
pub(crate) use ledger::{Loss, LossReason};
pub(crate) use live::{Live, Place};
pub(crate) use process::Process;
pub(crate) use ring::Found;
pub(crate) use survey::Survey;

/// How many bytes of records are held for an engine that has not been started yet: some thousand events.
pub(crate) const HELD_BYTES: usize = 512 * 1024;

/// The one journal of the process.
pub(crate) static JOURNAL: Journal = Journal::new();

#[derive(Debug)]
pub(crate) struct Journal {
    /// Null while there is none.
    live: AtomicPtr<Live>,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    phase: Phase,
    /// Records, each behind its length.
    records: Vec<u8>,
    losses: Vec<Loss>,
    /// All that there have been, so that what looks for leaks finds them where they belong.
    opened: Vec<&'static Live>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No engine yet: records are held.
    Holding,
    /// Records go into the ring.
    Running,
    /// The engine has stopped.
    Closed,
}

/// Why a record was not taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refused {
    /// No room.
    Full(&'static Live),
    /// More is waiting for an engine than is held.
    Held,
    /// The journal is too small for it.
    TooLarge,
    /// The engine has been shut down, or runs in the parent of this process.
    Closed,
}

impl Journal {
    const fn new() -> Self {
        Self {
            live: AtomicPtr::new(ptr::null_mut()),
            held: Mutex::new(Held {
                phase: Phase::Holding,
                records: Vec::new(),
                losses: Vec::new(),
                opened: Vec::new(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // No code that can panic runs under the lock.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The journal in use, if there is one.
    #[inline]
    pub(crate) fn live(&self) -> Option<&'static Live> {
        // SAFETY: the pointer is null or comes from `Box::leak` in `open`, so what it points to lives for ever, and it
        // is only ever shared. Acquire: with the pointer comes what it points to.
        unsafe { self.live.load(Acquire).as_ref() }
    }

    /// Takes a copy of a record; `None` if it is held in memory for want of an engine.
    #[inline]
    pub(crate) fn push(&self, record: &[u8]) -> Result<Option<Place>, Refused> {
        let Some(live) = self.live() else {
            return self.hold(record);
        };
        match live.push(record) {
            Ok(place) => Ok(Some(place)),
            Err(ring::Refused::Full { .. }) => Err(Refused::Full(live)),
            Err(ring::Refused::TooLong) => Err(Refused::TooLarge),
            Err(ring::Refused::Closed) => Err(Refused::Closed),
        }
    }

    #[cold]
    fn hold(&self, record: &[u8]) -> Result<Option<Place>, Refused> {
        if is_child() {
            return Err(Refused::Closed);
        }
        let mut held = self.lock();
        match held.phase {
            Phase::Closed => Err(Refused::Closed),
            // The engine has been started since we looked.
            Phase::Running => {
                drop(held);
                self.push(record)
            }
            Phase::Holding => {
                if record.len() > HELD_BYTES / 4 {
                    return Err(Refused::TooLarge);
                }
                // What a record takes in the ring, so that all of them fit into the smallest one.
                let room = record.len().next_multiple_of(8) + 16;
                if held.records.len() + room > HELD_BYTES {
                    return Err(Refused::Held);
                }
                let length = (record.len() as u64).to_le_bytes();
                held.records.extend_from_slice(&length);
                held.records.extend_from_slice(record);
                let filled = held.records.len().next_multiple_of(8) + 8;
                held.records.resize(filled, 0);
                Ok(None)
            }
        }
    }

    /// Counts lost events, for the trail to tell of them. False if no trail ever will.
    pub(crate) fn lose(&self, lost: &Loss) -> bool {
        if let Some(live) = self.live() {
            return live.lose(lost);
        }
        if is_child() {
            return false;
        }
        let mut held = self.lock();
        match held.phase {
            Phase::Closed => false,
            Phase::Running => {
                drop(held);
                self.lose(lost)
            }
            Phase::Holding => {
                let same = held
                    .losses
                    .iter_mut()
                    .find(|known| known.category == lost.category && known.reason == lost.reason);
                match same {
                    Some(known) => {
                        known.count += lost.count;
                        known.last = lost.last;
                    }
                    None => held.losses.push(lost.clone()),
                }
                true
            }
        }
    }

    /// Lets records flow into the ring of `file` from `position` on; what was held goes first.
    pub(crate) fn open(&self, file: JournalFile, position: u64) -> &'static Live {
        fork::watch();
        let live: &'static Live = Box::leak(Box::new(file.into_live(position)));
        let mut held = self.lock();
        held.opened.push(live);
        let records = std::mem::take(&mut held.records);
        let mut rest = records.as_slice();
        while let Some((record, after)) = split_held(rest) {
            // There is room: see `hold`, and the ring is empty.
            let _ = live.push(record);
            rest = after;
        }
        for lost in std::mem::take(&mut held.losses) {
            live.lose(&lost);
        }
        held.phase = Phase::Running;
        self.live.store(ptr::from_ref(live).cast_mut(), Release);
        live
    }

    /// Forgets what was held: the engine has been configured not to run.
    pub(crate) fn discard(&self) {
        let mut held = self.lock();
        held.records = Vec::new();
        held.losses = Vec::new();
    }

    /// Takes no more records; the writer gets those that are there.
    pub(crate) fn close(&self) {
        let mut held = self.lock();
        held.phase = Phase::Closed;
        if let Some(live) = self.live() {
            live.close();
        }
        self.live.store(ptr::null_mut(), Release);
    }

    /// In a forked child that starts an engine of its own.
    pub(crate) fn begin_anew(&self) {
        fork::go_own_way();
        let mut held = self.lock();
        held.phase = Phase::Holding;
        held.records = Vec::new();
        held.losses = Vec::new();
    }

    /// In a forked child: the journal is the parent's. Only what may be done in a signal handler.
    fn abandon(&self) {
        self.live.store(ptr::null_mut(), Release);
    }
}

/// The first record that is held, and what follows.
fn split_held(held: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = held.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let record = rest.get(..length)?;
    let filled = (8 + length).next_multiple_of(8) + 8;
    Some((record, held.get(filled..)?))
}
