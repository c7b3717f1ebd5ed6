//! The thread that signs: checkpoints of what is safe on disk, and seals of segments that have ended.
//!
//! It is a thread of its own because a signer may be a device that takes its time, or hangs: events then go on into the
//! trail, and callers wait for the disk alone. It is told of the tree after each sync, and signs the latest it knows.

mod signatory;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub(super) use signatory::Signatory;

use super::Role;
use super::monitor::Monitor;
use super::writer::{OnError, report};
use crate::error::Error;
use crate::trail::{Closed, Grown, Integrity, Signing, Tree};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a flush waits for a checkpoint of what it has flushed. The events are safe either way.
const FLUSH_PATIENCE: Duration = Duration::from_secs(2);
/// How much later than agreed a signature may come at the end.
const GRACE: Duration = Duration::from_millis(500);

/// The one that runs, for [`flush`](super::flush).
static RUNNING: Mutex<Option<Sealer>> = Mutex::new(None);

/// Hands the thread its work.
#[derive(Clone)]
pub(super) struct Sealer {
    shared: Arc<Shared>,
    /// The key is Vigil's own to change.
    has_own_key: bool,
    on_error: OnError,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The latest tree of which all is safe on disk.
    tree: Option<Tree>,
    /// Segments to be sealed, all of them safe.
    closed: VecDeque<Closed>,
    /// The size of the latest checkpoint.
    signed: Option<u64>,
    /// A tree of this size is to be signed without delay.
    asked: u64,
    /// The last try has failed.
    fails: bool,
    /// A new key is wanted, and then how that went.
    rotation: Rotation,
    /// How long to go on trying; `None` while the engine runs.
    deadline: Option<Instant>,
    /// Whether all is signed that there was.
    ended: Option<bool>,
}

#[derive(Default)]
enum Rotation {
    #[default]
    None,
    Wanted,
    Done(Result<(), Error>),
}

/// What to do next.
enum Job {
    Seal(Box<Closed>),
    Sign(Tree),
    Rotate(Tree),
    End,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(
        &self,
        state: MutexGuard<'s, State>,
        time: Option<Duration>,
    ) -> MutexGuard<'s, State> {
        match time {
            Some(time) => {
                self.changed
                    .wait_timeout(state, time)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
            }
            None => self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
        }
    }
}

impl Sealer {
    pub(super) fn start(
        signing: Signing,
        integrity: &Integrity,
        monitor: Arc<Monitor>,
        on_error: OnError,
    ) -> std::io::Result<Self> {
        let sealer = Self {
            shared: Arc::default(),
            has_own_key: signing.keys.is_own,
            on_error: Arc::clone(&on_error),
        };
        sealer.shared.lock().signed = signing.signed;
        let pace = Pace {
            interval: integrity.checkpoint_interval,
            every: integrity.checkpoint_every,
            signed_at: None,
        };
        let shared = Arc::clone(&sealer.shared);
        thread::Builder::new()
            .name("vigil-seal".to_owned())
            .spawn(move || {
                let ended = run(&shared, Signatory::new(signing), pace, &monitor, &on_error);
                let mut state = shared.lock();
                state.ended = Some(ended);
                if matches!(state.rotation, Rotation::Wanted) {
                    state.rotation = Rotation::Done(Err(Error::stopped("the engine has stopped")));
                }
                drop(state);
                shared.changed.notify_all();
            })?;
        *running() = Some(sealer.clone());
        Ok(sealer)
    }

    /// These are safe on disk.
    pub(super) fn offer(&self, grown: Grown) {
        let mut state = self.shared.lock();
        state.tree = Some(grown.tree);
        state.closed.extend(grown.closed);
        drop(state);
        self.shared.changed.notify_all();
        for trouble in grown.trouble {
            report(&self.on_error, &Error::trail(trouble));
        }
    }

    /// Waits until what was offered is signed, as long as that goes well, and for at most `patience`.
    fn sign_now(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        let size = state.tree.map_or(0, |tree| tree.size);
        state.asked = state.asked.max(size);
        self.shared.changed.notify_all();
        while state.signed.is_none_or(|signed| signed < size)
            && !state.fails
            && state.ended.is_none()
        {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.shared.wait(state, Some(left));
        }
    }

    /// Begins a new epoch: a new key, for which the old one signs a last time.
    fn rotate(&self, patience: Duration) -> Result<(), Error> {
        if !self.has_own_key {
            return Err(Error::config(
                "the program signs by a signer of its own, whose keys Vigil cannot change: give vigil::builder() the \
                 signer with the new key at the next start",
            ));
        }
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        if state.ended.is_some() {
            return Err(not_running());
        }
        state.rotation = Rotation::Wanted;
        self.shared.changed.notify_all();
        loop {
            if let Rotation::Done(_) = state.rotation
                && let Rotation::Done(result) = std::mem::take(&mut state.rotation)
            {
                return result;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                state.rotation = Rotation::None;
                return Err(Error::timeout(
                    "the signer did not answer in time; whether the key was changed stands in the trail",
                ));
            }
            state = self.shared.wait(state, Some(left));
        }
    }

    /// Signs what is left, for at most `patience`, and ends the thread. Whether all is signed; `None` if the signer does
    /// not come back.
    pub(super) fn finish(self, patience: Duration) -> Option<bool> {
        *running() = None;
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        state.deadline = Some(deadline);
        self.shared.changed.notify_all();
        while state.ended.is_none() && Instant::now() < deadline + GRACE {
            state = self.shared.wait(state, Some(GRACE));
        }
        state.ended
    }
}

fn running() -> MutexGuard<'static, Option<Sealer>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_running() -> Error {
    Error::stopped("there is no running engine that signs its trail")
}

/// Has what a flush has made safe signed as well, if it can be within a moment.
pub(super) fn sign_flushed() {
    let sealer = running().clone();
    if let Some(sealer) = sealer {
        sealer.sign_now(FLUSH_PATIENCE);
    }
}

/// Has the trail signed by a new key from now on.
///
/// The new key is made and kept as the first one was. The checkpoint at which it takes over is signed by both, so that
/// who trusts the old one can trust the new one; then the old secret is overwritten and removed, so that nobody can sign
/// by it any more, also not who takes over the machine tomorrow. The trail tells of it as `audit_key_rotated`, and
/// `.vigil/log.vkey` holds the new public key.
///
/// # Errors
///
/// [`Error::is_stopped`] if no engine runs or its trail is not signed; [`Error::is_config`] if a
/// [`Signer`](crate::Signer) of the program's signs, whose keys are its own affair; [`Error::is_io`] if the key could not
/// be kept: the old one then goes on.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// let vigil = vigil::builder().trail(dir.path()).init()?;
/// let before = std::fs::read_to_string(dir.path().join(".vigil/log.vkey")).unwrap();
/// vigil::rotate_key()?;
/// assert_ne!(std::fs::read_to_string(dir.path().join(".vigil/log.vkey")).unwrap(), before);
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn rotate_key() -> Result<(), Error> {
    let sealer = running().clone();
    sealer
        .ok_or_else(not_running)?
        .rotate(Duration::from_secs(15))
}

/// When checkpoints are due.
struct Pace {
    interval: Duration,
    every: u64,
    signed_at: Option<Instant>,
}

impl Pace {
    /// How long until a checkpoint of `size` is due; `None` if there is nothing to sign.
    fn until_due(&self, state: &State) -> Option<Duration> {
        let size = state.tree?.size;
        match state.signed {
            None => return Some(Duration::ZERO),
            Some(signed) if size <= signed => return None,
            Some(signed) if size - signed >= self.every || state.asked > signed => {
                return Some(Duration::ZERO);
            }
            Some(_) => {}
        }
        let since = self.signed_at.map_or(Duration::MAX, |at| at.elapsed());
        Some(self.interval.saturating_sub(since))
    }
}

fn run(
    shared: &Shared,
    mut signatory: Signatory,
    mut pace: Pace,
    monitor: &Monitor,
    on_error: &OnError,
) -> bool {
    // What is audited in `on_error` or by the signer must not wait for the journal here either.
    Role::Writer.take();
    monitor.signs(signatory.proof());
    let mut pause = FIRST_PAUSE;
    loop {
        let mut job = next_job(shared, &pace);
        let result = match &mut job {
            Job::End => return true,
            Job::Seal(closed) => {
                let end = Tree {
                    size: closed.seal.end(),
                    root: closed.seal.root,
                };
                sign(shared, &mut signatory, end).and_then(|()| signatory.seal(closed))
            }
            Job::Sign(tree) => sign(shared, &mut signatory, *tree),
            Job::Rotate(tree) => {
                let result = signatory.rotate_and_tell(*tree);
                let mut state = shared.lock();
                if result.is_ok() {
                    state.signed = state.signed.max(Some(tree.size));
                }
                if matches!(state.rotation, Rotation::Wanted) {
                    state.rotation = Rotation::Done(result);
                }
                Ok(())
            }
        };
        pace.signed_at = Some(Instant::now());
        let mut state = shared.lock();
        state.fails = result.is_err();
        let Err(error) = result else {
            monitor.signing.ended();
            if let Some(signed) = state.signed {
                monitor.signed(signed);
            }
            drop(state);
            monitor.signs(signatory.proof());
            shared.changed.notify_all();
            pause = FIRST_PAUSE;
            continue;
        };
        if let Job::Seal(closed) = job {
            state.closed.push_front(*closed);
        }
        drop(state);
        shared.changed.notify_all();
        monitor.signing.failed(&error);
        report(on_error, &error);
        if !rest(shared, pause) {
            return false;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn sign(shared: &Shared, signatory: &mut Signatory, tree: Tree) -> Result<(), Error> {
    // Never below a size that was signed before: two checkpoints that contradict each other convict the trail.
    if shared
        .lock()
        .signed
        .is_some_and(|signed| signed >= tree.size)
    {
        return Ok(());
    }
    signatory.sign(tree)?;
    shared.lock().signed = Some(tree.size);
    Ok(())
}

fn next_job(shared: &Shared, pace: &Pace) -> Job {
    let mut state = shared.lock();
    loop {
        if let Some(closed) = state.closed.pop_front() {
            return Job::Seal(Box::new(closed));
        }
        if let (Rotation::Wanted, Some(tree)) = (&state.rotation, state.tree) {
            return Job::Rotate(tree);
        }
        let until_due = pace.until_due(&state);
        let is_due = until_due.is_some_and(|time| time.is_zero() || state.deadline.is_some());
        if let (true, Some(tree)) = (is_due, state.tree) {
            return Job::Sign(tree);
        }
        if state.deadline.is_some() {
            return Job::End;
        }
        state = shared.wait(state, until_due);
    }
}

/// Sleeps for a while before the next try. False if there is no time left.
fn rest(shared: &Shared, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    let mut state = shared.lock();
    loop {
        let now = Instant::now();
        if state.deadline.is_some_and(|deadline| now >= deadline) {
            return false;
        }
        let until = match state.deadline {
            Some(_) => until.min(now + FIRST_PAUSE),
            None => until,
        };
        if now >= until {
            return true;
        }
        state = shared.wait(state, Some(until - now));
    }
}
