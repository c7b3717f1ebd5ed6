//! The head of a journal file: what it is, and up to where its records stand safe in the trail. Writer and reader of it
//! stand here side by side.
//!
//! ```text
//! word   0  magic, version, capacity, salt, CRC of these
//!       16  mark
//!       80  mark, the other one: they are written in turn, so that one is whole whenever the process dies
//!      256  losses, see `ledger`
//!     1016  magic, version, capacity, salt, CRC once more: without the salt no record could be found
//!     1024  the ring
//! ```
//!
//! A file belongs to the machine that wrote it, so words have its byte order; on another the magic is not found.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::ring::Tags;

pub(super) const HEADER_WORDS: usize = 1024;
/// Where the table of losses lies.
pub(super) const LOSSES: std::ops::Range<usize> = 256..768;
/// How many kinds of loss the table has room for.
pub(super) const LOSS_KINDS: usize = 32;

const MAGIC: u64 = u64::from_le_bytes(*b"VIGILJNL");
const VERSION: u64 = 2;
const IDENTITIES: [usize; 2] = [0, 1016];
const IDENTITY_WORDS: usize = 5;
const MARKS: [usize; 2] = [16, 80];
const MARK_WORDS: usize = 64;
const NONE: u64 = u64::MAX;

/// What does not change during the life of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    /// Words in the ring.
    pub(super) capacity: u64,
    pub(super) salt: u64,
}

impl Identity {
    pub(super) const fn tags(self) -> Tags {
        Tags { salt: self.salt }
    }
}

/// Why a file is not read as a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// A journal of this version of the format.
    Version(u64),
    /// Anything else, or a journal whose head is damaged.
    Unreadable,
}

/// Up to where the journal's records stand in the trail, safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Records before this position stand in the trail.
    pub(crate) position: u64,
    /// The number of the first event in the trail that is not covered.
    pub(crate) next_seq: u64,
    /// The number of the oldest event that announces a call and whose outcome is not covered.
    pub(crate) oldest_attempt: Option<u64>,
    /// Which description of callsites and process the records refer to.
    pub(crate) process: u64,
    /// How many lost events of each kind in the ledger the covered part of the trail tells of.
    pub(crate) declared: [u64; LOSS_KINDS],
}

impl Mark {
    pub(crate) const fn at(position: u64, next_seq: u64, process: u64) -> Self {
        Self {
            position,
            next_seq,
            oldest_attempt: None,
            process,
            declared: [0; LOSS_KINDS],
        }
    }

    fn to_words(&self, generation: u64) -> [u64; MARK_WORDS] {
        let mut words = [0; MARK_WORDS];
        words[..5].copy_from_slice(&[
            generation,
            self.position,
            self.next_seq,
            self.oldest_attempt.unwrap_or(NONE),
            self.process,
        ]);
        words[16..16 + LOSS_KINDS].copy_from_slice(&self.declared);
        words[MARK_WORDS - 1] = checksum(&words[..MARK_WORDS - 1]);
        words
    }

    fn from_words(words: &[u64]) -> Option<(u64, Self)> {
        let (sum, body) = words.split_last()?;
        if *sum != checksum(body) {
            return None;
        }
        let mut declared = [0; LOSS_KINDS];
        declared.copy_from_slice(body.get(16..16 + LOSS_KINDS)?);
        let mark = Self {
            position: body[1],
            next_seq: body[2],
            oldest_attempt: Some(body[3]).filter(|seq| *seq != NONE),
            process: body[4],
            declared,
        };
        Some((body[0], mark))
    }
}

/// Writes the head of a file.
pub(super) fn write_identity(header: &[AtomicU64], identity: Identity) {
    let words = [MAGIC, VERSION, identity.capacity, identity.salt];
    for at in IDENTITIES {
        for (word, value) in header[at..]
            .iter()
            .zip(words.iter().chain([&checksum(&words)]))
        {
            word.store(*value, Relaxed);
        }
    }
}

pub(super) fn read_identity(header: &[AtomicU64]) -> Result<Identity, Foreign> {
    let [first, second] = IDENTITIES.map(|at| read_identity_at(header, at));
    match first {
        Err(Foreign::Unreadable) => second,
        first => first,
    }
}

fn read_identity_at(header: &[AtomicU64], at: usize) -> Result<Identity, Foreign> {
    let words = load(header, at, IDENTITY_WORDS).ok_or(Foreign::Unreadable)?;
    let [magic, version, capacity, salt, sum] = words[..] else {
        return Err(Foreign::Unreadable);
    };
    if magic != MAGIC || sum != checksum(&words[..4]) {
        return Err(Foreign::Unreadable);
    }
    if version != VERSION {
        return Err(Foreign::Version(version));
    }
    if !capacity.is_power_of_two() {
        return Err(Foreign::Unreadable);
    }
    Ok(Identity { capacity, salt })
}

/// Writes `mark` in place of the older of the two.
pub(super) fn write_mark(header: &[AtomicU64], mark: &Mark) {
    let newest = newest(header).map_or(0, |(generation, _)| generation);
    let generation = newest + 1;
    let at = MARKS[(generation % 2) as usize];
    for (word, value) in header[at..].iter().zip(mark.to_words(generation)) {
        word.store(value, Relaxed);
    }
}

/// The mark written last; `None` if neither is whole.
pub(super) fn read_mark(header: &[AtomicU64]) -> Option<Mark> {
    newest(header).map(|(_, mark)| mark)
}

fn newest(header: &[AtomicU64]) -> Option<(u64, Mark)> {
    MARKS
        .iter()
        .filter_map(|at| Mark::from_words(&load(header, *at, MARK_WORDS)?))
        .max_by_key(|(generation, _)| *generation)
}

fn load(header: &[AtomicU64], at: usize, count: usize) -> Option<Vec<u64>> {
    let words = header.get(at..at + count)?;
    Some(words.iter().map(|word| word.load(Relaxed)).collect())
}

fn checksum(words: &[u64]) -> u64 {
    u64::from(words.iter().fold(0, |sum, word| {
        crc32c::crc32c_append(sum, &word.to_le_bytes())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank() -> Vec<AtomicU64> {
        (0..HEADER_WORDS).map(|_| AtomicU64::new(0)).collect()
    }

    fn mark(position: u64) -> Mark {
        let mut mark = Mark::at(position, position * 2, 7);
        mark.declared[31] = position;
        mark
    }

    #[test]
    fn a_head_is_read_back_and_a_damaged_one_is_not() {
        let header = blank();
        assert_eq!(read_identity(&header), Err(Foreign::Unreadable));
        let identity = Identity {
            capacity: 4096,
            salt: 99,
        };
        write_identity(&header, identity);
        assert_eq!(read_identity(&header), Ok(identity));
        for at in 0..5 {
            let whole = header[at].load(Relaxed);
            header[at].store(whole ^ 1 << 17, Relaxed);
            assert_eq!(read_identity(&header), Ok(identity), "there are two");
            let second = IDENTITIES[1] + (at + 3) % IDENTITY_WORDS;
            header[second].fetch_xor(1, Relaxed);
            assert_eq!(read_identity(&header), Err(Foreign::Unreadable));
            write_identity(&header, identity);
            assert_eq!(read_identity(&header), Ok(identity));
        }
    }

    #[test]
    fn a_head_of_a_later_format_is_told_apart() {
        let header = blank();
        let words = [MAGIC, VERSION + 1, 4096, 99];
        for (word, value) in header.iter().zip(words.iter().chain([&checksum(&words)])) {
            word.store(*value, Relaxed);
        }
        assert_eq!(read_identity(&header), Err(Foreign::Version(VERSION + 1)));
    }

    #[test]
    fn of_two_marks_the_later_whole_one_counts() {
        let header = blank();
        assert_eq!(read_mark(&header), None);
        for position in 1..=5 {
            write_mark(&header, &mark(position));
            assert_eq!(read_mark(&header), Some(mark(position)));
        }
        // The process dies in the middle of the sixth.
        let at = MARKS[0];
        header[at + 1].store(6, Relaxed);
        assert_eq!(read_mark(&header), Some(mark(5)));
        header[MARKS[1] + 40].store(1, Relaxed);
        assert_eq!(read_mark(&header), None);
    }
}
