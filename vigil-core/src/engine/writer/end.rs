//! The end of the writer, and what it leaves.

use serde_json::{Value, json};

use super::{Effect, Ended, LAST_TRIES, Line, Running};
use crate::engine::stats;
use crate::engine::system_events::STOPPED;
use crate::error::Error;
use crate::journal::Found;

impl Running {
    pub(super) fn end(mut self) -> Ended {
        let live = self.writer.live;
        if !self.gave_up {
            self.look_after_journal();
            self.drain();
            // Events may have been lost behind the last record.
            if live.owes(self.read) {
                self.tell_losses();
            }
            self.say(&STOPPED, &stats_at_the_end(), Effect::None);
            self.append();
        }
        // Also where nothing was appended: who waits for a sync must learn that there is nothing left to wait for.
        self.sync();
        let composed: u64 = self.lines.iter().map(Line::events).sum();
        let left = composed + self.count_folded() + self.count_unread();
        let finished = self.syncer.finish(LAST_TRIES);
        if let Some(sealer) = self.writer.sealer.take()
            && sealer.finish(LAST_TRIES) != Some(true)
        {
            self.writer.report(&Error::trail(
                "the end of the trail could not be signed before the engine stopped; the next start signs it",
            ));
        }
        if finished.is_some() {
            live.end(self.read);
        } else {
            // It hangs in a sync, and may still come back to the journal's memory.
            live.break_off();
        }
        Ended {
            left,
            synced: finished == Some(true),
        }
    }

    pub(super) fn count_folded(&mut self) -> u64 {
        let folded = std::iter::from_fn(|| self.folding.drain());
        folded.map(|folded| folded.repeats.count).sum()
    }

    pub(super) fn count_unread(&mut self) -> u64 {
        let mut count = 0;
        loop {
            match self.writer.live.read(self.read, &mut self.record) {
                Found::Record { next } => {
                    count += 1;
                    self.read = next;
                }
                Found::Filler { next } => self.read = next,
                Found::Damaged { .. } => self.read = self.writer.live.behind_damage(self.read),
                // What somebody has reserved and not filled, and whatever comes behind it.
                Found::Nothing => return count + u64::from(self.read < self.writer.live.tail()),
            }
        }
    }
}

fn stats_at_the_end() -> Value {
    let total = stats().total;
    json!({
        "recorded": total.recorded,
        "filtered": total.filtered,
        "dropped": total.dropped,
    })
}
