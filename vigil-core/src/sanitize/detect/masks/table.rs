//! The classes by a table: one look gives all of a byte's, and 16 of them make one word for each class.

use super::{BLOCK, LANES, Masks};

const LETTER: u64 = 1 << 15;
const DIGIT: u64 = 1 << 31;
const JOINT: u64 = 1 << 47;
const SYMBOL: u64 = 1 << 63;

/// For each byte its class, as the highest bits of four times 16. There is room for four bits, and so for fifteen
/// classes: those that are asked for seldom are told by two and three of them.
static CLASSES: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'b' | b'B' => LETTER | JOINT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'+' => DIGIT | JOINT,
            b'\'' => DIGIT | SYMBOL,
            b' ' | b',' | b'(' | b'$' => DIGIT | JOINT | SYMBOL,
            b'_' | b'-' | b'.' | b'/' | b'|' => JOINT,
            b'%' => JOINT | SYMBOL,
            b'@' | b'=' | b':' | b'~' | b'>' | b'"' | b'\\' | 0..0x20 | 0x7f => SYMBOL,
            _ => 0,
        };
        byte += 1;
    }
    table
};

impl Masks {
    /// The same by one look a byte.
    #[inline(always)]
    pub(super) fn of_table(bytes: &[u8]) -> Self {
        let block = bytes.get(..BLOCK).unwrap_or(bytes);
        let (chunks, tail) = block.as_chunks::<LANES>();
        let mut parts = [0; PARTS];
        for (part, chunk) in parts.iter_mut().zip(chunks) {
            *part = gathered(chunk);
        }
        if let Some(part) = parts.get_mut(chunks.len())
            && !tail.is_empty()
        {
            let missing = LANES - tail.len();
            *part = match block.last_chunk::<LANES>() {
                // What stands before the tail makes it up to as many bytes, and is taken out again.
                Some(last) => gathered(last) >> missing & (EACH << tail.len()).wrapping_sub(EACH),
                None => gathered(tail) >> missing,
            };
        }
        Self::from_parts(parts)
    }

    #[inline(always)]
    fn from_parts(parts: [u64; PARTS]) -> Self {
        let class = |class: u32| {
            let of =
                |place: usize| u64::from((parts[place] >> (16 * class)) as u16) << (LANES * place);
            of(0) | of(1) | of(2) | of(3)
        };
        let (letters, digits, joints, symbols) = (class(0), class(1), class(2), class(3));
        let other = !letters;
        let (two, symbol) = (digits & joints & other, symbols & other);
        let gaps = two & symbols;
        Self {
            letters,
            digits: digits & other & !joints & !symbols,
            joints: joints & other & !gaps,
            symbols: symbol & !digits,
            gaps,
            quotes: symbol & digits & !joints,
            pluses: two & !symbols,
            percents: symbol & joints & !digits,
            bs: letters & joints,
        }
    }
}

const PARTS: usize = BLOCK / LANES;

/// The lowest bit of each class.
const EACH: u64 = 0x0001_0001_0001_0001;

/// The classes of at most 16 bytes, the last one highest in each class.
#[inline(always)]
fn gathered(chunk: &[u8]) -> u64 {
    let mut all = 0;
    for byte in chunk {
        // What leaves one class at its lowest bit has not been in it for 16 bytes.
        all = all >> 1 | CLASSES[usize::from(*byte)];
    }
    all
}
