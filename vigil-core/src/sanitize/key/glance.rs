//! A glance at the words before a sign: most are none of the key rule's, and that can be told from eight bytes of each at
//! once, from the last six letters of it.

use super::table::{ENDINGS, PAIRS, SINGLES};

/// Bytes of a text that are looked at together.
const AT_ONCE: usize = 8;

/// Words that are looked at, and the bytes that all of them may take: a longer name is judged otherwise.
const MOST_WORDS: usize = 6;
const MOST_BYTES: usize = 56;

/// Whether the name that ends at `end` certainly is a single word that the key rule does not know: most are, and this is
/// the least that has to be asked. Says where it begins. `is_key` as for [`nothing_known`].
#[inline(always)]
pub(in crate::sanitize) fn is_plain_word(
    bytes: &[u8],
    end: usize,
    is_key: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (word, stop) = Word::ending_at(bytes, end)?;
    if is_key(stop) || !word.has_one_case() {
        return None;
    }
    let start = end - word.len;
    let is_plain = !word.is_in(&KNOWN)
        || (word.letters == ID && (stop != b' ' || is_id_of_nobody(bytes, start - 1, is_key)));
    is_plain.then_some(start)
}

/// Whether `id` behind the blank at `end` has no words before it that make it a secret's: those of SQL seldom do. A key of
/// several words has at most three.
#[inline]
fn is_id_of_nobody(bytes: &[u8], end: usize, is_key: impl Fn(u8) -> bool) -> bool {
    let mut end = end;
    let mut is_next = true;
    for _ in 0..2 {
        if !end
            .checked_sub(1)
            .and_then(|last| bytes.get(last))
            .is_some_and(|last| is_key(*last))
        {
            return true;
        }
        let Some((word, stop)) = Word::ending_at(bytes, end) else {
            return false;
        };
        let known = word.is_in(&KNOWN) || (is_next && word.is_in(&FIRST));
        if known || is_key(stop) || !word.has_one_case() {
            return false;
        }
        if stop != b' ' {
            return true;
        }
        end -= word.len + 1;
        is_next = false;
    }
    true
}

/// Whether the name that ends at `end` certainly has no word of the key rule, and is not in quotes. A name goes on where
/// `is_key` says so.
pub(in crate::sanitize) fn nothing_known(
    bytes: &[u8],
    end: usize,
    is_key: impl Fn(u8) -> bool,
) -> bool {
    let mut at = end;
    for _ in 0..MOST_WORDS {
        let word = Word::before(bytes, at);
        if word.len == AT_ONCE {
            return false;
        }
        at -= word.len;
        let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        let mut joint = before(at);
        if word.len > 0 {
            // `-Dpin=...`, whose name is `pin`.
            let flag = joint == Some(b'-') && bytes.get(at) == Some(&b'D');
            if flag || !word.has_one_case() || word.is_in(&KNOWN) {
                return false;
            }
        } else if at == end && matches!(joint, Some(b'"' | b'\'' | b'`')) {
            return false;
        }
        // What joins words, and digits.
        while let Some(byte) = joint.filter(|byte| is_key(*byte)) {
            if byte >= 0x80 || end - at > MOST_BYTES {
                return false;
            }
            if byte.is_ascii_alphabetic() {
                break;
            }
            at -= 1;
            joint = before(at);
        }
        if !joint.is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return true;
        }
    }
    false
}

/// `id`, as [`Word::letters`].
const ID: u64 = letters("id");

/// The letters before a place.
struct Word {
    /// The last six of them, small, the last one highest.
    letters: u64,
    /// How many there are, at most [`AT_ONCE`].
    len: usize,
    /// For each of them, highest first, the bit that is set in small ones.
    case: u64,
}

const EACH: u64 = 0x0101_0101_0101_0101;
/// The bit that is set in small letters, of each byte.
const SMALL: u64 = 0x20 * EACH;
/// The highest bit of each byte, and all others.
const HIGH: u64 = 0x80 * EACH;
const LOW: u64 = !HIGH;

impl Word {
    fn before(bytes: &[u8], end: usize) -> Self {
        let before = bytes.get(..end).unwrap_or_default();
        Self::of(match before.last_chunk::<AT_ONCE>() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => before
                .iter()
                .fold(0, |all, byte| all >> 8 | u64::from(*byte) << 56),
        })
    }

    /// One of at most seven letters, and what stands before it.
    #[inline(always)]
    fn ending_at(bytes: &[u8], end: usize) -> Option<(Self, u8)> {
        let eight = bytes.get(..end)?.last_chunk::<AT_ONCE>()?;
        let word = Self::of(u64::from_le_bytes(*eight));
        let stop = eight.get((AT_ONCE - 1).wrapping_sub(word.len))?;
        (word.len > 0).then_some((word, *stop))
    }

    /// Those at the end of eight bytes.
    #[inline(always)]
    fn of(all: u64) -> Self {
        // Of each byte the highest bit, if it is a letter. No sum carries over.
        let small = (all | SMALL) & LOW;
        let from_a = small + (0x80 - b'a' as u64) * EACH;
        let beyond_z = small + (0x7f - b'z' as u64) * EACH;
        let is_letter = from_a & !beyond_z & !all & HIGH;
        let len = (!is_letter & HIGH).leading_zeros() as usize / 8;
        let there = !(u64::MAX.checked_shr(8 * len as u32).unwrap_or(0));
        Self {
            letters: small & there & LETTERS,
            len,
            case: all & there & SMALL,
        }
    }

    /// Whether it is one word for every way of splitting names: its letters are of one case, but for the first.
    #[inline(always)]
    fn has_one_case(&self) -> bool {
        let first = 0x20 << (64 - 8 * self.len);
        let small = SMALL & (u64::MAX << (64 - 8 * self.len));
        self.case == 0 || self.case | first == small
    }

    #[inline(always)]
    fn is_in(&self, set: &Set) -> bool {
        let place = place(self.letters);
        set.get(place / 64).unwrap_or(&0) >> (place % 64) & 1 == 1
    }
}

/// Of eight bytes the last six.
const LETTERS: u64 = u64::MAX << 16;

/// What [`Word::letters`] is of this word.
const fn letters(word: &str) -> u64 {
    with(0, word) & LETTERS
}

/// Adds letters.
const fn with(before: u64, word: &str) -> u64 {
    let mut all = before;
    let mut i = 0;
    while i < word.len() {
        all = all >> 8 | (word.as_bytes()[i] as u64) << 56;
        i += 1;
    }
    all
}

type Set = [u64; 256];

/// The factor is one by which no common word of SQL and logs falls on a place that is taken.
const fn place(letters: u64) -> usize {
    (letters.wrapping_mul(0xd462_0a8b_b728_b7f9) >> 50) as usize
}

/// Puts a word and its plurals into the set.
const fn put(set: Set, word: u64) -> Set {
    let mut set = set;
    let all = [word, with(word, "s"), with(word, "es")];
    let mut i = 0;
    while i < all.len() {
        let place = place(all[i] & LETTERS);
        set[place / 64] |= 1 << (place % 64);
        i += 1;
    }
    set
}

/// Names that are no secret's by themselves, but may be by what stands before them or by the value.
const OTHERS: [&str; 12] = [
    "by",
    "value",
    "response",
    "sig",
    "signature",
    "line",
    "word",
    "card",
    "phrase",
    "answer",
    "account",
    "security",
];

/// Every word with which what makes a name known ends.
static KNOWN: Set = {
    let mut set = [0; 256];
    let mut i = 0;
    while i < SINGLES.len() {
        set = put(set, with(0, SINGLES[i]));
        i += 1;
    }
    i = 0;
    while i < ENDINGS.len() {
        assert!(ENDINGS[i].len() >= 5);
        set = put(set, with(0, ENDINGS[i]));
        // Those of five letters, with any before them.
        let mut before = b'a';
        while before <= b'z' {
            set = put(set, with((before as u64) << 56, ENDINGS[i]));
            before += 1;
        }
        i += 1;
    }
    i = 0;
    while i < OTHERS.len() {
        set = put(set, with(0, OTHERS[i]));
        i += 1;
    }
    i = 0;
    while i < PAIRS.len() {
        set = put(set, with(0, PAIRS[i].1));
        set = put(set, with(with(0, PAIRS[i].0), PAIRS[i].1));
        i += 1;
    }
    set
};

/// The first words of pairs.
static FIRST: Set = {
    let mut set = [0; 256];
    let mut i = 0;
    while i < PAIRS.len() {
        set = put(set, with(0, PAIRS[i].0));
        i += 1;
    }
    set
};

#[cfg(test)]
mod tests {
    use super::*;

    fn is_key(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte) || byte >= 0x80
    }

    fn nothing(text: &str) -> bool {
        nothing_known(text.as_bytes(), text.len(), is_key)
    }

    fn plain(text: &str) -> bool {
        is_plain_word(text.as_bytes(), text.len(), is_key).is_some()
    }

    #[test]
    fn words_that_are_nobodys_are_told_at_a_glance() {
        for text in ["role", "Host", "(created_at", "10:11", "", "x-trace-12"] {
            assert!(nothing(text), "{text}");
        }
        for text in [
            "SELECT role",
            "WHERE tenant",
            "  TENANT",
            "FROM users WHERE id",
            "tenant = ? AND id",
            "a, b, c (id",
        ] {
            assert!(plain(text), "{text}");
        }
    }

    #[test]
    fn every_word_of_the_key_rule_is_left_to_it() {
        for (first, second, _) in PAIRS {
            for name in [
                format!("{first}_{second}"),
                format!("{first}{second}"),
                format!("{first} {second}"),
            ] {
                assert!(!nothing(&name), "{name}");
                assert!(!plain(&format!("where is my {name}")), "{name}");
            }
        }
        for word in SINGLES.iter().chain(ENDINGS).chain(&OTHERS) {
            for name in [
                word.to_string(),
                word.to_uppercase(),
                format!("{word}s"),
                format!("x{word}X"),
                format!("{word}_x"),
                format!("{word}.7"),
                format!("-D{word}"),
            ] {
                assert!(!nothing(&name), "{name}");
                assert!(!plain(&format!("where is my {name}")), "{name}");
            }
        }
        for name in ["\"role\"", "'role'", "größe", "x-é", "roleName"] {
            assert!(!nothing(name), "{name}");
        }
        for text in ["my password and id", "a session id", "new card of id"] {
            assert!(!plain(text), "{text}");
        }
    }
}
