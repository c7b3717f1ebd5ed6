//! How threads wait for something that happens often and is seldom waited for.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed, Ordering::SeqCst, fence};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wakes who sleeps; where nobody does, ringing costs a fence and a load.
#[derive(Debug, Default)]
pub(super) struct Bell {
    sleepers: AtomicUsize,
    lock: Mutex<()>,
    rung: Condvar,
}

impl Bell {
    /// To be called after what [`Bell::sleep`]'s `ready` looks at has been changed.
    pub(super) fn ring(&self) {
        // Either this load sees the sleeper, or the sleeper's look, which comes after its own fence, sees the change.
        fence(SeqCst);
        if self.sleepers.load(Relaxed) > 0 {
            drop(self.lock());
            self.rung.notify_all();
        }
    }

    /// Sleeps until `ready`, which is asked after each ring, or until the time has come.
    pub(super) fn sleep(&self, until: Option<Instant>, ready: impl Fn() -> bool) {
        let mut guard = self.lock();
        self.sleepers.fetch_add(1, Relaxed);
        fence(SeqCst);
        while !ready() {
            guard = match until {
                None => self
                    .rung
                    .wait(guard)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.rung
                        .wait_timeout(guard, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
        self.sleepers.fetch_sub(1, Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value that is set once, and can be waited for.
#[derive(Debug)]
pub(super) struct Latch<T> {
    value: Mutex<Option<T>>,
    set: Condvar,
}

impl<T> Default for Latch<T> {
    fn default() -> Self {
        Self {
            value: Mutex::new(None),
            set: Condvar::new(),
        }
    }
}

impl<T: Copy> Latch<T> {
    pub(super) fn set(&self, value: T) {
        self.lock().get_or_insert(value);
        self.set.notify_all();
    }

    pub(super) fn get(&self) -> Option<T> {
        *self.lock()
    }

    /// Waits for the value, but not longer than `patience`.
    pub(super) fn wait(&self, patience: Duration) -> Option<T> {
        *self
            .set
            .wait_timeout_while(self.lock(), patience, |value| value.is_none())
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn no_ring_is_missed() {
        const ROUNDS: u64 = 20_000;
        let (bell, there, back) = (Bell::default(), AtomicU64::new(0), AtomicU64::new(0));
        let patience = || Some(Instant::now() + Duration::from_secs(30));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1..=ROUNDS {
                    bell.sleep(patience(), || there.load(SeqCst) >= round);
                    assert!(there.load(SeqCst) >= round, "slept through {round}");
                    back.store(round, SeqCst);
                    bell.ring();
                }
            });
            for round in 1..=ROUNDS {
                there.store(round, SeqCst);
                bell.ring();
                bell.sleep(patience(), || back.load(SeqCst) >= round);
                assert!(back.load(SeqCst) >= round, "slept through {round}");
            }
        });
    }

    #[test]
    fn a_latch_keeps_its_first_value() {
        let latch = Latch::default();
        assert_eq!(latch.wait(Duration::from_millis(1)), None);
        latch.set(1);
        latch.set(2);
        assert_eq!(
            (latch.get(), latch.wait(Duration::from_secs(60))),
            (Some(1), Some(1))
        );
    }
}
