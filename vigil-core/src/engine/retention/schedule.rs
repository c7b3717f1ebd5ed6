//! When retention is applied: by the interval of the configuration, and when somebody asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use jiff::SignedDuration;

use super::Subject;
use super::request::{self, Request};
use crate::Error;
use crate::engine::now;
use crate::engine::writer::report;
use crate::retention::Retention;
use crate::trail::evidence::Places;

/// By itself the clock goes on with the time that passes. More than this it was set.
const STEPPED: SignedDuration = SignedDuration::from_hours(10 * 24);

/// When it is to be applied next.
pub(in crate::engine) struct Schedule {
    subject: Arc<Subject>,
    looked: Option<Instant>,
    /// What the clock said then.
    clock: (Instant, u64),
}

impl Schedule {
    pub(in crate::engine) fn new(subject: Arc<Subject>) -> Self {
        Self {
            subject,
            looked: None,
            clock: (Instant::now(), now().1),
        }
    }

    /// Looks whether there is something to do, and has a thread do it: it may take as long as the disk likes.
    pub(in crate::engine) fn look(&mut self) {
        if !self.subject.has_schedule {
            return;
        }
        self.watch_clock();
        let (_, config) = self.subject.in_force.get();
        let retention = &config.retention;
        let places = Places::of_trail(&self.subject.dir);
        let request = request::take(&places);
        let is_first = self.looked.is_none();
        let is_due = match retention.interval {
            Some(interval) if retention.removes() => self
                .looked
                .is_none_or(|looked| looked.elapsed() >= interval),
            _ => false,
        };
        let is_left = is_first && places.purges_dir().exists();
        if is_first || is_due {
            self.looked = Some(Instant::now());
        }
        if !retention.removes() {
            self.subject.monitor.retention.ended();
        }
        if request.is_none() && !is_due && !is_left {
            return;
        }
        if self.subject.busy.swap(true, Relaxed) {
            // It comes again: the one that asks is answered by the next look.
            if let Some(request) = request {
                request::put_back(&places, &request);
            }
            return;
        }
        let subject = Arc::clone(&self.subject);
        let of_thread = Arc::clone(&subject);
        let retention = retention.clone();
        let spawned = thread::Builder::new()
            .name("vigil-retention".to_owned())
            .spawn(move || {
                let _done = Done(&of_thread.busy);
                work(&of_thread, &retention, request.as_ref());
            });
        if let Err(error) = spawned {
            subject.busy.store(false, Relaxed);
            let what = "cannot start the thread that applies retention to";
            report(&subject.on_error, &Error::io(what, &subject.dir, error));
        }
    }

    /// A clock that was set forward by much is not believed for some time. One that was set back does nothing: all gets
    /// younger by it.
    fn watch_clock(&mut self) {
        let (at, said) = self.clock;
        let says = now().1;
        self.clock = (Instant::now(), says);
        let passed = u64::try_from(at.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let ahead = says.saturating_sub(said.saturating_add(passed));
        let step = u64::try_from(STEPPED.as_nanos()).unwrap_or(u64::MAX);
        if ahead > step {
            self.subject.stepped.store(says / 1_000_000, Relaxed);
        }
    }
}

/// Says so when the work is done, however that comes about.
struct Done<'b>(&'b AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

fn work(subject: &Subject, retention: &Retention, request: Option<&Request>) {
    let operator = request.map_or("the schedule of the engine", |request| &request.operator);
    let clock_is_right = request.is_some_and(|request| request.clock_is_right);
    let result = subject.apply(retention, operator, clock_is_right);
    if !subject.is_running() {
        return;
    }
    let trouble = match &result {
        Ok(applied) => applied.trouble().map(Error::trail),
        Err(error) => {
            report(&subject.on_error, error);
            Some(Error::trail(error.to_string()))
        }
    };
    match trouble {
        Some(trouble) => subject.monitor.retention.failed(&trouble),
        None => subject.monitor.retention.ended(),
    }
    if let Some(request) = request {
        let places = Places::of_trail(&subject.dir);
        if let Err(error) = request::answer(&places, request, result) {
            report(&subject.on_error, &error);
        }
    }
}
