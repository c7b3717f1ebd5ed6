//! Events that found no room: counted by category and reason, and by the place where they would have stood, until the
//! trail tells of them.
//!
//! The counts only grow, and lie in the head of the journal file, where they survive the process. How many of them the
//! trail tells of lies in the [mark](super::header::Mark); the rest is told at the next start.
//!
//! To lose an event is slow anyway, so there is a lock here.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::header::{LOSS_KINDS, LOSSES};

const ENTRY_WORDS: usize = (LOSSES.end - LOSSES.start) / LOSS_KINDS;
/// Of an entry: lost so far, first and last time not yet told of, reason; then the category, filled up with zeros.
const COUNT: usize = 0;
const FIRST: usize = 1;
const LAST: usize = 2;
const REASON: usize = 3;
const NAME: usize = 4;
const NAME_BYTES: usize = (ENTRY_WORDS - NAME) * 8;
/// Stands for all categories that find no entry of their own.
const OTHER: &str = "(other)";
const NOWHERE: u64 = u64::MAX;

/// Why an event was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LossReason {
    /// The journal was full, and the policy of the category says to drop, or to wait no longer.
    JournalFull = 1,
    /// The event is larger than what the journal takes.
    TooLarge = 2,
    /// It came before the engine was started, and more was waiting than is held.
    BeforeStart = 3,
}

impl LossReason {
    const ALL: [Self; 3] = [Self::JournalFull, Self::TooLarge, Self::BeforeStart];

    /// The word in the trail.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::JournalFull => "journal_full",
            Self::TooLarge => "too_large",
            Self::BeforeStart => "before_start",
        }
    }
}

/// Lost events of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loss {
    /// The entry in the table.
    pub(crate) kind: usize,
    pub(crate) category: String,
    pub(crate) reason: LossReason,
    pub(crate) count: u64,
    /// When they were lost, in nanoseconds since the Unix epoch.
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Loss {
    /// More of the same kind.
    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

#[derive(Debug)]
pub(super) struct Ledger {
    state: Mutex<State>,
    /// The place of the first loss that has not been told of.
    place: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    kinds: Vec<(String, LossReason)>,
    /// By place.
    untold: VecDeque<(u64, Loss)>,
    ended: bool,
}

impl Ledger {
    /// The ledger of a journal file, with the kinds that it knows already.
    pub(super) fn of(header: &[AtomicU64]) -> Self {
        let kinds = (0..LOSS_KINDS).map_while(|kind| read(header, kind));
        Self {
            state: Mutex::new(State {
                kinds: kinds.map(|loss| (loss.category, loss.reason)).collect(),
                untold: VecDeque::new(),
                ended: false,
            }),
            place: AtomicU64::new(NOWHERE),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts events that would have stood at `place`. False if the ledger has ended.
    pub(super) fn add<'m>(
        &self,
        header: impl FnOnce() -> &'m [AtomicU64],
        place: u64,
        lost: &Loss,
    ) -> bool {
        let mut state = self.lock();
        if state.ended {
            return false;
        }
        let header = header();
        let kind = state.kind_of(header, &lost.category, lost.reason);
        let Some(entry) = entry(header, kind) else {
            return false;
        };
        let told = !state.untold.iter().any(|(_, loss)| loss.kind == kind);
        // Threads come here in another order than that of their clocks.
        if told {
            entry[FIRST].store(lost.first, Relaxed);
            entry[LAST].store(lost.last, Relaxed);
        } else {
            entry[FIRST].fetch_min(lost.first, Relaxed);
            entry[LAST].fetch_max(lost.last, Relaxed);
        }
        entry[COUNT].fetch_add(lost.count, Relaxed);
        let same = state
            .untold
            .iter_mut()
            .rev()
            .take_while(|(at, _)| *at == place)
            .find(|(_, loss)| loss.kind == kind);
        match same {
            Some((_, loss)) => {
                loss.join(lost);
            }
            None => {
                let loss = Loss {
                    kind,
                    ..lost.clone()
                };
                state.untold.push_back((place, loss));
            }
        }
        self.place.fetch_min(place, Ordering::Release);
        true
    }

    /// Counts no more: the memory of the header is going to be given back.
    pub(super) fn end(&self) {
        self.lock().ended = true;
    }

    /// Whether something was lost before `position` that has not been told of.
    #[inline]
    pub(super) fn owes(&self, position: u64) -> bool {
        self.place.load(Ordering::Acquire) <= position
    }

    /// What was lost before `position`; from then on it counts as told of.
    pub(super) fn take(&self, position: u64) -> Vec<Loss> {
        let mut state = self.lock();
        let mut losses: Vec<Loss> = Vec::new();
        state.untold.retain(|(place, loss)| {
            if *place > position {
                return true;
            }
            match losses.iter_mut().find(|known| known.kind == loss.kind) {
                Some(known) => {
                    known.join(loss);
                }
                None => losses.push(loss.clone()),
            }
            false
        });
        let next = state.untold.iter().map(|(place, _)| *place).min();
        self.place.store(next.unwrap_or(NOWHERE), Ordering::Release);
        losses
    }
}

impl State {
    fn kind_of(&mut self, header: &[AtomicU64], category: &str, reason: LossReason) -> usize {
        let category = match category.len() <= NAME_BYTES {
            true => category,
            false => OTHER,
        };
        let known = |category: &str| {
            self.kinds
                .iter()
                .position(|(name, why)| name == category && *why == reason)
        };
        if let Some(kind) = known(category) {
            return kind;
        }
        // The last entries are kept for the kinds that stand for all others.
        let full = self.kinds.len() + LossReason::ALL.len() >= LOSS_KINDS;
        let category = if full { OTHER } else { category };
        if let Some(kind) = known(category) {
            return kind;
        }
        let kind = self.kinds.len().min(LOSS_KINDS - 1);
        if let Some(entry) = entry(header, kind) {
            let mut name = [0; NAME_BYTES];
            name[..category.len()].copy_from_slice(category.as_bytes());
            for (word, bytes) in entry[NAME..].iter().zip(name.as_chunks::<8>().0) {
                word.store(u64::from_le_bytes(*bytes), Relaxed);
            }
            // Last: an entry with a reason is a whole one.
            entry[REASON].store(reason as u64, Relaxed);
        }
        self.kinds.push((category.to_owned(), reason));
        kind
    }
}

/// What a journal file says of a kind: all that were ever lost, told of or not; `None` if there is no such kind.
pub(super) fn read(header: &[AtomicU64], kind: usize) -> Option<Loss> {
    let entry = entry(header, kind)?;
    let load = |at: usize| entry[at].load(Relaxed);
    let name: Vec<u8> = (NAME..ENTRY_WORDS)
        .flat_map(|at| load(at).to_le_bytes())
        .take_while(|byte| *byte != 0)
        .collect();
    let reason = load(REASON);
    Some(Loss {
        kind,
        category: String::from_utf8(name).ok()?,
        reason: LossReason::ALL
            .into_iter()
            .find(|known| *known as u64 == reason)?,
        count: load(COUNT),
        first: load(FIRST),
        last: load(LAST),
    })
}

fn entry(header: &[AtomicU64], kind: usize) -> Option<&[AtomicU64]> {
    let start = LOSSES.start + kind * ENTRY_WORDS;
    header
        .get(start..start + ENTRY_WORDS)
        .filter(|_| kind < LOSS_KINDS)
}

#[cfg(test)]
mod tests {
    use super::super::header::HEADER_WORDS;
    use super::*;

    fn lost(category: &str, count: u64, at: u64) -> Loss {
        Loss {
            kind: 0,
            category: category.to_owned(),
            reason: LossReason::JournalFull,
            count,
            first: at,
            last: at,
        }
    }

    fn blank() -> Vec<AtomicU64> {
        (0..HEADER_WORDS).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn losses_are_told_at_their_place_and_added_up_by_kind() {
        let header = blank();
        let ledger = Ledger::of(&header);
        assert!(!ledger.owes(u64::MAX - 1));
        ledger.add(|| &header[..], 10, &lost("AUTH", 1, 100));
        ledger.add(|| &header[..], 10, &lost("DATA", 2, 101));
        ledger.add(|| &header[..], 10, &lost("AUTH", 1, 102));
        ledger.add(|| &header[..], 30, &lost("AUTH", 5, 103));
        assert!(!ledger.owes(9) && ledger.owes(10));
        let told = ledger.take(20);
        let summary: Vec<_> = told
            .iter()
            .map(|loss| (loss.category.as_str(), loss.count, loss.first, loss.last))
            .collect();
        assert_eq!(summary, [("AUTH", 2, 100, 102), ("DATA", 2, 101, 101)]);
        assert!(!ledger.owes(29) && ledger.owes(30));
        assert_eq!(ledger.take(30)[0].count, 5);
        assert!(ledger.take(u64::MAX - 1).is_empty());
    }

    #[test]
    fn the_time_span_is_that_of_all_losses_in_whatever_order_they_come() {
        let header = blank();
        let ledger = Ledger::of(&header);
        for (place, at) in [(10, 105), (10, 103), (20, 109), (20, 101)] {
            ledger.add(|| &header[..], place, &lost("AUTH", 1, at));
        }
        let kept = read(&header, 0).unwrap();
        assert_eq!((kept.first, kept.last), (101, 109));
        let told = ledger.take(20);
        assert_eq!((told[0].first, told[0].last, told[0].count), (101, 109, 4));
    }

    #[test]
    fn the_file_knows_all_that_was_lost_when_the_process_is_gone() {
        let header = blank();
        Ledger::of(&header).add(|| &header[..], 10, &lost("AUTH", 3, 100));
        let next = Ledger::of(&header);
        next.add(|| &header[..], 20, &lost("DATA", 1, 200));
        next.add(|| &header[..], 20, &lost("AUTH", 4, 201));
        let auth = read(&header, 0).unwrap();
        assert_eq!(
            (auth.category.as_str(), auth.count, auth.last),
            ("AUTH", 7, 201)
        );
        assert_eq!(read(&header, 1).unwrap().category, "DATA");
        assert_eq!(read(&header, 2), None);
    }

    #[test]
    fn more_kinds_than_there_is_room_for_are_counted_together() {
        let header = blank();
        let ledger = Ledger::of(&header);
        for n in 0..100 {
            ledger.add(|| &header[..], 1, &lost(&format!("CATEGORY_{n}"), 1, n));
        }
        ledger.add(
            || &header[..],
            1,
            &lost(&"X".repeat(NAME_BYTES + 1), 1, 100),
        );
        let all: Vec<_> = (0..LOSS_KINDS)
            .map_while(|kind| read(&header, kind))
            .collect();
        assert!(all.len() <= LOSS_KINDS);
        assert_eq!(all.iter().map(|loss| loss.count).sum::<u64>(), 101);
        assert_eq!(all.last().unwrap().category, OTHER);
        assert_eq!(
            ledger.take(1).iter().map(|loss| loss.count).sum::<u64>(),
            101
        );
    }
}
