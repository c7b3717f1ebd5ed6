//! The leaves of a whole trail: from the hashes beside its segments where they are, from its lines where not.

use std::collections::HashMap;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use crate::Error;
use crate::trail::evidence::{Places, Purge, Purges, Sidecar};
use crate::trail::packing::Identities;
use crate::trail::tree::{Growing, Hash, Hashes, node_hash};
use crate::trail::verify::{Layout, Slot, leaves};

/// From this level on a subtree is divided among threads: 4096 leaves take a millisecond.
const ALONE: u32 = 12;

/// The leaves of a trail, or a copy of it.
#[derive(Debug)]
pub(super) struct Leaves {
    pub(super) segments: Vec<Segment>,
    /// What retention has removed, as it was kept; not proved.
    pub(super) purges: Purges,
    threads: u32,
}

/// A segment and where its leaves are.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) slot: Slot,
    pub(super) first: u64,
    pub(super) count: u64,
    from: From,
}

#[derive(Debug)]
enum From {
    File(PathBuf),
    Memory(Vec<Hash>),
}

impl Leaves {
    /// Looks where the leaves are. Nothing is checked: what is made of them has to lead to a signed root.
    ///
    /// There shall be `needed` of them at least: where the hashes beside the last segment are behind its lines and too few
    /// for that, the lines are hashed.
    pub(super) fn of_trail(
        dir: &Path,
        needed: u64,
        identities: &Identities,
    ) -> Result<Self, Error> {
        let places = Places::of_trail(dir);
        let layout = Layout::look(dir, None)?.by(identities);
        let mut segments = Vec::with_capacity(layout.slots.len());
        let mut first = 0;
        let last = layout.slots.len().saturating_sub(1);
        for (number, slot) in layout.slots.into_iter().enumerate() {
            let segment = Segment::of(&places, slot, first, (number == last).then_some(needed))?;
            first = segment.first + segment.count;
            segments.push(segment);
        }
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let purges = Purges::look(&places)
            .map_err(|error| Error::io("cannot read", &places.purges_dir(), error))?;
        Ok(Self {
            segments,
            purges,
            threads: u32::try_from(threads).unwrap_or(1),
        })
    }

    /// The number of leaves.
    pub(super) fn size(&self) -> u64 {
        let last = self.segments.last();
        last.map_or(0, |segment| segment.first + segment.count)
    }

    /// Hands on the leaves from one to before another.
    pub(super) fn each(
        &self,
        from: u64,
        to: u64,
        mut take: impl FnMut(Hash) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut next = from;
        for segment in &self.segments {
            let end = (segment.first + segment.count).min(to);
            if next >= end || next < segment.first {
                continue;
            }
            let within = next - segment.first..end - segment.first;
            match &segment.from {
                From::Memory(leaves) => {
                    for index in within {
                        take(leaves[usize::try_from(index).unwrap_or(usize::MAX)])?;
                    }
                }
                From::File(path) => {
                    let failed = |error| Error::io("cannot read the hashes in", path, error);
                    let mut sidecar = Sidecar::open(path).map_err(failed)?;
                    for index in within {
                        let leaf = sidecar.leaf(index).map_err(failed)?;
                        take(leaf.ok_or_else(|| failed(io::ErrorKind::UnexpectedEof.into()))?)?;
                    }
                }
            }
            next = end;
        }
        if next < to {
            return Err(Error::trail(format!(
                "the hashes of event {next} are missing; `verify` says what happened"
            )));
        }
        Ok(())
    }

    /// Where the line of an event was removed by retention: a sentence about it.
    pub(super) fn gone(&self, index: u64) -> Option<String> {
        let segment = self.segment_of(index)?;
        self.purge_of(segment).map(|purge| {
            format!(
                "retention has removed {} on {}, as event {} tells",
                segment.slot.segment, purge.time, purge.event
            )
        })
    }

    /// The event that tells that a segment, of which there is no file, was removed by retention.
    pub(super) fn purge_of<'a>(&'a self, segment: &'a Segment) -> Option<&'a Purge> {
        if segment.slot.stored.is_some() {
            return None;
        }
        let seal = segment.slot.seal.as_ref()?;
        self.purges.of(&seal.seal).last()
    }

    /// The segment that holds an event.
    pub(super) fn segment_of(&self, index: u64) -> Option<&Segment> {
        self.segments
            .iter()
            .find(|segment| (segment.first..segment.first + segment.count).contains(&index))
    }

    fn root(&self, from: u64, to: u64) -> Result<Hash, Error> {
        let mut tree = Growing::default();
        self.each(from, to, |leaf| {
            tree.push(leaf);
            Ok(())
        })?;
        Ok(tree.root())
    }
}

impl Segment {
    fn of(places: &Places, slot: Slot, first: u64, needed: Option<u64>) -> Result<Self, Error> {
        let path = places.hashes(&slot.segment);
        let beside = slot
            .has_hashes
            .then(|| Sidecar::open(&path).ok())
            .flatten()
            .map_or(0, |sidecar| sidecar.count());
        let (first, count) = match &slot.seal {
            Some(file) => (file.seal.first, Some(file.seal.count)),
            None => (first, None),
        };
        let is_whole = count.is_none_or(|count| count == beside) && beside > 0;
        let is_enough = needed.is_none_or(|needed| needed <= first + beside);
        if is_whole && (is_enough || slot.stored.is_none()) {
            return Ok(Self {
                slot,
                first,
                count: beside,
                from: From::File(path),
            });
        }
        if count == Some(0) {
            return Ok(Self {
                slot,
                first,
                count: 0,
                from: From::Memory(Vec::new()),
            });
        }
        let Some(stored) = &slot.stored else {
            return Err(Error::trail(format!(
                "the segment {} is missing, and its hashes with it",
                slot.segment
            )));
        };
        let mut of_lines = Vec::new();
        leaves(stored, |_, leaf| {
            of_lines.push(leaf);
            true
        })
        .map_err(|error| Error::io("cannot read", &stored.path, error))?;
        Ok(Self {
            first,
            count: of_lines.len() as u64,
            from: From::Memory(of_lines),
            slot,
        })
    }
}

/// Subtrees of a trail's tree.
pub(super) struct Subtrees<'l> {
    leaves: &'l Leaves,
    /// By level and index those that seals tell, so that the events before them need not be hashed again.
    known: HashMap<(u32, u64), Hash>,
}

impl<'l> Subtrees<'l> {
    pub(super) fn of(leaves: &'l Leaves) -> Self {
        let mut known = HashMap::new();
        for segment in &leaves.segments {
            let Some(file) = &segment.slot.seal else {
                continue;
            };
            let size = file.seal.end();
            let levels = (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1);
            for (level, peak) in levels.zip(&file.seal.peaks) {
                // In front of it are the larger ones.
                let before = (size >> level) - 1;
                known.insert((level, before), *peak);
            }
        }
        Self { leaves, known }
    }

    fn root(&self, level: u32, index: u64, threads: u32) -> Result<Hash, Error> {
        if let Some(root) = self.known.get(&(level, index)) {
            return Ok(*root);
        }
        if level <= ALONE {
            return self.leaves.root(index << level, (index + 1) << level);
        }
        let half = |index, threads| self.root(level - 1, index, threads);
        let (left, right) = if threads < 2 {
            (half(2 * index, 1), half(2 * index + 1, 1))
        } else {
            thread::scope(|scope| {
                let left = scope.spawn(|| half(2 * index, threads / 2));
                let right = half(2 * index + 1, threads - threads / 2);
                let died = || Error::trail("a thread that hashes has died");
                (left.join().unwrap_or_else(|_| Err(died())), right)
            })
        };
        Ok(node_hash(&left?, &right?))
    }
}

impl Hashes for Subtrees<'_> {
    type Error = Error;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Error> {
        self.root(level, index, self.leaves.threads)
    }
}
