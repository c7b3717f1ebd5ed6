//! How a sink is fed: batch sizes, retries, deadline, and where a new one begins.

use std::time::Duration;

/// Where a sink begins that has no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest event that the trail holds, so that its copy is complete. The default.
    Beginning,
    /// With the next event that is written.
    End,
}

/// How a sink is fed. What is not set here is taken from the configuration (`sinks.<name>` in `vigil.yaml`), and what
/// is not set there either from what the sink asks for by [`Sink::options`](super::Sink::options), or is a default.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use vigil::sink::{SinkOptions, Start};
///
/// let options = SinkOptions::new()
///     .start(Start::End)
///     .batch(200, 256 * 1024)
///     .retry(Duration::from_millis(50), Duration::from_secs(10))
///     .deadline(Duration::from_secs(5));
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "options do nothing by themselves; hand them to Builder::sink_with"]
pub struct SinkOptions {
    pub(crate) start: Option<Start>,
    pub(crate) cursor: Option<bool>,
    pub(crate) batch_events: Option<usize>,
    pub(crate) batch_bytes: Option<usize>,
    pub(crate) first_retry: Option<Duration>,
    pub(crate) longest_retry: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
}

impl SinkOptions {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the sink begins if it has no cursor yet. Default: [`Start::Beginning`].
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// Whether the sink's place is kept over restarts. Without a cursor it begins anew, as [`SinkOptions::start`] says,
    /// each time the engine starts, and what it had not been given then is not made up for. Default: `true`.
    pub fn cursor(mut self, kept: bool) -> Self {
        self.cursor = Some(kept);
        self
    }

    /// How many events, 1 to 1,000,000, and how many bytes, 1 KiB to 64 MiB, a batch has at most; a single event is
    /// delivered whatever its length. Default: 1000 events, 1 MiB. A sink's memory is bounded by this, however far
    /// it lags behind.
    pub fn batch(mut self, events: usize, bytes: usize) -> Self {
        self.batch_events = Some(events);
        self.batch_bytes = Some(bytes);
        self
    }

    /// How long to wait before a failed batch is tried again: at most `first` after the first failure, twice that after
    /// the second, and so on, but never longer than `longest`. The pause is drawn anew each time from between nothing
    /// and that ("full jitter"), so that many programs do not come back to a server all at once. At least a
    /// millisecond. Default: 100 ms and 30 s.
    pub fn retry(mut self, first: Duration, longest: Duration) -> Self {
        self.first_retry = Some(first);
        self.longest_retry = Some(longest);
        self
    }

    /// How long a sink may take for a batch, or for a flush, before it counts as hanging. At least a millisecond.
    /// Default: 30 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// What is set here, else what `other` says.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            start: self.start.or(other.start),
            cursor: self.cursor.or(other.cursor),
            batch_events: self.batch_events.or(other.batch_events),
            batch_bytes: self.batch_bytes.or(other.batch_bytes),
            first_retry: self.first_retry.or(other.first_retry),
            longest_retry: self.longest_retry.or(other.longest_retry),
            deadline: self.deadline.or(other.deadline),
        }
    }

    /// All of it, with the defaults for what is not set; or which key is wrong, and what was expected.
    pub(crate) fn resolve(self) -> Result<Feed, (&'static str, &'static str)> {
        let feed = Feed {
            start: self.start.unwrap_or(Start::Beginning),
            cursor: self.cursor.unwrap_or(true),
            batch_events: self.batch_events.unwrap_or(1000),
            batch_bytes: self.batch_bytes.unwrap_or(1 << 20),
            first_retry: self.first_retry.unwrap_or(Duration::from_millis(100)),
            longest_retry: self.longest_retry.unwrap_or(Duration::from_secs(30)),
            deadline: self.deadline.unwrap_or(Duration::from_secs(30)),
        };
        check_batch_events(feed.batch_events).map_err(|expected| ("batch_events", expected))?;
        check_batch_bytes(feed.batch_bytes as u64).map_err(|expected| ("batch_size", expected))?;
        check_interval(feed.first_retry).map_err(|expected| ("first_retry", expected))?;
        check_interval(feed.longest_retry).map_err(|expected| ("longest_retry", expected))?;
        check_interval(feed.deadline).map_err(|expected| ("deadline", expected))?;
        if feed.first_retry > feed.longest_retry {
            return Err(("longest_retry", "at least first_retry"));
        }
        Ok(feed)
    }
}

/// How a sink is fed, all of it set and checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feed {
    pub(super) start: Start,
    pub(super) cursor: bool,
    pub(super) batch_events: usize,
    pub(super) batch_bytes: usize,
    pub(super) first_retry: Duration,
    pub(super) longest_retry: Duration,
    pub(super) deadline: Duration,
}

pub(crate) fn check_batch_events(events: usize) -> Result<(), &'static str> {
    if (1..=1_000_000).contains(&events) {
        Ok(())
    } else {
        Err("1 to 1000000 events")
    }
}

pub(crate) fn check_batch_bytes(bytes: u64) -> Result<(), &'static str> {
    if (1 << 10..=64 << 20).contains(&bytes) {
        Ok(())
    } else {
        Err("1 KiB to 64 MiB")
    }
}

pub(crate) fn check_interval(interval: Duration) -> Result<(), &'static str> {
    if interval >= Duration::from_millis(1) {
        Ok(())
    } else {
        Err("at least 1ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_first_wins_and_defaults_come_last() {
        let code = SinkOptions::new().deadline(Duration::from_secs(1));
        let file = SinkOptions::new()
            .deadline(Duration::from_secs(2))
            .start(Start::End);
        let feed = code.or(file).resolve().unwrap();
        assert_eq!(
            (feed.deadline, feed.start, feed.batch_events),
            (Duration::from_secs(1), Start::End, 1000)
        );
    }

    #[test]
    fn what_cannot_work_is_refused() {
        let second = Duration::from_secs(1);
        for (options, key) in [
            (SinkOptions::new().batch(0, 1 << 20), "batch_events"),
            (SinkOptions::new().batch(1, 10), "batch_size"),
            (
                SinkOptions::new().retry(Duration::ZERO, second),
                "first_retry",
            ),
            (
                SinkOptions::new().retry(second, second / 2),
                "longest_retry",
            ),
            (SinkOptions::new().deadline(Duration::ZERO), "deadline"),
        ] {
            assert_eq!(options.resolve().unwrap_err().0, key);
        }
    }
}
