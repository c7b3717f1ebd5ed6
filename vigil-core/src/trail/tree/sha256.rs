//! SHA-256 (FIPS 180-4) of two texts at once.
//!
//! The processor's instructions for it wait for one another: each needs what the one before has made, four cycles later.
//! Those for a second text fit into the gaps, so that two take little longer than one. Hashing is most of what the proof
//! of a trail costs.

use sha2::{Digest, Sha256};

use super::hash::Hash;

/// The hashes of two texts, each behind this byte.
#[inline]
pub(super) fn both(prefix: u8, texts: [&[u8]; 2]) -> [Hash; 2] {
    // Where nothing is optimized, each instruction is a call.
    let at_once = (!cfg!(debug_assertions)).then(|| at_once(prefix, texts));
    at_once
        .flatten()
        .unwrap_or_else(|| texts.map(|text| one(prefix, text)))
}

/// `None` where we know no instructions for it.
#[inline]
fn at_once(prefix: u8, texts: [&[u8]; 2]) -> Option<[Hash; 2]> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("ssse3")
        && is_x86_feature_detected!("sse4.1")
    {
        // SAFETY: the processor has just said that it knows the instructions that the function is compiled to.
        #[expect(unsafe_code, reason = "there is no other way to call such a function")]
        return Some(unsafe { x86::both(prefix, texts) });
    }
    _ = (prefix, texts);
    None
}

/// The hash of one.
pub(super) fn one(prefix: u8, text: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([prefix]);
    hasher.update(text);
    hasher.finalize().into()
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
        _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
        _mm_shuffle_epi8, _mm_shuffle_epi32,
    };

    use super::super::hash::Hash;

    const BLOCK: usize = 64;

    /// Section 5.3.3: the first 32 bits of the fractions of the square roots of the first eight primes.
    const INITIAL: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    /// Section 4.2.2: those of the cube roots of the first 64 primes.
    const CONSTANTS: [u32; 64] = cube_roots();

    /// Computed, so that nobody has to compare a table: the fraction of a cube root, as the largest root of 96 bits whose
    /// cube is no more than the prime.
    const fn cube_roots() -> [u32; 64] {
        let mut constants = [0; 64];
        let (mut number, mut found) = (2_u128, 0);
        while found < 64 {
            let mut divisor = 2;
            while divisor * divisor <= number && !number.is_multiple_of(divisor) {
                divisor += 1;
            }
            if divisor * divisor > number {
                // The root times 2^32 is below 2^35, and its cube below 2^105.
                let mut root = 0_u128;
                let mut bit = 1 << 35;
                while bit > 0 {
                    let next = root | bit;
                    if next * next * next <= number << 96 {
                        root = next;
                    }
                    bit >>= 1;
                }
                constants[found] = root as u32;
                found += 1;
            }
            number += 1;
        }
        constants
    }

    /// The working variables of a text: A, B, E and F, and C, D, G and H, as the instructions want them.
    type State = [__m128i; 2];

    #[target_feature(enable = "sha,ssse3,sse4.1")]
    pub(super) fn both(prefix: u8, texts: [&[u8]; 2]) -> [Hash; 2] {
        let [one, other] = texts.map(|text| Message::new(prefix, text));
        let mut states = [initial(), initial()];
        let common = one.blocks.min(other.blocks);
        for index in 0..common {
            add_block(&mut states, [one.block(index), other.block(index)]);
        }
        // The longer one goes on alone.
        let [mut state, mut other_state] = states.map(|state| [state]);
        for index in common..one.blocks {
            add_block(&mut state, [one.block(index)]);
        }
        for index in common..other.blocks {
            add_block(&mut other_state, [other.block(index)]);
        }
        [state, other_state].map(|[state]| digest(state))
    }

    /// A text with its first byte and its padding (section 5.1.1), in blocks.
    struct Message<'t> {
        text: &'t [u8],
        first: [u8; BLOCK],
        /// The last block, or the last two.
        end: [u8; 2 * BLOCK],
        /// Blocks of the text alone.
        whole: usize,
        blocks: usize,
    }

    impl<'t> Message<'t> {
        #[inline(always)]
        fn new(prefix: u8, text: &'t [u8]) -> Self {
            let length = text.len() + 1;
            let whole = length / BLOCK;
            // A byte for the bit, eight for the length.
            let blocks = (length + 9).div_ceil(BLOCK);
            let mut first = [prefix; BLOCK];
            let mut end = [0; 2 * BLOCK];
            end[0] = prefix;
            let rest = match whole {
                0 => text,
                _ => {
                    first[1..].copy_from_slice(&text[..BLOCK - 1]);
                    &text[whole * BLOCK - 1..]
                }
            };
            let start = usize::from(whole == 0);
            end[start..start + rest.len()].copy_from_slice(rest);
            end[start + rest.len()] = 0x80;
            let bits = (length as u64).wrapping_mul(8);
            let last = (blocks - whole) * BLOCK;
            end[last - 8..last].copy_from_slice(&bits.to_be_bytes());
            Self {
                text,
                first,
                end,
                whole,
                blocks,
            }
        }

        #[inline(always)]
        fn block(&self, index: usize) -> &[u8; BLOCK] {
            let found = if index >= self.whole {
                self.end[(index - self.whole) * BLOCK..].first_chunk()
            } else if index > 0 {
                self.text[index * BLOCK - 1..].first_chunk()
            } else {
                None
            };
            found.unwrap_or(&self.first)
        }
    }

    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn initial() -> State {
        let [a, b, c, d, e, f, g, h] = INITIAL.map(u32::cast_signed);
        [_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h)]
    }

    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn digest([abef, cdgh]: State) -> Hash {
        let [a, b, e, f] = words(abef);
        let [c, d, g, h] = words(cdgh);
        let mut digest = [0; 32];
        for (bytes, word) in digest
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip([a, b, c, d, e, f, g, h])
        {
            *bytes = word.to_be_bytes();
        }
        digest
    }

    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn words(vector: __m128i) -> [i32; 4] {
        [
            _mm_extract_epi32::<3>(vector),
            _mm_extract_epi32::<2>(vector),
            _mm_extract_epi32::<1>(vector),
            _mm_extract_epi32::<0>(vector),
        ]
    }

    /// Section 6.2.2, for the block of each text.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn add_block<const N: usize>(states: &mut [State; N], blocks: [&[u8; BLOCK]; N]) {
        let before = *states;
        let mut schedule = [[_mm_setzero_si128(); N]; 4];
        for (part, words) in schedule.iter_mut().enumerate() {
            for (words, block) in words.iter_mut().zip(blocks) {
                *words = load(block, part);
            }
        }
        for step in 0..4 {
            for part in 0..4 {
                if step > 0 {
                    let [second, third, fourth] = [1, 2, 3].map(|by| schedule[(part + by) % 4]);
                    let later = second.iter().zip(third).zip(fourth);
                    for (words, ((second, third), fourth)) in schedule[part].iter_mut().zip(later) {
                        *words = next_words(*words, *second, third, fourth);
                    }
                }
                four_rounds(states, &schedule[part], step * 4 + part);
            }
        }
        for (state, before) in states.iter_mut().zip(before) {
            state[0] = _mm_add_epi32(state[0], before[0]);
            state[1] = _mm_add_epi32(state[1], before[1]);
        }
    }

    /// The words 4 `part` to 4 `part` + 3 of a block, which are big-endian.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn load(block: &[u8; BLOCK], part: usize) -> __m128i {
        let half = |half: usize| {
            let bytes = &block.as_chunks::<8>().0[2 * part + half];
            i64::from_le_bytes(*bytes)
        };
        let swap = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
        _mm_shuffle_epi8(_mm_set_epi64x(half(1), half(0)), swap)
    }

    /// The next four words of the schedule, from the sixteen before them.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn next_words(first: __m128i, second: __m128i, third: __m128i, fourth: __m128i) -> __m128i {
        let sum = _mm_add_epi32(
            _mm_sha256msg1_epu32(first, second),
            _mm_alignr_epi8::<4>(fourth, third),
        );
        _mm_sha256msg2_epu32(sum, fourth)
    }

    /// Step by step for all texts, so that the processor has two things to do at a time.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    #[inline]
    fn four_rounds<const N: usize>(states: &mut [State; N], words: &[__m128i; N], index: usize) {
        let constants = &CONSTANTS.as_chunks::<4>().0[index];
        let [first, second, third, fourth] = constants.map(u32::cast_signed);
        let constants = _mm_set_epi32(fourth, third, second, first);
        let sums = words.map(|words| _mm_add_epi32(words, constants));
        for ([abef, cdgh], sum) in states.iter_mut().zip(sums) {
            *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
        }
        for ([abef, cdgh], sum) in states.iter_mut().zip(sums) {
            *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32::<0x0e>(sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_once_are_as_one_after_the_other() {
        let text: Vec<u8> = (0..1_500_u32).map(|byte| (byte * byte / 7) as u8).collect();
        for length in 0..700 {
            for other in [0, 55, 63, 64, 119, length, 699 - length] {
                let texts = [&text[..length], &text[length..length + other]];
                for prefix in [0, 1] {
                    let wanted = texts.map(|text| one(prefix, text));
                    assert_eq!(both(prefix, texts), wanted);
                    if let Some(found) = at_once(prefix, texts) {
                        assert_eq!(found, wanted, "{length} {other}");
                    }
                }
            }
        }
    }

    /// FIPS 180-4's examples, the first byte of which stands as prefix.
    #[test]
    fn it_is_sha_256() {
        let hex = |hash: &Hash| hash.map(|byte| format!("{byte:02x}")).concat();
        let abc: [&[u8]; 2] = [
            b"bc",
            b"bcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        ];
        for hashes in [both(b'a', abc)].iter().chain(&at_once(b'a', abc)) {
            assert_eq!(
                hashes.each_ref().map(hex),
                [
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
                ]
            );
        }
    }
}
