//! An event in a trail: by its number, or by its id, for which no line is parsed.

use std::sync::atomic::AtomicU64;

use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::leaves::{Leaves, Segment};
use crate::trail::verify::{Chunk, Chunks};
use crate::{Error, EventId};

/// The id of an event carries its time by the clock of the caller; it may wait for its place in the trail so long.
pub(super) const WAIT: SignedDuration = SignedDuration::from_hours(1);

/// The number of an event and its line.
pub(super) type Event = (u64, Vec<u8>);

/// The event of this number.
pub(super) fn by_index(leaves: &Leaves, index: u64) -> Result<Event, Error> {
    let segment = leaves.segment_of(index).ok_or_else(|| {
        Error::trail(format!(
            "there is no event {index}: the trail has {} events",
            leaves.size()
        ))
    })?;
    let within = index - segment.first;
    let mut before = 0;
    let found = search(segment, |lines| {
        let count = memchr::memchr_iter(b'\n', lines).count() as u64;
        if before + count <= within {
            before += count;
            return None;
        }
        let skip = usize::try_from(within - before).unwrap_or(usize::MAX);
        lines
            .split(|byte| *byte == b'\n')
            .nth(skip)
            .map(<[u8]>::to_vec)
    })?;
    match found {
        Some(line) => Ok((index, line)),
        None if segment.slot.stored.is_none() => Err(Error::trail(format!(
            "the segment {} is missing, and event {index} with it; `verify` says what happened",
            segment.slot.segment
        ))),
        None => Err(Error::trail(format!(
            "{} ends before event {index}; `verify` says what happened",
            segment.slot.segment
        ))),
    }
}

/// The event of this id.
pub(super) fn by_id(leaves: &Leaves, id: EventId) -> Result<Event, Error> {
    let likely = |segment: &&Segment| is_likely(segment, id, WAIT);
    let segments = leaves.segments.iter().rev();
    let others = segments.clone().filter(|segment| !likely(segment));
    for segment in segments.filter(likely).chain(others) {
        if let Some(found) = in_segment(segment, id)? {
            return Ok(found);
        }
    }
    let gone = leaves
        .segments
        .iter()
        .filter(|segment| leaves.purge_of(segment).is_some());
    let gone: u64 = gone.map(|segment| segment.count).sum();
    Err(Error::trail(if gone == 0 {
        format!("no event of this trail has the id {id}")
    } else {
        format!(
            "no event of this trail has the id {id}; it may have been one of the {gone} that retention has removed, whose \
             hashes are proved by their numbers alone: give its seq, if you know it"
        )
    }))
}

/// The event of this id, looked for from an event on; `None` if it is not there.
pub(super) fn by_id_from(leaves: &Leaves, id: EventId, from: u64) -> Result<Option<Event>, Error> {
    let behind = |segment: &&Segment| segment.first + segment.count.max(1) > from;
    for segment in leaves.segments.iter().rev().filter(behind) {
        if let Some(found) = in_segment(segment, id)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn in_segment(segment: &Segment, id: EventId) -> Result<Option<Event>, Error> {
    let mut before = 0;
    let found = search(segment, |lines| {
        let found = line_of(lines, id);
        let up_to = found.map_or(lines.len(), |(at, _)| at);
        before += memchr::memchr_iter(b'\n', &lines[..up_to]).count() as u64;
        found.map(|(_, line)| line.to_vec())
    })?;
    Ok(found.map(|line| (segment.first + before, line)))
}

/// Where the line begins that has this id, and the line. An event may have recorded the lines of others, ids and all: those
/// do not stand at the beginning of one.
pub(super) fn line_of(lines: &[u8], id: EventId) -> Option<(usize, &[u8])> {
    let head = format!("{{\"event_id\":\"{id}\"");
    let at = memmem::find_iter(lines, &head).find(|at| *at == 0 || lines[at - 1] == b'\n')?;
    let line = lines[at..].split(|byte| *byte == b'\n').next()?;
    Some((at, line))
}

/// Whether the seal of a segment allows for an event of this id that waited no longer than this.
pub(super) fn is_likely(segment: &Segment, id: EventId, wait: SignedDuration) -> bool {
    let Some(file) = &segment.slot.seal else {
        return true;
    };
    let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let millis = i64::try_from(id.unix_millis()).unwrap_or(i64::MAX);
    let id = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    let from = time(&file.seal.first_time).and_then(|time| time.checked_sub(wait).ok());
    let to = time(&file.seal.last_time).and_then(|time| time.checked_add(wait).ok());
    from.is_none_or(|from| from <= id) && to.is_none_or(|to| id <= to)
}

/// Looks through the lines of a segment in blocks, until something is found.
fn search<T>(
    segment: &Segment,
    mut look: impl FnMut(&[u8]) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(stored) = &segment.slot.stored else {
        return Ok(None);
    };
    let failed = |error| Error::io("cannot read", &stored.path, error);
    let unheard = AtomicU64::new(0);
    let mut chunks = Chunks::new(stored.open(&unheard).map_err(failed)?);
    while let Some(chunk) = chunks.next().map_err(failed)? {
        let found = match chunk {
            Chunk::Lines(lines) => look(lines),
            // No event of ours, but a line.
            Chunk::Long { .. } => look(b"\n"),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
