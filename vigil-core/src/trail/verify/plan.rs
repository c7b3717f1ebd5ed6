//! Which seals hold, how they are chained, and which parts of the trail can be checked apart from each other.

use std::ops::Range;

use super::layout::Slot;
use super::report::{Finding, Kind};
use super::tape::{Trust, whose};
use crate::trail::checkpoint::NoteError;
use crate::trail::evidence::{SealError, SealFile};
use crate::trail::tree::{Hash, Peaks};

/// Segments that follow each other, up to the next that is sealed: where they begin, the tree is known.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) slots: Range<usize>,
    pub(super) first: u64,
    /// At its beginning; `None` if what stands before is missing.
    pub(super) tree: Option<Peaks>,
    /// Where its last segment ends, if that is sealed.
    pub(super) end: Option<u64>,
    /// The end of the trail is in it.
    pub(super) is_last: bool,
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) runs: Vec<Run>,
    pub(super) findings: Vec<Finding>,
    /// The seals that are signed and follow from each other.
    pub(super) seals: u64,
    /// The end of the last of them.
    pub(super) sealed: u64,
}

/// Forgets the seals that do not hold, and says why.
pub(super) fn judge_seals(slots: &mut [Slot], trust: Trust<'_>, findings: &mut Vec<Finding>) {
    for slot in slots {
        if let Some(seal) = &slot.seal
            && let Some(finding) = refusal(seal, &slot.segment, trust)
        {
            let file = format!(".vigil/seals/{}.json", slot.segment);
            findings.push(finding.event(seal.seal.first).file(file));
            slot.seal = None;
        }
    }
}

fn refusal(file: &SealFile, segment: &str, trust: Trust<'_>) -> Option<Finding> {
    let seal = &file.seal;
    if seal.origin != trust.origin {
        let message = format!(
            "the seal of a segment of the trail {}, and this is {}",
            seal.origin, trust.origin
        );
        return Some(Finding::new(Kind::OtherOrigin, message));
    }
    if seal.segment != segment {
        let message = format!("it is the seal of {}", seal.segment);
        return Some(Finding::new(Kind::SealAltered, message));
    }
    if trust.keys.is_empty() {
        return None;
    }
    Some(match file.verify(trust.keys).err()? {
        SealError::Signature(NoteError::Unsigned) => Finding::new(
            Kind::SignedByOthers,
            format!("the seal is not signed by {}", whose(trust.pinned)),
        ),
        error => Finding::new(Kind::SignatureWrong, format!("the seal: {error}")),
    })
}

/// What is known after a seal.
struct Known {
    end: u64,
    hash: Option<Hash>,
    tree: Option<Peaks>,
}

/// Follows the chain of seals.
pub(super) fn plan(slots: &[Slot]) -> Plan {
    let mut plan = Plan::default();
    let mut known = Known {
        end: 0,
        hash: None,
        tree: Some(Peaks::default()),
    };
    let mut begin = 0;
    for (at, slot) in slots.iter().enumerate() {
        let Some(file) = &slot.seal else {
            continue;
        };
        let seal = &file.seal;
        let unsealed = begin..at;
        let follows = seal.previous == known.hash && seal.first == known.end;
        let mut run = Run {
            slots: begin..at + 1,
            first: known.end,
            tree: known.tree.take(),
            end: Some(seal.end()),
            is_last: false,
        };
        if follows {
            // The chain has no place for what lies in between.
            for slot in &slots[unsealed] {
                plan.findings.extend(foreign(slot, known.end));
            }
            run.slots = at..at + 1;
        } else if unsealed.is_empty() {
            plan.findings.push(gap(file, &slot.segment, &known));
            if seal.first != known.end {
                run.first = seal.first;
                run.tree = None;
            }
        } else {
            for slot in slots[unsealed].iter().filter(|slot| !slot.has_seal_file) {
                let message = format!(
                    "the segment {} has no seal, and the seal of {} says that there was one before it",
                    slot.segment, seal.segment
                );
                let finding = Finding::new(Kind::SealMissing, message)
                    .event(known.end)
                    .file(format!(".vigil/seals/{}.json", slot.segment));
                plan.findings.push(finding);
            }
        }
        plan.seals += 1;
        plan.sealed = seal.end();
        plan.runs.push(run);
        known = Known {
            end: seal.end(),
            hash: Some(file.hash()),
            tree: seal.tree(),
        };
        begin = at + 1;
    }
    plan.runs.push(Run {
        slots: begin..slots.len(),
        first: known.end,
        tree: known.tree,
        end: None,
        is_last: true,
    });
    plan
}

/// A segment between two that follow each other.
fn foreign(slot: &Slot, index: u64) -> Option<Finding> {
    let stored = slot.stored.as_ref()?;
    let message = "the seals have no place for this segment: it was put there";
    (stored.size > 0).then(|| {
        Finding::new(Kind::Inserted, message)
            .event(index)
            .file(name_of(stored))
    })
}

/// A seal that does not follow from the one before, and nothing lies in between.
fn gap(file: &SealFile, segment: &str, known: &Known) -> Finding {
    let seal = &file.seal;
    let shown = format!(".vigil/seals/{segment}.json");
    if seal.first > known.end {
        let message = format!(
            "the events {} to {} are missing, with their segments and seals; {segment} follows",
            known.end,
            seal.first - 1
        );
        return Finding::new(Kind::SegmentMissing, message).event(known.end);
    }
    let message = if seal.first == known.end {
        "it does not follow from the seal before: one was dropped or made anew"
    } else {
        "it counts events that the seal before counts already"
    };
    Finding::new(Kind::SealAltered, message)
        .event(seal.first)
        .file(shown)
}

pub(super) fn name_of(stored: &super::stored::Stored) -> String {
    let name = stored.path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
