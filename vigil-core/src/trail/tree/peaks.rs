//! The tree as its writer keeps it: of all its nodes only the roots of the full subtrees that stand side by side, one
//! for each bit of its size. That is enough to append to it and to know its root.

use super::hash::{EMPTY_ROOT, Hash, node_hash, node_hashes};

/// A tree to which leaves are appended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Peaks {
    size: u64,
    /// The largest subtree first.
    hashes: Vec<Hash>,
}

impl Peaks {
    /// The tree of this size, whose peaks these are. `None` if a tree of this size has another number of them.
    pub(crate) fn new(size: u64, hashes: Vec<Hash>) -> Option<Self> {
        (hashes.len() == size.count_ones() as usize).then_some(Self { size, hashes })
    }

    /// The number of leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The largest subtree first.
    pub(crate) fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends a leaf: on average one node is hashed.
    pub(crate) fn push(&mut self, leaf: Hash) {
        self.push_subtree(0, leaf);
    }

    /// Appends leaves, and leaves nothing of use in their place. Level by level, so that many nodes are hashed at once.
    pub(crate) fn extend(&mut self, leaves: &mut [Hash]) {
        let size = self.size + leaves.len() as u64;
        let mut count = leaves.len();
        let mut last = Vec::new();
        for level in 0_u32.. {
            let Some(first) = leaves[..count].first_mut() else {
                break;
            };
            // The peak of this level, if there is one, is the left half of the first node above.
            let is_odd = self.size >> level & 1 == 1;
            if is_odd && let Some(left) = self.hashes.pop() {
                *first = node_hash(&left, first);
            }
            let done = usize::from(is_odd);
            let nodes = &mut leaves[done..count];
            if !nodes.len().is_multiple_of(2) {
                last.extend(nodes.last().copied());
            }
            node_hashes(nodes);
            count = done + nodes.len() / 2;
        }
        self.hashes.extend(last.into_iter().rev());
        self.size = size;
    }

    /// Appends a full subtree of 2^`level` leaves. The size must be a multiple of that.
    pub(crate) fn push_subtree(&mut self, level: u32, root: Hash) {
        debug_assert!(self.size.is_multiple_of(1 << level), "no place for it");
        let mut root = root;
        // As a carry runs through a binary number when one is added to it.
        for _ in 0..(self.size >> level).trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                root = node_hash(&left, &root);
            }
        }
        self.hashes.push(root);
        self.size += 1 << level;
    }

    /// The root of the tree as it is now.
    pub(crate) fn root(&self) -> Hash {
        let mut from_the_right = self.hashes.iter().rev();
        let Some(last) = from_the_right.next() else {
            return EMPTY_ROOT;
        };
        from_the_right.fold(*last, |right, left| node_hash(left, &right))
    }
}
