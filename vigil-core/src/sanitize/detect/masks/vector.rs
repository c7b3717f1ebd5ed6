//! The classes by vector instructions: letters, digits and gaps are told of 16 bytes at once. What is none of them is
//! rare in most texts, and looked up byte by byte.

use safe_arch::{
    add_i8_m128i, bitor_m128i, cmp_eq_mask_i8_m128i, cmp_gt_mask_i8_m128i, load_unaligned_m128i,
    m128i, move_mask_i8_m128i, set_splat_i8_m128i,
};

use super::{BLOCK, LANES, Masks};

impl Masks {
    /// The classes of the first 64 bytes.
    #[inline(always)]
    pub(super) fn of_vectors(bytes: &[u8]) -> Self {
        let block = bytes.get(..BLOCK).unwrap_or(bytes);
        let chunk = |at: usize| block.get(at..).and_then(<[u8]>::first_chunk::<LANES>);
        let at = block.len().saturating_sub(LANES);
        // The last chunk overlaps the one before it, and says the same there.
        let known = match (chunk(0), block.last_chunk::<LANES>()) {
            (Some(first), Some(last)) => match (chunk(LANES), chunk(2 * LANES)) {
                (Some(second), Some(third)) => Known::of([first, second, third, last], at),
                (Some(second), None) => Known::of([first, second, last], at),
                (None, _) => Known::of([first, last], at),
            },
            _ => Known::of([&filled_up(block)], 0),
        };
        known.with_signs(block)
    }
}

/// A text of fewer than 16 bytes, with zeros behind it.
#[inline(always)]
fn filled_up(text: &[u8]) -> [u8; LANES] {
    let part =
        |bytes: Option<&[u8; 4]>| u64::from(bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes)));
    let (low, high) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            let known = 8 * (LANES - text.len()) as u32;
            let high = u64::from_le_bytes(*last).checked_shr(known).unwrap_or(0);
            (u64::from_le_bytes(*first), high)
        }
        _ if text.len() >= 4 => {
            let last = part(text.last_chunk()) << (8 * (text.len() - 4));
            (part(text.first_chunk()) | last, 0)
        }
        _ => (
            text.iter()
                .rev()
                .fold(0, |all, byte| all << 8 | u64::from(*byte)),
            0,
        ),
    };
    (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
}

/// The classes that vectors tell.
struct Known {
    letters: u64,
    digits: u64,
    gaps: u64,
    bs: u64,
}

impl Known {
    /// Of chunks that follow one another, but for the last one, which stands at `last`.
    #[inline(always)]
    fn of<const N: usize>(chunks: [&[u8; LANES]; N], last: usize) -> Self {
        let mut known = Self {
            letters: 0,
            digits: 0,
            gaps: 0,
            bs: 0,
        };
        for (place, chunk) in chunks.into_iter().enumerate() {
            let at = if place + 1 < N { LANES * place } else { last };
            let bits = |lanes: m128i| u64::from(move_mask_i8_m128i(lanes) as u16) << at;
            let chunk = load_unaligned_m128i(chunk);
            let lower = bitor_m128i(chunk, set_splat_i8_m128i(0x20));
            known.letters |= bits(in_range(lower, b'a', b'z'));
            known.digits |= bits(in_range(chunk, b'0', b'9'));
            // With these two bits set the four are one.
            known.gaps |= bits(is(bitor_m128i(chunk, set_splat_i8_m128i(0x0c)), b','));
            known.bs |= bits(is(lower, b'b'));
        }
        known
    }

    /// Together with those of all other bytes.
    #[inline(always)]
    fn with_signs(self, block: &[u8]) -> Masks {
        let mut signs = [0; SIGNS];
        let there = u64::MAX
            .checked_shr((BLOCK - block.len()) as u32)
            .unwrap_or(0);
        let mut others = there & !(self.letters | self.digits | self.gaps);
        while others != 0 {
            let byte = block.get(others.trailing_zeros() as usize).unwrap_or(&0);
            let rest = others & (others - 1);
            signs[usize::from(SIGN[usize::from(*byte)]) % SIGNS] |= others ^ rest;
            others = rest;
        }
        let [_, joints, symbols, quotes, pluses, percents, ..] = signs;
        Masks {
            letters: self.letters,
            digits: self.digits,
            joints: joints | pluses | percents,
            symbols: symbols | percents,
            gaps: self.gaps,
            quotes,
            pluses,
            percents,
            bs: self.bs,
        }
    }
}

/// Places for what [`SIGN`] says; a power of two, so that no index is too high.
const SIGNS: usize = 8;

/// What a byte is that is neither letter, digit nor gap; 0 for nothing.
static SIGN: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'_' | b'-' | b'.' | b'/' | b'|' => 1,
            b'@' | b'=' | b':' | b'~' | b'>' | b'"' | b'\\' | 0..0x20 | 0x7f => 2,
            b'\'' => 3,
            b'+' => 4,
            b'%' => 5,
            _ => 0,
        };
        byte += 1;
    }
    table
};

#[inline(always)]
fn is(lanes: m128i, byte: u8) -> m128i {
    cmp_eq_mask_i8_m128i(lanes, set_splat_i8_m128i(byte.cast_signed()))
}

#[inline(always)]
fn in_range(lanes: m128i, from: u8, to: u8) -> m128i {
    // Moved to the lowest of the numbers with a sign, the only ones that processors compare.
    let moved = add_i8_m128i(
        lanes,
        set_splat_i8_m128i(0x80_u8.wrapping_sub(from).cast_signed()),
    );
    let beyond = set_splat_i8_m128i((0x80 + (to - from) + 1).cast_signed());
    cmp_gt_mask_i8_m128i(beyond, moved)
}
