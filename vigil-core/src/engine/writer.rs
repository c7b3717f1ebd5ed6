//! The writer thread: it takes records from the journal, composes lines, appends them to the trail, and has them made
//! safe. What it is doing when the process dies, the next start does again from the journal.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::syncer::Syncer;
use super::system_events::{self, FAILURE, LOST, STOPPED};
use super::{ERRORS, Role, now, stats};
use crate::error::Error;
use crate::event::record::Record;
use crate::event::{Callsite, EventId, Status};
use crate::journal::{Found, Live, Mark};
use crate::sink::Progress;
use crate::trail::{Composer, Trail, stamp};

/// Lines are appended in blocks of about this size: one write(2) a block.
const BLOCK: usize = 256 * 1024;

/// How long records may gather before the writer looks again: small blocks cost a write(2) each.
const GATHER: Duration = Duration::from_millis(1);
/// How long at most it sleeps while there is nothing to do. Callers wake it only when much comes all at once.
const LONGEST_DOZE: Duration = Duration::from_millis(32);

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long a shutdown keeps trying to write what is left.
const LAST_TRIES: Duration = Duration::from_secs(5);

/// Told of each trouble.
pub(super) type OnError = Arc<dyn Fn(&Error) + Send + Sync>;

pub(super) struct Writer {
    pub(super) live: &'static Live,
    pub(super) trail: Trail,
    pub(super) composer: Composer,
    pub(super) progress: Arc<Progress>,
    pub(super) on_error: OnError,
    pub(super) sync_interval: Duration,
    /// What the trail holds, as of the last line appended.
    pub(super) mark: Mark,
    /// By their ids, the attempts in the trail of which the outcome is not, with their numbers.
    pub(super) open_attempts: HashMap<EventId, u64>,
}

/// What the writer leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    /// So many records stay in the journal.
    pub(super) left: u64,
    /// Whether what stands in the trail is safe on disk.
    pub(super) synced: bool,
}

/// A line in the block.
struct Line {
    callsite: Option<&'static Callsite>,
    /// The position behind its record.
    end: u64,
    effect: Effect,
}

/// What is true once a line stands in the trail.
enum Effect {
    None,
    Opens(EventId),
    Closes(EventId),
    /// So many lost events of these kinds have been told of.
    Tells(Vec<(usize, u64)>),
}

impl Writer {
    /// Writes until the journal is closed.
    pub(super) fn run(self) -> Ended {
        Role::Writer.take();
        let syncer = match Syncer::start(self.live, Arc::clone(&self.on_error)) {
            Ok(syncer) => syncer,
            Err(error) => {
                let what = "cannot start the thread that syncs";
                self.report(&Error::io(what, self.trail.dir(), error));
                self.live.break_off();
                // The journal holds what is recorded, and the next start writes it.
                return Ended {
                    left: u64::from(self.live.tail() > self.mark.position),
                    synced: false,
                };
            }
        };
        Running {
            read: self.mark.position,
            requested: self.mark.position,
            synced_at: Instant::now(),
            syncer,
            record: Vec::new(),
            block: Vec::with_capacity(BLOCK + 64 * 1024),
            lines: Vec::new(),
            gave_up: false,
            writer: self,
        }
        .run()
    }

    fn report(&self, error: &Error) {
        report(&self.on_error, error);
    }
}

struct Running {
    writer: Writer,
    syncer: Syncer,
    /// Records before this position have been read.
    read: u64,
    /// A sync has been asked for that covers what is before this position.
    requested: u64,
    synced_at: Instant,
    record: Vec<u8>,
    block: Vec<u8>,
    /// The lines in `block`, in their order.
    lines: Vec<Line>,
    gave_up: bool,
}

impl Running {
    fn run(mut self) -> Ended {
        let live = self.writer.live;
        live.attend();
        self.tell_notes();
        let mut warmed = 0;
        let mut doze = GATHER;
        loop {
            warmed = live.warm(warmed);
            live.expire();
            // Asked before reading: what is read after it has come is all there is.
            let closed = live.is_closed();
            let began = self.read;
            self.gather();
            let full = self.block.len() >= BLOCK;
            self.append();
            if self.gave_up {
                break;
            }
            if closed && self.read == live.tail() {
                break;
            }
            self.sync_if_due();
            if full || closed {
                continue;
            }
            doze = if self.read == began {
                (doze * 2).min(LONGEST_DOZE)
            } else {
                GATHER
            };
            live.doze(doze);
        }
        self.end()
    }

    /// Composes the lines of a block.
    fn gather(&mut self) {
        let live = self.writer.live;
        while self.block.len() < BLOCK {
            if live.owes(self.read) {
                self.tell_losses();
            }
            match live.read(self.read, &mut self.record) {
                Found::Record { next } => {
                    self.read = next;
                    self.compose();
                }
                Found::Filler { next } => self.read = next,
                Found::Damaged { next } => {
                    self.read = next;
                    self.writer.report(&Error::trail(
                        "a record in the journal was damaged and has been left out; something wrote into its memory",
                    ));
                }
                Found::Nothing => return,
            }
        }
    }

    /// Composes the line of the record that was just read.
    fn compose(&mut self) {
        let Some(record) = Record::read(&self.record) else {
            self.writer.report(&Error::trail(
                "a record in the journal is not readable; it was left out",
            ));
            return;
        };
        let seq = self.writer.trail.next_seq() + self.lines.len() as u64;
        self.writer.composer.compose(&record, seq, &mut self.block);
        let effect = match record.attempt() {
            Some(attempt) => Effect::Closes(attempt),
            None if record.header.status == Status::Attempt => Effect::Opens(record.header.id),
            None => Effect::None,
        };
        self.lines.push(Line {
            callsite: Callsite::by_id(record.header.callsite),
            end: self.read,
            effect,
        });
    }

    /// Composes a line of Vigil's own.
    fn say(&mut self, callsite: &'static Callsite, parameters: &Value, effect: Effect) {
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

    fn tell_losses(&mut self) {
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

    /// Appends the lines of the block, trying again for as long as the engine runs.
    fn append(&mut self) {
        let mut pause = FIRST_PAUSE;
        let mut give_up_at = None;
        let mut failure: Option<(u64, String)> = None;
        while !self.lines.is_empty() {
            let appended = self
                .writer
                .trail
                .append(&self.block, self.lines.len() as u64);
            let Err(failed) = appended else {
                self.settle(self.lines.len(), self.block.len());
                self.tell_notes();
                if let Some((since, error)) = failure.take() {
                    let parameters = json!({
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
            self.writer.report(&failed.source);
            self.writer.live.expire();
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
                self.writer.live.doze(pause);
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        // Also what came behind the last line and is none: a filler, a damaged record.
        self.writer.mark.position = self.read;
    }

    /// The first `lines` lines of the block, of so many bytes, stand in the trail.
    fn settle(&mut self, lines: usize, bytes: usize) {
        let (lines, bytes) = (lines.min(self.lines.len()), bytes.min(self.block.len()));
        self.writer.progress.advance(self.writer.trail.next_seq());
        let Writer {
            mark,
            open_attempts,
            ..
        } = &mut self.writer;
        for line in self.lines.drain(..lines) {
            if let Some(callsite) = line.callsite {
                callsite.counters.written.fetch_add(1, Relaxed);
            }
            match line.effect {
                Effect::None => {}
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
        self.block.drain(..bytes);
    }

    fn sync_if_due(&mut self) {
        let due = self.synced_at.elapsed() >= self.writer.sync_interval
            || self.writer.live.presses(self.requested, self.read);
        if due && self.writer.mark.position > self.requested {
            self.sync();
        }
    }

    fn sync(&mut self) {
        let Writer {
            mark,
            open_attempts,
            trail,
            ..
        } = &mut self.writer;
        mark.oldest_attempt = open_attempts.values().min().copied();
        self.requested = mark.position;
        self.synced_at = Instant::now();
        self.syncer.request(trail.take_unsynced(), mark.clone());
    }

    /// What the trail has found and mended: a torn line, a file that was gone.
    fn tell_notes(&mut self) {
        for note in self.writer.trail.take_notes() {
            self.writer.report(&Error::trail(note));
        }
    }

    fn end(mut self) -> Ended {
        let live = self.writer.live;
        if !self.gave_up {
            // Events may have been lost behind the last record.
            if live.owes(self.read) {
                self.tell_losses();
            }
            self.say(&STOPPED, &stats_at_the_end(), Effect::None);
            self.append();
        }
        let left = self.lines.len() as u64 + self.count_unread();
        // Also where nothing was appended: who waits for a sync must learn that there is nothing left to wait for.
        self.sync();
        let finished = self.syncer.finish(LAST_TRIES);
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

    fn count_unread(&mut self) -> u64 {
        let mut count = 0;
        loop {
            match self.writer.live.read(self.read, &mut self.record) {
                Found::Record { next } => {
                    count += 1;
                    self.read = next;
                }
                Found::Filler { next } | Found::Damaged { next } => self.read = next,
                Found::Nothing => return count,
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

/// Counts a trouble and tells the callback, whose own panics are contained.
pub(super) fn report(on_error: &OnError, error: &Error) {
    ERRORS.fetch_add(1, Relaxed);
    let _ = catch_unwind(AssertUnwindSafe(|| on_error(error)));
}
