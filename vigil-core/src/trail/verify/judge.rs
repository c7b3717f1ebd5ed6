//! Segments that were read, held against what is signed of them.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::diagnose::by_numbers;
use super::layout::Slot;
use super::reading::Reading;
use super::report::{Finding, Kind, SegmentState};
use super::segment::{Before, Check};
use super::stored::Stored;
use super::tape::Tape;
use crate::trail::evidence::Seal;
use crate::trail::tree::Growing;

/// Between the end of a segment and its seal lies a sync of the disk and a signature.
const UNTIL_SEALED: Duration = Duration::from_secs(2);

impl Check<'_> {
    /// A closed segment, which was read.
    pub(super) fn judge_sealed(
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
        let root = self.tape.root();
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
            self.tape
                .go_to(seal.end(), seal.tree().map(Growing::from), &mut self.marks);
            self.tape.agree();
        }
        // From here on everything stands on the seal.
        self.spoiled = false;
        Ok(state)
    }

    /// A segment without a seal, which was read.
    pub(super) fn judge_open(
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
        // Hashes are safe before what stands behind them is signed, and may be behind the lines until then.
        let is_closed = !is_last && self.newest > self.tape.at;
        self.judge_hashes(slot, reading, first, good - first, is_closed);
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
    pub(super) fn miss_seal(&mut self, slot: &Slot, first: u64, end: u64) {
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
    pub(super) fn judge_hashes(
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

    pub(super) fn tell_fork(&mut self) {
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
