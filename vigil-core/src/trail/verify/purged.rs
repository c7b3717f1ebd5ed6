//! Segments that are gone because retention has removed them: believed only where an event says so that is in the tree,
//! under a signature, and means the very segment of the seal.

use std::collections::HashMap;

use jiff::Timestamp;

use super::layout::Slot;
use super::report::{Finding, Kind, PurgeReport, SegmentState, VerifyReport};
use crate::trail::evidence::{Purge, Purges, Seal};
use crate::trail::tree::Hash;

/// Judges the segments that were taken for purged. `leaves` are those of the events that may say so, as far as they are
/// covered by a signature.
pub(super) fn judge(
    report: &mut VerifyReport,
    slots: &[Slot],
    purges: &Purges,
    leaves: &HashMap<u64, Hash>,
) {
    let end = report
        .segments
        .last()
        .map_or(0, |last| last.first + last.count);
    for segment in &mut report.segments {
        if segment.state != SegmentState::Purged {
            continue;
        }
        let slot = slots.iter().find(|slot| slot.segment == segment.name);
        let Some(seal) = slot.and_then(|slot| slot.seal.as_ref()) else {
            continue;
        };
        let seal = &seal.seal;
        let is_proved = |purge: &&Purge| leaves.get(&purge.event) == Some(&purge.leaf());
        if let Some(purge) = purges.of(seal).find(is_proved) {
            report.purged += seal.count;
            add(&mut report.purges, purge, seal);
            continue;
        }
        segment.state = SegmentState::Missing;
        let why = purges.of(seal).map(|purge| {
            let event = purge.event;
            match leaves.get(&event) {
                Some(_) => format!("event {event} of the trail is another one"),
                None if event >= end => format!("the trail has no event {event}"),
                None => format!("no signature covers event {event}"),
            }
        });
        let message = format!(
            "the segment is missing, with the events {} to {}; what is kept in .vigil/purges says that retention has removed \
             it, but {}",
            seal.first,
            seal.end() - 1,
            why.collect::<Vec<_>>().join(", ")
        );
        let finding = Finding::new(Kind::SegmentMissing, message)
            .event(seal.first)
            .file(&segment.name)
            .line(1);
        report.findings.push(finding);
    }
    report.purges.sort_by_key(|purge| purge.event);
    report.notes.extend(purges.others.iter().cloned());
}

fn add(purges: &mut Vec<PurgeReport>, purge: &Purge, seal: &Seal) {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let last = seal.last_time.as_deref().and_then(time);
    let age = time(&purge.time)
        .zip(last)
        .map(|(purged, last)| purged.duration_since(last).as_hours() / 24);
    let at = match purges.iter().position(|told| told.event == purge.event) {
        Some(at) => at,
        None => {
            purges.push(PurgeReport {
                event: purge.event,
                time: purge.time.clone(),
                policy: purge.what.policy.clone(),
                operator: purge.what.operator.clone(),
                first: seal.first,
                last: seal.first,
                events: 0,
                segments: Vec::new(),
                youngest_days: age,
            });
            purges.len() - 1
        }
    };
    let told = &mut purges[at];
    told.last = seal.end() - 1;
    told.events += seal.count;
    told.segments.push(seal.segment.clone());
    told.youngest_days = match (told.youngest_days, age) {
        (Some(youngest), Some(age)) => Some(youngest.min(age)),
        _ => None,
    };
}
