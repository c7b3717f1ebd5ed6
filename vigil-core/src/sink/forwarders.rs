//! All sinks of an engine: started with it, looked at, stopped with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::beginning::{first_position, tell_stale_cursors};
use super::bell::{Bell, Latch};
use super::cursor::CursorFile;
use super::forwarder::{Forwarder, Place};
use super::options::Feed;
use super::progress::Progress;
use super::status::{SinkStats, Status};
use super::{Sink, watch};
use crate::Error;
use crate::trail::TrailConfig;
use crate::trail::follow::Follower;

/// Told of each trouble, by whichever thread has it.
pub(crate) type Report = Arc<dyn Fn(&Error) + Send + Sync>;

/// What the threads of the sinks know of the engine, and of each other.
pub(super) struct Surroundings {
    pub(super) progress: Arc<Progress>,
    report: Report,
    /// Told when the code of a sink begins and ends to run on this thread.
    pub(super) in_sink: fn(bool),
    /// When the sinks have to be done; set by the beginning of a shutdown.
    pub(super) stop: Latch<Instant>,
    /// Rung when a sink is called.
    pub(super) calls: Bell,
    /// Set by the end of a shutdown.
    pub(super) ended: Latch<()>,
    running: Mutex<BTreeSet<String>>,
    finished: Condvar,
}

impl Surroundings {
    pub(super) fn report(&self, error: &Error) {
        (self.report)(error);
    }
}

/// A sink and how it is fed.
pub(crate) struct Registered {
    pub(crate) name: String,
    pub(crate) sink: Box<dyn Sink>,
    pub(crate) feed: Feed,
}

/// The running sinks.
pub(crate) struct Forwarders {
    sinks: Vec<Arc<Status>>,
    surroundings: Arc<Surroundings>,
}

impl fmt::Debug for Forwarders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forwarders")
            .field("sinks", &self.sinks)
            .finish_non_exhaustive()
    }
}

impl Forwarders {
    /// Starts a thread for each sink, and one that looks after them; none if there are no sinks.
    ///
    /// `progress` says how far the trail has been written when this is called, and is advanced by the writer from then
    /// on. `in_sink` is told, on its thread, when the code of a sink begins and ends to run.
    pub(crate) fn start(
        sinks: Vec<Registered>,
        trail: &TrailConfig,
        progress: Arc<Progress>,
        report: Report,
        in_sink: fn(bool),
    ) -> Result<Self, Error> {
        // The program may change its working directory; the trail stays where it is.
        let trail = TrailConfig {
            dir: std::path::absolute(&trail.dir)
                .map_err(|error| Error::io("cannot find the trail directory", &trail.dir, error))?,
            ..trail.clone()
        };
        let surroundings = Arc::new(Surroundings {
            progress,
            report,
            in_sink,
            stop: Latch::default(),
            calls: Bell::default(),
            ended: Latch::default(),
            running: Mutex::default(),
            finished: Condvar::new(),
        });
        tell_stale_cursors(&sinks, &trail, &surroundings);
        let mut forwarders = Self {
            sinks: Vec::new(),
            surroundings,
        };
        match forwarders.start_threads(sinks, &trail) {
            Ok(()) => Ok(forwarders),
            Err(error) => {
                forwarders.stop(Instant::now());
                Err(error)
            }
        }
    }

    fn start_threads(&mut self, sinks: Vec<Registered>, trail: &TrailConfig) -> Result<(), Error> {
        for sink in sinks {
            let Registered { name, sink, feed } = sink;
            let surroundings = &self.surroundings;
            let cursor = feed.cursor.then(|| CursorFile::new(&trail.dir, &name));
            let position = first_position(&name, feed, cursor.as_ref(), trail, surroundings)?;
            let status = Arc::new(Status::new(name.clone(), feed.deadline, position.seq));
            self.sinks.push(Arc::clone(&status));
            let forwarder = Forwarder {
                sink,
                feed,
                status,
                surroundings: Arc::clone(surroundings),
                follower: Follower::new(trail.clone(), &position),
                cursor,
                place: Place::at(position, feed.batch_events),
            };
            surroundings.lock_running().insert(name.clone());
            let of_thread = Finished {
                name: name.clone(),
                surroundings: Arc::clone(surroundings),
            };
            // Where the thread cannot be started, it counts as finished: what it would have run is dropped.
            spawn(&format!("vigil-{name}"), &name, trail, move || {
                let _of_thread = of_thread;
                forwarder.run();
            })?;
        }
        if !self.sinks.is_empty() {
            let (sinks, surroundings) = (self.sinks.clone(), Arc::clone(&self.surroundings));
            spawn("vigil-sinks", "the watch over sinks", trail, move || {
                watch::watch(&sinks, &surroundings);
            })?;
        }
        Ok(())
    }

    /// How each sink is doing, by name.
    pub(crate) fn stats(&self) -> BTreeMap<String, SinkStats> {
        let written = self.surroundings.progress.next_seq();
        self.sinks
            .iter()
            .map(|status| (status.name.clone(), status.stats(written)))
            .collect()
    }

    /// Lets each sink deliver what is left, but not beyond `deadline`, and reports what has been left. To be called when
    /// the trail's writer has ended.
    ///
    /// A sink that hangs is left behind: its thread ends when its call comes back, and does not touch its cursor.
    pub(crate) fn stop(&self, deadline: Instant) {
        let surroundings = &self.surroundings;
        surroundings.stop.set(deadline);
        surroundings.progress.wake();
        let mut running = surroundings.lock_running();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if running.is_empty() || left.is_zero() {
                break;
            }
            running = surroundings
                .finished
                .wait_timeout(running, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        drop(running);
        for status in &self.sinks {
            status.abandon();
        }
        if surroundings.ended.get().is_none() {
            surroundings.ended.set(());
            surroundings.calls.ring();
            self.tell_undelivered();
        }
    }

    fn tell_undelivered(&self) {
        for (name, stats) in self.stats() {
            if stats.lag > 0 {
                let reason = stats
                    .last_error
                    .filter(|_| stats.consecutive_failures > 0)
                    .map_or(String::new(), |error| format!(" ({error})"));
                self.surroundings.report(&Error::sink(format!(
                    "sink {name} has not got the last {} events, from event {} on, when the engine stopped{reason}; \
                     they are in the trail",
                    stats.lag, stats.next_seq
                )));
            }
        }
    }
}

/// Says so when it is dropped, however the thread ends.
struct Finished {
    name: String,
    surroundings: Arc<Surroundings>,
}

impl Drop for Finished {
    fn drop(&mut self) {
        self.surroundings.lock_running().remove(&self.name);
        self.surroundings.finished.notify_all();
    }
}

impl Surroundings {
    fn lock_running(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spawn(
    thread: &str,
    what: &str,
    trail: &TrailConfig,
    run: impl FnOnce() + Send + 'static,
) -> Result<(), Error> {
    thread::Builder::new()
        .name(thread.to_owned())
        .spawn(run)
        .map(drop)
        .map_err(|error| {
            let doing = format!("cannot start the thread of {what} for");
            Error::io(&doing, &trail.dir, error)
        })
}
