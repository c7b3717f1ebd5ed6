//! Reading a trail while it is being written: the other end of [`store`](super::store).
//!
//! A follower is told up to which event the trail has been written, and reads the lines before it, in order, over all
//! files. Files may be rotated, deleted, moved or replaced while it reads, its own place may come from a cursor file
//! that is older than all that, and lines may stand in a file that no writer of ours has put there. So what counts is
//! the number of an event; file and offset are where to look first. What is not there any more is told as a gap, and
//! never passed over in silence.

mod finding;
mod lines;
mod open;
mod source;

use std::collections::VecDeque;

use super::name::SegmentName;
use super::store::all_segments;
use super::{MAX_LINE, TrailConfig};
use crate::Error;
use crate::disk::Identity;
use open::{Open, holds, is_missing};

pub(crate) use finding::Finding;
pub(crate) use lines::{Lines, Position};
pub(super) use open::seq_of;

/// How much is read at once. A single line is read whatever its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(crate) events: usize,
    pub(crate) bytes: usize,
}

/// What a follower comes back with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Some lines.
    Lines,
    /// All that has been written has been read.
    Nothing,
    /// More has been written, but no file has it.
    Missing,
}

/// Reads a trail from a place on.
#[derive(Debug)]
pub(crate) struct Follower {
    config: TrailConfig,
    next_seq: u64,
    open: Option<Open>,
    buffer: Vec<u8>,
    findings: VecDeque<Finding>,
}

impl Follower {
    /// Goes on at `position`. Nothing is opened before the first read.
    pub(crate) fn new(config: TrailConfig, position: &Position) -> Self {
        let mut follower = Self {
            config,
            next_seq: 0,
            open: None,
            buffer: Vec::new(),
            findings: VecDeque::new(),
        };
        follower.seek(position);
        follower
    }

    /// The number of the oldest event of a trail; `None` if there is none yet.
    pub(crate) fn oldest(config: &TrailConfig) -> Result<Option<u64>, Error> {
        for name in all_segments(config)? {
            if let Some(mut open) = Open::segment(config, name)?
                && let Some((_, seq)) = open.event_from(0).map_err(|e| open.error(config, e))?
            {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }

    /// Goes on at `position`.
    pub(crate) fn seek(&mut self, position: &Position) {
        self.next_seq = position.seq;
        // What is said of the place is only where to look first; if it turns out wrong, the event is searched.
        self.open = position.place.as_ref().and_then(|(file, offset)| {
            let name = SegmentName::parse(file, &self.config.name)?;
            let mut open = Open::segment(&self.config, name).ok()??;
            open.begins_line(*offset).ok()?.then(|| {
                open.go_to(*offset);
                open
            })
        });
    }

    /// The number of the next event to be read.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// What has been found besides events since last asked.
    pub(crate) fn next_finding(&mut self) -> Option<Finding> {
        self.findings.pop_front()
    }

    /// Reads lines of events before `until` into `out`, which is cleared.
    ///
    /// `until` must have been written before this call: what is not found then is not there.
    pub(crate) fn read(&mut self, until: u64, most: Most, out: &mut Lines) -> Result<Found, Error> {
        out.clear();
        while self.next_seq < until {
            let Some(open) = &mut self.open else {
                if self.locate(true)? {
                    continue;
                }
                return Ok(Found::Missing);
            };
            let room = most.bytes.max(MAX_LINE + 1);
            open.read(room, &mut self.buffer)
                .map_err(|error| open.error(&self.config, error))?;
            let step = self.take(until, most, out);
            if out.len() > 0 {
                return Ok(Found::Lines);
            }
            match step {
                Step::Read => {}
                Step::Lost => {
                    self.locate(false)?;
                }
                Step::Waiting => return Ok(Found::Missing),
                Step::Ended => {
                    if !self.leave()? {
                        return Ok(Found::Missing);
                    }
                }
            }
        }
        Ok(Found::Nothing)
    }

    /// Takes it that the events before `until` that have not been found will not be.
    pub(crate) fn give_up(&mut self, until: u64) {
        let missing = Finding::missing(&self.config.dir, self.next_seq, until);
        self.findings.push_back(missing);
        self.seek(&Position::before(until));
    }

    /// Judges the lines in the buffer, and takes those that are next.
    fn take(&mut self, until: u64, most: Most, out: &mut Lines) -> Step {
        let Self {
            config,
            next_seq,
            open: Some(open),
            buffer,
            findings,
        } = self
        else {
            return Step::Ended;
        };
        let file = open.name.file_name(&config.name);
        let mut foreign: Option<(u64, u64)> = None;
        let (begin, mut at) = (open.offset, 0);
        let mut step = Step::Ended;
        while let Some(length) = memchr::memchr(b'\n', &buffer[at..]) {
            let (line, after) = (&buffer[at..at + length], at + length + 1);
            let line = (!std::mem::take(&mut open.within_line))
                .then(|| std::str::from_utf8(line).ok())
                .flatten();
            let seq = line.and_then(|line| seq_of(line.as_bytes()));
            let taken = match (line, seq) {
                (Some(line), Some(seq)) if (*next_seq..until).contains(&seq) => {
                    let full = out.len() >= most.events || out.text.len() + length >= most.bytes;
                    if out.len() > 0 && (full || seq > *next_seq) {
                        break;
                    }
                    if seq > *next_seq {
                        if !open.proven {
                            step = Step::Lost;
                            break;
                        }
                        findings.push_back(Finding::missing(&config.dir, *next_seq, seq));
                    }
                    open.seeking = false;
                    *next_seq = seq + 1;
                    out.push(seq, line, begin + after as u64);
                    true
                }
                // Not written when `until` was asked for, unless what follows is older.
                (_, Some(seq)) if seq >= until && !holds(&buffer[after..], *next_seq..until) => {
                    if out.len() == 0 {
                        step = Step::Waiting;
                    }
                    break;
                }
                (_, Some(seq)) => seq < *next_seq && open.seeking,
                _ => false,
            };
            if !taken {
                let (_, lines) = foreign.get_or_insert((begin + at as u64, 0));
                *lines += 1;
            }
            at = after;
            open.offset = begin + at as u64;
            step = Step::Read;
        }
        if at == 0 && buffer.len() > MAX_LINE && matches!(step, Step::Ended) {
            // No line of ours is that long.
            open.offset += buffer.len() as u64;
            open.within_line = true;
            step = Step::Read;
        }
        if let Some((offset, lines)) = foreign {
            findings.push_back(Finding::Foreign {
                file: file.clone(),
                offset,
                lines,
            });
        }
        out.file = file;
        step
    }

    /// What was open has no more lines: looks whether it is still the file of its name, and if so for the one after it.
    fn leave(&mut self) -> Result<bool, Error> {
        let Some(open) = &mut self.open else {
            return Ok(false);
        };
        if !open.proven {
            // The place was a guess, and nothing that was expected stood there.
            return self.locate(false);
        }
        let name = open.name;
        let path = open.path(&self.config);
        match Identity::of_path(&path) {
            Ok(found) if found == open.identity => {
                if open
                    .is_cut()
                    .map_err(|error| open.error(&self.config, error))?
                {
                    // Somebody has cut it, and perhaps written anew.
                    open.go_to(0);
                    open.proven = true;
                    return Ok(true);
                }
            }
            Ok(_) => {
                // Another file has taken its place.
                if let Some(mut other) = Open::segment(&self.config, name)? {
                    other.proven = true;
                    self.open = Some(other);
                    return Ok(true);
                }
            }
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(Error::io("cannot look after", &path, error)),
        }
        for next in all_segments(&self.config)? {
            if next > name
                && let Some(mut open) = Open::segment(&self.config, next)?
            {
                open.proven = true;
                open.seeking = false;
                self.open = Some(open);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Opens the file that should hold the next event: the newest one that begins with it or an older one. `quickly`:
    /// goes near it by bisection, which lines put there by somebody else may mislead.
    fn locate(&mut self, quickly: bool) -> Result<bool, Error> {
        let mut found = None;
        for name in all_segments(&self.config)?.into_iter().rev() {
            let Some(mut open) = Open::segment(&self.config, name)? else {
                continue;
            };
            let config = &self.config;
            match open.event_from(0).map_err(|e| open.error(config, e))? {
                Some((_, first)) if first <= self.next_seq => {
                    if quickly {
                        open.approach(self.next_seq)
                            .map_err(|e| open.error(config, e))?;
                    }
                    open.proven = !quickly;
                    self.open = Some(open);
                    return Ok(true);
                }
                // Should none be old enough, the oldest is where it goes on. What has no events leads to the next.
                _ => found = Some(open),
            }
        }
        self.open = found.map(|mut open| {
            open.proven = true;
            open
        });
        Ok(self.open.is_some())
    }
}

/// How far the lines of a buffer have brought a follower.
#[derive(Debug)]
enum Step {
    /// Some way; there may be more.
    Read,
    /// Nowhere: there is no whole line left.
    Ended,
    /// Nowhere: what is here has been written after `until` was asked for.
    Waiting,
    /// To another place than the one that was looked for.
    Lost,
}
