//! What the bytes of a text are, 64 at a time: one bit a byte and class, so that questions about neighbours are shifts.
//!
//! Asking byte by byte costs a branch that is guessed wrong at every other word; here nothing branches on what the text
//! says. Where the processor is known to have vectors, they are asked, elsewhere a table.

#[cfg(any(test, not(target_arch = "x86_64")))]
mod table;
#[cfg(target_arch = "x86_64")]
mod vector;

/// Bytes in one block.
pub(in crate::sanitize::detect) const BLOCK: usize = 64;

/// Bytes whose classes are gathered in one word: as many as a class has bits in it.
const LANES: usize = 16;

/// For each class the bytes of a block that are of it, the first one lowest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::sanitize::detect) struct Masks {
    pub(in crate::sanitize::detect) letters: u64,
    pub(in crate::sanitize::detect) digits: u64,
    /// What stands in tokens beside letters and digits: `_`, `-`, `.`, `+`, `/`, `|`, `%`.
    pub(in crate::sanitize::detect) joints: u64,
    /// `@`, `%`, `=`, `:`, `~` and `>`, which stand inside addresses and between keys and values; and what JSON escapes, so
    /// that a text without any of them can be written as it is.
    pub(in crate::sanitize::detect) symbols: u64,
    /// The blank, and of the signs that stand between words those that can be told together with it: `,`, `(` and `$`.
    pub(in crate::sanitize::detect) gaps: u64,
    /// `'`
    pub(in crate::sanitize::detect) quotes: u64,
    /// `+`, which is a joint too.
    pub(in crate::sanitize::detect) pluses: u64,
    /// `%`, which is a joint and a symbol too.
    pub(in crate::sanitize::detect) percents: u64,
    /// `b` and `B`, with which the schemes of credentials begin.
    pub(in crate::sanitize::detect) bs: u64,
}

impl Masks {
    /// The classes of the block that begins at `base`; of bytes behind the end of the text none.
    #[inline(always)]
    pub(in crate::sanitize::detect) fn of(bytes: &[u8], base: usize) -> Self {
        let rest = bytes.get(base..).unwrap_or_default();
        #[cfg(target_arch = "x86_64")]
        return Self::of_vectors(rest);
        #[cfg(not(target_arch = "x86_64"))]
        Self::of_table(rest)
    }
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
                assert_eq!(masks, Masks::of_table(&text[base..]));
                for place in 0..BLOCK {
                    let byte = text.get(base + place).copied().unwrap_or(0);
                    let of = |mask: u64| mask >> place & 1 == 1;
                    assert_eq!(of(masks.letters), byte.is_ascii_alphabetic());
                    assert_eq!(of(masks.digits), byte.is_ascii_digit());
                    assert_eq!(of(masks.bs), b"bB".contains(&byte));
                    assert_eq!(of(masks.joints), b"_-.+/|%".contains(&byte));
                    assert_eq!(of(masks.gaps), b" ,($".contains(&byte));
                    assert_eq!(of(masks.quotes), byte == b'\'');
                    assert_eq!(of(masks.pluses), byte == b'+');
                    assert_eq!(of(masks.percents), byte == b'%');
                    assert_eq!(of(masks.symbols), wanted_symbol(byte) && base + place < len);
                }
            }
        }
    }
}
