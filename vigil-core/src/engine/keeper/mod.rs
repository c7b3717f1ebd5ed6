//! The thread that looks after what nobody else comes by: whether the configuration file has changed, how much room is
//! left on the disk, which sinks are in trouble, what retention and compression have to do, which legal holds have come and gone, and what
//! notes other programs have left. Once a second, off every caller's path.
//!
//! What it has to tell goes three ways: to `on_error`, into the trail as `audit_failure` at the beginning and at the end
//! of a trouble, and into what [`health`](super::health()) says while it lasts.

pub(super) mod condition;
pub(super) mod file;
mod inbox;
#[cfg(unix)]
mod sighup;
mod sinks;
mod space;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::holds::HoldWatch;
use super::in_force::InForce;
use super::monitor::Monitor;
use super::packing::PackWatch;
use super::reload::{By, reload_by};
use super::retention::Schedule;
use super::subjects::SubjectWatch;
use super::writer::{OnError, report};
use crate::error::Error;
use crate::sink::{Forwarders, Progress};
use crate::trail::about;
use crate::trail::inbox::Inbox;
use file::FileWatch;
use inbox::Intake;
use sinks::SinkWatch;
use space::SpaceWatch;

/// How often it looks. Under a second, so that a file that has been still for a look is followed within two.
const LOOK_EVERY: Duration = Duration::from_millis(900);
/// Asking for the free space is a call of the file system, which may be far away.
const SPACE_EVERY: u32 = 5;
/// A callback of the user's may never come back; a shutdown does not wait for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the thread needs.
pub(super) struct Keeper {
    pub(super) dir: PathBuf,
    pub(super) file: Option<FileWatch>,
    pub(super) sighup: bool,
    pub(super) in_force: Arc<InForce>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) progress: Arc<Progress>,
    pub(super) on_error: OnError,
    pub(super) retention: Schedule,
    pub(super) holds: HoldWatch,
    pub(super) subjects: SubjectWatch,
    pub(super) packing: PackWatch,
}

/// The thread, from outside.
#[derive(Debug)]
pub(super) struct Keeping {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stop: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps for a while; true if it is time to end.
    fn sleep(&self, time: Duration) -> bool {
        let state = self.lock();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, time, |state| !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        state.stop
    }
}

impl Keeper {
    /// Starts the thread. Where that fails the engine runs all the same, and nobody looks.
    pub(super) fn start(self) -> Keeping {
        // Here, so that whoever asks right after the start is told.
        self.monitor.set_free(space::free(&self.dir));
        let shared = Arc::new(Shared::default());
        let (of_thread, on_error) = (Arc::clone(&shared), Arc::clone(&self.on_error));
        let dir = self.dir.clone();
        let spawned = thread::Builder::new()
            .name("vigil-keeper".to_owned())
            .spawn(move || {
                let _ending = Ending(Arc::clone(&of_thread));
                self.run(&of_thread);
            });
        if let Err(error) = spawned {
            shared.lock().ended = true;
            let what = "cannot start the thread that watches the configuration and the disk for";
            report(&on_error, &Error::io(what, &dir, error));
        }
        Keeping { shared }
    }

    fn run(mut self, shared: &Shared) {
        let asked = Arc::new(AtomicBool::new(false));
        let _handler = self.sighup.then(|| self.handle_sighup(&asked));
        let mut space = SpaceWatch::default();
        let mut sinks = SinkWatch::default();
        let inbox = Inbox::of_trail(&self.dir);
        let mut intake = Intake::new(inbox, Arc::clone(&self.progress), &self.on_error);
        let mut profile = "";
        let mut looks = 0;
        loop {
            let (_, config) = self.in_force.get();
            if looks % SPACE_EVERY == 0 {
                let free = space::free(&self.dir);
                self.monitor.set_free(free);
                space.look(free, config.disk, &self.dir, &self.on_error);
            }
            sinks.look(&self.sinks.stats(), Instant::now());
            self.holds.look();
            self.retention.look();
            self.subjects.look(&self.on_error);
            intake.look(&self.on_error);
            // Behind the notes: what they were written into may still have to be looked for.
            self.packing.look();
            if config.sanitize.profile != profile {
                // Tried again at the next look.
                match about::write(&self.dir, config.sanitize.profile) {
                    Ok(()) => profile = config.sanitize.profile,
                    Err(error) => report(&self.on_error, &error),
                }
            }
            looks = looks.wrapping_add(1);
            if shared.sleep(LOOK_EVERY) {
                self.subjects.look(&self.on_error);
                return;
            }
            if asked.swap(false, Relaxed) {
                // The callback has been told of an error.
                let _ = reload_by(By::Signal);
            }
            let changed = self.file.as_mut().is_some_and(FileWatch::has_changed);
            if changed && self.in_force.get().1.reload.watch {
                let _ = reload_by(By::File);
            }
        }
    }

    #[cfg(unix)]
    fn handle_sighup(&self, asked: &Arc<AtomicBool>) -> Option<sighup::Handler> {
        match sighup::Handler::install(asked) {
            Ok(handler) => Some(handler),
            Err(error) => {
                let what = "cannot handle SIGHUP for";
                report(&self.on_error, &Error::io(what, &self.dir, error));
                None
            }
        }
    }

    #[cfg(not(unix))]
    fn handle_sighup(&self, _asked: &Arc<AtomicBool>) {}
}

impl Keeping {
    /// Ends the thread; it may be at something that takes longer, and is left behind then.
    pub(super) fn stop(&self) {
        let mut state = self.shared.lock();
        state.stop = true;
        self.shared.changed.notify_all();
        state = self
            .shared
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        drop(state);
    }
}

/// Says so when the thread ends, however that comes about.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_all();
    }
}
