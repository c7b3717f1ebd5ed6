//! The thread that makes the trail safe from a power failure, and then lets go of what the journal holds of it.
//!
//! One sync serves all that wait: while it runs, the writer goes on, and what it has appended by the end of it is
//! covered by the next.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Role;
use super::monitor::Monitor;
use super::sealer::Sealer;
use super::writer::{OnError, report};
use crate::error::Error;
use crate::journal::{Live, Mark};
use crate::trail::{Grown, Unsynced};

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How much later than agreed a sync may return at the end.
const GRACE: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Syncer {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    unsynced: Unsynced,
    settled: Option<Settled>,
    /// How long to go on trying; `None` while the engine runs.
    deadline: Option<Instant>,
    /// How the thread has ended: whether all that was asked for is safe.
    ended: Option<bool>,
}

/// What is true once what was appended is on disk.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) mark: Mark,
    /// What is before this position stands in the trail, or is being folded.
    pub(super) safe: u64,
    /// What can be signed then, if the trail is signed. Not in a later one: what is here already.
    pub(super) grown: Vec<Receiver<Grown>>,
}

impl State {
    /// Once more is safe, this is true instead of what was there before.
    fn settle(&mut self, later: Settled) {
        let mut grown = self
            .settled
            .take()
            .map(|before| before.grown)
            .unwrap_or_default();
        grown.extend(later.grown);
        self.settled = Some(Settled { grown, ..later });
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Syncer {
    pub(super) fn start(
        live: &'static Live,
        monitor: Arc<Monitor>,
        on_error: OnError,
        sealer: Option<Sealer>,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("vigil-sync".to_owned())
            .spawn(move || {
                let ended = run(&of_thread, live, &monitor, &on_error, sealer.as_ref());
                of_thread.lock().ended = Some(ended);
                of_thread.changed.notify_all();
            })?;
        Ok(Self { shared })
    }

    /// Asks for a sync of what was appended, after which `settled` is true.
    pub(super) fn request(&self, unsynced: Unsynced, settled: Settled) {
        let mut state = self.shared.lock();
        state.unsynced.extend(unsynced);
        state.settle(settled);
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Waits for the last sync, for at most `patience`, and ends the thread. Whether all that was asked for is safe;
    /// `None` if a sync does not return, as on a network that is gone.
    pub(super) fn finish(self, patience: Duration) -> Option<bool> {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        state.deadline = Some(deadline);
        self.shared.changed.notify_all();
        // The thread gives up at the deadline by itself, unless it hangs.
        while state.ended.is_none() && Instant::now() < deadline + GRACE {
            state = self
                .shared
                .changed
                .wait_timeout(state, GRACE)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.ended
    }
}

fn run(
    shared: &Shared,
    live: &'static Live,
    monitor: &Monitor,
    on_error: &OnError,
    sealer: Option<&Sealer>,
) -> bool {
    // What is audited in `on_error` must not wait for the journal here either.
    Role::Writer.take();
    let mut pause = FIRST_PAUSE;
    let mut is_hashed = true;
    loop {
        let mut state = shared.lock();
        let settled = loop {
            if let Some(settled) = state.settled.take() {
                break settled;
            }
            if state.deadline.is_some() {
                return true;
            }
            state = shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        let mut unsynced = std::mem::take(&mut state.unsynced);
        drop(state);
        let Err(error) = unsynced.sync() else {
            // Before anybody who waits for the sync goes on: a flush asks for a checkpoint of what it has flushed.
            if let Some(sealer) = sealer {
                is_hashed = is_hashed && offer(sealer, settled.grown, on_error);
            }
            live.settle(&settled.mark, settled.safe);
            monitor.synced();
            pause = FIRST_PAUSE;
            continue;
        };
        monitor.sync.failed(&error);
        report(on_error, &error);
        if !try_again(shared, unsynced, settled, pause) {
            return false;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Has signed what is safe. False if the thread is gone that hashes.
fn offer(sealer: &Sealer, grown: Vec<Receiver<Grown>>, on_error: &OnError) -> bool {
    for grown in grown {
        let Ok(grown) = grown.recv() else {
            report(
                on_error,
                &Error::trail(
                    "the thread that hashes the trail has ended before its time; nothing more is signed until the engine \
                     is started again, which hashes what is missing",
                ),
            );
            return false;
        };
        sealer.offer(grown);
    }
    true
}

/// Puts back what could not be synced, and sleeps for a while. False if there is no time left.
fn try_again(shared: &Shared, unsynced: Unsynced, settled: Settled, pause: Duration) -> bool {
    let mut state = shared.lock();
    let later = std::mem::replace(&mut state.unsynced, unsynced);
    state.unsynced.extend(later);
    let later = state.settled.replace(settled);
    if let Some(later) = later {
        state.settle(later);
    }
    let pause = match state.deadline {
        None => pause,
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            left.min(pause).min(Duration::from_millis(100))
        }
    };
    // Whichever way it wakes, it tries again.
    drop(shared.changed.wait_timeout(state, pause));
    true
}

/// What is said where the last sync did not come about.
pub(super) fn unsafe_at_the_end(dir: &std::path::Path) -> Error {
    Error::stopped(format!(
        "the end of the trail in {} could not be synced to the disk before the engine stopped; it is safe as long as \
         the machine does not lose power",
        dir.display()
    ))
}
