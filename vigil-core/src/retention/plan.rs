//! What would be removed, what is kept, and why: the decision for each segment, made without touching anything.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::compliance::{Compliance, judge};
use super::policy::{Floor, Retention};
use super::times::{leap, times};
use crate::sink::cursors;
use crate::trail::holds::{self, Hold};
use crate::trail::{ClosedSegment, ClosedTrail};
use crate::{Clock as _, Error, SystemClock};

/// What would be removed from a trail, what is kept, and why.
///
/// It is made to be kept: serialized, it is one JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The directory of the trail.
    pub directory: String,
    /// The time by which it was made.
    pub now: String,
    /// The rules.
    pub policy: String,
    /// The closed segments, the oldest first.
    pub segments: Vec<PlannedSegment>,
    /// The bytes of all files that hold lines, also of those that are not closed.
    pub size: u64,
    /// Why nothing at all is removed now, although something is due.
    pub stopped_by: Vec<String>,
    /// What the profiles ask for, and whether it is so.
    pub compliance: Vec<Compliance>,
}

/// A closed segment, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedSegment {
    /// The name of its file as it was written.
    pub name: String,
    /// The number of its first event.
    pub first: u64,
    /// The number of its events.
    pub events: u64,
    /// The bytes of the files that hold them.
    pub size: u64,
    /// The time of its first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The time of its last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What becomes of it.
    pub action: Action,
    /// By which rule.
    pub reason: String,
    /// Where it is due and stays: what keeps it, and what can be done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept_by: Vec<String>,
    /// When it is due by its age; absent where that is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// What becomes of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It is kept: nothing says that it should go.
    Keep,
    /// It is due, and goes.
    Purge,
    /// It is due, and something keeps it.
    Blocked,
    /// It is gone: retention has removed it.
    Purged,
    /// It is gone, and nothing says why; `verify` tells more.
    Missing,
}

impl Plan {
    /// The segments that go.
    pub fn due(&self) -> impl Iterator<Item = &PlannedSegment> {
        let goes = self.stopped_by.is_empty();
        self.segments
            .iter()
            .filter(move |segment| goes && segment.action == Action::Purge)
    }

    /// Why the files are larger than they should be, if so.
    pub(super) fn too_large(&self) -> Option<String> {
        let mut compliance = self.compliance.iter();
        let size = compliance.find(|asked| asked.asked_by == Compliance::SIZE)?;
        Some(format!(
            "the trail should have {}: {}",
            size.demand, size.finding
        ))
    }

    /// Whether something would go if nothing stopped it.
    pub(super) fn is_stopped(&self) -> bool {
        let mut segments = self.segments.iter();
        !self.stopped_by.is_empty() && segments.any(|segment| segment.action == Action::Purge)
    }
}

/// What keeps segments, besides their age.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    pub(crate) holds: Vec<Hold>,
    /// Sinks, and the number of the first event that each has not got; with the file of its cursor, if it has one.
    pub(crate) sinks: Vec<Claim>,
    pub(crate) stopped_by: Vec<String>,
}

/// How far a sink has got.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) sink: String,
    pub(crate) next_seq: u64,
    pub(crate) is_damaged: bool,
}

impl Claims {
    /// What claims the events of a trail now. `running` are the sinks of the process itself.
    pub(crate) fn on(dir: &Path, running: &[Claim]) -> Self {
        let mut claims = Self::default();
        match holds::list(dir) {
            Ok(holds) => claims.holds = holds,
            Err(error) => claims.stopped_by.push(error.to_string()),
        }
        match cursors(dir) {
            Ok(cursors) => claims.sinks.extend(cursors.into_iter().map(|cursor| Claim {
                is_damaged: cursor.next_seq.is_none(),
                next_seq: cursor.next_seq.unwrap_or(0),
                sink: cursor.sink,
            })),
            Err(error) => claims.stopped_by.push(error.to_string()),
        }
        for claim in running {
            match claims
                .sinks
                .iter_mut()
                .find(|known| known.sink == claim.sink)
            {
                Some(known) => known.next_seq = known.next_seq.min(claim.next_seq),
                None => claims.sinks.push(claim.clone()),
            }
        }
        claims
    }

    /// What keeps this segment.
    pub(crate) fn of(&self, segment: &ClosedSegment) -> Vec<String> {
        let holds = self.holds.iter().filter(|hold| hold.covers(segment));
        let holds = holds.map(|hold| format!("legal hold {hold}"));
        let behind = self
            .sinks
            .iter()
            .filter(|claim| claim.next_seq < segment.end());
        let sinks = behind.map(|claim| {
            let Claim { sink, next_seq, .. } = claim;
            if claim.is_damaged {
                format!(
                    "sink {sink} has a damaged cursor, so that it is to be given everything again: let it catch up, or, if it \
                     will not come back, remove .vigil/cursors/{sink}"
                )
            } else {
                format!(
                    "sink {sink} has got the events before {next_seq} only: mend what it writes to, or, if it will not come \
                     back, remove .vigil/cursors/{sink}"
                )
            }
        });
        holds.chain(sinks).collect()
    }
}

/// What would be removed from the trail in a directory now, what is kept, and why. Nothing is changed.
///
/// # Errors
///
/// If the rules do not agree with each other, if there is no trail, or if it is not what was signed.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::retention::{Age, Retention, plan};
///
/// for segment in plan("logs/audit", &Retention::new().age(Age::months(12)))?.due() {
///     println!("{}: {}", segment.name, segment.reason);
/// }
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn plan(dir: impl AsRef<Path>, retention: &Retention) -> Result<Plan, Error> {
    retention.check()?;
    let dir = dir.as_ref();
    let closed = ClosedTrail::look(dir)?;
    let claims = Claims::on(dir, &[]);
    let now = Now::at(SystemClock.unix_nanos());
    Ok(plan_at(dir, &closed, retention, &claims, now))
}

/// What the clock says, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    pub(crate) time: Timestamp,
    /// Somebody has looked at it.
    pub(crate) is_right: bool,
    /// It was set forward by much, to this time.
    pub(crate) stepped: Option<Timestamp>,
}

impl Now {
    pub(crate) fn at(unix_nanos: u64) -> Self {
        Self {
            time: Timestamp::from_nanosecond(i128::from(unix_nanos)).unwrap_or(Timestamp::MAX),
            is_right: false,
            stepped: None,
        }
    }
}

/// As [`plan`], at this time.
pub(crate) fn plan_at(
    dir: &Path,
    closed: &ClosedTrail,
    retention: &Retention,
    claims: &Claims,
    clock: Now,
) -> Plan {
    let now = clock.time;
    let mut plan = Plan {
        directory: dir.display().to_string(),
        now: now.to_string(),
        policy: retention.to_string(),
        segments: Vec::with_capacity(closed.segments.len()),
        size: closed.open_size,
        stopped_by: claims.stopped_by.clone(),
        compliance: Vec::new(),
    };
    if !clock.is_right
        && let Some(leap) = leap(closed, clock)
    {
        plan.stopped_by.push(format!(
            "time has made a leap from {} to {}, so that the clock may be wrong: nothing is removed before {}; look at the \
             clock, and if it is right, `vigil retention apply --clock-is-right --yes` does not wait",
            leap.from, leap.to, leap.until()
        ));
    }
    let times = times(&closed.segments, now);
    let decided = closed.segments.iter().zip(&times);
    let decided: Vec<_> = decided
        .map(|(segment, time)| Decision::on(segment, *time, retention, now))
        .collect();
    plan.size += closed
        .segments
        .iter()
        .map(|segment| segment.size)
        .sum::<u64>();
    // What goes by its age makes room first.
    let goes = |decision: &Decision, segment: &ClosedSegment| {
        decision.is_old && !segment.files.is_empty() && claims.of(segment).is_empty()
    };
    let old = decided.iter().zip(&closed.segments);
    let old = old.filter(|(decision, segment)| goes(decision, segment));
    let mut size = plan.size - old.map(|(_, segment)| segment.size).sum::<u64>();
    for (segment, decision) in closed.segments.iter().zip(decided) {
        let too_much = retention.max_size.is_some_and(|most| size > most);
        let planned = decision.into_planned(segment, claims, too_much);
        if planned.action == Action::Purge && too_much && planned.reason.starts_with("max_size") {
            size -= segment.size;
        }
        plan.segments.push(planned);
    }
    if let Some(most) = retention.max_size
        && size > most
    {
        plan.compliance.push(Compliance::size(size, most));
    }
    plan.compliance
        .extend(judge(closed, retention, &times, now));
    plan
}

/// What the rules say of a segment by itself.
struct Decision {
    /// When it is due; `None` for never.
    due: Option<Timestamp>,
    is_old: bool,
    /// Before this time it stays, also where there is no room.
    floor: Option<Timestamp>,
    reason: String,
}

impl Decision {
    fn on(
        segment: &ClosedSegment,
        time: Option<Timestamp>,
        retention: &Retention,
        now: Timestamp,
    ) -> Self {
        let Some(time) = time else {
            return Self {
                due: None,
                is_old: false,
                floor: None,
                reason: "none of its times, nor of those behind it, can be believed".to_owned(),
            };
        };
        // What is not told may be of any category.
        let known = segment.categories.as_ref();
        let mut categories: Vec<&str> = match known {
            Some(categories) => categories.keys().map(String::as_str).collect(),
            None => retention.categories.keys().map(String::as_str).collect(),
        };
        if known.is_none() {
            categories.push("");
        }
        let mut longest: Option<(Timestamp, String)> = None;
        let mut forever = None;
        let mut floor = Some(Timestamp::MIN);
        for category in categories {
            let named = if retention.categories.contains_key(category) {
                format!(" of {category}")
            } else {
                String::new()
            };
            match retention.keep(category) {
                Some(age) => {
                    let due = age.after(time);
                    if longest.as_ref().is_none_or(|(longest, _)| due > *longest) {
                        longest = Some((due, format!("age {age}{named}")));
                    }
                }
                None => forever = Some(format!("no age{named}")),
            }
            floor = match retention.floor(category) {
                Floor::None => floor,
                Floor::Until(age) => floor.map(|floor| floor.max(age.after(time))),
                Floor::Forever => None,
            };
        }
        let (due, reason) = match (forever, longest) {
            (Some(reason), _) => (None, reason),
            (None, Some((due, reason))) => (Some(due), reason),
            (None, None) => (None, "no age".to_owned()),
        };
        Self {
            is_old: due.is_some_and(|due| due <= now),
            due,
            floor: floor.filter(|floor| *floor <= now),
            reason,
        }
    }

    fn into_planned(
        self,
        segment: &ClosedSegment,
        claims: &Claims,
        too_much: bool,
    ) -> PlannedSegment {
        let by_size = !self.is_old && too_much && self.floor.is_some();
        let kept_by = if self.is_old || by_size {
            claims.of(segment)
        } else {
            Vec::new()
        };
        let (action, reason) = match (segment.files.is_empty(), segment.purged_by) {
            (true, Some(event)) => (Action::Purged, format!("event {event}")),
            (true, None) => (Action::Missing, "it has no file".to_owned()),
            _ if !self.is_old && !by_size => (Action::Keep, self.reason),
            _ => {
                let action = if kept_by.is_empty() {
                    Action::Purge
                } else {
                    Action::Blocked
                };
                let reason = if by_size {
                    "max_size".to_owned()
                } else {
                    self.reason
                };
                (action, reason)
            }
        };
        PlannedSegment {
            name: segment.name.clone(),
            first: segment.first,
            events: segment.count,
            size: segment.size,
            from: segment.first_time.map(|time| time.to_string()),
            to: segment.last_time.map(|time| time.to_string()),
            kept_by: if action == Action::Blocked {
                kept_by
            } else {
                Vec::new()
            },
            action,
            reason,
            due: self.due.map(|due| due.to_string()),
        }
    }
}
