//! From records in the journal to lines in the block.

use serde_json::{Value, json};

use super::{BLOCK, Effect, Line, MOST_READ, Running};
use crate::engine::now;
use crate::engine::system_events::{self, HEARTBEAT, LOST};
use crate::error::Error;
use crate::event::record::Record;
use crate::event::{Callsite, Status};
use crate::filter::dedup::{Folded, Verdict};
use crate::journal::Found;

impl Running {
    /// Composes the lines of a block. True if there may be more to do at once.
    pub(super) fn gather(&mut self) -> bool {
        let live = self.writer.live;
        let began = self.read;
        if self.folding.is_on() {
            self.folding.look_at_the_clock();
            while let Some(folded) = self.folding.due() {
                self.repeat(&folded);
            }
        }
        while self.block.len() < BLOCK && self.read - began < MOST_READ {
            if live.owes(self.read) {
                self.tell_losses();
            }
            let position = self.read;
            match live.read(position, &mut self.record) {
                Found::Record { next } => {
                    self.read = next;
                    self.compose(position);
                }
                Found::Filler { next } => self.read = next,
                Found::Damaged { .. } => {
                    self.read = live.behind_damage(self.read);
                    self.writer.report(&Error::trail(
                        "a record in the journal was damaged and has been left out; something wrote into its memory",
                    ));
                }
                Found::Nothing => return false,
            }
        }
        true
    }

    /// Composes the line of the record that was just read at `position`, unless it is folded.
    pub(super) fn compose(&mut self, position: u64) {
        let Some(record) = Record::read(&self.record) else {
            self.writer.report(&Error::trail(
                "a record in the journal is not readable; it was left out",
            ));
            return;
        };
        let callsite = by_id(&mut self.callsites, record.header.callsite);
        if self.folding.is_on() {
            let folding = &mut self.folding;
            if folding.offer(callsite, &record, &self.record, position) == Verdict::Fold {
                return;
            }
        }
        let seq = self.writer.trail.next_seq() + self.lines.len() as u64;
        self.writer.composer.compose(&record, seq, &mut self.block);
        let effect = match record.attempt() {
            Some(attempt) => Effect::Closes(attempt),
            None if record.header.status == Status::Attempt => Effect::Opens(record.header.id),
            None => Effect::None,
        };
        self.lines.push(Line {
            callsite,
            end: self.read,
            effect,
        });
    }

    /// Composes the line of events that were folded.
    pub(super) fn repeat(&mut self, folded: &Folded) {
        let Some(record) = Record::read(&folded.record) else {
            return;
        };
        let seq = self.writer.trail.next_seq() + self.lines.len() as u64;
        let (composer, block) = (&mut self.writer.composer, &mut self.block);
        composer.compose_repeats(&record, &folded.repeats, seq, block);
        self.lines.push(Line {
            callsite: by_id(&mut self.callsites, record.header.callsite),
            end: self.read,
            effect: Effect::Counts {
                events: folded.repeats.count,
                position: folded.position,
            },
        });
    }

    pub(super) fn drain(&mut self) {
        while let Some(folded) = self.folding.drain() {
            self.repeat(&folded);
        }
    }

    /// Ends all windows where somebody waits for what is in them, or where they keep too much of the journal. True if
    /// the journal is to be told of it.
    pub(super) fn unfold(&mut self) -> bool {
        if !self.folding.is_on() {
            return false;
        }
        let live = self.writer.live;
        let asked = live.unfold_to();
        let is_asked = asked > self.unfolded && asked <= self.read;
        if is_asked {
            self.unfolded = asked;
        }
        let lines = self.lines.len();
        if is_asked || live.is_quarter(self.released, self.read) {
            self.drain();
        }
        is_asked || self.lines.len() > lines
    }

    /// Takes notice of settings that were changed.
    pub(super) fn follow_settings(&mut self) {
        if self.generation == self.writer.in_force.generation() {
            return;
        }
        let (generation, config) = self.writer.in_force.get();
        self.generation = generation;
        self.sync_interval = super::sync_interval(&config);
        if config.dedup.is_off() {
            self.drain();
        }
        self.folding.set_windows(config.dedup.clone());
    }

    /// Composes a line of Vigil's own.
    pub(super) fn say(&mut self, callsite: &'static Callsite, parameters: &Value, effect: Effect) {
        let record = system_events::record(callsite, now().1, parameters);
        let Some(record) = Record::read(&record) else {
            return;
        };
        let seq = self.writer.trail.next_seq() + self.lines.len() as u64;
        self.writer.composer.compose(&record, seq, &mut self.block);
        self.lines.push(Line {
            callsite: Some(callsite),
            end: self.read,
            effect,
        });
    }

    /// Where nothing has happened for some time, says so: whoever reads the trail can then tell that from a writer that
    /// was stopped.
    pub(super) fn beat(&mut self) {
        let is_signed = self.writer.sealer.is_some();
        let Some(heartbeat) = self
            .heartbeat
            .filter(|_| is_signed && self.lines.is_empty())
        else {
            return;
        };
        let idle = self.appended_at.elapsed();
        if idle >= heartbeat {
            let idle = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
            self.say(&HEARTBEAT, &json!({"idle_ms": idle}), Effect::None);
        }
    }

    pub(super) fn tell_losses(&mut self) {
        let losses = self.writer.live.take_losses(self.read);
        if losses.is_empty() {
            return;
        }
        let parameters = system_events::lost(&losses);
        self.writer.report(&Error::trail(format!(
            "{} events were lost; the trail tells of them as {}",
            parameters["count"], LOST.operation
        )));
        let told = losses.iter().map(|loss| (loss.kind, loss.count)).collect();
        self.say(&LOST, &parameters, Effect::Tells(told));
    }
}

/// The callsite of a number that this process has given out.
fn by_id(known: &mut Vec<&'static Callsite>, id: u32) -> Option<&'static Callsite> {
    let index = usize::try_from(id).ok()?.checked_sub(1)?;
    if known.len() <= index {
        *known = Callsite::reached();
    }
    known.get(index).copied()
}
