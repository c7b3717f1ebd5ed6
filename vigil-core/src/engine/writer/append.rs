//! From lines in the block to the trail, and from there to the disk.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use serde_json::json;

use super::{Effect, FIRST_PAUSE, LAST_TRIES, LONGEST_PAUSE, Line, Running, Writer};
use crate::engine::now;
use crate::engine::syncer::Settled;
use crate::engine::system_events::FAILURE;
use crate::error::Error;
use crate::event::Callsite;
use crate::trail::stamp;

impl Running {
    /// Appends the lines of the block, trying again for as long as the engine runs.
    pub(super) fn append(&mut self) {
        let mut pause = FIRST_PAUSE;
        let mut give_up_at = None;
        let mut failure: Option<(u64, String)> = None;
        let tells = |line: &Line| matches!(line.effect, Effect::Tells(_));
        self.writer
            .trail
            .expect_losses(self.lines.iter().any(tells));
        while !self.lines.is_empty() {
            let appended = self
                .writer
                .trail
                .append(&self.block, self.lines.len() as u64);
            let Err(failed) = appended else {
                self.writer.monitor.trail.ended();
                self.settle(self.lines.len(), self.block.len());
                self.tell_notes();
                if let Some((since, error)) = failure.take() {
                    let parameters = json!({
                        "condition": "trail_unwritable",
                        "phase": "ended",
                        "what": "the trail could not be written",
                        "error": error,
                        "since": stamp(since),
                        "until": stamp(now().1),
                    });
                    self.say(&FAILURE, &parameters, Effect::None);
                }
                continue;
            };
            let lines = usize::try_from(failed.written).unwrap_or(usize::MAX);
            self.settle(lines, failed.written_bytes);
            self.writer.monitor.trail.failed(&failed.source);
            self.writer.report(&failed.source);
            let next_deadline = self.writer.live.expire();
            self.writer.monitor.turn();
            failure.get_or_insert_with(|| (now().1, failed.source.to_string()));
            if self.writer.live.is_closed() {
                let deadline = *give_up_at.get_or_insert_with(|| Instant::now() + LAST_TRIES);
                if Instant::now() >= deadline {
                    self.gave_up = true;
                    return;
                }
                pause = pause.min(LAST_TRIES / 50);
                std::thread::sleep(pause);
            } else {
                // Who waits is told in time, however long the trail has been out of reach.
                let until = next_deadline.unwrap_or(pause).max(FIRST_PAUSE);
                self.writer.live.doze(pause.min(until));
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        // Also what came behind the last line and is none: a filler, a damaged record.
        self.writer.mark.position = self.read;
    }

    /// The first `lines` lines of the block, of so many bytes, stand in the trail.
    pub(super) fn settle(&mut self, lines: usize, bytes: usize) {
        let (lines, bytes) = (lines.min(self.lines.len()), bytes.min(self.block.len()));
        self.writer.progress.advance(self.writer.trail.next_seq());
        let Writer {
            mark,
            open_attempts,
            ..
        } = &mut self.writer;
        // Counted a run of lines at a time: callers count on the same cache lines.
        let mut run: (Option<&Callsite>, u64) = (None, 0);
        let count = |(callsite, lines): (Option<&Callsite>, u64)| {
            if let Some(callsite) = callsite {
                callsite.counters.written.fetch_add(lines, Relaxed);
            }
        };
        for line in self.lines.drain(..lines) {
            let events = line.events();
            match (run.0, line.callsite) {
                (Some(last), Some(callsite)) if std::ptr::eq(last, callsite) => run.1 += events,
                _ => count(std::mem::replace(&mut run, (line.callsite, events))),
            }
            match line.effect {
                Effect::None | Effect::Counts { .. } => {}
                Effect::Opens(id) => {
                    open_attempts.insert(id, mark.next_seq);
                }
                Effect::Closes(id) => {
                    open_attempts.remove(&id);
                }
                Effect::Tells(kinds) => {
                    for (kind, count) in kinds {
                        mark.declared[kind] += count;
                    }
                }
            }
            mark.position = line.end;
            mark.next_seq += 1;
        }
        count(run);
        self.block.drain(..bytes);
        if lines > 0 {
            self.appended = true;
            self.appended_at = Instant::now();
        }
    }

    /// `more`: there are more records to be read at once.
    pub(super) fn sync_if_due(&mut self, more: bool) {
        let enough = self.writer.sealer.is_some()
            && self.writer.mark.next_seq - self.requested_seq >= self.checkpoint_every;
        let due = enough
            || self.synced_at.elapsed() >= self.sync_interval
            || self.writer.live.presses(self.requested, self.read, more);
        if due && (self.appended || self.writer.mark.position > self.requested) {
            self.look_after_journal();
            self.sync();
        }
    }

    pub(super) fn sync(&mut self) {
        let Writer {
            mark,
            open_attempts,
            trail,
            monitor,
            ..
        } = &mut self.writer;
        mark.oldest_attempt = open_attempts.values().min().copied();
        let waiting = self.lines.iter().filter_map(|line| match line.effect {
            Effect::Counts { position, .. } => Some(position),
            _ => None,
        });
        let settled = Settled {
            mark: self.folding.mark(mark, waiting.min()),
            safe: mark.position,
            grown: trail.grown().into_iter().collect(),
        };
        self.requested_seq = mark.next_seq;
        self.requested = mark.position;
        self.released = settled.mark.position;
        self.appended = false;
        self.synced_at = Instant::now();
        monitor.sync_asked();
        self.syncer.request(trail.take_unsynced(), settled);
    }

    /// The memory of a file that has been removed is still there, for this process alone.
    pub(super) fn look_after_journal(&mut self) {
        let missed = !self.writer.live.stands();
        if missed && !self.journal_is_missed {
            let what = "the journal file is gone";
            self.writer.report(&Error::trail(format!(
                "{what} from {}: until the engine is started again, events that wait there to be written do not survive \
                 a crash",
                self.writer.live.path().display(),
            )));
            self.say(
                &FAILURE,
                &json!({"what": what, "since": stamp(now().1)}),
                Effect::None,
            );
        }
        self.journal_is_missed = missed;
    }

    /// What the trail has found and mended: a torn line, a file that was gone. What somebody has done to its files, the
    /// trail itself tells as well.
    pub(super) fn tell_notes(&mut self) {
        for what in self.writer.trail.take_tampering() {
            let parameters = json!({"condition": "trail_changed", "what": what});
            self.say(&FAILURE, &parameters, Effect::None);
        }
        for note in self.writer.trail.take_notes() {
            self.writer.report(&Error::trail(note));
        }
    }
}
