//! The writer thread: it takes records from the journal, composes lines, appends them to the trail, and has them made
//! safe. What it is doing when the process dies, the next start does again from the journal.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::folding::Folding;
use super::in_force::InForce;
use super::monitor::Monitor;
use super::syncer::{Settled, Syncer};
use super::system_events::{self, FAILURE, LOST, STOPPED};
use super::{ERRORS, Role, now, stats};
use crate::error::Error;
use crate::event::record::Record;
use crate::event::{Callsite, EventId, Status};
use crate::filter::dedup::{Folded, Verdict};
use crate::journal::{Found, Live, Mark};
use crate::sink::Progress;
use crate::trail::{Composer, Trail, stamp};

/// Lines are appended in blocks of about this size: one write(2) a block.
const BLOCK: usize = 256 * 1024;

/// So many words of records are read for a block at most: what is folded adds nothing to it, and time passes.
const MOST_READ: u64 = 128 * 1024;

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
    pub(super) in_force: Arc<InForce>,
    pub(super) monitor: Arc<Monitor>,
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
    /// It stands for so many events, of which the first stands there in the journal.
    Counts {
        events: u64,
        position: u64,
    },
}

impl Line {
    fn events(&self) -> u64 {
        match self.effect {
            Effect::Counts { events, .. } => events,
            _ => 1,
        }
    }
}

impl Writer {
    /// Writes until the journal is closed.
    pub(super) fn run(self) -> Ended {
        Role::Writer.take();
        let syncer = match Syncer::start(
            self.live,
            Arc::clone(&self.monitor),
            Arc::clone(&self.on_error),
        ) {
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
        let (generation, config) = self.in_force.get();
        Running {
            read: self.mark.position,
            requested: self.mark.position,
            released: self.mark.position,
            appended: false,
            unfolded: 0,
            folding: Folding::new(&self.mark, config.dedup.clone()),
            sync_interval: config.journal.sync_interval,
            generation,
            synced_at: Instant::now(),
            syncer,
            record: Vec::new(),
            block: Vec::with_capacity(BLOCK + 64 * 1024),
            lines: Vec::new(),
            stall: Stall::default(),
            journal_is_missed: false,
            callsites: Vec::new(),
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
    /// And after it the journal lets go of what is before this one.
    released: u64,
    /// Whether something has been appended since.
    appended: bool,
    synced_at: Instant,
    folding: Folding,
    /// Up to where the windows have been drained because somebody asked for that.
    unfolded: u64,
    /// Which settings are followed, and one of them.
    generation: u32,
    sync_interval: Duration,
    record: Vec<u8>,
    block: Vec<u8>,
    /// The lines in `block`, in their order.
    lines: Vec<Line>,
    stall: Stall,
    /// It has been told that the journal's file is gone.
    journal_is_missed: bool,
    /// Those known so far, by their numbers less one: the registry behind them has a lock.
    callsites: Vec<&'static Callsite>,
    gave_up: bool,
}

/// How long room in the journal has been reserved, and not filled.
#[derive(Debug, Default)]
struct Stall {
    since: Option<Instant>,
    told: bool,
}

impl Stall {
    /// Whether it has lasted too long: told once while the engine runs, and the end of patience when it stops.
    fn is_too_long(&mut self, goes_on: bool, closed: bool) -> bool {
        if goes_on {
            *self = Self::default();
            return false;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let too_long = since.elapsed() >= LAST_TRIES;
        too_long && (closed || !std::mem::replace(&mut self.told, true))
    }
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
            self.writer.monitor.turn();
            self.follow_settings();
            // Asked before reading: what is read after it has come is all there is.
            let closed = live.is_closed();
            let began = self.read;
            let full = self.gather();
            let unfolded = self.unfold();
            self.append();
            if self.gave_up {
                break;
            }
            if closed && self.read == live.tail() {
                break;
            }
            if unfolded {
                self.sync();
            }
            self.sync_if_due();
            if self
                .stall
                .is_too_long(self.read == live.tail() || self.read != began, closed)
            {
                if closed {
                    self.gave_up = true;
                    break;
                }
                self.writer.report(&Error::trail(
                    "for some time a caller has been about to put its event into the journal, and what comes behind it \
                     waits; its thread is suspended, or something wrote into the journal's memory",
                ));
            }
            if full {
                continue;
            }
            if closed {
                // Some caller is still copying.
                std::thread::sleep(GATHER);
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

    /// Composes the lines of a block. True if there may be more to do at once.
    fn gather(&mut self) -> bool {
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
    fn compose(&mut self, position: u64) {
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
    fn repeat(&mut self, folded: &Folded) {
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

    fn drain(&mut self) {
        while let Some(folded) = self.folding.drain() {
            self.repeat(&folded);
        }
    }

    /// Ends all windows where somebody waits for what is in them, or where they keep too much of the journal. True if
    /// the journal is to be told of it.
    fn unfold(&mut self) -> bool {
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
    fn follow_settings(&mut self) {
        if self.generation == self.writer.in_force.generation() {
            return;
        }
        let (generation, config) = self.writer.in_force.get();
        self.generation = generation;
        self.sync_interval = config.journal.sync_interval;
        if config.dedup.is_off() {
            self.drain();
        }
        self.folding.set_windows(config.dedup.clone());
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
            self.writer.live.expire();
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
        self.appended |= lines > 0;
    }

    fn sync_if_due(&mut self) {
        let due = self.synced_at.elapsed() >= self.sync_interval
            || self.writer.live.presses(self.requested, self.read);
        if due && (self.appended || self.writer.mark.position > self.requested) {
            self.look_after_journal();
            self.sync();
        }
    }

    fn sync(&mut self) {
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
        };
        self.requested = mark.position;
        self.released = settled.mark.position;
        self.appended = false;
        self.synced_at = Instant::now();
        monitor.sync_asked();
        self.syncer.request(trail.take_unsynced(), settled);
    }

    /// The memory of a file that has been removed is still there, for this process alone.
    fn look_after_journal(&mut self) {
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

    /// What the trail has found and mended: a torn line, a file that was gone.
    fn tell_notes(&mut self) {
        for note in self.writer.trail.take_notes() {
            self.writer.report(&Error::trail(note));
        }
    }

    fn end(mut self) -> Ended {
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

    fn count_folded(&mut self) -> u64 {
        let folded = std::iter::from_fn(|| self.folding.drain());
        folded.map(|folded| folded.repeats.count).sum()
    }

    fn count_unread(&mut self) -> u64 {
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

/// The callsite of a number that this process has given out.
fn by_id(known: &mut Vec<&'static Callsite>, id: u32) -> Option<&'static Callsite> {
    let index = usize::try_from(id).ok()?.checked_sub(1)?;
    if known.len() <= index {
        *known = Callsite::reached();
    }
    known.get(index).copied()
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
