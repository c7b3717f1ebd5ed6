//! The Merkle tree of RFC 6962 (section 2.1; the same in RFC 9162) over the lines of the trail, by SHA-256.
//!
//! Whoever has its root of 32 bytes can be shown that a line stands at its place ([`inclusion`]), and that a later trail
//! holds an earlier one unchanged ([`consistency`]), by some twenty hashes. The formats are those of others, so that
//! programs that are not ours can check them. Nothing in here reads or writes a file.

mod consistency;
mod growing;
mod hash;
mod inclusion;
mod peaks;
mod sha256;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use consistency::{check_consistency, consistency};
pub(crate) use growing::Growing;
#[cfg(test)]
pub(crate) use hash::EMPTY_ROOT;
pub(crate) use hash::{Hash, leaf_hash, leaves, node_hash};
pub(crate) use inclusion::{check_inclusion, inclusion};
pub(crate) use peaks::Peaks;
#[cfg(test)]
pub(crate) use source::FromLeaves;
pub(crate) use source::{Hashes, root_of};

/// The largest power of two below `size`, where a tree of more than one leaf divides.
fn split(size: u64) -> u64 {
    debug_assert!(size > 1, "a single leaf does not divide");
    1 << (63 - (size - 1).leading_zeros())
}
