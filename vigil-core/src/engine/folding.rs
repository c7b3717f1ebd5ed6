//! Folding as the writer does it: which events may be folded, and how far the journal may let go of those that are
//! counted and stand in no line yet.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::policy::policy;
use crate::event::record::Record;
use crate::event::{Callsite, Delivery, Status};
use crate::filter::dedup::{Dedup, Folded, Verdict, Windows};
use crate::journal::Mark;

/// So many marks are kept at most; with fewer, the journal keeps a little more than it has to.
const MOST_MARKS: usize = 64;

#[derive(Debug)]
pub(super) struct Folding {
    windows: Windows,
    is_on: bool,
    dedup: Dedup,
    began: Instant,
    /// Since `began`; read once for many events.
    now: u64,
    /// Marks that were true, oldest first, of which the first is before all that is counted and in no line. A mark that
    /// was true once stays so: what it covers stands in the trail, and the lines of all else come behind it.
    marks: VecDeque<Mark>,
}

impl Folding {
    /// `mark` is true now.
    pub(super) fn new(mark: &Mark, windows: Windows) -> Self {
        Self {
            is_on: !windows.is_off(),
            windows,
            dedup: Dedup::default(),
            began: Instant::now(),
            now: 0,
            marks: VecDeque::from([mark.clone()]),
        }
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// From now on these are the windows; those that are open keep their ends. Where nothing is folded any more, all of
    /// them are to be drained first.
    pub(super) fn set_windows(&mut self, windows: Windows) {
        self.is_on = !windows.is_off();
        self.windows = windows;
    }

    /// To be called before events are offered.
    pub(super) fn look_at_the_clock(&mut self) {
        self.now = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    }

    /// The next line whose window has ended.
    pub(super) fn due(&mut self) -> Option<Folded> {
        self.dedup.due(self.now)
    }

    /// The next line, whether its window has ended or not.
    pub(super) fn drain(&mut self) -> Option<Folded> {
        self.dedup.drain()
    }

    /// Whether an event is to be written, or has been counted.
    pub(super) fn offer(
        &mut self,
        callsite: Option<&'static Callsite>,
        record: &Record<'_>,
        bytes: &[u8],
        position: u64,
    ) -> Verdict {
        let window = callsite
            .filter(|_| record.header.status != Status::Attempt && record.attempt().is_none())
            .and_then(|callsite| self.window(callsite));
        self.dedup.offer(record, bytes, position, window, self.now)
    }

    /// That of the callsite's category, unless somebody relies on each of its events.
    fn window(&self, callsite: &'static Callsite) -> Option<Duration> {
        if callsite.is_reserved() || callsite.category.is_mandatory() {
            return None;
        }
        self.windows
            .of(callsite.category.as_str())
            .filter(|_| policy(callsite).delivery == Delivery::Journaled)
    }

    /// What the journal may be told when all that was appended is on disk: `mark` says up to where it has been read.
    /// `waiting` is where the first of the counted records stands whose line was composed and has not been appended.
    pub(super) fn mark(&mut self, mark: &Mark, waiting: Option<u64>) -> Mark {
        let pinned = self.dedup.pinned().into_iter().chain(waiting).min();
        let Some(pinned) = pinned.filter(|pinned| *pinned < mark.position) else {
            self.marks.clear();
            self.marks.push_back(mark.clone());
            return mark.clone();
        };
        while self
            .marks
            .get(1)
            .is_some_and(|next| next.position <= pinned)
        {
            self.marks.pop_front();
        }
        let covered = self.marks.front().unwrap_or(mark);
        let covered = Mark {
            oldest_attempt: mark.oldest_attempt,
            ..covered.clone()
        };
        if self.marks.len() < MOST_MARKS {
            self.marks.push_back(mark.clone());
        }
        covered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::record::{Header, Section, push_section};
    use crate::event::{ActionType, Category, EventId};

    static SITE: Callsite = Callsite::__new(
        Category::API,
        ActionType::READ,
        "poll",
        ("shop", "src/lib.rs", 1),
        None,
        &[],
    );
    static OWN: Callsite = Callsite::reserved("audit_of_the_test");

    fn record(what: u8, status: Status) -> Vec<u8> {
        let mut bytes = Vec::new();
        Header {
            callsite: SITE.id(),
            status,
            slow: false,
            id: EventId::new(1),
            parent: None,
            started_unix_nanos: 1,
            took_nanos: 1,
        }
        .write(&mut bytes);
        let parameters = format!("\"a\":{what}");
        push_section(&mut bytes, Section::Parameters, parameters.as_bytes());
        bytes
    }

    fn folding() -> Folding {
        let windows = Windows {
            every: Some(Duration::from_secs(60)),
            ..Windows::default()
        };
        Folding::new(&Mark::at(0, 0, 1), windows)
    }

    impl Folding {
        fn take(&mut self, site: &'static Callsite, bytes: &[u8], position: u64) -> Verdict {
            self.offer(Some(site), &Record::read(bytes).unwrap(), bytes, position)
        }
    }

    #[test]
    fn what_somebody_relies_on_is_written() {
        let mut folding = folding();
        let (done, begun) = (record(1, Status::Success), record(1, Status::Attempt));
        for position in [10, 20] {
            assert_eq!(folding.take(&OWN, &done, position), Verdict::Write);
            assert_eq!(folding.take(&SITE, &begun, position), Verdict::Write);
        }
        assert_eq!(folding.take(&SITE, &done, 30), Verdict::Write);
        assert_eq!(folding.take(&SITE, &done, 40), Verdict::Fold);
    }

    #[test]
    fn the_journal_keeps_what_stands_in_no_line_and_the_trail_is_read_from_there() {
        let mut folding = folding();
        let at = |position, next_seq| Mark::at(position, next_seq, 1);
        assert_eq!(folding.mark(&at(10, 1), None), at(10, 1));
        let _ = folding.take(&SITE, &record(1, Status::Success), 10);
        assert_eq!(folding.mark(&at(20, 2), None), at(20, 2));
        let _ = folding.take(&SITE, &record(1, Status::Success), 25);
        // Others are written meanwhile; the first of the counted stands at 25.
        for (position, seq) in [(30, 3), (40, 4), (50, 5)] {
            assert_eq!(folding.mark(&at(position, seq), None), at(20, 2));
        }
        // A line that has been composed pins as well, until it is appended.
        assert_eq!(folding.drain().unwrap().position, 25);
        assert_eq!(folding.mark(&at(60, 6), Some(25)), at(20, 2));
        assert_eq!(folding.mark(&at(60, 7), None), at(60, 7));
    }

    #[test]
    fn however_long_a_window_is_open_few_marks_are_kept() {
        let mut folding = folding();
        for position in [10, 20] {
            let _ = folding.take(&SITE, &record(1, Status::Success), position);
        }
        for position in 30..1_000 {
            assert_eq!(
                folding
                    .mark(&Mark::at(position, position, 1), None)
                    .position,
                0
            );
        }
        assert_eq!(folding.marks.len(), MOST_MARKS);
    }
}
