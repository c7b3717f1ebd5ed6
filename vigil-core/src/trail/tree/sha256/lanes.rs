//! Sixteen texts at once, by instructions for sixteen numbers of 32 bits each (AVX-512): each text has a lane, in which it is
//! hashed as the standard says. That is two to four times as quick as the processor's own instructions for SHA-256, of
//! which there is one unit.

use std::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_set4_epi32,
    _mm512_setzero_si512, _mm512_shuffle_epi8, _mm512_shuffle_i32x4, _mm512_srli_epi32,
    _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32,
    _mm512_unpacklo_epi64,
};

use super::constants::{CONSTANTS, INITIAL};
use super::message::{BLOCK, Message};
use crate::trail::tree::hash::Hash;

const LANES: usize = 16;

/// From so many texts on it pays, although lanes stay empty.
pub(super) const FEW: usize = 6;

/// A number of each lane.
type Numbers = __m512i;

pub(super) fn is_known() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")
}

/// A text on its way.
struct Lane<'t> {
    message: Message<'t>,
    /// Blocks that are hashed.
    done: usize,
    /// The place of its hash.
    place: usize,
}

#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn each(prefix: u8, texts: &[&[u8]], hashes: &mut [Hash]) {
    let mut waiting = texts.iter().enumerate().map(|(place, text)| Lane {
        message: Message::new(prefix, text),
        done: 0,
        place,
    });
    let mut lanes: [Option<Lane<'_>>; LANES] = std::array::from_fn(|_| waiting.next());
    let mut state = INITIAL.map(|number| [number; LANES]);
    // To where the shortest ends, whose lane is then that of the next text.
    while let Some(blocks) = lanes
        .iter()
        .flatten()
        .map(|lane| lane.message.blocks - lane.done)
        .min()
    {
        let mut numbers = state.map(bytemuck::cast);
        for _ in 0..blocks {
            let blocks = lanes.each_mut().map(|lane| match lane {
                Some(lane) => {
                    lane.done += 1;
                    lane.message.block(lane.done - 1)
                }
                None => &[0; BLOCK],
            });
            add_blocks(&mut numbers, blocks);
        }
        state = numbers.map(bytemuck::cast);
        for (number, lane) in lanes.iter_mut().enumerate() {
            if let Some(ended) = lane
                && ended.done == ended.message.blocks
            {
                hashes[ended.place] = digest(&state, number);
                *lane = waiting.next();
                for (numbers, initial) in state.iter_mut().zip(INITIAL) {
                    numbers[number] = initial;
                }
            }
        }
    }
}

fn digest(state: &[[u32; LANES]; 8], lane: usize) -> Hash {
    let mut digest = [0; 32];
    for (bytes, numbers) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = numbers[lane].to_be_bytes();
    }
    digest
}

/// The same for each of sixteen places, which the compiler knows: what is indexed by them stays in registers.
macro_rules! sixteen {
    ($place:ident => $body:block) => {
        sixteen!(@ $place $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $place:ident $body:block $($number:literal)*) => {
        $({
            const $place: usize = $number;
            $body
        })*
    };
}

/// Section 6.2.2, for the block of each text.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn add_blocks(state: &mut [Numbers; 8], blocks: [&[u8; BLOCK]; LANES]) {
    let mut rows = [_mm512_setzero_si512(); LANES];
    for (row, block) in rows.iter_mut().zip(blocks) {
        *row = load(block);
    }
    let mut schedule = transposed(&rows);
    let mut variables = *state;
    for (step, constants) in CONSTANTS.as_chunks::<LANES>().0.iter().enumerate() {
        sixteen!(AT => {
            if step > 0 {
                let [second, tenth, fifteenth] =
                    [1, 9, 14].map(|by| schedule[(AT + by) % LANES]);
                schedule[AT] = next_word(schedule[AT], second, tenth, fifteenth);
            }
            variables = round(variables, schedule[AT], constants[AT]);
        });
    }
    for (state, variable) in state.iter_mut().zip(variables) {
        *state = _mm512_add_epi32(*state, variable);
    }
}

/// The words of a block, which are big-endian.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn load(block: &[u8; BLOCK]) -> Numbers {
    let swap = _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
    _mm512_shuffle_epi8(bytemuck::cast(*block), swap)
}

/// Out of the words of each text the first words of all, the second ones, and so on.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn transposed(rows: &[Numbers; LANES]) -> [Numbers; LANES] {
    let mut twos = *rows;
    for (twos, rows) in twos.as_chunks_mut().0.iter_mut().zip(rows.as_chunks().0) {
        let [one, other] = *rows;
        *twos = [
            _mm512_unpacklo_epi32(one, other),
            _mm512_unpackhi_epi32(one, other),
        ];
    }
    // Of four texts each: in the quarter `q` of the vector `w` the word 4 q + w.
    let mut fours = twos;
    for (fours, twos) in fours.as_chunks_mut().0.iter_mut().zip(twos.as_chunks().0) {
        let [low, high, other_low, other_high] = *twos;
        *fours = [
            _mm512_unpacklo_epi64(low, other_low),
            _mm512_unpackhi_epi64(low, other_low),
            _mm512_unpacklo_epi64(high, other_high),
            _mm512_unpackhi_epi64(high, other_high),
        ];
    }
    let mut words = fours;
    for word in 0..4 {
        let [first, second, third, fourth] = [0, 4, 8, 12].map(|text| fours[text + word]);
        // The even quarters and the odd ones.
        let even = [
            _mm512_shuffle_i32x4::<0x88>(first, second),
            _mm512_shuffle_i32x4::<0x88>(third, fourth),
        ];
        let odd = [
            _mm512_shuffle_i32x4::<0xdd>(first, second),
            _mm512_shuffle_i32x4::<0xdd>(third, fourth),
        ];
        words[word] = _mm512_shuffle_i32x4::<0x88>(even[0], even[1]);
        words[word + 4] = _mm512_shuffle_i32x4::<0x88>(odd[0], odd[1]);
        words[word + 8] = _mm512_shuffle_i32x4::<0xdd>(even[0], even[1]);
        words[word + 12] = _mm512_shuffle_i32x4::<0xdd>(odd[0], odd[1]);
    }
    words
}

/// The working variables from A to H after another round.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn round([a, b, c, d, e, f, g, h]: [Numbers; 8], word: Numbers, constant: u32) -> [Numbers; 8] {
    let sum_of_e = xor(
        _mm512_ror_epi32::<6>(e),
        _mm512_ror_epi32::<11>(e),
        _mm512_ror_epi32::<25>(e),
    );
    let sum_of_a = xor(
        _mm512_ror_epi32::<2>(a),
        _mm512_ror_epi32::<13>(a),
        _mm512_ror_epi32::<22>(a),
    );
    let choice = _mm512_ternarylogic_epi32::<0xca>(e, f, g);
    let majority = _mm512_ternarylogic_epi32::<0xe8>(a, b, c);
    let constant = _mm512_set1_epi32(constant.cast_signed());
    let first = add(add(add(h, constant), word), add(sum_of_e, choice));
    let second = add(sum_of_a, majority);
    [add(first, second), a, b, c, add(d, first), e, f, g]
}

/// Another word of the schedule, from the first, second, tenth and fifteenth of the sixteen before it.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn next_word(first: Numbers, second: Numbers, tenth: Numbers, fifteenth: Numbers) -> Numbers {
    let of_second = xor(
        _mm512_ror_epi32::<7>(second),
        _mm512_ror_epi32::<18>(second),
        _mm512_srli_epi32::<3>(second),
    );
    let of_fifteenth = xor(
        _mm512_ror_epi32::<17>(fifteenth),
        _mm512_ror_epi32::<19>(fifteenth),
        _mm512_srli_epi32::<10>(fifteenth),
    );
    add(add(first, of_second), add(tenth, of_fifteenth))
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn add(one: Numbers, other: Numbers) -> Numbers {
    _mm512_add_epi32(one, other)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn xor(one: Numbers, two: Numbers, three: Numbers) -> Numbers {
    _mm512_ternarylogic_epi32::<0x96>(one, two, three)
}
