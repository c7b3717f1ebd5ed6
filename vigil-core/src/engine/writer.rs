//! The writer thread: it takes records from the journal, composes lines, and appends them to the trail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::{ERRORS, Role};
use crate::error::Error;
use crate::event::Callsite;
use crate::event::record::Record;
use crate::journal::{JOURNAL, records};
use crate::sink::Progress;
use crate::trail::{Composer, Trail};

/// Lines are appended in blocks of about this size: one write(2) a block.
const BLOCK: usize = 256 * 1024;

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long a shutdown keeps trying to write what is left.
const LAST_TRIES: Duration = Duration::from_secs(5);

/// How often lines that nobody waits for are made safe from a power cut.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// Told of each trouble.
pub(super) type OnError = Arc<dyn Fn(&Error) + Send + Sync>;

pub(super) struct Writer {
    trail: Trail,
    composer: Composer,
    progress: Arc<Progress>,
    on_error: OnError,
    block: Vec<u8>,
    /// The callsites of the lines in `block`, in their order.
    callsites: Vec<&'static Callsite>,
    unwritten: u64,
}

impl Writer {
    pub(super) fn new(
        trail: Trail,
        composer: Composer,
        progress: Arc<Progress>,
        on_error: OnError,
    ) -> Self {
        Self {
            trail,
            composer,
            progress,
            on_error,
            block: Vec::with_capacity(BLOCK + 64 * 1024),
            callsites: Vec::new(),
            unwritten: 0,
        }
    }

    /// Writes until the journal is closed. Gives back how many events could not be written in the end.
    pub(super) fn run(mut self) -> u64 {
        Role::Writer.take();
        self.tell_notes();
        let mut batch = Vec::new();
        let mut synced_at = Instant::now();
        loop {
            let taken = JOURNAL.take(&mut batch);
            for record in records(&batch) {
                self.compose(record);
                if self.block.len() >= BLOCK {
                    self.append();
                }
            }
            self.append();
            if taken.sync || taken.closing || synced_at.elapsed() >= SYNC_EVERY {
                synced_at = Instant::now();
                match self.trail.sync() {
                    // What was given up during shutdown is not on disk, and a flush that waits for it must say so.
                    Ok(()) if self.unwritten == 0 => JOURNAL.synced(taken.upto),
                    Ok(()) => {}
                    Err(error) => self.report(&error),
                }
            }
            if taken.closing {
                JOURNAL.closed();
                return self.unwritten;
            }
        }
    }

    fn compose(&mut self, record: &[u8]) {
        let seq = self.trail.next_seq() + self.callsites.len() as u64;
        let composed = Record::read(record).and_then(|record| {
            let callsite = Callsite::by_id(record.header.callsite)?;
            self.composer
                .compose(&record, callsite, seq, &mut self.block);
            Some(callsite)
        });
        match composed {
            Some(callsite) => self.callsites.push(callsite),
            None => self.report(&Error::stopped(
                "a record in the journal is not readable; it was skipped",
            )),
        }
    }

    /// Appends the lines of the block, trying again for as long as the engine runs.
    fn append(&mut self) {
        let mut pause = FIRST_PAUSE;
        let mut give_up_at = None;
        while !self.callsites.is_empty() {
            let Err(failed) = self.trail.append(&self.block, self.callsites.len() as u64) else {
                self.settle(self.callsites.len(), self.block.len());
                self.tell_notes();
                return;
            };
            let lines = usize::try_from(failed.written).unwrap_or(usize::MAX);
            self.settle(lines, failed.written_bytes);
            self.report(&failed.source);
            if JOURNAL.is_closing() {
                let deadline = *give_up_at.get_or_insert_with(|| Instant::now() + LAST_TRIES);
                if Instant::now() >= deadline {
                    self.give_up();
                    return;
                }
                pause = pause.min(LAST_TRIES / 50);
            }
            JOURNAL.pause(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The first `lines` lines of the block, of so many bytes, stand in the trail.
    fn settle(&mut self, lines: usize, bytes: usize) {
        let (lines, bytes) = (lines.min(self.callsites.len()), bytes.min(self.block.len()));
        self.progress.advance(self.trail.next_seq());
        for callsite in self.callsites.drain(..lines) {
            callsite.counters.written.fetch_add(1, Relaxed);
        }
        self.block.drain(..bytes);
    }

    /// What the trail has found and mended: a torn line, a file that was gone.
    fn tell_notes(&mut self) {
        for note in self.trail.take_notes() {
            self.report(&Error::trail(note));
        }
    }

    fn give_up(&mut self) {
        self.unwritten += self.callsites.len() as u64;
        for callsite in self.callsites.drain(..) {
            callsite.counters.dropped.fetch_add(1, Relaxed);
        }
        self.block.clear();
    }

    fn report(&self, error: &Error) {
        report(&self.on_error, error);
    }
}

/// Counts a trouble and tells the callback, whose own panics are contained.
pub(super) fn report(on_error: &OnError, error: &Error) {
    ERRORS.fetch_add(1, Relaxed);
    let _ = catch_unwind(AssertUnwindSafe(|| on_error(error)));
}
