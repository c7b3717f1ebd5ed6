//! Retention while the engine runs: on a schedule, and when somebody asks for it from outside; and for a trail that no
//! process writes, by running an engine on it for that long.
//!
//! A process that writes a trail removes from it by its own rules and no others: whoever asks from outside can make it
//! look at once, and cannot have it sign that something was removed by rules of his.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::in_force::InForce;
use super::monitor::Monitor;
use super::system_events::{self, RETENTION_PURGED};
use super::writer::{OnError, report};
use super::{builder, flush_within, now};
use crate::disk::{create_directory, is_missing, replace_file};
use crate::retention::{Applied, Claim, Now, Order, Retention, Teller, run};
use crate::sink::{Forwarders, Progress};
use crate::trail::evidence::Places;
use crate::trail::{ClosedTrail, Daily, OnDamage};
use crate::{Error, EventId};

/// How long an event may take to get under a checkpoint.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait for the process that writes the trail.
const ANSWER: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(50);
/// By itself the clock goes on with the time that passes. More than this it was set.
const STEPPED: SignedDuration = SignedDuration::from_hours(10 * 24);

/// The engine that runs.
static RUNNING: Mutex<Option<Arc<Subject>>> = Mutex::new(None);

/// A running engine, as far as retention goes.
pub(super) struct Subject {
    pub(super) dir: PathBuf,
    pub(super) in_force: Arc<InForce>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) progress: Arc<Progress>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) on_error: OnError,
    /// A thread is at it.
    pub(super) busy: AtomicBool,
    /// The clock was set forward, to this time in milliseconds; 0 if it was not.
    pub(super) stepped: AtomicU64,
}

/// How retention is to be applied.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::retention::{Age, ApplyOptions, Retention, apply};
///
/// let retention = Retention::new().age(Age::months(12));
/// let applied = apply("logs/audit", &retention, &ApplyOptions::new().operator("nightly job"))?;
/// println!("{} events have gone", applied.events);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    operator: Option<String>,
    clock_is_right: bool,
}

impl ApplyOptions {
    /// By the user that the process runs as.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who has it done: it stands in the trail.
    #[must_use]
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// Somebody has looked at the clock: what is due is removed, although time has made a leap.
    #[must_use]
    pub fn clock_is_right(mut self, is_right: bool) -> Self {
        self.clock_is_right = is_right;
        self
    }
}

/// What is asked of the process that writes a trail.
#[derive(Serialize, Deserialize)]
struct Request {
    id: String,
    operator: String,
    clock_is_right: bool,
}

/// And what it answers.
#[derive(Serialize, Deserialize)]
struct Answer {
    id: String,
    applied: Option<Applied>,
    error: Option<String>,
}

/// Removes from the trail in a directory what is due.
///
/// Where a process writes it, that process is asked to do so, and goes by its own rules; otherwise the trail is opened for
/// it, by `retention`, and what a crash has left in its journal is written first.
///
/// # Errors
///
/// If the rules do not agree with each other; if there is no trail, or it is not what was signed; if the process that writes
/// it does not answer. What was removed before stands in the trail.
pub fn apply(
    dir: impl AsRef<Path>,
    retention: &Retention,
    options: &ApplyOptions,
) -> Result<Applied, Error> {
    retention.check()?;
    let dir = dir.as_ref();
    let dir = std::path::absolute(dir)
        .map_err(|error| Error::io("cannot find the trail directory", dir, error))?;
    let operator = options.operator.clone().unwrap_or_else(user);
    // The lock is not held meanwhile.
    let subject = running().clone();
    if let Some(subject) = subject
        && subject.dir == dir
    {
        return subject.apply(retention, &operator, options.clock_is_right);
    }
    match offline(&dir, retention, &operator, options.clock_is_right) {
        Err(error) if error.is_already_running() => ask(&dir, operator, options.clock_is_right),
        result => result,
    }
}

/// The user that the process runs as, as far as the environment says.
pub(super) fn user() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.is_empty());
    name.map_or_else(|| "(unknown)".to_owned(), |name| format!("user {name}"))
}

/// Runs an engine on a trail that no process writes.
fn offline(
    dir: &Path,
    retention: &Retention,
    operator: &str,
    clock_is_right: bool,
) -> Result<Applied, Error> {
    // What is no trail shall not become one.
    let name = ClosedTrail::look(dir)?.name;
    let places = Places::of_trail(dir);
    if places.epochs().exists() && !places.signing_key().exists() {
        return Err(Error::trail(format!(
            "the trail in {} is signed by a signer of the program's, and {} is not there: only that program can apply \
             retention to it; set trail.retention in its configuration, or let it run and try again",
            dir.display(),
            places.signing_key().display()
        )));
    }
    let capacity = crate::journal::capacity_in(places.inner());
    let mut builder = builder()
        .config_text("")
        .service("vigil")
        .enabled(true)
        .trail(dir)
        .trail_name(name)
        .daily(Daily::Off)
        .integrity(true)
        .on_damage(OnDamage::Refuse)
        .retention(Retention::new().interval(None))
        .stdout(false)
        .sighup(false)
        .on_error(|_| {});
    if let Some(capacity) = capacity {
        builder = builder.journal(capacity, Duration::from_secs(1));
    }
    let guard = builder.init()?;
    let subject = running().clone().ok_or_else(stopped)?;
    let applied = subject.apply(retention, operator, clock_is_right);
    drop(subject);
    guard.shutdown()?;
    applied
}

/// Asks the process that writes the trail.
fn ask(dir: &Path, operator: String, clock_is_right: bool) -> Result<Applied, Error> {
    let places = Places::of_trail(dir).retention_dir();
    let (request, answer) = (places.join("request"), places.join("answer"));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| {
            Error::io(
                "cannot ask the process that writes the trail by",
                &path,
                error,
            )
        }
    };
    let id = EventId::new(now().1).to_string();
    let asked = Request {
        id: id.clone(),
        operator,
        clock_is_right,
    };
    create_directory(&places).map_err(failed(&places))?;
    let text = serde_json::to_vec(&asked).map_err(|error| failed(&request)(error.into()))?;
    replace_file(&request, &text).map_err(failed(&request))?;
    let deadline = Instant::now() + ANSWER;
    loop {
        if let Ok(bytes) = fs::read(&answer)
            && let Ok(answered) = serde_json::from_slice::<Answer>(&bytes)
            && answered.id == id
        {
            let _ = fs::remove_file(&answer);
            return match (answered.applied, answered.error) {
                (Some(applied), _) => Ok(applied),
                (None, error) => Err(Error::trail(error.unwrap_or_default())),
            };
        }
        if Instant::now() >= deadline {
            // Nobody shall do it later, when nobody expects it any more.
            let _ = fs::remove_file(&request);
            return Err(Error::timeout(format!(
                "the process that writes the trail in {} has not answered within {} s; see what its on_error was told",
                dir.display(),
                ANSWER.as_secs()
            )));
        }
        thread::sleep(STEP);
    }
}

fn running() -> MutexGuard<'static, Option<Arc<Subject>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This engine runs from now on; or none, which ends what it was at.
pub(super) fn arm(subject: Option<Arc<Subject>>) {
    *running() = subject;
}

fn stopped() -> Error {
    Error::stopped("the engine has stopped before retention was applied")
}

impl Subject {
    fn apply(
        &self,
        retention: &Retention,
        operator: &str,
        clock_is_right: bool,
    ) -> Result<Applied, Error> {
        let sinks = self.sinks.stats();
        let sinks = sinks.into_iter().map(|(sink, stats)| Claim {
            sink,
            next_seq: stats.next_seq,
            is_damaged: false,
        });
        let stepped = i64::try_from(self.stepped.load(Relaxed)).unwrap_or(i64::MAX);
        let order = Order {
            dir: &self.dir,
            retention,
            operator,
            now: Now {
                is_right: clock_is_right,
                stepped: (stepped > 0)
                    .then(|| Timestamp::from_millisecond(stepped).unwrap_or(Timestamp::MAX)),
                ..Now::at(now().1)
            },
            running: &sinks.collect::<Vec<_>>(),
        };
        run(&order, &mut Journaled(self))
    }

    fn is_running(&self) -> bool {
        running()
            .as_ref()
            .is_some_and(|subject| std::ptr::eq(&**subject, self))
    }
}

/// Tells by the journal, as all threads of the process do.
struct Journaled<'s>(&'s Subject);

impl Teller for Journaled<'_> {
    fn next_seq(&self) -> u64 {
        self.0.progress.next_seq()
    }

    fn tell(&mut self, id: EventId, parameters: &Value) -> Result<(), Error> {
        if !self.0.is_running() {
            return Err(stopped());
        }
        system_events::submit_as(id, &RETENTION_PURGED, parameters);
        flush_within(PATIENCE)?;
        let written = self.0.progress.next_seq();
        let deadline = Instant::now() + PATIENCE;
        while self
            .0
            .monitor
            .proof()
            .is_none_or(|(_, signed)| signed < written)
        {
            if Instant::now() >= deadline || !self.0.is_running() {
                return Err(Error::timeout(
                    "the event that tells of what is to be removed has not been signed in time, so nothing is removed yet; \
                     health() says what is the matter",
                ));
            }
            thread::sleep(STEP);
        }
        Ok(())
    }
}

/// When it is to be applied next.
pub(super) struct Schedule {
    subject: Arc<Subject>,
    looked: Option<Instant>,
    /// What the clock said then.
    clock: (Instant, u64),
}

impl Schedule {
    pub(super) fn new(subject: Arc<Subject>) -> Self {
        Self {
            subject,
            looked: None,
            clock: (Instant::now(), now().1),
        }
    }

    /// Looks whether there is something to do, and has a thread do it: it may take as long as the disk likes.
    pub(super) fn look(&mut self) {
        self.watch_clock();
        let (_, config) = self.subject.in_force.get();
        let retention = &config.retention;
        let places = Places::of_trail(&self.subject.dir);
        let request = take_request(&places.retention_dir().join("request"));
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
                put_request(&places, &request);
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
        let answer = Answer {
            id: request.id.clone(),
            error: result.as_ref().err().map(ToString::to_string),
            applied: result.ok(),
        };
        let path = Places::of_trail(&subject.dir)
            .retention_dir()
            .join("answer");
        let written = serde_json::to_vec(&answer)
            .map_err(std::io::Error::from)
            .and_then(|text| replace_file(&path, &text));
        if let Err(error) = written {
            report(
                &subject.on_error,
                &Error::io("cannot answer by", &path, error),
            );
        }
    }
}

/// What somebody asks for. It is asked for once.
fn take_request(path: &Path) -> Option<Request> {
    const LONGEST: u64 = 64 << 10;
    let metadata = fs::symlink_metadata(path).ok()?;
    let read = || {
        let bytes = (metadata.is_file() && metadata.len() <= LONGEST).then(|| fs::read(path))?;
        serde_json::from_slice(&bytes.ok()?).ok()
    };
    let request = read();
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => None,
        _ => request,
    }
}

fn put_request(places: &Places, request: &Request) {
    if let Ok(text) = serde_json::to_vec(request) {
        // Who asks is told that nobody has answered, if this fails.
        let _ = replace_file(&places.retention_dir().join("request"), &text);
    }
}
