//! That a line stands at its place (RFC 9162, sections 2.1.3.1 and 2.1.3.2; RFC 6962 calls it an audit path).

use super::hash::{Hash, node_hash};
use super::source::{Hashes, root_between};
use super::split;

/// The hashes from which, with that of the leaf `index`, the root over the first `size` leaves follows; from the leaf
/// upwards. `None` if there is no such leaf.
pub(crate) fn inclusion<H: Hashes>(
    index: u64,
    size: u64,
    hashes: &mut H,
) -> Result<Option<Vec<Hash>>, H::Error> {
    if index >= size {
        return Ok(None);
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(root_between(middle, end, hashes)?);
            end = middle;
        } else {
            proof.push(root_between(start, middle, hashes)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Whether the proof leads from the leaf at `index` to the root of the tree of `size` leaves.
pub(crate) fn check_inclusion(
    proof: &[Hash],
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
) -> bool {
    if index >= size {
        return false;
    }
    // Of the node that has been reached, and of the last one beside it, their numbers on this level.
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for other in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(other, &hash);
            // A node that stands alone on its level goes up as it is.
            let alone = node.trailing_zeros();
            if node & 1 == 0 {
                node = node.checked_shr(alone).unwrap_or(0);
                last = last.checked_shr(alone).unwrap_or(0);
            }
        } else {
            hash = node_hash(&hash, other);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}
