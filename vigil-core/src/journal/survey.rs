//! What is in a journal that nobody writes to: the records that survived a crash, in their order.

use std::sync::atomic::Ordering::Relaxed;

use super::header::{Identity, Mark};
use super::mapping::Mapping;
use super::ring::{Found, Ring, Word as _, Words};

/// The records of a journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Where each of them begins, in their order.
    pub(crate) records: Vec<u64>,
    /// Stretches between records that hold none: of calls that had not returned when the process died.
    pub(crate) holes: u64,
    /// Records that are there but not as they were put in.
    pub(crate) damaged: u64,
    /// No record, of whatever lap, reaches beyond this position.
    pub(crate) end: u64,
}

/// Looks through the whole ring for records behind the mark or, if there is none, for whatever records it holds.
///
/// A record is one if its tag is that of its place, and its checksum is right. What a former lap has left has the tags
/// of that lap; what a dying thread has left unfinished has none.
///
/// The tags, not the mark, say how far the records reach: after a power failure the disk may have the mark of one moment
/// and the records of a later one, many laps on.
pub(super) fn survey<M: Words>(ring: &Ring<M>, identity: Identity, mark: Option<&Mark>) -> Survey {
    let (mut whole, damaged) = frames(ring, identity);
    whole.sort_unstable();
    let from = mark
        .map(|mark| mark.position)
        .or(whole.first().map(|frame| frame.start))
        .unwrap_or(0);
    let end = whole.last().map_or(from, |frame| frame.end.max(from));
    whole.retain(|frame| frame.start >= from);
    Survey {
        holes: holes(ring, from, &whole),
        // Of bytes that nobody has put in, some look like a tag of some position; hardly any like one of these.
        damaged: damaged
            .iter()
            .filter(|position| (from..end + identity.capacity).contains(position))
            .count() as u64,
        records: whole.iter().map(|frame| frame.start).collect(),
        end,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Frame {
    start: u64,
    end: u64,
}

/// The frames in the ring, of whatever lap: those that hold what was put in, and where others begin.
fn frames<M: Words>(ring: &Ring<M>, identity: Identity) -> (Vec<Frame>, Vec<u64>) {
    let words = ring.memory().words();
    let (mut whole, mut damaged) = (Vec::new(), Vec::new());
    let mut record = Vec::new();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let step = match identity.tags().position(word.load(Relaxed)) {
            // Positions that a ring gets to in its life are few against those that any word might say.
            Some(start) if start & (identity.capacity - 1) == index as u64 && start < FARTHEST => {
                match ring.read_record(start, &mut record) {
                    Found::Record { next: end } => {
                        whole.push(Frame { start, end });
                        end - start
                    }
                    _ => {
                        damaged.push(start);
                        // Its length is not to be trusted.
                        1
                    }
                }
            }
            _ => 1,
        };
        // A frame ends within the memory.
        index += step as usize;
    }
    (whole, damaged)
}

/// Positions never get there, see [`super::ring`].
const FARTHEST: u64 = 1 << 61;

/// Between the records from `from` on, the stretches that are none, nor skipped at the end of the memory.
fn holes<M: Words>(ring: &Ring<M>, from: u64, whole: &[Frame]) -> u64 {
    let mut record = Vec::new();
    let mut expected = from;
    let mut holes = 0;
    for frame in whole {
        if let Found::Filler { next } = ring.read(expected, &mut record) {
            expected = next;
        }
        holes += u64::from(frame.start != expected);
        expected = frame.end;
    }
    holes
}

/// A ring over a mapping that is only read.
pub(super) fn still(mapping: Mapping, identity: Identity) -> Ring<Mapping> {
    Ring::new(mapping, identity.capacity, identity.tags(), 0)
}
