//! The segments of a run, one after the other, each judged by what is signed.

use std::io;

use super::layout::Slot;
use super::plan::{Run, name_of};
use super::reading::{Reader, Reading};
use super::report::{Finding, Kind, SegmentReport, SegmentState};
use super::stored::{Form, Stored};
use super::tape::{Marks, Tape, Trust};
use super::watch::{Heard, Watch};
use crate::disk::is_missing;
use crate::trail::evidence::{Purges, Seal};
use crate::trail::packing::{hash_of, is_locked};
use crate::trail::tree::Hash;

/// What the check of a run came to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) segments: Vec<SegmentReport>,
    pub(super) findings: Vec<Finding>,
    pub(super) notes: Vec<String>,
    pub(super) heard: Heard,
    pub(super) events: u64,
    pub(super) bytes: u64,
    /// The number of events up to its end.
    pub(super) end: u64,
    /// The largest size at which something signed agreed, and the root there.
    pub(super) good: Option<(u64, Hash)>,
    pub(super) checkpoints: u64,
    pub(super) kept: Vec<(usize, bool)>,
    /// Of events that are wanted, the leaves that a signature covers.
    pub(super) leaves: Vec<(u64, Hash)>,
}

/// Goes through a run.
pub(super) struct Check<'a> {
    pub(super) trust: Trust<'a>,
    pub(super) reader: Reader<'a>,
    /// Whether a segment lies outside of the time that was asked for.
    pub(super) passes_over: &'a (dyn Fn(&Seal) -> bool + Sync),
    /// The largest checkpoint of the trail, signed or not.
    pub(super) newest: u64,
    pub(super) purges: &'a Purges,
    pub(super) tape: Tape,
    pub(super) marks: Marks<'a>,
    pub(super) watch: Watch,
    pub(super) outcome: Outcome,
    /// What stands before was changed, so that it is no news that this does not fit.
    pub(super) spoiled: bool,
}

/// The state before a segment, to which a second reading goes back.
pub(super) struct Before {
    pub(super) tape: Tape,
    pub(super) place: Option<u64>,
}

impl<'a> Check<'a> {
    pub(super) fn run(&mut self, run: &Run, slots: &'a [Slot]) -> io::Result<()> {
        self.tape.compare(&mut self.marks);
        let slots = &slots[run.slots.clone()];
        for (at, slot) in slots.iter().enumerate() {
            self.segment(slot, run.is_last && at + 1 == slots.len())?;
        }
        if run.is_last
            && let Some(size) = self.tape.beyond(&mut self.marks)
            && !self.spoiled
        {
            let at = self.tape.at;
            let message = format!(
                "the trail ends after {at} events, and a signed checkpoint says that it had {size}"
            );
            let mut finding = Finding::new(Kind::Cut, message).event(at).before(size);
            if let Some(slot) = slots.last() {
                let line = self.outcome.segments.last().map_or(0, |last| last.count);
                finding = finding.file(&slot.segment).line(line + 1);
            }
            self.outcome.findings.push(finding);
        }
        self.outcome.end = self.tape.at;
        self.outcome.findings.append(&mut self.marks.findings);
        self.outcome.heard = std::mem::take(&mut self.watch.heard);
        self.outcome.good = self.tape.good;
        self.outcome.checkpoints = self.tape.checkpoints;
        self.outcome.kept = std::mem::take(&mut self.tape.kept);
        let covered = self.tape.good.map_or(0, |(size, _)| size);
        let leaves = self.tape.leaves.iter();
        self.outcome.leaves = leaves.filter(|(at, _)| *at < covered).copied().collect();
        Ok(())
    }

    fn segment(&mut self, slot: &'a Slot, is_last: bool) -> io::Result<()> {
        let seal = slot.seal.as_ref().map(|file| &file.seal);
        if let Some(seal) = seal
            && seal.first != self.tape.at
        {
            self.go_on_at(seal);
        }
        let before = Before {
            tape: self.tape.clone(),
            place: Tape::place(&mut self.marks),
        };
        let Some(stored) = &slot.stored else {
            return self.without_file(slot, seal, before);
        };
        if let Some(seal) = seal
            && (self.passes_over)(seal)
            && stored.is_file
        {
            return self.by_hashes(slot, seal, before, SegmentState::PassedOver);
        }
        let obstacle = match (stored.is_file, stored.form) {
            (false, _) => Some((
                Kind::NotAFile,
                "it is a link, a directory or a device, and was not read".to_owned(),
            )),
            (true, Form::Encrypted) => self.closed_to_us(stored),
            _ => None,
        };
        if let Some((Kind::Encrypted, _)) = &obstacle
            && !self.is_noted(slot, stored)?
        {
            let message = "the file is not the one that was noted beside its seal (SHA-256); it was changed, and without an \
                           identity nobody can say where";
            let finding = Finding::new(Kind::StoredDamaged, message).event(self.tape.at);
            self.tell(stored, finding, None);
        }
        if let Some((kind, message)) = obstacle {
            return self.unread(slot, seal, before, kind, message);
        }
        let watch = Some((&mut self.watch, seal.is_none()));
        let reading = self.reader.read(
            &slot.segment,
            stored,
            &mut self.tape,
            &mut self.marks,
            watch,
        )?;
        self.outcome.events += reading.count;
        self.outcome.bytes += reading.bytes;
        self.note_oddities(slot, &reading);
        if let Some(error) = &reading.error
            && is_missing(error)
        {
            let message = "it was removed, compressed or moved while the check ran; check again";
            self.tape = before.tape.clone();
            return self.unread(slot, seal, before, Kind::Unreadable, message.to_owned());
        }
        // What the system refuses says nothing of what stands in a file.
        if let Some(error) = &reading.error
            && (stored.form == Form::Plain || error.raw_os_error().is_some())
        {
            let message = format!("it cannot be read: {error}");
            self.tape = before.tape.clone();
            return self.unread(slot, seal, before, Kind::Unreadable, message);
        }
        let first = before.tape.at;
        let count = reading.count;
        let state = match seal {
            Some(seal) => self.judge_sealed(slot, stored, seal, before, &reading)?,
            None => self.judge_open(slot, stored, before, &reading, is_last)?,
        };
        self.report(slot, first, count, state);
        Ok(())
    }

    /// Why an encrypted segment cannot be read, if that is for want of a key.
    fn closed_to_us(&self, stored: &Stored) -> Option<(Kind, String)> {
        let error = stored.open(self.reader.read).err()?;
        is_locked(&error).then(|| {
            let message = format!("{error}; its lines were not read");
            (Kind::Encrypted, message)
        })
    }

    /// A file that cannot be read is still that of which its seal speaks, or not.
    fn is_noted(&mut self, slot: &Slot, stored: &Stored) -> io::Result<bool> {
        let Some(record) = slot.seal.as_ref().and_then(|file| file.stored.as_ref()) else {
            return Ok(true);
        };
        let found = std::fs::File::open(&stored.path).and_then(hash_of);
        let (sha256, size) = match found {
            // Removed a moment ago, by retention.
            Err(error) if is_missing(&error) => return Ok(true),
            found => found?,
        };
        Ok(record.name != name_of(stored) || (sha256, size) == (record.sha256, record.size))
    }

    pub(super) fn report(&mut self, slot: &Slot, first: u64, count: u64, state: SegmentState) {
        self.spoiled |= state == SegmentState::Altered;
        self.outcome.segments.push(SegmentReport {
            name: slot.segment.clone(),
            first,
            count,
            state,
            sealed: slot.seal.is_some(),
        });
    }

    /// The seal of the next segment begins elsewhere than the ones before it end.
    fn go_on_at(&mut self, seal: &Seal) {
        if !self.spoiled {
            let at = self.tape.at;
            let finding = if at < seal.first {
                let message = format!(
                    "the events {at} to {} are missing: {} begins behind them",
                    seal.first - 1,
                    seal.segment
                );
                Finding::new(Kind::SegmentMissing, message).event(at)
            } else {
                let message = format!(
                    "{} begins with event {}, and before it stand {at} events",
                    seal.segment, seal.first
                );
                Finding::new(Kind::Inserted, message).event(seal.first)
            };
            self.outcome.findings.push(finding);
            self.spoiled = true;
        }
        self.tape.go_to(seal.first, None, &mut self.marks);
    }

    fn note_oddities(&mut self, slot: &Slot, reading: &Reading) {
        if let Some(wrong) = reading.misnumbered {
            let message = format!(
                "in {}, from line {} on, {} lines have another number than their place",
                slot.segment,
                wrong.line + 1,
                wrong.count
            );
            self.outcome.notes.push(message);
        }
        if reading.too_long > 0 {
            let message = format!(
                "{} has {} lines that are longer than any that Vigil writes",
                slot.segment, reading.too_long
            );
            self.outcome.notes.push(message);
        }
    }
}
