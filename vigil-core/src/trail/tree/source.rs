//! Where the hashes come from of which proofs are made: leaves in a sidecar, nodes kept somewhere.

use std::convert::Infallible;

use super::hash::{EMPTY_ROOT, Hash, node_hash};
use super::peaks::Peaks;
use super::split;

/// Full subtrees of a tree.
pub(crate) trait Hashes {
    type Error;

    /// The root over the 2^`level` leaves from `index` · 2^`level` on.
    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// All from the leaves: time in proportion to their number, and no memory.
pub(crate) struct FromLeaves<F>(
    /// The hash of the leaf with this index. It is asked for them in ascending order within a subtree.
    pub(crate) F,
);

impl<E, F: FnMut(u64) -> Result<Hash, E>> Hashes for FromLeaves<F> {
    type Error = E;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, E> {
        let mut peaks = Peaks::default();
        for leaf in index << level..(index + 1) << level {
            peaks.push((self.0)(leaf)?);
        }
        Ok(peaks.root())
    }
}

/// Leaves in memory; what lies beyond them does not exist, and asking for it panics.
impl Hashes for &[Hash] {
    type Error = Infallible;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        FromLeaves(|leaf| Ok(self[usize::try_from(leaf).unwrap_or(usize::MAX)]))
            .subtree(level, index)
    }
}

/// The root over the first `size` leaves.
pub(crate) fn root_of<H: Hashes>(size: u64, hashes: &mut H) -> Result<Hash, H::Error> {
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    root_between(0, size, hashes)
}

/// The root over the leaves from `start` to before `end`, a part that the tree has when it is divided as RFC 6962 says.
pub(super) fn root_between<H: Hashes>(
    start: u64,
    end: u64,
    hashes: &mut H,
) -> Result<Hash, H::Error> {
    let size = end - start;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return hashes.subtree(level, start >> level);
    }
    let middle = start + split(size);
    let left = root_between(start, middle, hashes)?;
    Ok(node_hash(&left, &root_between(middle, end, hashes)?))
}
