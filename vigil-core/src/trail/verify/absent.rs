//! Segments that cannot be read, or need not be: the hashes beside them stand for their lines.

use std::io;

use super::layout::Slot;
use super::plan::name_of;
use super::report::{Finding, Kind, SegmentState};
use super::segment::{Before, Check};
use super::tape::{Marks, Tape, Trust};
use crate::trail::evidence::{Seal, Sidecar};
use crate::trail::tree::Growing;

impl Check<'_> {
    /// A segment of which there is no file, or one that was only in the way.
    pub(super) fn without_file(
        &mut self,
        slot: &Slot,
        seal: Option<&Seal>,
        before: Before,
    ) -> io::Result<()> {
        let first = before.tape.at;
        let hashes = Sidecar::open(&self.reader.places.hashes(&slot.segment));
        let hashes = hashes.map_or(0, |hashes| hashes.count());
        let count = seal.map_or(hashes, |seal| seal.count);
        if count == 0 {
            // A file that was about to be.
            return Ok(());
        }
        if let Some(seal) = seal
            && self.purges.of(seal).next().is_some()
        {
            // Whether that event is in the trail is known when all of it has been read.
            return self.by_hashes(slot, seal, before, SegmentState::Purged);
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

    pub(super) fn unread(
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
    pub(super) fn by_hashes(
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
        let mut replayed = self.replay(slot, &before)?;
        let agrees = replayed.as_mut().is_some_and(|tape| {
            tape.at == seal.end() && tape.root().is_none_or(|root| root == seal.root)
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
        self.tape
            .go_to(seal.end(), seal.tree().map(Growing::from), &mut self.marks);
        self.tape.agree();
        self.spoiled = false;
        self.report(slot, seal.first, seal.count, state);
        Ok(())
    }

    /// Plays the hashes beside a segment instead of its lines; `None` if there are none.
    pub(super) fn replay(&self, slot: &Slot, before: &Before) -> io::Result<Option<Tape>> {
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
    pub(super) fn adopt(&mut self, tape: Tape) {
        let tree = tape.tree.clone();
        let at = tape.at;
        self.tape = tape;
        self.tape.go_to(at, tree, &mut self.marks);
    }
}
