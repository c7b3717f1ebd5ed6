//! How old a segment is, and whether the clock that says so can be believed.
//!
//! A clock may be wrong, and a machine may have been off. What may be removed is removed for good, so each doubt is
//! settled for keeping: a segment is as young as anything that stands before it says, and where time has made a leap
//! nobody removes anything before somebody could have noticed.

use jiff::{SignedDuration, Timestamp};

use super::plan::Now;
use crate::trail::{ClosedSegment, ClosedTrail};

/// Before this nobody has written a trail: a clock that says so had not been set.
const BEFORE_ALL: &str = "2020-01-01T00:00:00Z";
/// What is further ahead than this comes from a clock that was wrong.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// From one event to the next, time does not go on by more than this: Vigil writes one each quarter of an hour. A program
/// that runs once a week shall not be taken for a leap.
pub(crate) const LEAP: SignedDuration = SignedDuration::from_hours(10 * 24);
/// After a leap nothing is removed for so long.
pub(crate) const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For each segment, the latest time that it can be of; `None` where no time can be believed.
pub(super) fn times(segments: &[ClosedSegment], now: Timestamp) -> Vec<Option<Timestamp>> {
    let mut times = Vec::with_capacity(segments.len());
    let mut latest = None;
    for segment in segments {
        let own = segment.last_time.max(segment.first_time);
        let own = own.filter(|time| is_believable(*time, now));
        latest = latest.max(own);
        // One whose own time cannot be believed is as young as the next one that can.
        times.push(latest.filter(|_| own.is_some()));
    }
    let mut next = None;
    for (time, segment) in times.iter_mut().zip(segments).rev() {
        if time.is_none() {
            *time = next;
        } else {
            let first = segment.first_time.filter(|time| is_believable(*time, now));
            next = first.or(*time);
        }
    }
    times
}

fn is_believable(time: Timestamp, now: Timestamp) -> bool {
    let earliest: Timestamp = BEFORE_ALL.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    time >= earliest && now.checked_add(AHEAD).is_ok_and(|latest| time <= latest)
}

/// A leap of the clock after which not enough time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leap {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

impl Leap {
    /// Until when nothing is removed.
    pub(crate) fn until(self) -> Timestamp {
        self.to.checked_add(GRACE).unwrap_or(Timestamp::MAX)
    }
}

/// The latest leap, from one file to the next or from the last event to now, if it is not long past. Within a file the
/// times may be far apart, where files do not end by the day.
pub(super) fn leap(closed: &ClosedTrail, clock: Now) -> Option<Leap> {
    let now = clock.time;
    let mut latest = clock.stepped.map(|to| Leap { from: to, to });
    let mut before: Option<Timestamp> = None;
    let spans = closed.segments.iter();
    let spans = spans.filter_map(|segment| segment.first_time.zip(segment.last_time));
    for (first, last) in spans
        .chain(closed.open_times.iter().copied())
        .chain([(now, now)])
    {
        // A clock that was ahead and is right again has left times that nobody has come to yet.
        if now.checked_add(AHEAD).is_ok_and(|latest| first > latest) {
            continue;
        }
        if let Some(before) = before
            && first.duration_since(before) > LEAP
        {
            latest = Some(Leap {
                from: before,
                to: first,
            });
        }
        before = Some(last.min(now));
    }
    latest.filter(|leap| now < leap.until())
}
