//! What the profiles ask for, held against the trail as it lies there.

use jiff::Timestamp;
use serde::Serialize;

use super::policy::{Retention, RetentionProfile};
use crate::trail::{ClosedSegment, ClosedTrail};

/// Something that is asked for, and whether it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Compliance {
    /// By which profile or key.
    pub asked_by: String,
    /// What is asked for, and where that is written.
    pub demand: String,
    /// Whether it is so, as far as the trail can tell.
    pub is_met: bool,
    /// By what that is told.
    pub finding: String,
}

impl Compliance {
    pub(super) const SIZE: &str = "max_size";

    pub(super) fn size(size: u64, most: u64) -> Self {
        Self {
            asked_by: Self::SIZE.to_owned(),
            demand: format!("at most {most} bytes"),
            is_met: false,
            finding: format!(
                "{size} bytes stay, because the rest is still written to, has to be kept by a profile or a category, or is \
                 claimed by holds or sinks"
            ),
        }
    }
}

/// All that the profiles ask for.
pub(super) fn judge(
    closed: &ClosedTrail,
    retention: &Retention,
    times: &[Option<Timestamp>],
    now: Timestamp,
) -> Vec<Compliance> {
    let timed: Vec<_> = closed.segments.iter().zip(times).collect();
    let mut all = Vec::new();
    for profile in retention.profiles() {
        let source = profile.source();
        let mut tell = |demand: String, (is_met, finding): (bool, String)| {
            all.push(Compliance {
                asked_by: profile.to_string(),
                demand: format!("{demand} ({source})"),
                is_met,
                finding,
            });
        };
        // A segment of other categories alone is not its affair.
        let is_of = |segment: &ClosedSegment| {
            retention.profile == Some(profile)
                || segment.categories.as_ref().is_none_or(|categories| {
                    categories.keys().any(|name| {
                        retention.categories.get(name) == Some(&super::policy::Keep::As(profile))
                    })
                })
        };
        let of_it = || timed.iter().filter(|(segment, _)| is_of(segment));
        if let Some(total) = profile.total() {
            let since = total.before(now);
            let gone = of_it().find(|(segment, time)| {
                segment.files.is_empty() && time.is_none_or(|time| time >= since)
            });
            tell(
                format!("kept for {total}"),
                match gone {
                    Some((segment, _)) => (
                        false,
                        format!("{} is younger than that, and gone", segment.name),
                    ),
                    None => (true, reach(closed, since)),
                },
            );
        }
        if let Some(available) = profile.available() {
            let since = available.before(now);
            let far = of_it().find(|(segment, time)| {
                (segment.files.is_empty() || segment.is_encrypted)
                    && time.is_none_or(|time| time >= since)
            });
            tell(
                format!("the last {available} at hand"),
                match far {
                    Some((segment, _)) if segment.is_encrypted => (
                        false,
                        format!("{} is of that time, and encrypted", segment.name),
                    ),
                    Some((segment, _)) => {
                        (false, format!("{} is of that time, and gone", segment.name))
                    }
                    None => (
                        true,
                        "all of it lies in the directory of the trail".to_owned(),
                    ),
                },
            );
        }
        match profile {
            RetentionProfile::Gdpr => {
                let since = retention.age.map_or(Timestamp::MIN, |age| age.before(now));
                let old = timed.iter().filter(|(segment, time)| {
                    !segment.files.is_empty() && time.is_some_and(|time| time < since)
                });
                let old = old.count();
                let age = retention.age.map(|age| age.to_string()).unwrap_or_default();
                tell(format!("no longer than necessary: {age}"), match old {
                    0 => (true, "no closed segment is older".to_owned()),
                    old => (
                        false,
                        format!("{old} closed segments are older; for each is said why it stays"),
                    ),
                });
            }
            RetentionProfile::Hipaa => tell(
                "the rule is about documentation of policies, procedures and required actions".to_owned(),
                (
                    true,
                    "that it holds for the logs themselves is common practice and not its letter: ask who advises you"
                        .to_owned(),
                ),
            ),
            RetentionProfile::Pci | RetentionProfile::FedRamp => {}
        }
    }
    all
}

/// How far back the trail goes.
fn reach(closed: &ClosedTrail, since: Timestamp) -> String {
    let first = closed
        .segments
        .iter()
        .find(|segment| !segment.files.is_empty());
    let first = first.and_then(|segment| segment.first_time);
    match first.or(closed.open_times.first().map(|(first, _)| *first)) {
        Some(first) if first > since => format!("the trail is younger: it begins at {first}"),
        Some(first) => format!("it goes back to {first}"),
        None => "there are no events yet".to_owned(),
    }
}
