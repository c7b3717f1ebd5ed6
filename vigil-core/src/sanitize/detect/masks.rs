//! What the bytes of a text are, 64 at a time: one bit a byte and class, so that questions about neighbours are shifts.
//!
//! Asking byte by byte costs a branch that is guessed wrong at every other word; here nothing branches on what the text
//! says. One look into a table gives all classes of a byte, and 16 of them make one word for each class.

/// Bytes in one block.
pub(super) const BLOCK: usize = 64;

/// Bytes whose classes are gathered in one word: as many as a class has bits in it.
const LANES: usize = 16;

/// For each class the bytes of a block that are of it, the first one lowest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) letters: u64,
    pub(super) digits: u64,
    /// What stands in tokens beside letters and digits: `_`, `-`, `.`, `+`, `/`, `%`.
    pub(super) joints: u64,
    /// `@`, `%`, `=`, `:`, `~` and `>`, which stand inside addresses and between keys and values; and what JSON escapes, so
    /// that a text without any of them can be written as it is.
    pub(super) symbols: u64,
    pub(super) spaces: u64,
    /// `'`
    pub(super) quotes: u64,
    /// `+`, which is a joint too.
    pub(super) pluses: u64,
    /// `%`, which is a joint and a symbol too.
    pub(super) percents: u64,
    /// `b` and `B`, with which the schemes of credentials begin.
    pub(super) bs: u64,
    /// `i` and `I`, and `s` and `S`: "the password is ...".
    pub(super) is: u64,
    pub(super) ss: u64,
}

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
            b's' | b'S' => LETTER | DIGIT,
            b'i' | b'I' => LETTER | SYMBOL,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'+' => DIGIT | JOINT,
            b'\'' => DIGIT | SYMBOL,
            b' ' => DIGIT | JOINT | SYMBOL,
            b'_' | b'-' | b'.' | b'/' => JOINT,
            b'%' => JOINT | SYMBOL,
            b'@' | b'=' | b':' | b'~' | b'>' | b'"' | b'\\' | 0..0x20 | 0x7f => SYMBOL,
            _ => 0,
        };
        byte += 1;
    }
    table
};

impl Masks {
    /// The classes of the block that begins at `base`; of bytes behind the end of the text none.
    #[inline(always)]
    pub(super) fn of(bytes: &[u8], base: usize) -> Self {
        let rest = bytes.get(base..).unwrap_or_default();
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            let (chunks, _) = block.as_chunks::<LANES>();
            let mut parts = [0; PARTS];
            for (part, chunk) in parts.iter_mut().zip(chunks) {
                *part = gathered(chunk);
            }
            return Self::from_parts(parts);
        }
        let (chunks, tail) = rest.as_chunks::<LANES>();
        let mut parts = [0; PARTS];
        for (part, chunk) in parts.iter_mut().zip(chunks) {
            *part = gathered(chunk);
        }
        if let Some(part) = parts.get_mut(chunks.len())
            && !tail.is_empty()
        {
            let missing = LANES - tail.len();
            *part = match bytes.last_chunk::<LANES>() {
                // It is the text's end. What stands before it makes it up to as many bytes, and is taken out again.
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
        let spaces = two & symbols;
        Self {
            letters,
            digits: digits & other & !joints & !symbols,
            joints: joints & other & !spaces,
            symbols: symbol & !digits,
            spaces,
            quotes: symbol & digits & !joints,
            pluses: two & !symbols,
            percents: symbol & joints & !digits,
            bs: letters & joints,
            is: letters & symbols,
            ss: letters & digits,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted_symbol(byte: u8) -> bool {
        b"@%=:~>\"\\\x7f".contains(&byte) || byte < 0x20
    }

    #[test]
    fn a_bit_stands_for_each_byte_up_to_the_end_of_the_text() {
        let text: Vec<u8> = (0..300_u16).map(|n| n.wrapping_mul(37) as u8).collect();
        for len in 0..text.len() {
            let text = &text[..len];
            for base in len.saturating_sub(70)..=len {
                let masks = Masks::of(text, base);
                for place in 0..BLOCK {
                    let byte = text.get(base + place).copied().unwrap_or(0);
                    let of = |mask: u64| mask >> place & 1 == 1;
                    assert_eq!(of(masks.letters), byte.is_ascii_alphabetic());
                    assert_eq!(of(masks.digits), byte.is_ascii_digit());
                    assert_eq!(of(masks.bs), b"bB".contains(&byte));
                    assert_eq!(of(masks.joints), b"_-.+/%".contains(&byte));
                    assert_eq!(of(masks.spaces), byte == b' ');
                    assert_eq!(of(masks.quotes), byte == b'\'');
                    assert_eq!(of(masks.pluses), byte == b'+');
                    assert_eq!(of(masks.percents), byte == b'%');
                    assert_eq!(of(masks.is), b"iI".contains(&byte));
                    assert_eq!(of(masks.ss), b"sS".contains(&byte));
                    assert_eq!(of(masks.symbols), wanted_symbol(byte) && base + place < len);
                }
            }
        }
    }
}
