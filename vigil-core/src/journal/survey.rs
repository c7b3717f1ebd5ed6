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
}

/// Looks through the whole ring for records behind the mark or, if there is none, for whatever records it holds.
///
/// A record is one if its tag is that of its place, and its checksum is right. What a former lap has left has other
/// tags; what a dying thread has left unfinished has none.
pub(super) fn survey<M: Words>(ring: &Ring<M>, identity: Identity, mark: Option<&Mark>) -> Survey {
    match mark {
        Some(mark) => walk(ring, mark.position),
        None => collect(ring, identity),
    }
}

fn walk<M: Words>(ring: &Ring<M>, start: u64) -> Survey {
    let mut survey = Survey::default();
    let mut record = Vec::new();
    let mut position = start;
    let mut in_hole = false;
    while position < start + ring.capacity() {
        match ring.read(position, &mut record) {
            Found::Record { next } => {
                survey.holes += u64::from(std::mem::take(&mut in_hole));
                survey.records.push(position);
                position = next;
            }
            Found::Filler { next } => position = next,
            Found::Damaged { .. } => {
                // Its length is not to be trusted, so the search goes on word by word.
                survey.damaged += 1;
                position += 1;
            }
            Found::Nothing => {
                in_hole = true;
                position += 1;
            }
        }
    }
    survey
}

fn collect<M: Words>(ring: &Ring<M>, identity: Identity) -> Survey {
    let mut survey = Survey::default();
    let mut record = Vec::new();
    for (index, word) in ring.memory().words().iter().enumerate() {
        let tag = word.load(Relaxed);
        let Some(position) = identity.tags().position(tag) else {
            continue;
        };
        // Positions that a ring gets to in its life are few against those that any word might say.
        if position & (identity.capacity - 1) == index as u64 && position < 1 << 61 {
            match ring.read_record(position, &mut record) {
                Found::Record { .. } => survey.records.push(position),
                _ => survey.damaged += 1,
            }
        }
    }
    survey.records.sort_unstable();
    survey
}

/// A ring over a mapping that is only read.
pub(super) fn still(mapping: Mapping, identity: Identity) -> Ring<Mapping> {
    Ring::new(mapping, identity.capacity, identity.tags(), 0)
}
