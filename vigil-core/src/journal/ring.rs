//! The ring: many threads put records in, one takes them out, and what is in it can be read by another process when
//! this one is dead.
//!
//! A position is a count of words since the ring was first used; it only grows, and its place in the memory is what is
//! left of it modulo the capacity. A record is a frame:
//!
//! ```text
//! tag | length u32, CRC-32C u32 | record, filled up to whole words with zeros
//! ```
//!
//! Position and length are in the sum too, see [`super::summed`].
//!
//! A producer reserves a stretch by moving `tail` from one position to a later one with compare-and-swap, having made
//! sure before that the stretch is free. It copies, and then publishes by storing the tag, which says the position:
//! what a former lap left at the same place has another tag, and an unfinished frame has none. A frame is never split
//! over the end of the memory; what is left there is skipped by a filler, which is a tag alone.
//!
//! The consumer goes from frame to frame. It stops where no tag stands yet, so order is that of reservation, whichever
//! thread finishes first. Space becomes free when the consumer releases it, which it does only when the records stand
//! elsewhere, safe on disk.
//!
//! Every word is an atomic, so this file needs no `unsafe`, and the same code runs on words of the model checker.

use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release};

use super::summed;

/// A 64-bit atomic: the standard library's, or the model checker's.
pub(super) trait Word {
    fn new(value: u64) -> Self;
    fn load(&self, order: Ordering) -> u64;
    fn store(&self, value: u64, order: Ordering);
    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64>;
    fn fetch_or(&self, bits: u64, order: Ordering) -> u64;
}

/// The memory of a ring.
pub(super) trait Words {
    type Word: Word;

    fn words(&self) -> &[Self::Word];
}

/// Words before the record's own.
pub(super) const FRAME_WORDS: u64 = 2;

/// In `tail`: nobody may reserve any more. Positions never get there: 2^62 words take centuries.
const CLOSED: u64 = 1 << 63;

/// The largest frame has at most the capacity divided by this, so that it does not have to wait for all others to leave.
const LARGEST_SHARE: u64 = 4;
/// And at most so many words: 16 MiB.
const LARGEST_FRAME: u64 = 1 << 21;

/// What stands at the head of a frame, by position, and by nothing else: `salt` is random, so a record's own bytes do
/// not look like one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tags {
    pub(super) salt: u64,
}

impl Tags {
    pub(super) const fn record(self, position: u64) -> u64 {
        self.salt.wrapping_add(position << 1)
    }

    pub(super) const fn filler(self, position: u64) -> u64 {
        self.record(position).wrapping_add(1)
    }

    /// The position whose record tag this would be.
    pub(super) const fn position(self, tag: u64) -> Option<u64> {
        let doubled = tag.wrapping_sub(self.salt);
        if doubled & 1 == 0 {
            Some(doubled >> 1)
        } else {
            None
        }
    }
}

/// Keeps what one side writes often off the cache line that the other side reads often.
#[repr(align(128))]
#[derive(Debug)]
struct Apart<T>(T);

#[derive(Debug)]
pub(super) struct Ring<M: Words> {
    memory: M,
    /// Words; a power of two.
    capacity: u64,
    tags: Tags,
    /// Where the next frame begins, and perhaps [`CLOSED`].
    tail: Apart<M::Word>,
    /// What is before it may be written over.
    released: Apart<M::Word>,
}

/// Why a record was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The ring is full; the record would have begun at or after this position.
    Full { at: u64 },
    /// The ring takes no more.
    Closed,
    /// The ring is too small for such a record.
    TooLong,
}

/// A record that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// The position behind the record.
    pub(super) end: u64,
    /// So many words were in use then, this record's included.
    pub(super) used: u64,
}

/// What the consumer finds at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing yet.
    Nothing,
    /// A record, now in the buffer; the next frame begins there.
    Record { next: u64 },
    /// A frame without a record.
    Filler { next: u64 },
    /// A frame whose bytes are not those that were put in. `next` is where its length leads.
    Damaged { next: u64 },
}

impl<M: Words> Ring<M> {
    /// A ring that goes on at `position`; `memory` has as many words as `capacity`, which is a power of two.
    pub(super) fn new(memory: M, capacity: u64, tags: Tags, position: u64) -> Self {
        debug_assert!(capacity.is_power_of_two());
        Self {
            memory,
            capacity,
            tags,
            tail: Apart(M::Word::new(position)),
            released: Apart(M::Word::new(position)),
        }
    }

    pub(super) const fn capacity(&self) -> u64 {
        self.capacity
    }

    pub(super) const fn memory(&self) -> &M {
        &self.memory
    }

    pub(super) fn into_memory(self) -> M {
        self.memory
    }

    /// So many words from a position on, which do not go over the end of the memory.
    #[inline]
    fn stretch(&self, position: u64, words: u64) -> &[M::Word] {
        // The remainder fits into an index because the memory does.
        let start = (position & (self.capacity - 1)) as usize;
        &self.memory.words()[start..start + words as usize]
    }

    #[inline]
    fn at(&self, position: u64) -> &M::Word {
        &self.memory.words()[(position & (self.capacity - 1)) as usize]
    }

    fn largest_frame(&self) -> u64 {
        (self.capacity / LARGEST_SHARE).min(LARGEST_FRAME)
    }

    const fn to_the_end(&self, position: u64) -> u64 {
        self.capacity - (position & (self.capacity - 1))
    }

    /// Puts a record in: no lock, no system call, no allocation.
    #[inline]
    pub(super) fn push(&self, record: &[u8]) -> Result<Taken, Refused> {
        let frame = FRAME_WORDS + record.len().div_ceil(8) as u64;
        if frame > self.largest_frame() {
            return Err(Refused::TooLong);
        }
        let mut tail = self.tail.0.load(Relaxed);
        let (start, taken) = loop {
            if tail & CLOSED != 0 {
                return Err(Refused::Closed);
            }
            let to_the_end = self.to_the_end(tail);
            let start = if frame <= to_the_end {
                tail
            } else {
                tail + to_the_end
            };
            let end = start + frame;
            // Acquire: the consumer has read what it released before we write over it. A `tail` read too long ago may
            // lie behind `released`; the exchange then fails.
            let used = end.saturating_sub(self.released.0.load(Acquire));
            if used > self.capacity {
                return Err(Refused::Full { at: tail });
            }
            match self
                .tail
                .0
                .compare_exchange_weak(tail, end, Relaxed, Relaxed)
            {
                Ok(_) => break (start, Taken { end, used }),
                Err(found) => tail = found,
            }
        };
        if start != tail {
            self.at(tail).store(self.tags.filler(tail), Release);
        }
        self.fill(start, self.stretch(start, frame), record);
        Ok(taken)
    }

    /// Copies a record into the frame that was reserved for it, and publishes it.
    #[inline]
    fn fill(&self, start: u64, frame: &[M::Word], record: &[u8]) {
        let [tag, head, words @ ..] = frame else {
            return;
        };
        // Both fit: a frame is much shorter than 2^32 bytes.
        let sum = u64::from(summed::copy_in(start, record, words));
        head.store(record.len() as u64 | sum << 32, Relaxed);
        tag.store(self.tags.record(start), Release);
    }

    /// The consumer's side: reads the frame at `position` into `record`.
    pub(super) fn read(&self, position: u64, record: &mut Vec<u8>) -> Found {
        // Acquire: with the tag comes all that was stored before it.
        let tag = self.at(position).load(Acquire);
        if tag == self.tags.record(position) {
            self.read_record(position, record)
        } else if tag == self.tags.filler(position) {
            Found::Filler {
                next: position + self.to_the_end(position),
            }
        } else {
            Found::Nothing
        }
    }

    /// Reads the frame whose tag stands at `position`.
    pub(super) fn read_record(&self, position: u64, record: &mut Vec<u8>) -> Found {
        record.clear();
        if self.to_the_end(position) < FRAME_WORDS {
            return Found::Damaged { next: position + 1 };
        }
        let head = self.at(position + 1).load(Relaxed);
        let (length, sum) = (head & u64::from(u32::MAX), (head >> 32) as u32);
        let frame = FRAME_WORDS + length.div_ceil(8);
        if frame > self.to_the_end(position).min(self.largest_frame()) {
            return Found::Damaged { next: position + 1 };
        }
        let words = &self.stretch(position, frame)[FRAME_WORDS as usize..];
        record.resize(words.len() * 8, 0);
        let found = summed::copy_out(position, length, words, record.as_chunks_mut().0);
        record.truncate(length as usize);
        let next = position + frame;
        if found == sum {
            Found::Record { next }
        } else {
            Found::Damaged { next }
        }
    }

    /// Where the next record will begin.
    pub(super) fn tail(&self) -> u64 {
        self.tail.0.load(Acquire) & !CLOSED
    }

    /// The consumer's side: what is before `position` has been read and may be written over.
    pub(super) fn release(&self, position: u64) {
        self.released.0.store(position, Release);
    }

    pub(super) fn released(&self) -> u64 {
        self.released.0.load(Acquire)
    }

    /// Takes no more records. What has been reserved is still going to be published.
    pub(super) fn close(&self) {
        self.tail.0.fetch_or(CLOSED, AcqRel);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.tail.0.load(Acquire) & CLOSED != 0
    }

    /// Dirties the memory behind `tail` up to `ahead` words on, a word in each `page`, so that the page faults come
    /// here and not in a producer. Gives back up to where.
    pub(super) fn warm(&self, from: u64, ahead: u64, page: u64) -> u64 {
        let tail = self.tail();
        let free = self.released() + self.capacity;
        let to = (tail + ahead).min(free);
        let mut position = from.max(tail);
        while position < to {
            // The value that is there, unless a producer is just storing another: then the page is dirty already. An
            // operation that visibly changes nothing, such as to add 0, compilers turn into a load or leave out.
            let word = self.at(position);
            let value = word.load(Relaxed);
            let _ = word.compare_exchange_weak(value, value, Relaxed, Relaxed);
            position += page;
        }
        position
    }
}

impl Word for std::sync::atomic::AtomicU64 {
    #[inline]
    fn new(value: u64) -> Self {
        Self::new(value)
    }

    #[inline]
    fn load(&self, order: Ordering) -> u64 {
        self.load(order)
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        self.store(value, order);
    }

    #[inline]
    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.compare_exchange_weak(current, new, success, failure)
    }

    #[inline]
    fn fetch_or(&self, bits: u64, order: Ordering) -> u64 {
        self.fetch_or(bits, order)
    }
}
