//! The two hashes of the tree. Each begins with a byte of its own, so that no line can be passed off as a node.

use sha2::{Digest, Sha256};

/// A node of the tree.
pub(crate) type Hash = [u8; 32];

/// The root of a tree without leaves: SHA-256 of nothing.
pub(crate) const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// The leaf of a line, which is hashed without its newline.
pub(crate) fn leaf_hash(line: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(line);
    hasher.finalize().into()
}

/// The node above two others.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0x01; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}
