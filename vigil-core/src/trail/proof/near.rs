//! An event near where it should be, by a few reads in place of a whole segment. What the lines say of themselves leads
//! there, so it may be misled, and what it finds is believed only once it is proved; else all lines are looked through.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use jiff::SignedDuration;

use super::Which;
use super::find::{Event, WAIT, is_likely, line_of};
use super::leaves::{Leaves, Segment};
use crate::EventId;
use crate::trail::MAX_LINE;
use crate::trail::verify::{Form, Seq};

/// Two of the longest lines, so that one of them is whole.
const STEP: u64 = 2 * (MAX_LINE as u64 + 1);
/// Looked through on either side of the place where an event of that time should stand, at the most.
const REACH: u64 = 64 * STEP;
/// Events of several threads get their ids and their places in somewhat different orders.
const DISORDER: SignedDuration = SignedDuration::from_secs(2);

/// The event, or nothing if it is not where it should be.
pub(super) fn near(leaves: &Leaves, which: Which) -> Option<Event> {
    let look = |wait| {
        let is_of = |segment: &&Segment| match which {
            Which::Index(index) => (segment.first..segment.first + segment.count).contains(&index),
            Which::Id(id) => is_likely(segment, id, wait),
        };
        let segments = leaves.segments.iter().rev().filter(is_of);
        let places: Vec<Place<'_>> = segments
            .filter_map(|segment| Place::approach(segment, which).ok().flatten())
            .collect();
        // Most often it is within the first reach, in one of them. A call that took long stands behind those that began
        // when it did.
        let reaches = std::iter::successors(Some(STEP), |reach| Some(reach * 4));
        reaches
            .take_while(|reach| *reach <= REACH)
            .flat_map(|reach| places.iter().map(move |place| (place, reach)))
            .find_map(|(place, reach)| place.search(reach, which).ok().flatten())
    };
    look(DISORDER).or_else(|| look(WAIT))
}

/// Where in a segment the event stands, if it stands in it.
struct Place<'a> {
    path: &'a Path,
    at: u64,
}

impl<'a> Place<'a> {
    /// As far as numbers and ids rise with the lines.
    fn approach(segment: &'a Segment, which: Which) -> io::Result<Option<Self>> {
        let stored = segment.slot.stored.as_ref();
        let Some(stored) = stored.filter(|stored| stored.form == Form::Plain && stored.is_file)
        else {
            return Ok(None);
        };
        let mut file = File::open(&stored.path)?;
        let (mut from, mut to) = (0, file.metadata()?.len());
        let mut step = Vec::new();
        while to - from > STEP {
            let middle = from + (to - from) / 2;
            read(&mut file, middle, STEP, &mut step)?;
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
        Ok(Some(Self {
            path: &stored.path,
            at: from,
        }))
    }

    /// Looks through so many bytes on either side.
    fn search(&self, reach: u64, which: Which) -> io::Result<Option<Event>> {
        let begin = self.at.saturating_sub(reach);
        let mut lines = Vec::new();
        read(
            &mut File::open(self.path)?,
            begin,
            self.at + reach - begin,
            &mut lines,
        )?;
        let whole = memchr::memrchr(b'\n', &lines).map_or(0, |newline| newline + 1);
        let Some(line) = find(&lines[..whole], which) else {
            return Ok(None);
        };
        let index = match which {
            Which::Index(index) => Some(index),
            Which::Id(_) => Seq::default().of(line),
        };
        Ok(index.map(|index| (index, line.to_vec())))
    }
}

/// So many bytes of a file from a place on, or as many as there are.
fn read(file: &mut File, begin: u64, count: u64, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    file.seek(SeekFrom::Start(begin))?;
    file.take(count).read_to_end(into)?;
    Ok(())
}

fn find(lines: &[u8], which: Which) -> Option<&[u8]> {
    match which {
        Which::Id(id) => line_of(lines, id).map(|(_, line)| line),
        Which::Index(index) => {
            let mut seq = Seq::default();
            lines
                .split(|byte| *byte == b'\n')
                .find(|line| seq.of(line) == Some(index))
        }
    }
}

fn is_before(line: &[u8], which: Which) -> Option<bool> {
    match which {
        Which::Index(index) => Some(Seq::default().of(line)? <= index),
        Which::Id(id) => {
            let text = line.strip_prefix(b"{\"event_id\":\"")?.get(..36)?;
            let other: EventId = std::str::from_utf8(text).ok()?.parse().ok()?;
            Some(other < id)
        }
    }
}
