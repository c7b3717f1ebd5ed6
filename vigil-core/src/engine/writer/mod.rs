//! The writer thread: it takes records from the journal, composes lines, appends them to the trail, and has them made
//! safe. What it is doing when the process dies, the next start does again from the journal.

mod append;
mod compose;
mod end;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::folding::Folding;
use super::in_force::InForce;
use super::monitor::Monitor;
use super::sealer::Sealer;
use super::syncer::Syncer;
use super::{ERRORS, Role};
use crate::config::Config;
use crate::error::Error;
use crate::event::{Callsite, EventId};
use crate::journal::{Live, Mark};
use crate::sink::Progress;
use crate::trail::{Composer, Trail};

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
    /// `None`: the trail is not signed.
    pub(super) sealer: Option<Sealer>,
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
            self.sealer.clone(),
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
            sync_interval: sync_interval(&config),
            generation,
            synced_at: Instant::now(),
            appended_at: Instant::now(),
            checkpoint_every: config.trail.integrity.checkpoint_every,
            heartbeat: config.trail.integrity.heartbeat,
            requested_seq: self.trail.next_seq(),
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
    /// When something was appended last.
    appended_at: Instant,
    /// A sync has been asked for that covers what is before this event.
    requested_seq: u64,
    checkpoint_every: u64,
    heartbeat: Option<Duration>,
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
            self.beat();
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
            self.sync_if_due(full);
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
}

/// How often what was appended is made safe. What is not safe is not signed, so at least as often as that is to happen.
fn sync_interval(config: &Config) -> Duration {
    let integrity = &config.trail.integrity;
    let interval = config.journal.sync_interval;
    if integrity.enabled {
        interval.min(integrity.checkpoint_interval)
    } else {
        interval
    }
}

/// Counts a trouble and tells the callback, whose own panics are contained.
pub(super) fn report(on_error: &OnError, error: &Error) {
    ERRORS.fetch_add(1, Relaxed);
    let _ = catch_unwind(AssertUnwindSafe(|| on_error(error)));
}
