//! The hand-over from the threads that make events to the one thread that writes them.
//!
//! Many threads push short records; one takes all that has come since it last looked. Memory is bounded: before the
//! engine runs, records are held up to [`HELD_BYTES`]; while it runs, a full journal makes callers wait up to the
//! stated time, and what then finds no room is refused and counted by the caller. Nothing is lost in silence.
//!
//! The records lie one behind the other in one buffer that the writer swaps with its own, so neither side allocates
//! once the buffers have grown.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes of records are held for an engine that has not been started yet: some thousand events.
const HELD_BYTES: usize = 1024 * 1024;

/// How long the writer stays awake for more after it has seen the last record. While it does, a caller wakes nobody.
const LINGER: Duration = Duration::from_millis(20);

/// How long the writer lets records gather before it looks again.
const GATHER: Duration = Duration::from_millis(1);

/// The one journal of the process.
pub(crate) static JOURNAL: Journal = Journal::new();

#[derive(Debug)]
pub(crate) struct Journal {
    state: Mutex<State>,
    /// The writer sleeps here.
    arrived: Condvar,
    /// Callers of a full journal, and of [`Journal::wait_synced`], sleep here.
    advanced: Condvar,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    bytes: Vec<u8>,
    capacity: usize,
    patience: Duration,
    /// Whether the writer sleeps and wants to be woken.
    asleep: bool,
    /// Records pushed, known to be on disk, and waited for to be; each counted from the process' start.
    pushed: u64,
    synced: u64,
    sync_wanted: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No engine yet: records are held.
    Holding,
    /// A writer drains the journal.
    Running,
    /// The engine is stopping: the writer drains what is there, nothing more comes in.
    Closing,
    /// The engine has stopped.
    Closed,
}

/// Why a record was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No room, and none came in time.
    Full,
    /// The engine has been shut down.
    Closed,
}

/// What the writer finds when it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whether someone waits for the records to be on disk.
    pub(crate) sync: bool,
    /// Whether the engine is being shut down; nothing comes after this batch.
    pub(crate) closing: bool,
    /// How many records had been pushed when the batch was taken.
    pub(crate) upto: u64,
}

impl Journal {
    pub(crate) const fn new() -> Self {
        Self {
            state: Mutex::new(State {
                phase: Phase::Holding,
                bytes: Vec::new(),
                capacity: HELD_BYTES,
                patience: Duration::ZERO,
                asleep: false,
                pushed: 0,
                synced: 0,
                sync_wanted: 0,
            }),
            arrived: Condvar::new(),
            advanced: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a copy of a record. `may_wait` is false on the writer's own thread, which would wait for itself.
    pub(crate) fn push(&self, record: &[u8], may_wait: bool) -> Result<(), Refused> {
        let needed = record.len() + size_of::<u32>();
        let mut state = self.lock();
        if state.bytes.len() + needed > state.capacity {
            state = self.wait_for_room(state, needed, may_wait)?;
        }
        if matches!(state.phase, Phase::Closing | Phase::Closed) {
            return Err(Refused::Closed);
        }
        let len = u32::try_from(record.len()).map_err(|_| Refused::Full)?;
        state.bytes.extend_from_slice(&len.to_le_bytes());
        state.bytes.extend_from_slice(record);
        state.pushed += 1;
        if state.asleep {
            state.asleep = false;
            drop(state);
            self.arrived.notify_one();
        }
        Ok(())
    }

    #[cold]
    fn wait_for_room<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        needed: usize,
        may_wait: bool,
    ) -> Result<MutexGuard<'a, State>, Refused> {
        let deadline = Instant::now() + state.patience;
        loop {
            match state.phase {
                Phase::Closing | Phase::Closed => return Err(Refused::Closed),
                Phase::Holding => return Err(Refused::Full),
                Phase::Running => {}
            }
            if state.bytes.len() + needed <= state.capacity {
                return Ok(state);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // A record larger than the whole journal is waited for by nobody.
            if left.is_zero() || !may_wait || needed > state.capacity {
                return Err(Refused::Full);
            }
            state = self
                .advanced
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Lets records flow to a writer; what was held is its first batch. False if one is running already.
    pub(crate) fn open(&self, capacity: usize, patience: Duration) -> bool {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Running | Phase::Closing) {
            return false;
        }
        state.phase = Phase::Running;
        state.capacity = capacity.max(HELD_BYTES);
        state.patience = patience;
        true
    }

    /// The writer's side: swaps its empty `buffer` for all that has been pushed. Sleeps while there is nothing to do.
    pub(crate) fn take(&self, buffer: &mut Vec<u8>) -> Taken {
        buffer.clear();
        let mut state = self.lock();
        if state.bytes.is_empty() {
            state = self.wait_for_records(state);
        } else if state.phase == Phase::Running
            && state.sync_wanted <= state.synced
            && state.bytes.len() < state.capacity / 8
        {
            // Small batches cost a write(2) each: let some more records come.
            drop(state);
            std::thread::sleep(GATHER);
            state = self.lock();
        }
        std::mem::swap(&mut state.bytes, buffer);
        let taken = Taken {
            sync: state.sync_wanted > state.synced,
            closing: state.phase == Phase::Closing,
            upto: state.pushed,
        };
        drop(state);
        self.advanced.notify_all();
        taken
    }

    fn wait_for_records<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let idle_since = Instant::now();
        loop {
            if !state.bytes.is_empty()
                || state.phase == Phase::Closing
                || state.sync_wanted > state.synced
            {
                return state;
            }
            if idle_since.elapsed() < LINGER {
                drop(state);
                std::thread::sleep(GATHER);
                state = self.lock();
            } else {
                state.asleep = true;
                state = self
                    .arrived
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.asleep = false;
            }
        }
    }

    /// The writer's side: the records up to the `upto`-th are on disk, or have been given up and counted.
    pub(crate) fn synced(&self, upto: u64) {
        self.lock().synced = upto;
        self.advanced.notify_all();
    }

    /// Waits until every record pushed so far is on disk. False if that did not happen in time, or no writer runs.
    pub(crate) fn wait_synced(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        let target = state.pushed;
        loop {
            if state.synced >= target {
                return true;
            }
            if matches!(state.phase, Phase::Holding | Phase::Closed) {
                return false;
            }
            state.sync_wanted = state.sync_wanted.max(target);
            if state.asleep {
                state.asleep = false;
                self.arrived.notify_one();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self
                .advanced
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// The writer's side: sleeps, but not through the beginning of a shutdown.
    pub(crate) fn pause(&self, pause: Duration) {
        let state = self.lock();
        if state.phase == Phase::Running {
            // Whichever way it wakes, it tries again.
            drop(self.advanced.wait_timeout(state, pause));
        } else {
            drop(state);
            std::thread::sleep(pause);
        }
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.lock().phase == Phase::Closing
    }

    /// Forgets what was held: the engine has been configured not to run.
    pub(crate) fn discard(&self) {
        self.lock().bytes = Vec::new();
    }

    /// No more records; the writer gets what is there as its last batch.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        if state.phase == Phase::Running {
            state.phase = Phase::Closing;
        }
        drop(state);
        self.arrived.notify_all();
        self.advanced.notify_all();
    }

    /// The writer has ended.
    pub(crate) fn closed(&self) {
        let mut state = self.lock();
        state.phase = Phase::Closed;
        state.bytes = Vec::new();
        drop(state);
        self.advanced.notify_all();
    }
}

/// The records of a batch, in the order in which they were pushed.
pub(crate) fn records(mut batch: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, rest) = batch.split_first_chunk()?;
        let (record, rest) =
            rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
        batch = rest;
        Some(record)
    })
}

#[cfg(test)]
mod tests;
