//! Segments that are not what was signed: where that begins, and what was done to them.

use std::io;

use super::diagnose::{Windows, by_numbers};
use super::layout::Slot;
use super::plan::name_of;
use super::reading::Reading;
use super::report::{Finding, Kind};
use super::segment::{Before, Check};
use super::stored::Stored;
use super::tape::Tape;
use crate::trail::evidence::{Seal, Sidecar};

impl Check<'_> {
    /// The lines are not what was signed: says what happened, and goes on behind.
    pub(super) fn diagnose(
        &mut self,
        slot: &Slot,
        stored: &Stored,
        seal: Option<&Seal>,
        before: Before,
        reading: &Reading,
    ) -> io::Result<()> {
        let first = before.tape.at;
        let mut replayed = self.replay(slot, &before)?;
        let root = replayed.as_mut().and_then(Tape::root);
        // Up to where the hashes are those that were signed.
        let (proven, hashes_end) = match (&replayed, seal) {
            (None, _) => (first, first),
            (Some(tape), Some(seal))
                if tape.at == seal.end() && root.is_none_or(|root| root == seal.root) =>
            {
                (seal.end() + 1, tape.at)
            }
            (Some(tape), _) => (
                tape.good.map_or(first, |(size, _)| size.max(first)),
                tape.at,
            ),
        };
        let differs = reading.differs.map_or_else(
            || reading.count.min(hashes_end - first),
            |line| line.min(reading.count),
        );
        let is_told = reading.differs.is_some() || first + reading.count != hashes_end;
        let index = first + differs;
        if let Some(error) = &reading.error {
            let message = format!("it cannot be decompressed to its end: {error}");
            let finding = Finding::new(Kind::StoredDamaged, message).event(index);
            self.tell(stored, finding, Some(differs));
        } else if is_told
            && replayed.is_some()
            && (index < proven || seal.is_none() && self.tape.bad.is_none())
        {
            let mut hashes = Sidecar::open(&self.reader.places.hashes(&slot.segment))?;
            let kind = Windows::read(stored, &mut hashes, differs)?.kind(differs);
            let message = sentence(kind, index < proven);
            self.tell(
                stored,
                Finding::new(kind, message).event(index),
                Some(differs),
            );
        } else {
            self.tell_roughly(stored, seal, first, reading);
        }
        let kept = match &replayed {
            Some(tape) if proven > index => tape.clone(),
            _ => {
                let mut tape = before.tape;
                tape.tree = None;
                tape.at = self.tape.at;
                tape
            }
        };
        self.adopt(kept);
        Ok(())
    }

    /// No hash can be trusted: the checkpoints around it tell where it is, the numbers of the lines what it is.
    pub(super) fn tell_roughly(
        &mut self,
        stored: &Stored,
        seal: Option<&Seal>,
        first: u64,
        reading: &Reading,
    ) {
        let lowest = self.tape.good.map_or(first, |(size, _)| size.max(first));
        let highest = self.tape.bad.filter(|bad| *bad > lowest);
        let highest = highest.or(seal.map(Seal::end));
        let (kind, line) = by_numbers(reading, first, seal.map(Seal::end));
        let line = line.filter(|line| first + line >= lowest);
        let what = match reading.hashes {
            _ if kind == Kind::SegmentMissing => "no seal and no hashes speak of it any more",
            None => "there are no hashes beside it that tell which",
            Some(_) => "the hashes beside it were changed with it",
        };
        let message = format!("{}; {what}", sentence(kind, true));
        let mut finding = Finding::new(kind, message);
        finding = match line {
            Some(line) => finding.event(first + line),
            None => finding.event(lowest),
        };
        if line.is_none()
            && let Some(highest) = highest
        {
            finding = finding.before(highest);
        }
        self.tell(stored, finding, line);
    }

    pub(super) fn tell(&mut self, stored: &Stored, finding: Finding, line: Option<u64>) {
        let mut finding = finding.file(name_of(stored));
        if let Some(line) = line {
            finding = finding.line(line + 1);
        }
        self.outcome.findings.push(finding);
    }
}

fn sentence(kind: Kind, is_covered: bool) -> String {
    let what = match kind {
        Kind::Edited => "the line is not the one that was written",
        Kind::Deleted => "lines are missing from here on",
        Kind::Inserted => "lines stand here that were never written",
        Kind::Duplicated => "lines stand here for a second time",
        Kind::Reordered => "the lines stand in another order from here on",
        Kind::Cut => "the end of the file is missing from here on",
        Kind::SegmentMissing => "what stood before this segment is missing",
        Kind::SegmentReplaced => "none of its lines is one that was written there",
        _ => "it is not what was written",
    };
    if is_covered {
        what.to_owned()
    } else {
        format!(
            "{what}, as the hash beside it says; no checkpoint covers it that would tell which of the two was changed"
        )
    }
}
