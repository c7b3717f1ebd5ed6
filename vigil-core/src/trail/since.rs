//! What the trail holds from some event on: read at the start, so that what a crash has left in the journal is written
//! exactly once.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use serde::Deserialize;

use super::MAX_LINE;
use super::losses::{EVENTS_LOST, told_by};
use super::verify::{Stored, stored_of};
use crate::event::record::Record;
use crate::event::{EventId, Status};
use crate::filter::dedup::Written;

/// The events of the end of a trail, as far as the start needs to know them.
#[derive(Debug, Default)]
pub(crate) struct Since {
    pub(crate) written: Written,
    /// The lines of attempts that no later event speaks of.
    pub(crate) open_attempts: HashMap<EventId, Vec<u8>>,
    /// How many lost events are told of, by category and reason.
    pub(crate) told: HashMap<(String, String), u64>,
}

/// Of a line, what matters here.
#[derive(Deserialize)]
struct Line<'a> {
    event_id: EventId,
    seq: u64,
    #[serde(borrow)]
    action: Action<'a>,
    context: Option<Context>,
    repeated: Option<u64>,
}

#[derive(Deserialize)]
struct Action<'a> {
    operation: std::borrow::Cow<'a, str>,
    result: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    status: Status,
}

#[derive(Deserialize)]
struct Context {
    attempt_id: Option<EventId>,
}

impl Since {
    /// Reads the events from number `seq` on. `files` are those of the trail, oldest first.
    pub(super) fn read(files: &[PathBuf], seq: u64) -> io::Result<Self> {
        let mut since = Self::default();
        for path in &files[first_file(files, seq)?..] {
            for_each_line(path, |line| {
                // A line that is no event was put there by somebody else, and says nothing of what is in the journal.
                if let Ok(line_read) = serde_json::from_slice::<Line<'_>>(line)
                    && line_read.seq >= seq
                {
                    since.note(&line_read, line);
                }
            })?;
        }
        Ok(since)
    }

    /// Notes an event that has been taken from the journal, and its line.
    pub(crate) fn note_record(&mut self, record: &Record<'_>, line: &[u8]) {
        self.written.line(record.header.id, false);
        if record.header.status == Status::Attempt {
            let line = line.trim_ascii_end().to_vec();
            self.open_attempts.insert(record.header.id, line);
        }
        if let Some(attempt) = record.attempt() {
            self.open_attempts.remove(&attempt);
        }
    }

    fn note(&mut self, line: &Line<'_>, bytes: &[u8]) {
        self.written.line(line.event_id, line.repeated.is_some());
        if line.action.result.status == Status::Attempt {
            self.open_attempts.insert(line.event_id, bytes.to_vec());
        }
        if let Some(attempt) = line.context.as_ref().and_then(|context| context.attempt_id) {
            self.open_attempts.remove(&attempt);
        }
        if line.action.operation == EVENTS_LOST {
            for lost in told_by(bytes) {
                *self.told.entry((lost.category, lost.reason)).or_default() += lost.count;
            }
        }
    }
}

/// The newest file that begins at or before `seq`.
fn first_file(files: &[PathBuf], seq: u64) -> io::Result<usize> {
    for (at, path) in files.iter().enumerate().rev() {
        let mut first = None;
        let mut reader = BufReader::new(open(path)?);
        let mut line = Vec::new();
        while first.is_none() && read_line(&mut reader, &mut line)? {
            first = serde_json::from_slice::<Line<'_>>(&line)
                .ok()
                .map(|line| line.seq);
        }
        if first.is_some_and(|first| first <= seq) {
            return Ok(at);
        }
    }
    Ok(0)
}

/// The newest file that has, together with all later ones, at least `bytes` bytes.
pub(super) fn file_before(files: &[PathBuf], bytes: u64) -> io::Result<usize> {
    let mut sum = 0;
    for (at, path) in files.iter().enumerate().rev() {
        // Of a compressed one fewer than it holds, which only leads further back.
        sum += stored(path)?.size;
        if sum >= bytes {
            return Ok(at);
        }
    }
    Ok(0)
}

fn for_each_line(path: &Path, mut f: impl FnMut(&[u8])) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, open(path)?);
    let mut line = Vec::new();
    while read_line(&mut reader, &mut line)? {
        f(&line);
    }
    Ok(())
}

/// A segment is named as its file was when it was written; it may have been compressed since.
fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    static UNHEARD: AtomicU64 = AtomicU64::new(0);
    stored(path)?.open(&UNHEARD)
}

fn stored(path: &Path) -> io::Result<Stored> {
    let dir = path.parent().unwrap_or(Path::new(""));
    let segment = path.file_name().and_then(|name| name.to_str());
    segment
        .and_then(|segment| stored_of(dir, segment))
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Reads the next whole line, without its newline. One that is longer than any of ours is passed over as an empty one.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let count = reader
        .by_ref()
        .take(MAX_LINE as u64 + 1)
        .read_until(b'\n', line)?;
    if line.pop_if(|last| *last == b'\n').is_some() {
        return Ok(true);
    }
    if count <= MAX_LINE {
        // The end, or a line without one.
        return Ok(false);
    }
    line.clear();
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let newline = buffer.iter().position(|byte| *byte == b'\n');
        let used = newline.map_or(buffer.len(), |at| at + 1);
        reader.consume(used);
        if newline.is_some() {
            return Ok(true);
        }
    }
}
