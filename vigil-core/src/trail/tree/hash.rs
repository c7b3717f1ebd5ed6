//! The two hashes of the tree. Each begins with a byte of its own, so that no line can be passed off as a node.

use super::sha256;

/// A node of the tree.
pub(crate) type Hash = [u8; 32];

/// The root of a tree without leaves: SHA-256 of nothing.
pub(crate) const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Before a leaf and before a node.
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// The leaf of a line, which is hashed without its newline.
pub(crate) fn leaf_hash(line: &[u8]) -> Hash {
    sha256::one(LEAF, line)
}

/// These whole lines, without their newlines, and their leaves. Two are made at a time, which takes little longer than
/// one.
pub(crate) fn leaves(lines: &[u8]) -> impl Iterator<Item = (&[u8], Hash)> {
    let mut start = 0;
    let mut lines = memchr::memchr_iter(b'\n', lines).map(move |newline| {
        let line = &lines[start..newline];
        start = newline + 1;
        line
    });
    let mut second = None;
    std::iter::from_fn(move || {
        if second.is_some() {
            return second.take();
        }
        let line = lines.next()?;
        let Some(next) = lines.next() else {
            return Some((line, leaf_hash(line)));
        };
        let [leaf, next_leaf] = sha256::both(LEAF, [line, next]);
        second = Some((next, next_leaf));
        Some((line, leaf))
    })
}

/// The node above two others.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256::one(NODE, &side_by_side(left, right))
}

/// The nodes above these, two and two, in their places from the first on. An odd one at the end has none above it.
pub(super) fn node_hashes(nodes: &mut [Hash]) {
    let above = nodes.len() / 2;
    for place in (0..above).step_by(2) {
        let below = |place: usize| side_by_side(&nodes[2 * place], &nodes[2 * place + 1]);
        if place + 1 < above {
            let [one, next] = sha256::both(NODE, [&below(place), &below(place + 1)]);
            (nodes[place], nodes[place + 1]) = (one, next);
        } else {
            nodes[place] = sha256::one(NODE, &below(place));
        }
    }
}

fn side_by_side(left: &Hash, right: &Hash) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(left);
    bytes[32..].copy_from_slice(right);
    bytes
}
