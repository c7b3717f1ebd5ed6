//! What a segment has held so far: what its seal will say.

use std::collections::BTreeMap;

use memchr::memmem;

use super::categories::Categories;
use crate::trail::evidence::{SEAL_VERSION, Seal};
use crate::trail::losses::{EVENTS_LOST, lines_with, told_by};
use crate::trail::tree::Peaks;

/// In a line of ours the timestamp stands before this.
const HEAD: usize = 160;

#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    /// The name of the file.
    pub(super) segment: String,
    /// The index of its first event.
    pub(super) first: u64,
    pub(super) count: u64,
    /// The bytes of its lines.
    pub(super) size: u64,
    first_time: Option<String>,
    /// The beginning of the last line.
    last: Vec<u8>,
    lost: BTreeMap<String, u64>,
    categories: Categories,
}

impl Account {
    pub(super) fn of(segment: String, first: u64) -> Self {
        Self {
            segment,
            first,
            ..Self::default()
        }
    }

    /// `count` further lines, whole and with their newlines.
    pub(super) fn add(&mut self, lines: &[u8], count: u64) {
        let Some(before) = lines.len().checked_sub(1) else {
            return;
        };
        if self.count == 0 {
            self.first_time = timestamp(&lines[..lines.len().min(HEAD)]);
        }
        let last = memchr::memrchr(b'\n', &lines[..before]).map_or(0, |newline| newline + 1);
        self.last.clear();
        self.last
            .extend_from_slice(&lines[last..lines.len().min(last + HEAD)]);
        self.count += count;
        self.size += lines.len() as u64;
        self.categories.add(lines);
    }

    /// Counts what these lines say was lost.
    pub(super) fn add_losses(&mut self, lines: &[u8]) {
        let finder = memmem::Finder::new(EVENTS_LOST);
        for lost in lines_with(&finder, lines).flat_map(told_by) {
            *self.lost.entry(lost.category).or_default() += lost.count;
        }
    }

    /// The seal of the segment, at whose end the tree is this; its place in the chain is for others to say.
    pub(super) fn seal(&self, origin: &str, tree: &Peaks) -> Seal {
        Seal {
            version: SEAL_VERSION,
            origin: origin.to_owned(),
            segment: self.segment.clone(),
            first: self.first,
            count: self.count,
            first_time: self.first_time.clone(),
            last_time: timestamp(&self.last),
            size: self.size,
            root: tree.root(),
            peaks: tree.hashes().to_vec(),
            previous: None,
            lost: self.lost.clone(),
            categories: self.categories.counts(),
            keys: Vec::new(),
        }
    }
}

/// The timestamp of a line, of which this is the beginning.
fn timestamp(line: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\"timestamp\":\"";
    let start = memmem::find(line, KEY)? + KEY.len();
    let length = memchr::memchr(b'"', &line[start..])?;
    let text = std::str::from_utf8(&line[start..start + length]).ok()?;
    (!text.contains('\\')).then(|| text.to_owned())
}
