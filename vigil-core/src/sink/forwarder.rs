//! The thread of one sink: it follows the trail, delivers, and keeps the cursor.
//!
//! The cursor moves only over what the sink has taken and then flushed, so what is lost on the way is delivered again:
//! at least once, in the order of the trail, whatever happens to the sink or to this process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::batch::Batch;
use super::call::{call, panic_text};
use super::cursor::CursorFile;
use super::forwarders::Surroundings;
use super::options::Feed;
use super::status::Status;
use super::{Sink, backoff};
use crate::trail::follow::{Finding, Follower, Found, Lines, Most, Position};
use crate::{Error, random};

/// How often a busy sink is flushed and its cursor saved: so much is delivered again after a crash.
const SAVE_EVERY: Duration = Duration::from_millis(250);

/// How long a sink that has caught up lets events gather. While it does, the writer has nobody to wake.
const GATHER: Duration = Duration::from_millis(5);

/// How long events that no file has are looked for before they count as missing.
const LOOK_FOR: Duration = Duration::from_secs(1);

/// During a shutdown nobody waits longer than this before the next try.
const LAST_PAUSE: Duration = Duration::from_millis(100);

pub(super) struct Forwarder {
    pub(super) sink: Box<dyn Sink>,
    pub(super) feed: Feed,
    pub(super) status: Arc<Status>,
    pub(super) surroundings: Arc<Surroundings>,
    pub(super) follower: Follower,
    /// `None` if the sink is to begin anew each time.
    pub(super) cursor: Option<CursorFile>,
    pub(super) place: Place,
}

/// Where a sink is.
pub(super) struct Place {
    /// What has been read, and how much of it has been taken.
    lines: Lines,
    taken: usize,
    /// Behind what the sink has taken.
    reached: Position,
    /// Behind what it has also flushed, and where the cursor stands.
    saved: Position,
    saved_at: Instant,
    /// How many events it is given at once. Halved by each refusal, so that the event that is refused is found.
    at_once: usize,
    missing_since: Option<Instant>,
}

impl Place {
    pub(super) fn at(position: Position, at_once: usize) -> Self {
        Self {
            lines: Lines::default(),
            taken: 0,
            reached: position.clone(),
            saved: position,
            saved_at: Instant::now(),
            at_once,
            missing_since: None,
        }
    }
}

/// What to do next.
enum Next {
    /// Go on.
    On,
    /// Wait for events; or for something else to do, at a time.
    Rest(Option<Instant>),
    /// Wait before the next try.
    Pause(Duration),
    /// There is nothing more to be done.
    End,
}

/// Why a call of the sink went wrong.
struct Trouble {
    text: String,
    permanent: bool,
    /// What the call was to do.
    of: String,
}

impl Forwarder {
    /// Runs until it has been told to stop, and has delivered what there is or has no more time.
    pub(super) fn run(mut self) {
        while !self.is_out_of_time() {
            match self.turn() {
                Next::On => {}
                Next::Rest(until) => self.rest(until),
                Next::Pause(pause) => self.pause(pause),
                Next::End => break,
            }
        }
        if self.place.reached != self.place.saved && !self.is_out_of_time() {
            let _ = self.save();
        }
        self.status.stopped();
        let name = self.status.name.clone();
        let Self {
            sink, surroundings, ..
        } = self;
        (surroundings.in_sink)(true);
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(sink)));
        (surroundings.in_sink)(false);
        if let Err(panic) = dropped {
            let text = panic_text(&*panic);
            surroundings.report(&Error::sink(format!(
                "sink {name} panicked while it was dropped: {text}"
            )));
        }
    }

    fn is_out_of_time(&self) -> bool {
        self.surroundings
            .stop
            .get()
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn is_stopping(&self) -> bool {
        self.surroundings.stop.get().is_some()
    }

    fn turn(&mut self) -> Next {
        if self.place.taken < self.place.lines.len() {
            return self.deliver();
        }
        // Asked for in this order: once it is stopping, nothing more is written.
        let stopping = self.is_stopping();
        let until = self.surroundings.progress.next_seq();
        let most = Most {
            events: self.feed.batch_events,
            bytes: self.feed.batch_bytes,
        };
        self.place.taken = 0;
        let found = self.follower.read(until, most, &mut self.place.lines);
        self.tell_findings();
        match found {
            Ok(Found::Lines) => {
                self.place.missing_since = None;
                self.deliver()
            }
            Ok(Found::Nothing) => self.caught_up(stopping),
            Ok(Found::Missing) => self.miss(until, stopping),
            Err(error) => {
                let trouble = Trouble {
                    text: error.to_string(),
                    permanent: false,
                    of: "is waiting for the trail".to_owned(),
                };
                self.fail(trouble)
            }
        }
    }

    /// Gives the sink what comes next of what has been read.
    fn deliver(&mut self) -> Next {
        let Place {
            lines,
            taken,
            at_once,
            ..
        } = &mut self.place;
        let (from, to) = (*taken, lines.len().min(*taken + *at_once));
        let count = to - from;
        let batch = Batch::new(lines.text(from, to), lines.seq(from), count);
        match call(&mut *self.sink, &self.status, &self.surroundings, |sink| {
            sink.deliver(&batch)
        }) {
            Ok(()) => {
                *taken = to;
                *at_once = at_once.saturating_mul(2).min(self.feed.batch_events);
                self.place.reached = self.place.lines.position_after(to);
                self.status.took(count as u64);
                if self.place.saved_at.elapsed() >= SAVE_EVERY {
                    return self.save_or_fail();
                }
                Next::On
            }
            Err((_, true)) if count > 1 => {
                // One of them is refused; the others are not to wait for it.
                *at_once = count / 2;
                Next::On
            }
            Err((text, permanent)) => {
                let (first, last) = (lines.seq(from), lines.seq(to - 1));
                let of = match (permanent, count) {
                    (true, _) => format!(
                        "refuses event {first}; what comes after it has to wait until that is mended"
                    ),
                    (false, 1) => format!("did not take event {first}"),
                    (false, _) => format!("did not take events {first} to {last}"),
                };
                // What came before has been taken, and is not to wait for it.
                if self.place.reached != self.place.saved
                    && let Err(trouble) = self.save()
                {
                    return self.fail(trouble);
                }
                self.fail(Trouble {
                    text,
                    permanent,
                    of,
                })
            }
        }
    }

    /// Everything has been delivered.
    fn caught_up(&mut self, stopping: bool) -> Next {
        self.place.missing_since = None;
        let unsaved = self.place.reached != self.place.saved;
        let due = self.place.saved_at + SAVE_EVERY;
        match (unsaved, stopping) {
            (false, true) => Next::End,
            (false, false) => Next::Rest(None),
            (true, false) if Instant::now() < due => Next::Rest(Some(due)),
            (true, _) => self.save_or_fail(),
        }
    }

    /// No file has the next event. It may be in one that somebody is about to put in its place.
    fn miss(&mut self, until: u64, stopping: bool) -> Next {
        let since = *self.place.missing_since.get_or_insert_with(Instant::now);
        if stopping || since.elapsed() >= LOOK_FOR {
            self.follower.give_up(until);
            self.tell_findings();
            return Next::On;
        }
        Next::Pause(LAST_PAUSE)
    }

    fn save_or_fail(&mut self) -> Next {
        match self.save() {
            Ok(()) => Next::On,
            Err(trouble) => self.fail(trouble),
        }
    }

    /// Flushes the sink and moves the cursor. What a sink that cannot flush has taken since the last time is delivered
    /// again: it may have lost it.
    fn save(&mut self) -> Result<(), Trouble> {
        let flushed = call(&mut *self.sink, &self.status, &self.surroundings, |sink| {
            sink.flush()
        });
        if let Err((text, permanent)) = flushed {
            let saved = self.place.saved.clone();
            self.follower.seek(&saved);
            self.place = Place::at(saved, self.place.at_once);
            return Err(Trouble {
                text,
                permanent,
                of: "could not flush what it had taken".to_owned(),
            });
        }
        let reached = &self.place.reached;
        if let Some(cursor) = &self.cursor
            && let Some(Err(error)) = self.status.unless_abandoned(|| cursor.save(reached))
        {
            return Err(Trouble {
                text: error.to_string(),
                permanent: false,
                of: format!("cannot save its cursor {}", cursor.path().display()),
            });
        }
        self.place.saved = reached.clone();
        self.place.saved_at = Instant::now();
        self.status.reached(self.place.saved.seq);
        Ok(())
    }

    /// Tells of a trouble, less and less often while it lasts, and says how long to wait.
    fn fail(&mut self, trouble: Trouble) -> Next {
        let Trouble {
            text,
            permanent,
            of,
        } = trouble;
        let failures = self.status.failed(permanent, text.clone());
        if failures.is_power_of_two() {
            let times = match failures {
                1 => String::new(),
                failures => format!(" (failure {failures} in a row)"),
            };
            self.surroundings.report(&Error::sink(format!(
                "sink {} {of}: {text}{times}",
                self.status.name
            )));
        }
        if !permanent {
            let Feed {
                first_retry,
                longest_retry,
                ..
            } = self.feed;
            let random = random::next();
            return Next::Pause(backoff::pause(failures, first_retry, longest_retry, random));
        }
        if self.is_stopping() {
            return Next::End;
        }
        Next::Pause(self.feed.longest_retry)
    }

    fn tell_findings(&mut self) {
        while let Some(finding) = self.follower.next_finding() {
            if let Finding::Gap { from, to }
            | Finding::Purged { from, to, .. }
            | Finding::Encrypted { from, to } = finding
            {
                self.status.missed(to - from);
                // All before it has been taken. It is not to be looked for again after a restart.
                self.place.reached = Position::before(to);
            }
            self.surroundings.report(&Error::sink(format!(
                "sink {}: {finding}",
                self.status.name
            )));
        }
    }

    fn rest(&mut self, until: Option<Instant>) {
        let read = self.follower.next_seq();
        let surroundings = &self.surroundings;
        if surroundings.stop.wait(GATHER).is_none() {
            surroundings
                .progress
                .wait(read, until, || surroundings.stop.get().is_some());
        }
    }

    fn pause(&mut self, pause: Duration) {
        match self.surroundings.stop.get() {
            // Woken by the beginning of a shutdown, it tries at once.
            None => drop(self.surroundings.stop.wait(pause)),
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                std::thread::sleep(pause.min(LAST_PAUSE).min(left));
            }
        }
    }
}
