//! Copies a record into words and out of them, and makes its CRC-32C (Castagnoli's polynomial, RFC 3720 appendix B.4) on
//! the way: a sum that is made after the copy, or before, reads the record once more.
//!
//! The sum is over the words that the record fills, the last one filled up with zeros, each as eight little-endian bytes.
//! Before them come two that stand nowhere: the position, since a record in another's place is no record, and the length.

use std::sync::atomic::Ordering::Relaxed;

use super::ring::Word;

/// Copies a record into `words`, which are as many as it fills, for this position.
#[inline]
pub(super) fn copy_in<W: Word>(position: u64, record: &[u8], words: &[W]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("sse4.2") {
        // SAFETY: the processor has just said that it knows the instructions that the function is compiled to.
        return unsafe { sse42::copy_in(position, record, words) };
    }
    copy_in_by(by_library, position, record, words)
}

/// Copies the record of `length` bytes out of the words that it fills, into as many whole words of bytes.
#[inline]
pub(super) fn copy_out<W: Word>(
    position: u64,
    length: u64,
    words: &[W],
    out: &mut [[u8; 8]],
) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("sse4.2") {
        // SAFETY: as in `copy_in`.
        return unsafe { sse42::copy_out(position, length, words, out) };
    }
    copy_out_by(by_library, position, length, words, out)
}

#[inline(always)]
fn copy_in_by<W: Word>(
    add: impl Fn(u32, u64) -> u32,
    position: u64,
    record: &[u8],
    words: &[W],
) -> u32 {
    let mut sum = add(add(u32::MAX, position), record.len() as u64);
    let (whole, rest) = record.as_chunks::<8>();
    for (word, chunk) in words.iter().zip(whole) {
        let value = u64::from_le_bytes(*chunk);
        word.store(value, Relaxed);
        sum = add(sum, value);
    }
    if let Some(word) = words.get(whole.len()) {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let value = u64::from_le_bytes(last);
        word.store(value, Relaxed);
        sum = add(sum, value);
    }
    !sum
}

#[inline(always)]
fn copy_out_by<W: Word>(
    add: impl Fn(u32, u64) -> u32,
    position: u64,
    length: u64,
    words: &[W],
    out: &mut [[u8; 8]],
) -> u32 {
    let mut sum = add(add(u32::MAX, position), length);
    for (word, bytes) in words.iter().zip(out) {
        let value = word.load(Relaxed);
        *bytes = value.to_le_bytes();
        sum = add(sum, value);
    }
    !sum
}

/// What the processor has no instruction for, or none that we know.
fn by_library(sum: u32, word: u64) -> u32 {
    // The library turns the sum over before and after.
    !crc32c::crc32c_append(!sum, &word.to_le_bytes())
}

#[cfg(target_arch = "x86_64")]
mod sse42 {
    use std::arch::x86_64::_mm_crc32_u64;

    use super::{Word, copy_in_by, copy_out_by};

    #[target_feature(enable = "sse4.2")]
    pub(super) fn copy_in<W: Word>(position: u64, record: &[u8], words: &[W]) -> u32 {
        // The instruction leaves the upper half empty.
        let add = |sum, word| _mm_crc32_u64(u64::from(sum), word) as u32;
        copy_in_by(add, position, record, words)
    }

    #[target_feature(enable = "sse4.2")]
    pub(super) fn copy_out<W: Word>(
        position: u64,
        length: u64,
        words: &[W],
        out: &mut [[u8; 8]],
    ) -> u32 {
        let add = |sum, word| _mm_crc32_u64(u64::from(sum), word) as u32;
        copy_out_by(add, position, length, words, out)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    /// What the sum is over, as bytes.
    fn summed(position: u64, record: &[u8]) -> Vec<u8> {
        let mut bytes = [position, record.len() as u64]
            .map(u64::to_le_bytes)
            .concat();
        bytes.extend_from_slice(record);
        bytes.resize(16 + record.len().next_multiple_of(8), 0);
        bytes
    }

    #[test]
    fn all_ways_copy_and_sum_the_same() {
        let record: Vec<u8> = (0..300_u64).map(|n| ((n * 167) >> 3) as u8).collect();
        for length in 0..record.len() {
            let (record, position) = (&record[..length], length as u64 * 0x1_0000_0001);
            let wanted = crc32c::crc32c(&summed(position, record));
            let words: Vec<_> = (0..length.div_ceil(8))
                .map(|_| AtomicU64::new(u64::MAX))
                .collect();
            assert_eq!(copy_in(position, record, &words), wanted, "{length}");
            assert_eq!(copy_in_by(by_library, position, record, &words), wanted);
            for by_instruction in [true, false] {
                let mut out = vec![[0xaa; 8]; words.len()];
                let length = length as u64;
                let found = if by_instruction {
                    copy_out(position, length, &words, &mut out)
                } else {
                    copy_out_by(by_library, position, length, &words, &mut out)
                };
                assert_eq!(found, wanted);
                assert_eq!(out.as_flattened(), &summed(position, record)[16..]);
            }
        }
    }
}
