//! Folding: of events that say the same, one line and a count. Off unless configured.
//!
//! The first of them is written at once and opens a window. Those that follow within it are not written but counted,
//! and at its end stand in the trail as one line, with how many they were and when the first and the last began. So a
//! line is never held back that has no count, and nobody waits longer than a window for a count.
//!
//! Two events say the same if all is equal but their ids, times, durations, threads and checkpoints: callsite, outcome,
//! slow or not, actor, resource, parameters, result, error, context, parent, custom fields and changes. They are
//! compared byte by byte, so that no collision can hide one behind another. An event that others name as their parent
//! is not folded: its id has to stand in the trail.
//!
//! What has been counted is only in memory, so the journal must keep its records until the count is in the trail:
//! [`Dedup::pinned`] says from where on. After a crash [`Written`] tells which of them are counted by a line already.
//!
//! Time is passed in; nothing here knows a clock.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::event::EventId;
use crate::event::record::{Record, Section};

/// So many windows are open at once at most, and so many bytes are kept for them; what comes beyond is written as it
/// is.
const MOST_WINDOWS: usize = 4096;
const MOST_BYTES: usize = 4 << 20;

/// So many parents are remembered at least.
const PARENTS: usize = 4096;

/// How long the windows are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Windows {
    /// For the categories that have none of their own; `None`: they are not folded.
    pub(crate) every: Option<Duration>,
    pub(crate) categories: BTreeMap<String, Option<Duration>>,
}

impl Windows {
    /// That of a category; `None` if its events are not folded.
    pub(crate) fn of(&self, category: &str) -> Option<Duration> {
        self.categories.get(category).copied().unwrap_or(self.every)
    }

    /// Whether nothing is folded at all.
    pub(crate) fn is_off(&self) -> bool {
        self.every.is_none() && self.categories.values().all(Option::is_none)
    }
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Verdict {
    /// It is to be written.
    Write,
    /// It is counted; its count comes out of [`Dedup::due`].
    Fold,
}

/// What a line that stands for several events says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeats {
    pub(crate) count: u64,
    /// When the first and the last of them began.
    pub(crate) first_unix_nanos: u64,
    pub(crate) last_unix_nanos: u64,
    /// The event that they repeat, which stands in a line of its own.
    pub(crate) of: EventId,
}

/// A line that is to be written for events that were counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Folded {
    /// The last of them, whose id the line has: see [`Written`].
    pub(crate) record: Vec<u8>,
    pub(crate) repeats: Repeats,
    /// Where the first of them stands in the journal.
    pub(crate) position: u64,
}

/// The windows that are open.
#[derive(Debug, Default)]
pub(crate) struct Dedup {
    open: HashMap<Arc<[u8]>, Window>,
    /// When each ends, in that order; the second number only tells those apart that end together.
    ends: BTreeMap<(u64, u64), Arc<[u8]>>,
    opened: u64,
    bytes: usize,
    identity: Vec<u8>,
    parents: Parents,
}

#[derive(Debug)]
struct Window {
    of: EventId,
    repeated: Option<Repeated>,
}

#[derive(Debug)]
struct Repeated {
    /// The last of them.
    record: Vec<u8>,
    repeats: Repeats,
    /// Where the first of them stands in the journal.
    position: u64,
}

impl Dedup {
    /// Decides about the event of `record`, which is `bytes` and stands at `position` in the journal. `window` is that
    /// of its category, `now` nanoseconds of a clock that is not stepped. [`Dedup::due`] is to be called first.
    ///
    /// Every event is to be offered, with no window if it must not be folded: because its category is mandatory,
    /// because somebody waits for it to be in the trail, or because it is an intent.
    pub(crate) fn offer(
        &mut self,
        record: &Record<'_>,
        bytes: &[u8],
        position: u64,
        window: Option<Duration>,
        now: u64,
    ) -> Verdict {
        let header = &record.header;
        let is_parent = self.parents.take(header.id);
        if let Some(parent) = header.parent {
            self.parents.add(parent);
        }
        let Some(window) = window.filter(|_| !is_parent) else {
            return Verdict::Write;
        };
        self.identity.clear();
        write_identity(record, &mut self.identity);
        if let Some(open) = self.open.get_mut(self.identity.as_slice()) {
            let began = header.started_unix_nanos;
            let repeated = open.repeated.get_or_insert_with(|| Repeated {
                record: Vec::new(),
                repeats: Repeats {
                    count: 0,
                    first_unix_nanos: began,
                    last_unix_nanos: began,
                    of: open.of,
                },
                position,
            });
            let repeats = &mut repeated.repeats;
            repeats.count += 1;
            repeats.first_unix_nanos = repeats.first_unix_nanos.min(began);
            repeats.last_unix_nanos = repeats.last_unix_nanos.max(began);
            self.bytes = self.bytes + bytes.len() - repeated.record.len();
            repeated.record.clear();
            repeated.record.extend_from_slice(bytes);
            return Verdict::Fold;
        }
        // Room for a repeat as well.
        let needed = self.identity.len() + bytes.len();
        if self.open.len() < MOST_WINDOWS && self.bytes + needed <= MOST_BYTES {
            let length = u64::try_from(window.as_nanos()).unwrap_or(u64::MAX);
            let end = (now.saturating_add(length), self.opened);
            self.opened += 1;
            self.bytes += self.identity.len();
            let identity: Arc<[u8]> = self.identity.as_slice().into();
            self.ends.insert(end, Arc::clone(&identity));
            self.open.insert(
                identity,
                Window {
                    of: header.id,
                    repeated: None,
                },
            );
        }
        Verdict::Write
    }

    /// The next line that is to be written because its window has ended by `now`. To be asked until there is none.
    pub(crate) fn due(&mut self, now: u64) -> Option<Folded> {
        while let Some(entry) = self.ends.first_entry() {
            if entry.key().0 > now {
                return None;
            }
            let identity = entry.remove();
            if let Some(folded) = self.close(&identity) {
                return Some(folded);
            }
        }
        None
    }

    /// As [`Dedup::due`], of windows that have not ended: at the end of the engine, and where the journal needs the
    /// room.
    pub(crate) fn drain(&mut self) -> Option<Folded> {
        self.due(u64::MAX)
    }

    /// When the next window ends; `None` while none is open.
    #[cfg(test)]
    fn next_due(&self) -> Option<u64> {
        self.ends.keys().next().map(|(end, _)| *end)
    }

    /// Where the oldest record stands in the journal that is in no line yet: it and what comes after it must be kept.
    pub(crate) fn pinned(&self) -> Option<u64> {
        self.open
            .values()
            .filter_map(|window| window.repeated.as_ref())
            .map(|repeated| repeated.position)
            .min()
    }

    fn close(&mut self, identity: &Arc<[u8]>) -> Option<Folded> {
        let window = self.open.remove(identity)?;
        self.bytes = self.bytes.saturating_sub(identity.len());
        let Repeated {
            record,
            repeats,
            position,
        } = window.repeated?;
        self.bytes = self.bytes.saturating_sub(record.len());
        Some(Folded {
            record,
            repeats,
            position,
        })
    }
}

/// The events that have been named as a parent, and not come themselves yet: a call ends after the calls within it.
#[derive(Debug, Default)]
struct Parents {
    newer: HashSet<EventId>,
    older: HashSet<EventId>,
}

impl Parents {
    fn add(&mut self, parent: EventId) {
        if self.newer.len() >= PARENTS {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(parent);
    }

    fn take(&mut self, id: EventId) -> bool {
        let newer = self.newer.remove(&id);
        self.older.remove(&id) || newer
    }
}

/// What two events have in common that say the same.
fn write_identity(record: &Record<'_>, out: &mut Vec<u8>) {
    let header = &record.header;
    out.extend_from_slice(&header.callsite.to_le_bytes());
    out.push(header.status as u8);
    out.push(u8::from(header.slow));
    if let Some(parent) = header.parent {
        out.extend_from_slice(parent.as_bytes());
    }
    for section in Section::ALL {
        if !matches!(section, Section::Thread | Section::Checkpoints) {
            crate::event::record::push_section(out, section, record.section(section));
        }
    }
}

/// After a crash: which of the records that the journal still holds are in the trail.
///
/// A line that stands for several events has the id of the last of them only. What says the same and stands before that
/// one in the journal is in the trail too: in this line, in an earlier one, or in one of its own. For of events that say
/// the same a later one is never in a line before an earlier one is, and of the trail a crash takes only the end. (Were
/// it the id of the first, a journal that had been released up to the middle of them could not say whose the others
/// are.)
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The ids of the lines, and whether they stand for several events.
    lines: HashMap<EventId, bool>,
    /// Where the last event of those that say this and are in such a line stands in the journal.
    counted: HashMap<Vec<u8>, u64>,
}

impl Written {
    /// The trail has a line of this id, which stands for several events or for one.
    pub(crate) fn line(&mut self, id: EventId, for_several: bool) {
        self.lines.insert(id, for_several);
    }

    /// Whether some line stands for several events; else nothing needs to be shown.
    pub(crate) fn has_counts(&self) -> bool {
        self.lines.values().any(|for_several| *for_several)
    }

    /// To be shown all records of the journal before being asked about any.
    pub(crate) fn show(&mut self, record: &Record<'_>, position: u64) {
        if self.lines.get(&record.header.id) == Some(&true) {
            let mut identity = Vec::new();
            write_identity(record, &mut identity);
            let last = self.counted.entry(identity).or_insert(position);
            *last = position.max(*last);
        }
    }

    /// Whether the event of `record` is in the trail.
    pub(crate) fn holds(&self, record: &Record<'_>, position: u64) -> bool {
        if self.lines.contains_key(&record.header.id) {
            return true;
        }
        if self.counted.is_empty() {
            return false;
        }
        let mut identity = Vec::new();
        write_identity(record, &mut identity);
        self.counted
            .get(&identity)
            .is_some_and(|last| position <= *last)
    }
}

#[cfg(test)]
#[path = "dedup_tests.rs"]
mod tests;
