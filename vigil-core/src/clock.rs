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
