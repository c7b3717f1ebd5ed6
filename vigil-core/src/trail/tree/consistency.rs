//! That a later tree holds an earlier one unchanged (RFC 9162, sections 2.1.4.1 and 2.1.4.2).

use super::hash::{EMPTY_ROOT, Hash, node_hash};
use super::source::{Hashes, root_between};
use super::split;

/// The hashes from which the roots over the first `old` and the first `new` leaves follow; none if the trees are the
/// same, or if the old one is empty. `None` if the old one is the larger.
pub(crate) fn consistency<H: Hashes>(
    old: u64,
    new: u64,
    hashes: &mut H,
) -> Result<Option<Vec<Hash>>, H::Error> {
    if old > new {
        return Ok(None);
    }
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(Some(proof));
    }
    let (mut start, mut end) = (0, new);
    // Down to the part at whose end the old tree ends.
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(root_between(middle, end, hashes)?);
            end = middle;
        } else {
            proof.push(root_between(start, middle, hashes)?);
            start = middle;
        }
    }
    // The whole old tree need not be told: who checks has its root.
    if start != 0 {
        proof.push(root_between(start, end, hashes)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Whether the tree of `new` leaves holds that of `old` leaves unchanged, as the proof says.
pub(crate) fn check_consistency(
    proof: &[Hash],
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == EMPTY_ROOT;
    }
    let mut proof = proof.iter();
    // A full subtree at the left edge is the whole old tree, and the proof leaves it out.
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        proof.next()
    };
    let Some(first) = first else {
        return false;
    };
    let (mut node, mut last) = (old - 1, new - 1);
    let up = node.trailing_ones();
    node >>= up;
    last >>= up;
    let (mut of_old, mut of_new) = (*first, *first);
    for other in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            of_old = node_hash(other, &of_old);
            of_new = node_hash(other, &of_new);
            if node & 1 == 0 {
                let alone = node.trailing_zeros();
                node = node.checked_shr(alone).unwrap_or(0);
                last = last.checked_shr(alone).unwrap_or(0);
            }
        } else {
            of_new = node_hash(&of_new, other);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}
