//! What has become of the events: counted where it happens, added up here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use super::ERRORS;
use crate::event::Callsite;
use crate::sink::{Forwarders, SinkStats};

/// The sinks of the engine that runs, or ran last.
static SINKS: Mutex<Option<Arc<Forwarders>>> = Mutex::new(None);

pub(super) fn set_sinks(sinks: Arc<Forwarders>) {
    *SINKS.lock().unwrap_or_else(PoisonError::into_inner) = Some(sinks);
}

/// How many events of a category there have been since the process started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CategoryStats {
    /// Events handed over by callers: they are in the trail or on their way.
    pub recorded: u64,
    /// Events that stand in the trail.
    pub written: u64,
    /// Calls that were refused before their body ran, because their event could not be kept.
    pub refused: u64,
    /// Events that were to be safe on disk when their call returned, and were not in time. They are not lost.
    pub late: u64,
    /// Calls that the filters let run unrecorded.
    pub filtered: u64,
    /// Events lost: the journal was full, the engine had been shut down, or the trail could not be written.
    pub dropped: u64,
}

/// What has become of the events since the process started; see [`stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The sums over all categories.
    pub total: CategoryStats,
    /// The troubles Vigil had; `on_error` was told of each.
    pub errors: u64,
    /// The counts of each category of which something has been reached.
    pub categories: BTreeMap<&'static str, CategoryStats>,
    /// How each sink of the engine that runs, or ran last, is doing, by its name.
    pub sinks: BTreeMap<String, SinkStats>,
}

/// Counts events since the process started, in total and by category.
///
/// `recorded` less `written` is what is on its way, or, after a shutdown, what `dropped` counts as unwritten.
///
/// # Examples
///
/// ```
/// let stats = vigil::stats();
/// println!("{} events recorded, {} lost", stats.total.recorded, stats.total.dropped);
/// ```
#[must_use]
pub fn stats() -> Stats {
    let sinks = SINKS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .as_ref()
        .map(|sinks| sinks.stats());
    let mut stats = Stats {
        errors: ERRORS.load(Relaxed),
        sinks: sinks.unwrap_or_default(),
        ..Stats::default()
    };
    for callsite in Callsite::reached() {
        // What Vigil says of its own accord nobody has called, and of what nobody has called there is nothing to say.
        if callsite.is_reserved() || callsite.counters.are_zero() {
            continue;
        }
        let of_category = stats
            .categories
            .entry(callsite.category.as_str())
            .or_default();
        for sum in [of_category, &mut stats.total] {
            sum.recorded += callsite.counters.recorded.load(Relaxed);
            sum.written += callsite.counters.written.load(Relaxed);
            sum.filtered += callsite.counters.filtered.load(Relaxed);
            sum.dropped += callsite.counters.dropped.load(Relaxed);
            sum.refused += callsite.counters.refused.load(Relaxed);
            sum.late += callsite.counters.late.load(Relaxed);
        }
    }
    stats
}

impl fmt::Display for CategoryStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            recorded,
            written,
            filtered,
            dropped,
            refused,
            late,
        } = self;
        write!(
            f,
            "{recorded} recorded, {written} written, {filtered} filtered, {dropped} dropped"
        )?;
        for (count, what) in [(refused, "refused"), (late, "late")] {
            if *count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Stats {
    /// A line for the total, one for each category and one for each sink.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "total: {}, {} errors", self.total, self.errors)?;
        for (category, counts) in &self.categories {
            write!(f, "\n{category}: {counts}")?;
        }
        for (name, sink) in &self.sinks {
            write!(f, "\nsink {name}: {sink}")?;
        }
        Ok(())
    }
}
