//! The threads that hand checkpoints to anchors, one for each: a server may hang, and must not keep the others waiting.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::checkup::AnchorStats;
use super::keeper::condition::Edge;
use super::monitor::Monitor;
use super::system_events;
use super::writer::{OnError, report};
use super::{Role, now};
use crate::config::{AnchorSection, Config};
use crate::error::Error;
use crate::sink::pause;
use crate::trail::anchor::{Receipts, check_name, hand_over};
use crate::trail::evidence::Places;
use crate::trail::{Anchor, AnchorError, SignedCheckpoint, anchor_to};

/// The first pause after a failure; the longest is the interval of the anchor, or this.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Until there is a checkpoint at all.
const UNTIL_SIGNED: Duration = Duration::from_millis(200);

/// An anchor and when it is called.
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) every: Duration,
    pub(super) anchor: Box<dyn Anchor>,
}

/// The threads, from outside.
pub(super) struct Anchoring {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stop: bool,
    /// Threads that have not ended.
    running: usize,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps for a while; true if it is time to end.
    fn sleep(&self, time: Duration) -> bool {
        let wait = |state: &mut State| !state.stop;
        let waited = self.changed.wait_timeout_while(self.lock(), time, wait);
        waited.unwrap_or_else(PoisonError::into_inner).0.stop
    }
}

impl Anchoring {
    pub(super) fn start(
        planned: Vec<Planned>,
        dir: &Path,
        monitor: &Arc<Monitor>,
        on_error: &OnError,
    ) -> Self {
        let shared = Arc::<Shared>::default();
        for Planned {
            name,
            every,
            anchor,
        } in planned
        {
            let receipts = Receipts::of(&Places::of_trail(dir), &name);
            let one = One {
                dir: dir.into(),
                every,
                anchor,
                done: receipts.latest(),
                receipts,
                monitor: Arc::clone(monitor),
                on_error: Arc::clone(on_error),
                failures: 0,
                failing_since: None,
                is_last: false,
                name,
            };
            one.note(None);
            shared.lock().running += 1;
            let of_thread = Arc::clone(&shared);
            let spawned = thread::Builder::new()
                .name("vigil-anchor".to_owned())
                .spawn(move || {
                    let _ending = Ending(Arc::clone(&of_thread));
                    one.run(&of_thread);
                });
            if let Err(error) = spawned {
                shared.lock().running -= 1;
                let what = "cannot start a thread that anchors";
                report(on_error, &Error::io(what, dir, error));
            }
        }
        Self { shared }
    }

    /// Has each hand over what there is, a last time.
    pub(super) fn end(&self) {
        self.shared.lock().stop = true;
        self.shared.changed.notify_all();
    }

    /// Waits for them, until then at most. Whether all have come back; one that hangs is left behind.
    pub(super) fn wait(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let running = |state: &mut State| state.running > 0;
        let waited = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), left, running);
        waited.unwrap_or_else(PoisonError::into_inner).0.running == 0
    }
}

/// Says so when a thread ends, however that comes about.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
        self.0.changed.notify_all();
    }
}

struct One {
    dir: Box<Path>,
    name: String,
    every: Duration,
    anchor: Box<dyn Anchor>,
    receipts: Receipts,
    monitor: Arc<Monitor>,
    on_error: OnError,
    /// The size of the latest checkpoint that was taken.
    done: Option<u64>,
    failures: u32,
    /// When the trouble began, by the clock of events, if there is one.
    failing_since: Option<u64>,
    /// It is the last turn: nothing is written into the trail any more.
    is_last: bool,
}

impl One {
    fn run(mut self, shared: &Shared) {
        loop {
            self.is_last = shared.lock().stop;
            let pause = self.turn();
            // Also what was signed while the turn went on is handed over at the end.
            if self.is_last || shared.sleep(pause) && self.done_at_the_end() {
                return;
            }
        }
    }

    /// Whether nothing is left to be handed over.
    fn done_at_the_end(&self) -> bool {
        SignedCheckpoint::newest(&self.dir).is_ok_and(|newest| Some(newest.size()) <= self.done)
    }

    /// Hands over the newest checkpoint, if it is a new one. Gives back when to come again.
    fn turn(&mut self) -> Duration {
        let newest = match SignedCheckpoint::newest(&self.dir) {
            Ok(newest) => newest,
            // Whoever signs tells of its troubles itself.
            Err(_) => return UNTIL_SIGNED,
        };
        if self.done.is_some_and(|done| newest.size() <= done) {
            return self.every;
        }
        let anchor = &mut *self.anchor;
        let called = AssertUnwindSafe(|| {
            // What is audited in there would be in the next checkpoint, for ever.
            Role::Sink.during(|| hand_over(&self.receipts, &newest, anchor))
        });
        let result = catch_unwind(called)
            .unwrap_or_else(|_| Err(AnchorError::new("it has panicked; see the standard error")));
        match result {
            Ok(()) => {
                self.done = Some(newest.size());
                self.failures = 0;
                self.note(None);
                if let Some(since) = self.failing_since.take()
                    && !self.is_last
                {
                    self.tell(Edge::Ended { since }, None);
                }
                self.every
            }
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                self.note(Some(&error));
                report(
                    &self.on_error,
                    &Error::trail(format!("the anchor {}: {error}", self.name)),
                );
                if self.failing_since.is_none() && !self.is_last {
                    self.failing_since = Some(now().1);
                    self.tell(Edge::Began, Some(&error));
                }
                let longest = self.every.clamp(FIRST_PAUSE, LONGEST_PAUSE);
                pause(self.failures, FIRST_PAUSE, longest, crate::random::next())
            }
        }
    }

    fn note(&self, error: Option<&AnchorError>) {
        self.monitor.anchored(
            &self.name,
            AnchorStats {
                size: self.done.unwrap_or(0),
                failures: self.failures.into(),
                refused: error.is_some_and(AnchorError::is_refused),
                last_error: error.map(ToString::to_string),
            },
        );
    }

    fn tell(&self, edge: Edge, error: Option<&AnchorError>) {
        let mut parameters = json!({
            "condition": "anchor",
            "anchor": self.name,
            "size": self.done.unwrap_or(0),
        });
        if let Some(error) = error {
            parameters["error"] = system_events::sanitized(&error.to_string());
            parameters["refused"] = error.is_refused().into();
        }
        edge.tell(
            parameters,
            "checkpoints of the trail are not anchored elsewhere",
            "checkpoints of the trail are anchored again",
        );
    }
}

/// Those that the program adds, and those of the configuration.
pub(super) fn planned(given: Vec<Planned>, config: &Config) -> Result<Vec<Planned>, Error> {
    let mut planned = given;
    for (name, section) in &config.anchors {
        let AnchorSection { to, every, key, ca } = section;
        let anchor = anchor_to(to, key.as_deref(), ca.as_deref())
            .map_err(|error| Error::config(format!("trail.anchors.{name}: {error}")))?;
        planned.push(Planned {
            name: name.clone(),
            every: *every,
            anchor,
        });
    }
    for (at, Planned { name, every, .. }) in planned.iter().enumerate() {
        if let Err(expected) = check_name(name) {
            return Err(Error::config(format!(
                "the name of an anchor: expected {expected}, found {name:?}"
            )));
        }
        // Their receipts would lie in one place.
        if planned[..at].iter().any(|other| other.name == *name) {
            return Err(Error::config(format!(
                "two anchors are called {name:?}; give one of them another name"
            )));
        }
        if every.is_zero() {
            return Err(Error::config(format!(
                "the anchor {name:?}: expected an interval longer than nothing"
            )));
        }
    }
    Ok(planned)
}
