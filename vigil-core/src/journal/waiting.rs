//! Callers that wait for the writer: for their event to be safe on disk, or for room.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(super) struct Waiting {
    state: Mutex<State>,
    advanced: Condvar,
    /// The highest position that somebody waits for to be safe.
    wanted: AtomicU64,
    /// How many threads wait, so that nobody is woken for nothing.
    sleepers: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    /// Everything before this position is safe on disk, but for what is being folded.
    safe: u64,
    /// Everything before this position is safe on disk.
    free: u64,
    /// The writer has ended: nothing more becomes safe.
    ended: bool,
    tasks: Vec<Task>,
}

/// A task that waits for everything before a position to be safe.
#[derive(Debug)]
struct Task {
    position: u64,
    deadline: Instant,
    waker: Waker,
}

impl Waiting {
    pub(super) fn safe_up_to(position: u64) -> Self {
        let waiting = Self::default();
        let mut state = waiting.lock();
        (state.safe, state.free) = (position, position);
        drop(state);
        waiting
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position up to which the writer is asked to make everything safe at once.
    pub(super) fn wanted(&self) -> u64 {
        self.wanted.load(SeqCst)
    }

    /// Asks the writer to make everything before `position` safe when it next looks.
    pub(super) fn want(&self, position: u64) {
        self.wanted.fetch_max(position, SeqCst);
    }

    /// Waits until everything before `position` is safe; false if that did not happen in time, or never will. `wake`
    /// tells the writer that somebody waits.
    pub(super) fn until_safe(
        &self,
        position: u64,
        patience: Duration,
        wake: impl FnOnce(),
    ) -> bool {
        self.until(position, patience, wake, |state| state.safe)
    }

    /// As [`Waiting::until_safe`], with what is being folded.
    pub(super) fn until_free(
        &self,
        position: u64,
        patience: Duration,
        wake: impl FnOnce(),
    ) -> bool {
        self.until(position, patience, wake, |state| state.free)
    }

    fn until(
        &self,
        position: u64,
        patience: Duration,
        wake: impl FnOnce(),
        reached: fn(&State) -> u64,
    ) -> bool {
        let deadline = Instant::now().checked_add(patience);
        self.want(position);
        wake();
        let mut state = self.lock();
        while reached(&state) < position {
            if state.ended {
                return false;
            }
            let left = left(deadline);
            if left.is_zero() {
                return false;
            }
            state = self.sleep(state, left);
        }
        true
    }

    /// As [`Waiting::until_safe`] for a task: ready with whether it is safe, or the waker is kept.
    pub(super) fn poll_safe(
        &self,
        position: u64,
        deadline: Instant,
        waker: &Waker,
        wake: impl FnOnce(),
    ) -> Poll<bool> {
        let mut state = self.lock();
        if state.safe >= position {
            return Poll::Ready(true);
        }
        if state.ended || Instant::now() >= deadline {
            return Poll::Ready(false);
        }
        let known = state
            .tasks
            .iter()
            .any(|task| task.position == position && task.waker.will_wake(waker));
        if !known {
            state.tasks.push(Task {
                position,
                deadline,
                waker: waker.clone(),
            });
        }
        drop(state);
        self.want(position);
        wake();
        Poll::Pending
    }

    /// Wakes the tasks whose deadline has come, and says how long it is to the next deadline.
    pub(super) fn expire(&self) -> Option<Duration> {
        let mut state = self.lock();
        if state.tasks.is_empty() {
            return None;
        }
        let now = Instant::now();
        let ready = state
            .tasks
            .extract_if(.., |task| task.deadline <= now)
            .collect();
        let next = state.tasks.iter().map(|task| task.deadline).min();
        self.wake(state, ready);
        next.map(|deadline| deadline.saturating_duration_since(now))
    }

    /// Waits until the writer has got on, however little.
    pub(super) fn for_progress(&self, patience: Duration) {
        let state = self.lock();
        if !state.ended {
            drop(self.sleep(state, patience));
        }
    }

    fn sleep<'a>(&'a self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.sleepers.fetch_add(1, SeqCst);
        let state = self
            .advanced
            .wait_timeout(state, time)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        self.sleepers.fetch_sub(1, SeqCst);
        state
    }

    /// The writer's side: everything before `safe` is safe on disk, before `free` also what was folded.
    pub(super) fn safe(&self, safe: u64, free: u64) {
        let mut state = self.lock();
        state.safe = state.safe.max(safe);
        state.free = state.free.max(free);
        let safe = state.safe;
        let ready = state
            .tasks
            .extract_if(.., |task| task.position <= safe)
            .collect();
        self.wake(state, ready);
    }

    /// The writer's side: there is no more of it.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        let ready = std::mem::take(&mut state.tasks);
        self.wake(state, ready);
    }

    fn wake(&self, state: MutexGuard<'_, State>, ready: Vec<Task>) {
        let sleeping = self.sleepers.load(SeqCst) > 0;
        drop(state);
        if sleeping {
            self.advanced.notify_all();
        }
        for task in ready {
            task.waker.wake();
        }
    }
}

fn left(deadline: Option<Instant>) -> Duration {
    deadline.map_or(Duration::from_secs(3600), |deadline| {
        deadline.saturating_duration_since(Instant::now())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wakes_the_tasks_knows_when_to_do_so_again() {
        let waiting = Waiting::safe_up_to(0);
        assert_eq!(waiting.expire(), None);
        let now = Instant::now();
        let (soon, late) = (
            now + Duration::from_secs(60),
            now + Duration::from_secs(600),
        );
        for (position, deadline) in [(1, late), (2, soon)] {
            let polled = waiting.poll_safe(position, deadline, Waker::noop(), || {});
            assert_eq!(polled, Poll::Pending);
        }
        assert!(waiting.expire().is_some_and(|next| next <= soon - now));
        waiting.safe(2, 2);
        assert_eq!(waiting.expire(), None);
    }
}
