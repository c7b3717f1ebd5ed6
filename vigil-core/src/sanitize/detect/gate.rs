//! The gate: which bytes and beginnings of words are worth a look. Most of any text is not.

use super::{iban, token};

/// What can begin at a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    /// Nothing.
    Other,
    /// A word.
    Letter,
    /// A number.
    Digit,
    /// `@`, `%`, `=` and `:`, which stand inside addresses and between keys and values.
    Symbol,
}

pub(super) const CLASS: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'@' | b'%' | b'=' | b':' => Class::Symbol,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

/// Beginnings of words that are in no table: private keys, JWTs, authentication schemes.
const WORDS: [&str; 10] = [
    "BEGIN", "END", "PuTTY", "Private", "eyJ", "Bearer", "bearer", "BEARER", "Basic", "basic",
];

/// For each first byte the set of second bytes with which something can begin.
const SECOND: [u128; 128] = {
    let mut table = [0; 128];
    let mut i = 0;
    while i < WORDS.len() {
        table = with(table, WORDS[i].as_bytes());
        i += 1;
    }
    table = with(table, b"BA");
    let mut i = 0;
    while i < token::SHAPES.len() {
        table = with(table, token::SHAPES[i].prefix.as_bytes());
        i += 1;
    }
    let mut i = 0;
    while i < iban::COUNTRIES.len() {
        let [first, second] = *iban::COUNTRIES[i].0;
        table = with(table, &[first, second]);
        table = with(
            table,
            &[first.to_ascii_lowercase(), second.to_ascii_lowercase()],
        );
        i += 1;
    }
    table
};

const fn with(mut table: [u128; 128], word: &[u8]) -> [u128; 128] {
    table[word[0] as usize & 127] |= 1 << (word[1] & 127);
    table
}

/// Whether a word that begins with these two bytes can be something.
pub(super) fn may_begin(first: u8, second: u8) -> bool {
    first < 128 && second < 128 && SECOND[usize::from(first)] >> second & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_opens_for_prefixes_and_not_for_common_words() {
        for word in [
            "AKIA", "ghp_", "eyJ", "Bearer", "BEGIN", "DE89", "de89", "sk-",
        ] {
            let word = word.as_bytes();
            assert!(may_begin(word[0], word[1]));
        }
        for word in ["the", "user", "order", "number"] {
            let word = word.as_bytes();
            assert!(!may_begin(word[0], word[1]), "{word:?}");
        }
    }
}
