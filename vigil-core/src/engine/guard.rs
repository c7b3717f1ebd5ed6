//! What `init` gives back: the engine runs for as long as it lives.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::anchoring::Anchoring;
use super::checkup::{self, Subject};
use super::in_force::InForce;
use super::keeper::Keeping;
use super::stats::{Stats, stats};
use super::writer::{Ended, OnError, report};
use super::{Role, reload, retention, sealer, syncer};
use crate::error::Error;
use crate::journal::{self, JOURNAL, Live};
use crate::sink::Forwarders;

/// How long a flush waits. Longer than the writer's longest pause between two tries.
const FLUSH_PATIENCE: Duration = Duration::from_secs(15);

/// As good as none.
const NO_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Held by the engine that runs, from `init` to the end of its shutdown.
pub(super) static RUNNING: Mutex<bool> = Mutex::new(false);

/// The running engine. Keep it until the program ends: dropping it flushes the trail and stops the engine.
///
/// # Examples
///
/// ```no_run
/// fn main() -> Result<(), vigil::Error> {
///     let vigil = vigil::init()?;
///     // … the program …
///     let stats = vigil.shutdown()?;
///     println!("{} events written", stats.total.written);
///     Ok(())
/// }
/// ```
#[must_use = "the engine stops when its guard is dropped; keep it in a variable that lives as long as the program"]
pub struct Guard {
    engine: Option<Engine>,
    dir: PathBuf,
    on_error: OnError,
}

/// What runs.
pub(super) struct Engine {
    /// The process in which it runs.
    pub(super) process: u32,
    pub(super) live: &'static Live,
    pub(super) thread: JoinHandle<Ended>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) keeper: Keeping,
    pub(super) anchoring: Anchoring,
    pub(super) in_force: Arc<InForce>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl Guard {
    pub(super) fn new(engine: Option<Engine>, dir: PathBuf, on_error: OnError) -> Self {
        Self {
            engine,
            dir,
            on_error,
        }
    }

    /// The directory in which the trail lies.
    #[must_use]
    pub fn trail_dir(&self) -> &Path {
        &self.dir
    }

    /// As [`flush`].
    ///
    /// # Errors
    ///
    /// As [`flush`].
    pub fn flush(&self) -> Result<(), Error> {
        if self.engine.is_none() {
            return Ok(());
        }
        flush()
    }

    /// Writes all that has been recorded, makes it safe on disk, lets the sinks deliver it for as long as
    /// `shutdown_timeout` allows, stops the engine, and tells what became of the events.
    ///
    /// Calls that go on in other threads are counted as dropped from here on. What a sink has not got in time is told to
    /// [`Builder::on_error`](crate::Builder::on_error) and stands in [`Stats::sinks`]; it is in the trail, and a sink
    /// with a cursor is given it when the engine runs again.
    ///
    /// # Errors
    ///
    /// Something could not be written, for example because the disk is full; the message says how many events.
    pub fn shutdown(mut self) -> Result<Stats, Error> {
        self.stop()?;
        Ok(stats())
    }

    fn stop(&mut self) -> Result<(), Error> {
        let Some(engine) = self.engine.take() else {
            return Ok(());
        };
        if engine.process != std::process::id() {
            // The engine is that of the process from which this one was forked; there is no thread here to wait for.
            // This one may have an engine of its own, which goes on.
            std::mem::forget(engine);
            return Ok(());
        }
        reload::disarm();
        retention::arm(None);
        engine.keeper.stop();
        JOURNAL.close();
        let ended = engine.thread.join();
        if ended.is_err() {
            engine.live.break_off();
        }
        let now = Instant::now();
        // A timeout beyond what the clock can say is none.
        let deadline = now.checked_add(engine.in_force.get().1.shutdown_timeout);
        let deadline = deadline.unwrap_or(now + NO_TIMEOUT);
        // The last checkpoint is signed, and goes to the anchors while the sinks get the last events.
        engine.anchoring.end();
        engine.sinks.stop(deadline);
        if !engine.anchoring.wait(deadline) {
            report(
                &self.on_error,
                &Error::timeout(
                    "an anchor has not answered before the engine stopped; what it has not got, it gets at the next start",
                ),
            );
        }
        super::set_clock(None);
        checkup::look_at(Subject::Stopped);
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = false;
        match ended {
            Ok(Ended {
                left: 0,
                synced: true,
            }) => Ok(()),
            Ok(Ended { left: 0, .. }) => Err(syncer::unsafe_at_the_end(&self.dir)),
            Ok(Ended { left, .. }) => Err(Error::stopped(format!(
                "{left} events could not be written to the trail in {dir} before the engine stopped; they are kept in \
                 its journal, and the next start writes them",
                dir = self.dir.display()
            ))),
            Err(_) => Err(Error::stopped(
                "the writer of the trail panicked; this is a bug in vigil. What it had not written is kept in the \
                 journal, and the next start writes it",
            )),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            report(&self.on_error, &error);
        }
    }
}

/// Waits until every event recorded before this call is in the trail and safe on disk.
///
/// # Errors
///
/// [`Error::is_timeout`] if that did not happen within 15 seconds, for example because the disk is full: the events
/// are kept and tried again. [`Error::is_stopped`] if no engine runs, or within `on_error`, where the writer would wait
/// for itself.
pub fn flush() -> Result<(), Error> {
    flush_within(FLUSH_PATIENCE)
}

/// As [`flush`], waiting for at most `patience`.
pub(crate) fn flush_within(patience: Duration) -> Result<(), Error> {
    if Role::of_this_thread() == Role::Writer {
        return Err(Error::stopped(
            "the trail cannot be flushed from within on_error: its writer is waiting there",
        ));
    }
    let Some(live) = JOURNAL.live() else {
        return Err(Error::stopped(if journal::is_child() {
            "this process was forked from the one whose engine runs; call vigil::init() here, on a directory of its own"
        } else {
            "there is no running engine to flush; call vigil::init() first"
        }));
    };
    if live.wait_written(live.tail(), patience) {
        sealer::sign_flushed();
        Ok(())
    } else {
        Err(Error::timeout(format!(
            "the trail was not written within {} s; see what on_error was told",
            patience.as_secs()
        )))
    }
}
