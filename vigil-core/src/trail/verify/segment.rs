//! The segments of a run, one after the other, each judged by what is signed.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::diagnose::{Windows, by_numbers};
use super::layout::Slot;
use super::plan::{Run, name_of};
use super::reading::{Reader, Reading};
use super::report::{Finding, Kind, SegmentReport, SegmentState};
use super::stored::{Form, Stored};
use super::tape::{Marks, Tape, Trust};
use super::watch::{Heard, Watch};
use crate::trail::evidence::{Seal, Sidecar};
use crate::trail::tree::Hash;

/// Between the end of a segment and its seal lies a sync of the disk and a signature.
const UNTIL_SEALED: Duration = Duration::from_secs(2);

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
}

/// Goes through a run.
pub(super) struct Check<'a> {
    pub(super) trust: Trust<'a>,
    pub(super) reader: Reader<'a>,
    /// Whether a segment lies outside of the time that was asked for.
    pub(super) passes_over: &'a (dyn Fn(&Seal) -> bool + Sync),
    /// The largest checkpoint of the trail, signed or not.
    pub(super) newest: u64,
    pub(super) tape: Tape,
    pub(super) marks: Marks<'a>,
    pub(super) watch: Watch,
    pub(super) outcome: Outcome,
    /// What stands before was changed, so that it is no news that this does not fit.
    pub(super) spoiled: bool,
}

/// The state before a segment, to which a second reading goes back.
struct Before {
    tape: Tape,
    place: Option<u64>,
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
            (true, Form::Encrypted) => Some((
                Kind::Encrypted,
                "it is encrypted, and was not read".to_owned(),
            )),
            _ => None,
        };
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
            && stored.form == Form::Plain
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

    fn report(&mut self, slot: &Slot, first: u64, count: u64, state: SegmentState) {
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

    /// A closed segment, which was read.
    fn judge_sealed(
        &mut self,
        slot: &Slot,
        stored: &Stored,
        seal: &Seal,
        before: Before,
        reading: &Reading,
    ) -> io::Result<SegmentState> {
        let first = seal.first;
        self.watch.heard.add_lost(&seal.lost);
        let whole = reading.error.is_none() && reading.count == seal.count;
        let root = self.tape.tree.as_ref().map(|tree| tree.root());
        let state = match root {
            Some(root) if whole && root == seal.root => {
                self.tape.agree();
                if reading.torn > 0 {
                    let message = format!(
                        "{} bytes stand behind its last line that were never signed",
                        reading.torn
                    );
                    let finding = Finding::new(Kind::Inserted, message).event(seal.end());
                    self.tell(stored, finding, Some(seal.count));
                    SegmentState::Altered
                } else {
                    self.judge_hashes(slot, reading, first, seal.count, true);
                    SegmentState::Intact
                }
            }
            None if whole && reading.differs.is_none() => {
                if !self.spoiled {
                    let message = "what stands before it is missing, so that only its own hashes speak for it";
                    self.tell(
                        stored,
                        Finding::new(Kind::Unproven, message).event(first),
                        None,
                    );
                }
                SegmentState::Unproven
            }
            _ => {
                self.diagnose(slot, stored, Some(seal), before, reading)?;
                SegmentState::Altered
            }
        };
        if state == SegmentState::Intact {
            self.tell_fork();
            self.tape.bad = None;
        } else {
            self.tape.go_to(seal.end(), seal.tree(), &mut self.marks);
            self.tape.agree();
        }
        // From here on everything stands on the seal.
        self.spoiled = false;
        Ok(state)
    }

    /// A segment without a seal, which was read.
    fn judge_open(
        &mut self,
        slot: &Slot,
        stored: &Stored,
        before: Before,
        reading: &Reading,
        is_last: bool,
    ) -> io::Result<SegmentState> {
        let first = before.tape.at;
        let good = self.tape.good.map_or(first, |(size, _)| size.max(first));
        let contradicted = match self.tape.bad {
            // Where something later agrees, it was not the lines.
            Some(bad) if bad > good => true,
            Some(_) => {
                self.tell_fork();
                self.tape.bad = None;
                false
            }
            None => false,
        };
        if !is_last && !slot.has_seal_file {
            self.miss_seal(slot, first, first + reading.count);
        }
        // A missing end shows by a checkpoint that lies behind it, in the tail that somebody has cut or in what was
        // there of the hashes.
        let hashes_end = reading.hashes.map_or(0, |count| first + count);
        let at = self.tape.at;
        let cut = hashes_end > at && (!is_last || Tape::place(&mut self.marks).is_some());
        let tail_differs = reading
            .differs
            .is_some_and(|line| first + line >= good || self.tape.tree.is_none());
        let broken = reading.error.is_some() || !is_last && reading.torn > 0;
        if contradicted || cut || tail_differs || broken {
            if self.spoiled && self.tape.tree.is_none() && !tail_differs {
                return Ok(SegmentState::Unproven);
            }
            self.diagnose(slot, stored, None, before, reading)?;
            return Ok(SegmentState::Altered);
        }
        if let Some(wrong) = reading.misnumbered
            && first + wrong.line >= good
            && reading.hashes.is_none_or(|count| wrong.line >= count)
            && self.tape.tree.is_some()
        {
            let (kind, _) = by_numbers(reading, first, None);
            let message = format!(
                "the line has the number {}, and is event {}; no checkpoint covers it yet",
                wrong.seq,
                first + wrong.line
            );
            let finding = Finding::new(kind, message).event(first + wrong.line);
            self.tell(stored, finding, Some(wrong.line));
            return Ok(SegmentState::Altered);
        }
        if self.tape.tree.is_none() {
            return Ok(SegmentState::Unproven);
        }
        self.judge_hashes(slot, reading, first, good - first, !is_last);
        if is_last && reading.torn > 0 {
            let message = format!(
                "{} ends with {} bytes that are not a whole line, as in a file that is being written",
                slot.segment, reading.torn
            );
            self.outcome.notes.push(message);
        }
        Ok(if good >= self.tape.at {
            SegmentState::Intact
        } else {
            SegmentState::Open
        })
    }

    /// A segment between others that nobody has sealed.
    fn miss_seal(&mut self, slot: &Slot, first: u64, end: u64) {
        if self.newest <= end {
            let message = format!("{} is closed, and not sealed yet", slot.segment);
            self.outcome.notes.push(message);
            return;
        }
        let path = self.reader.places.seal(&slot.segment);
        if appears(&path) {
            return;
        }
        let message = format!(
            "the segment {} was closed, and what follows it was signed; its own seal is missing",
            slot.segment
        );
        let finding = Finding::new(Kind::SealMissing, message)
            .event(first)
            .file(format!(".vigil/seals/{}.json", slot.segment));
        self.outcome.findings.push(finding);
    }

    /// The lines are right; the hashes beside them need not be.
    fn judge_hashes(
        &mut self,
        slot: &Slot,
        reading: &Reading,
        first: u64,
        proven: u64,
        is_closed: bool,
    ) {
        let file = format!(".vigil/hashes/{}", slot.segment);
        let finding = match (reading.differs, reading.hashes) {
            (Some(line), _) => Finding::new(
                Kind::HashesAltered,
                "the line is as it was signed, and the hash beside it is another",
            )
            .event(first + line),
            (None, None) if is_closed && reading.count > 0 => {
                let message = "the hashes beside the segment are missing; they can be made again from its lines";
                Finding::new(Kind::HashesMissing, message)
            }
            (None, Some(count)) if is_closed && (count != reading.count || reading.hashes_torn) => {
                let message = format!(
                    "there are {count} hashes beside {} lines{}",
                    reading.count,
                    if reading.hashes_torn {
                        ", and a part of one"
                    } else {
                        ""
                    }
                );
                Finding::new(Kind::HashesAltered, message).event(first + count.min(proven))
            }
            _ => return,
        };
        self.outcome.findings.push(finding.file(file));
    }

    /// A segment of which there is no file, or one that was only in the way.
    fn without_file(&mut self, slot: &Slot, seal: Option<&Seal>, before: Before) -> io::Result<()> {
        let first = before.tape.at;
        let hashes = Sidecar::open(&self.reader.places.hashes(&slot.segment));
        let hashes = hashes.map_or(0, |hashes| hashes.count());
        let count = seal.map_or(hashes, |seal| seal.count);
        if count == 0 {
            // A file that was about to be.
            return Ok(());
        }
        let message = format!(
            "the segment is missing, with the events {first} to {}",
            first + count - 1
        );
        let finding = Finding::new(Kind::SegmentMissing, message)
            .event(first)
            .file(&slot.segment)
            .line(1);
        self.outcome.findings.push(finding);
        match seal {
            Some(seal) => self.by_hashes(slot, seal, before, SegmentState::Missing),
            None => {
                if let Some(replayed) = self.replay(slot, &before)? {
                    self.adopt(replayed);
                }
                self.report(slot, first, 0, SegmentState::Missing);
                self.spoiled = true;
                Ok(())
            }
        }
    }

    fn unread(
        &mut self,
        slot: &Slot,
        seal: Option<&Seal>,
        before: Before,
        kind: Kind,
        message: String,
    ) -> io::Result<()> {
        let first = before.tape.at;
        let mut finding = Finding::new(kind, message).event(first);
        if let Some(stored) = &slot.stored {
            finding = finding.file(name_of(stored));
        }
        self.outcome.findings.push(finding);
        match seal {
            Some(seal) => self.by_hashes(slot, seal, before, SegmentState::Unproven),
            None => {
                if let Some(replayed) = self.replay(slot, &before)? {
                    self.adopt(replayed);
                }
                self.report(slot, first, 0, SegmentState::Unproven);
                self.spoiled = true;
                Ok(())
            }
        }
    }

    /// A closed segment whose lines are not read: its hashes carry the checkpoints within it, its seal what follows.
    fn by_hashes(
        &mut self,
        slot: &Slot,
        seal: &Seal,
        before: Before,
        state: SegmentState,
    ) -> io::Result<()> {
        self.watch.heard.add_lost(&seal.lost);
        if state == SegmentState::PassedOver {
            self.outcome.events += seal.count;
        }
        let replayed = self.replay(slot, &before)?;
        let agrees = replayed.as_ref().is_some_and(|tape| {
            tape.at == seal.end()
                && tape
                    .tree
                    .as_ref()
                    .is_none_or(|tree| tree.root() == seal.root)
        });
        match replayed {
            Some(tape) if agrees => {
                self.adopt(tape);
                self.tell_fork();
            }
            Some(_) => {
                let message = "the hashes beside the segment are not those that were signed";
                let finding = Finding::new(Kind::HashesAltered, message)
                    .event(seal.first)
                    .before(seal.end())
                    .file(format!(".vigil/hashes/{}", slot.segment));
                self.outcome.findings.push(finding);
            }
            None if seal.count > 0 => {
                let message = "the hashes beside the segment are missing";
                let finding = Finding::new(Kind::HashesMissing, message)
                    .file(format!(".vigil/hashes/{}", slot.segment));
                self.outcome.findings.push(finding);
            }
            None => {}
        }
        self.tape.go_to(seal.end(), seal.tree(), &mut self.marks);
        self.tape.agree();
        self.spoiled = false;
        self.report(slot, seal.first, seal.count, state);
        Ok(())
    }

    /// Plays the hashes beside a segment instead of its lines; `None` if there are none.
    fn replay(&self, slot: &Slot, before: &Before) -> io::Result<Option<Tape>> {
        if !slot.has_hashes {
            return Ok(None);
        }
        let Ok(mut hashes) = Sidecar::open(&self.reader.places.hashes(&slot.segment)) else {
            return Ok(None);
        };
        let limit = slot.seal.as_ref().map(|file| file.seal.end());
        let mut marks = match before.place {
            Some(place) => Marks::from(self.trust, place, limit, true),
            None => Marks::from(
                Trust {
                    list: None,
                    ..self.trust
                },
                0,
                limit,
                true,
            ),
        };
        let mut tape = before.tape.clone();
        tape.bad = None;
        tape.compare(&mut marks);
        for index in 0..hashes.count() {
            match hashes.leaf(index)? {
                Some(leaf) => tape.push(leaf, &mut marks),
                None => break,
            }
        }
        Ok(Some(tape))
    }

    /// Goes on from the hashes instead of the lines.
    fn adopt(&mut self, tape: Tape) {
        let tree = tape.tree.clone();
        let at = tape.at;
        self.tape = tape;
        self.tape.go_to(at, tree, &mut self.marks);
    }

    /// The lines are not what was signed: says what happened, and goes on behind.
    fn diagnose(
        &mut self,
        slot: &Slot,
        stored: &Stored,
        seal: Option<&Seal>,
        before: Before,
        reading: &Reading,
    ) -> io::Result<()> {
        let first = before.tape.at;
        let replayed = self.replay(slot, &before)?;
        // Up to where the hashes are those that were signed.
        let (proven, hashes_end) = match (&replayed, seal) {
            (None, _) => (first, first),
            (Some(tape), Some(seal))
                if tape.at == seal.end()
                    && tape
                        .tree
                        .as_ref()
                        .is_none_or(|tree| tree.root() == seal.root) =>
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
    fn tell_roughly(
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

    fn tell(&mut self, stored: &Stored, finding: Finding, line: Option<u64>) {
        let mut finding = finding.file(name_of(stored));
        if let Some(line) = line {
            finding = finding.line(line + 1);
        }
        self.outcome.findings.push(finding);
    }

    fn tell_fork(&mut self) {
        if let Some(size) = self.tape.forked.take().or(self.tape.bad.take()) {
            let message = format!(
                "a signed checkpoint over {size} events contradicts what else was signed of them: the key has signed \
                 two histories"
            );
            let finding = Finding::new(Kind::Forked, message)
                .event(size.saturating_sub(1))
                .file(".vigil/checkpoints");
            self.outcome.findings.push(finding);
        }
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

/// Whether a file is there, or comes to be there soon.
fn appears(path: &Path) -> bool {
    const STEP: Duration = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    while !path.exists() {
        if waited >= UNTIL_SEALED {
            return false;
        }
        thread::sleep(STEP);
        waited += STEP;
    }
    true
}
