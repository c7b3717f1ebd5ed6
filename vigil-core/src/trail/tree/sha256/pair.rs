//! Two texts at once, by the instructions that the processor has for SHA-256.
//!
//! They wait for one another: each needs what the one before has made, four cycles later. Those for a second text fit into
//! the gaps, so that on some processors two take little longer than one.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
    _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
    _mm_shuffle_epi8, _mm_shuffle_epi32,
};

use super::constants::{CONSTANTS, INITIAL};
use super::message::{BLOCK, Message};
use crate::trail::tree::hash::Hash;

pub(super) fn is_known() -> bool {
    is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("ssse3")
        && is_x86_feature_detected!("sse4.1")
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
