//! The gate of the key rule: most names end in none of its words, and that can be told from the last six letters of
//! each word, without comparing any.

use super::table::{ENDINGS, PAIRS, SINGLES};

/// Names that are longer are not judged here.
const LONGEST: usize = 128;

/// False if the built-in words certainly say nothing of this name: whatever makes a name known ends with a word that is
/// known by itself, or with the second of a pair.
pub(in crate::sanitize) fn may_be_known(name: &[u8]) -> bool {
    if name.len() > LONGEST {
        return true;
    }
    let mut ends = Ends::default();
    for byte in name {
        match byte {
            b'a'..=b'z' => ends.letter(*byte),
            // Its words may end where the case changes.
            b'A'..=b'Z' => return may_be_known_by_case(name),
            0x80.. => return true,
            _ => {
                if ends.end() {
                    return true;
                }
            }
        }
    }
    ends.end()
}

/// The same for names in which a word may end where the case changes, or not: both ways count.
fn may_be_known_by_case(name: &[u8]) -> bool {
    let mut by_case = Ends::default();
    let mut whole = Ends::default();
    let mut before = b' ';
    for (place, &byte) in name.iter().enumerate() {
        if byte.is_ascii_alphabetic() {
            let next_is_lower = || name.get(place + 1).is_some_and(u8::is_ascii_lowercase);
            let changes = byte.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && next_is_lower()));
            if changes && by_case.end() {
                return true;
            }
            by_case.letter(byte);
            whole.letter(byte);
        } else if !byte.is_ascii() || by_case.end() || whole.end() {
            return true;
        }
        before = byte;
    }
    by_case.end() || whole.end()
}

/// The last six letters of the word that is being read and of the one before, 5 bits each, whatever their case.
#[derive(Default)]
struct Ends {
    word: u32,
    before: u32,
}

impl Ends {
    fn letter(&mut self, letter: u8) {
        self.word = with_letter(self.word, letter);
    }

    /// Ends the word, if there is one; whether it can be a known one.
    #[inline]
    fn end(&mut self) -> bool {
        let (word, before) = (self.word, self.before);
        if word == 0 {
            return false;
        }
        *self = Self {
            word: 0,
            before: word,
        };
        has(&ALONE, place(word)) || (before != 0 && has(&SECOND, pair_place(before, word)))
    }
}

const fn with_letter(end: u32, letter: u8) -> u32 {
    (end << 5 | (letter & 31) as u32) & 0x3fff_ffff
}

type Set = [u64; 256];

const fn place(end: u32) -> usize {
    (end.wrapping_mul(0xcc9e_2d51) >> 18) as usize
}

const fn pair_place(before: u32, end: u32) -> usize {
    place(before.wrapping_mul(31) ^ end)
}

fn has(set: &Set, place: usize) -> bool {
    set.get(place / 64).unwrap_or(&0) >> (place % 64) & 1 == 1
}

const fn put(mut set: Set, place: usize) -> Set {
    set[place / 64] |= 1 << (place % 64);
    set
}

const fn ends_with(end: u32, word: &str) -> u32 {
    let mut end = end;
    let mut i = 0;
    while i < word.len() {
        end = with_letter(end, word.as_bytes()[i]);
        i += 1;
    }
    end
}

/// The ends of a word and of its plurals.
const fn ends(end: u32) -> [u32; 3] {
    [end, ends_with(end, "s"), ends_with(end, "es")]
}

/// Words that are known by themselves, those run together among them. What these may end in has six letters, or five
/// and any one before.
static ALONE: Set = {
    let mut set = [0; 256];
    let mut i = 0;
    while i < SINGLES.len() {
        set = with_plurals(set, ends_with(0, SINGLES[i]));
        i += 1;
    }
    i = 0;
    while i < ENDINGS.len() {
        assert!(ENDINGS[i].len() >= 5);
        let mut before = 0;
        while before <= 26 {
            set = with_plurals(set, ends_with(before, ENDINGS[i]));
            before += 1;
        }
        i += 1;
    }
    i = 0;
    while i < PAIRS.len() {
        set = with_plurals(set, ends_with(ends_with(0, PAIRS[i].0), PAIRS[i].1));
        i += 1;
    }
    set
};

const fn with_plurals(mut set: Set, end: u32) -> Set {
    let ends = ends(end);
    let mut i = 0;
    while i < ends.len() {
        set = put(set, place(ends[i]));
        i += 1;
    }
    set
}

/// Second words behind first ones.
static SECOND: Set = {
    let mut set = [0; 256];
    let mut i = 0;
    while i < PAIRS.len() {
        let (first, second) = (
            ends(ends_with(0, PAIRS[i].0)),
            ends(ends_with(0, PAIRS[i].1)),
        );
        let mut j = 0;
        while j < 9 {
            set = put(set, pair_place(first[j / 3], second[j % 3]));
            j += 1;
        }
        i += 1;
    }
    set
};
