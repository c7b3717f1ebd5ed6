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

/// So many texts are hashed at once: more than the processor takes side by side, so that long ones among short ones keep few
/// of them waiting.
const BATCH: usize = 64;

/// These whole lines, without their newlines, and their leaves. Many are made at a time, which is quicker than one by one.
pub(crate) fn leaves(lines: &[u8]) -> impl Iterator<Item = (&[u8], Hash)> {
    let mut start = 0;
    let mut lines = memchr::memchr_iter(b'\n', lines).map(move |newline| {
        let line = &lines[start..newline];
        start = newline + 1;
        line
    });
    let mut batch: [&[u8]; BATCH] = [&[]; BATCH];
    let mut hashes = [EMPTY_ROOT; BATCH];
    let mut done = 0..0;
    std::iter::from_fn(move || {
        if done.is_empty() {
            let mut count = 0;
            for (place, line) in batch.iter_mut().zip(&mut lines) {
                *place = line;
                count += 1;
            }
            sha256::each(LEAF, &batch[..count], &mut hashes[..count]);
            done = 0..count;
        }
        done.next().map(|place| (batch[place], hashes[place]))
    })
}

/// The node above two others.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256::one(NODE, &side_by_side(left, right))
}

/// The nodes above these, two and two, in their places from the first on. An odd one at the end has none above it.
pub(super) fn node_hashes(nodes: &mut [Hash]) {
    let above = nodes.len() / 2;
    let mut hashes = [EMPTY_ROOT; BATCH];
    for first in (0..above).step_by(BATCH) {
        let end = above.min(first + BATCH);
        let mut texts: [&[u8]; BATCH] = [&[]; BATCH];
        let below = nodes[2 * first..2 * end].as_chunks::<2>().0;
        for (text, two) in texts.iter_mut().zip(below) {
            *text = two.as_flattened();
        }
        let hashes = &mut hashes[..end - first];
        sha256::each(NODE, &texts[..hashes.len()], hashes);
        nodes[first..end].copy_from_slice(hashes);
    }
}

fn side_by_side(left: &Hash, right: &Hash) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(left);
    bytes[32..].copy_from_slice(right);
    bytes
}
