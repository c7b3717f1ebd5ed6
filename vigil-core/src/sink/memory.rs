//! The lines of the trail in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Batch, Sink, SinkError, SinkOptions, Start};
use crate::Event;

/// Keeps the newest events in memory: for a test of the whole way, or for a page that shows what has just happened.
///
/// A clone shares the events, so keep one and give the other to the builder. Without further options it begins with the
/// first event after the engine has started, and keeps no cursor.
///
/// To look at the events of just some code, without an engine, use [`testing::capture`](crate::testing::capture).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use vigil::sink::Memory;
/// # use vigil::audit;
///
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let recent = Memory::keeping(100);
/// let vigil = vigil::builder().trail(dir).sink(recent.clone()).init()?;
/// audit!(category = "DATA", operation = "report");
/// assert!(recent.wait_for(1, Duration::from_secs(10)));
/// assert_eq!(recent.events()[0].action.operation, "report");
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Memory {
    name: String,
    most: usize,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    taken: u64,
}

impl Memory {
    /// Keeps the newest `most` events.
    #[must_use]
    pub fn keeping(most: usize) -> Self {
        Self {
            name: "memory".to_owned(),
            most,
            shared: Arc::default(),
        }
    }

    /// Under another name than `memory`, so that a program can have two.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The lines that are kept, oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().lines.iter().cloned().collect()
    }

    /// The events that are kept, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.lock()
            .lines
            .iter()
            .filter_map(|line| Event::parse(line).ok())
            .collect()
    }

    /// How many events have been taken, kept or not.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.lock().taken
    }

    /// Waits until at least so many events have been taken in all. False if that does not happen in time.
    #[must_use = "it may not have happened in time"]
    pub fn wait_for(&self, events: u64, patience: Duration) -> bool {
        let waited = self
            .shared
            .arrived
            .wait_timeout_while(self.lock(), patience, |kept| kept.taken < events);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.shared
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        let mut kept = self.lock();
        for line in batch.lines() {
            if kept.lines.len() >= self.most {
                kept.lines.pop_front();
            }
            if self.most > 0 {
                kept.lines.push_back(line.as_str().to_owned());
            }
        }
        kept.taken += batch.len() as u64;
        drop(kept);
        self.shared.arrived.notify_all();
        Ok(())
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new().start(Start::End).cursor(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let mut memory = Memory::keeping(2).named("recent");
        let shared = memory.clone();
        memory.deliver(&Batch::new("a\nb\nc\n", 0, 3)).unwrap();
        assert_eq!(shared.lines(), ["b", "c"]);
        assert!(shared.wait_for(3, Duration::ZERO) && !shared.wait_for(4, Duration::ZERO));
        assert_eq!((shared.taken(), shared.name()), (3, "recent"));
    }
}
