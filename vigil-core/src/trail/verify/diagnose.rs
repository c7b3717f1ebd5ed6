//! What happened to a segment: the hashes of its lines as they are, held against those as they were.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::AtomicU64;

use super::lines::{Chunk, Chunks};
use super::reading::{Misnumbered, Reading};
use super::report::Kind;
use super::stored::Stored;
use crate::trail::evidence::Sidecar;
use crate::trail::tree::{Hash, leaf_hash};

/// So many lines are looked at from a little before the first that differs. What was moved further is told as missing in
/// the one place and too much in the other.
const WINDOW: u64 = 1 << 18;
/// So many of them stand before it, to find what they are copies of.
const BEFORE: u64 = 1 << 16;

/// A part of a segment, twice.
pub(super) struct Windows {
    /// The number in the segment of the first line of both.
    begin: u64,
    actual: Vec<Hash>,
    expected: Vec<Hash>,
}

impl Windows {
    /// Around the first line that differs.
    pub(super) fn read(stored: &Stored, hashes: &mut Sidecar, differs: u64) -> io::Result<Self> {
        let begin = differs.saturating_sub(BEFORE);
        let mut actual = Vec::new();
        // Where it cannot be read on, it ends.
        let _ = leaves(stored, |number, leaf| {
            if number >= begin {
                actual.push(leaf);
            }
            (actual.len() as u64) < WINDOW
        });
        let mut expected = Vec::new();
        while (expected.len() as u64) < WINDOW
            && let Some(leaf) = hashes.leaf(begin + expected.len() as u64)?
        {
            expected.push(leaf);
        }
        Ok(Self {
            begin,
            actual,
            expected,
        })
    }

    /// What kind of change it is that begins with this line of the segment.
    pub(super) fn kind(&self, differs: u64) -> Kind {
        let at = usize::try_from(differs - self.begin).unwrap_or(usize::MAX);
        classify(&self.actual, &self.expected, at)
    }
}

/// Both are the same before `at`, and not there.
fn classify(actual: &[Hash], expected: &[Hash], at: usize) -> Kind {
    let counts = |hashes: &[Hash]| {
        let mut counts: HashMap<Hash, u32> = HashMap::with_capacity(hashes.len());
        for hash in hashes {
            *counts.entry(*hash).or_default() += 1;
        }
        counts
    };
    let (are, were) = (counts(actual), counts(expected));
    let often = |counts: &HashMap<Hash, u32>, hash| counts.get(hash).copied().unwrap_or(0);
    let (Some(is), Some(was)) = (actual.get(at), expected.get(at)) else {
        return match actual.get(at) {
            None => Kind::Cut,
            Some(extra) if often(&were, extra) > 0 => Kind::Duplicated,
            Some(_) => Kind::Inserted,
        };
    };
    match (often(&were, is) > 0, often(&are, was) > 0) {
        (true, true) if often(&are, is) > often(&were, is) => Kind::Duplicated,
        (true, true) => Kind::Reordered,
        // Its place is taken by one of those behind it.
        (true, false) => Kind::Deleted,
        (false, true) => Kind::Inserted,
        (false, false) => {
            let none = at == 0 && !were.keys().any(|hash| are.contains_key(hash));
            if none && (actual.len() > 1 || expected.len() > 1) {
                Kind::SegmentReplaced
            } else {
                Kind::Edited
            }
        }
    }
}

/// What the numbers of the lines tell, where no hash can be trusted. With the line, from 0 on, if it can be told.
pub(super) fn by_numbers(reading: &Reading, first: u64, end: Option<u64>) -> (Kind, Option<u64>) {
    if let Some(Misnumbered {
        line, seq, next, ..
    }) = reading.misnumbered
    {
        let place = first + line;
        let kind = match next {
            Some(next) if seq > place && next < seq => Kind::Reordered,
            // In itself the segment is whole.
            _ if seq > place && line == 0 && reading.hashes == Some(reading.count) => {
                Kind::SegmentMissing
            }
            _ if seq > place => Kind::Deleted,
            _ if seq + 1 == place => Kind::Duplicated,
            _ => Kind::Inserted,
        };
        return (kind, Some(line));
    }
    match end {
        Some(end) if first + reading.count < end => (Kind::Cut, Some(reading.count)),
        Some(end) if first + reading.count > end => (Kind::Inserted, Some(end - first)),
        _ => (Kind::Edited, None),
    }
}

/// Hands on the leaves of a segment with the numbers of their lines, as long as `take` wants more.
pub(in crate::trail) fn leaves(
    stored: &Stored,
    take: impl FnMut(u64, Hash) -> bool,
) -> io::Result<()> {
    let unheard = AtomicU64::new(0);
    leaves_in(stored.open(&unheard)?, take)
}

/// Likewise, of lines.
pub(in crate::trail) fn leaves_in(
    lines: impl io::Read,
    mut take: impl FnMut(u64, Hash) -> bool,
) -> io::Result<()> {
    let mut chunks = Chunks::new(lines);
    let mut number = 0;
    while let Some(chunk) = chunks.next()? {
        match chunk {
            Chunk::Lines(block) => {
                let mut start = 0;
                for newline in memchr::memchr_iter(b'\n', block) {
                    if !take(number, leaf_hash(&block[start..newline])) {
                        return Ok(());
                    }
                    number += 1;
                    start = newline + 1;
                }
            }
            Chunk::Long { leaf, .. } => {
                if !take(number, leaf) {
                    return Ok(());
                }
                number += 1;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(actual: &[u8], expected: &[u8]) -> Kind {
        let hashes = |bytes: &[u8]| bytes.iter().map(|byte| [*byte; 32]).collect::<Vec<_>>();
        let same = actual.iter().zip(expected).take_while(|(a, b)| a == b);
        classify(&hashes(actual), &hashes(expected), same.count())
    }

    #[test]
    fn kinds_are_told_from_each_other() {
        for (actual, expected, told) in [
            (&b"abXd"[..], &b"abcd"[..], Kind::Edited),
            (b"Xbcd", b"abcd", Kind::Edited),
            (b"abcX", b"abcd", Kind::Edited),
            (b"X", b"a", Kind::Edited),
            (b"abd", b"abcd", Kind::Deleted),
            (b"cd", b"abcd", Kind::Deleted),
            (b"abXcd", b"abcd", Kind::Inserted),
            (b"Xabcd", b"abcd", Kind::Inserted),
            (b"abcdX", b"abcd", Kind::Inserted),
            (b"abbcd", b"abcd", Kind::Duplicated),
            (b"abcdd", b"abcd", Kind::Duplicated),
            (b"abcbd", b"abcd", Kind::Duplicated),
            (b"acbd", b"abcd", Kind::Reordered),
            (b"dbca", b"abcd", Kind::Reordered),
            (b"abc", b"abcd", Kind::Cut),
            (b"", b"abcd", Kind::Cut),
            (b"wxyz", b"abcd", Kind::SegmentReplaced),
            (b"wx", b"abcd", Kind::SegmentReplaced),
        ] {
            let shown = String::from_utf8_lossy(actual);
            assert_eq!(kind(actual, expected), told, "{shown}");
        }
    }
}
