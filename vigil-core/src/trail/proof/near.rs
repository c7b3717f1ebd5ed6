//! An event near where it should be, by a few reads in place of a whole segment. What the lines say of themselves leads
//! there, so it may be misled, and what it finds is believed only once it is proved; else all lines are looked through.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use jiff::SignedDuration;

use super::Which;
use super::find::{Event, WAIT, is_likely};
use super::leaves::{Leaves, Segment};
use crate::EventId;
use crate::trail::MAX_LINE;
use crate::trail::verify::{Form, Seq};

/// Two of the longest lines, so that one of them is whole.
const STEP: usize = 2 * (MAX_LINE + 1);
/// Looked through from the place where an event of that time may begin.
const ROW: usize = 32 << 20;
/// Events of several threads get their ids and their places in somewhat different orders.
const DISORDER: u64 = 2_000;

/// The event, or nothing if it is not where it should be.
pub(super) fn near(leaves: &Leaves, which: Which) -> Option<Event> {
    let shortest = SignedDuration::from_millis(DISORDER.cast_signed());
    let look = |wait| {
        let is_of = |segment: &&Segment| match which {
            Which::Index(index) => (segment.first..segment.first + segment.count).contains(&index),
            Which::Id(id) => is_likely(segment, id, wait),
        };
        let mut segments = leaves.segments.iter().rev().filter(is_of);
        segments.find_map(|segment| in_segment(segment, which).ok().flatten())
    };
    look(shortest).or_else(|| look(WAIT))
}

fn in_segment(segment: &Segment, which: Which) -> io::Result<Option<Event>> {
    let Some(stored) = &segment.slot.stored else {
        return Ok(None);
    };
    if stored.form != Form::Plain || !stored.is_file {
        return Ok(None);
    }
    let mut file = File::open(&stored.path)?;
    let begin = approach(&mut file, which)?;
    file.seek(SeekFrom::Start(begin))?;
    let mut row = Vec::new();
    let mut block = file.take(ROW as u64);
    let mut done = 0;
    // In growing parts: most often it is in the first.
    loop {
        let before = row.len();
        let part = (before as u64).max(1 << 20);
        if block.by_ref().take(part).read_to_end(&mut row)? == 0 {
            return Ok(None);
        }
        let whole = memchr::memrchr(b'\n', &row).map_or(0, |newline| newline + 1);
        if let Some(line) = find(&row[done..whole], which) {
            let index = match which {
                Which::Index(index) => Some(index),
                Which::Id(_) => Seq::default().of(line),
            };
            return Ok(index.map(|index| (index, line.to_vec())));
        }
        done = whole;
    }
}

fn find(lines: &[u8], which: Which) -> Option<&[u8]> {
    let at = match which {
        Which::Id(id) => {
            memchr::memmem::find(lines, format!("{{\"event_id\":\"{id}\"").as_bytes())?
        }
        Which::Index(index) => {
            let mut seq = Seq::default();
            return lines
                .split(|byte| *byte == b'\n')
                .find(|line| seq.of(line) == Some(index));
        }
    };
    let start = memchr::memrchr(b'\n', &lines[..at]).map_or(0, |newline| newline + 1);
    lines[start..].split(|byte| *byte == b'\n').next()
}

/// Where a line begins behind which the event stands, and not far.
fn approach(file: &mut File, which: Which) -> io::Result<u64> {
    let (mut from, mut to) = (0, file.metadata()?.len());
    let mut step = Vec::with_capacity(STEP);
    while to - from > STEP as u64 {
        let middle = from + (to - from) / 2;
        step.clear();
        file.seek(SeekFrom::Start(middle))?;
        file.by_ref().take(STEP as u64).read_to_end(&mut step)?;
        let Some(newline) = memchr::memchr(b'\n', &step) else {
            break;
        };
        let line = &step[newline + 1..];
        let Some(end) = memchr::memchr(b'\n', line) else {
            break;
        };
        match is_before(&line[..end], which) {
            Some(true) => from = middle + newline as u64 + 1,
            Some(false) => to = middle,
            None => break,
        }
    }
    Ok(from)
}

fn is_before(line: &[u8], which: Which) -> Option<bool> {
    match which {
        Which::Index(index) => Some(Seq::default().of(line)? <= index),
        Which::Id(id) => {
            let text = line.strip_prefix(b"{\"event_id\":\"")?.get(..36)?;
            let other: EventId = std::str::from_utf8(text).ok()?.parse().ok()?;
            Some(other.unix_millis().saturating_add(DISORDER) < id.unix_millis())
        }
    }
}
