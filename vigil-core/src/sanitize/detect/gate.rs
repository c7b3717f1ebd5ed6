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

/// Which beginnings of three bytes occur, by a hash of them: a word that is none of ours rarely passes.
const BEGINNINGS: [u64; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < WORDS.len() {
        table = with(table, WORDS[i].as_bytes());
        i += 1;
    }
    table = with(table, b"BASIC");
    let mut i = 0;
    while i < token::SHAPES.len() {
        table = with(table, token::SHAPES[i].prefix.as_bytes());
        i += 1;
    }
    table
};

const fn with(mut table: [u64; 256], word: &[u8]) -> [u64; 256] {
    if word.len() > 2 {
        let place = hash(word[0], word[1], word[2]);
        table[place / 64] |= 1 << (place % 64);
    } else {
        let mut third = 0_u8;
        while third < 128 {
            let place = hash(word[0], word[1], third);
            table[place / 64] |= 1 << (place % 64);
            third += 1;
        }
    }
    table
}

/// 14 bits.
const fn hash(first: u8, second: u8, third: u8) -> usize {
    ((first as usize) << 7 ^ (second as usize) << 4 ^ (third as usize)) & 0x3fff
}

/// For each first letter of a country the set of second ones.
const COUNTRIES: [u32; 26] = {
    let mut table = [0; 26];
    let mut i = 0;
    while i < iban::COUNTRIES.len() {
        let [first, second] = *iban::COUNTRIES[i].0;
        table[(first - b'A') as usize] |= 1 << (second - b'A');
        i += 1;
    }
    table
};

/// What a word that begins with these three bytes can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    Nothing,
    Iban,
    Token,
}

pub(super) fn beginning(first: u8, second: u8, third: u8) -> Beginning {
    let place = hash(first, second, third);
    if BEGINNINGS.get(place / 64).unwrap_or(&0) >> (place % 64) & 1 == 1 {
        return Beginning::Token;
    }
    let letter = |byte: u8| usize::from(byte.to_ascii_uppercase().wrapping_sub(b'A'));
    let seconds = COUNTRIES.get(letter(first)).copied().unwrap_or(0);
    if third.is_ascii_digit() && letter(second) < 26 && seconds >> letter(second) & 1 == 1 {
        return Beginning::Iban;
    }
    Beginning::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str) -> Beginning {
        let word = word.as_bytes();
        beginning(word[0], word[1], word[2])
    }

    #[test]
    fn the_gate_opens_for_prefixes_and_not_for_common_words() {
        for word in ["AKIA", "ghp_", "eyJ", "Bearer", "BEGIN", "sk-", "SKab"] {
            assert_eq!(of(word), Beginning::Token, "{word}");
        }
        for word in ["DE89", "de89", "NO93"] {
            assert_eq!(of(word), Beginning::Iban, "{word}");
        }
        for word in ["the", "user", "order", "number", "select", "name", "dear"] {
            assert_eq!(of(word), Beginning::Nothing, "{word}");
        }
    }
}
