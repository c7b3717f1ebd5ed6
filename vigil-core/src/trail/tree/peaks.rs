//! The tree as its writer keeps it: of all its nodes only the roots of the full subtrees that stand side by side, one
//! for each bit of its size. That is enough to append to it and to know its root.

use super::hash::{EMPTY_ROOT, Hash, node_hash};

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
