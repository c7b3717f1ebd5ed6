//! Where the time comes from: passed in, so that midnight is a unit test.

use std::time::{SystemTime, UNIX_EPOCH};

/// The wall clock that stamps events and decides when the trail's file of the day ends.
///
/// Durations are not taken from it: a wall clock may be stepped, so calls are timed by the monotonic clock.
///
/// # Examples
///
/// A clock that stands still, for a test:
///
/// ```
/// struct Noon;
///
/// impl vigil::Clock for Noon {
///     fn unix_nanos(&self) -> u64 {
///         1_795_435_200_000_000_000 // 2026-11-23T12:00:00Z
///     }
/// }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    fn unix_nanos(&self) -> u64;
}

/// A point on the clock that measures durations, which nobody steps: nanoseconds since some point in the past.
///
/// The clock of `Instant`, in one number: the standard library's arithmetic in seconds and nanoseconds is a good tenth
/// of what a recorded call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Monotonic(u64);

impl Monotonic {
    #[cfg(unix)]
    #[inline]
    pub(crate) fn now() -> Self {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        // Neither is negative, and both together last for 584 years.
        Self((now.tv_sec as u64).wrapping_mul(1_000_000_000) + now.tv_nsec as u64)
    }

    #[cfg(not(unix))]
    pub(crate) fn now() -> Self {
        use std::sync::OnceLock;
        use std::time::Instant;
        static FIRST: OnceLock<Instant> = OnceLock::new();
        let since = FIRST.get_or_init(Instant::now).elapsed();
        Self(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
    }

    /// Nanoseconds from `earlier` to here; 0 where it is not earlier.
    #[inline]
    pub(crate) const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Nanoseconds from here to now.
    #[inline]
    pub(crate) fn elapsed(self) -> u64 {
        Self::now().since(self)
    }
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn unix_nanos(&self) -> u64 {
        // A clock set before 1970 is a broken host; the event is worth more than its date.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
            })
    }
}
