//! The gate: at which bytes of a text a detector could find something. Most of any text is none of them.
//!
//! Whatever it passes over no detector would have found; that is tested against the detectors without it.

use super::line;
use super::masks::{BLOCK, Masks};
use super::shapes::SHAPES;

/// The shortest run of a token's bytes that is one: a JWT has at least these, and every shape in the table more.
const SHORTEST: usize = 12;

/// Bytes at the end of a block that are left to the next one where more follow: a token that begins before them can be
/// told from this one.
const BEHIND: usize = 16;

/// Bytes at the beginning of a block that have been decided in the one before: what is asked of those that follow.
const BEFORE: usize = 3;

/// From one block to the next.
const STRIDE: usize = BLOCK - BEFORE - BEHIND;

/// What the detectors want to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All that can be found but IP addresses.
    Most,
    /// IP addresses too: every number.
    Addresses,
    /// Every word and number: an optional detector is on.
    Words,
    /// Every byte: no gate at all.
    #[cfg(any(test, fuzzing))]
    Everything,
}

/// Walks over the bytes of a text at which detectors have to look.
#[derive(Debug)]
pub(super) struct Gate {
    wanted: Wanted,
    /// Where the block begins that `open` is of.
    base: usize,
    /// The bytes of the block that have not been given out.
    open: u64,
}

impl Gate {
    #[inline]
    pub(super) fn new(bytes: &[u8], wanted: Wanted) -> Self {
        Self {
            wanted,
            base: 0,
            open: candidates(bytes, 0, wanted),
        }
    }

    /// The next place to look at.
    #[inline]
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.open == 0 {
            if bytes.len() <= self.base + BLOCK {
                return None;
            }
            self.base += STRIDE;
            self.open = candidates(bytes, self.base, self.wanted);
        }
        let place = self.open.trailing_zeros() as usize;
        self.open &= self.open - 1;
        Some(self.base + place)
    }
}

/// The places of the block at `base` that have to be looked at and are not left to the next block.
#[inline]
fn candidates(bytes: &[u8], base: usize, wanted: Wanted) -> u64 {
    super::bytes::looked_at(BLOCK);
    let mut found = match wanted {
        #[cfg(any(test, fuzzing))]
        Wanted::Everything => u64::MAX,
        _ if base == 0 => first_block(bytes, wanted),
        _ => later_block(bytes, base, wanted),
    };
    if base > 0 {
        found &= u64::MAX << BEFORE;
    }
    if bytes.len() > base + BLOCK {
        found &= u64::MAX >> BEHIND;
    }
    found
}

/// Most texts have no other.
fn first_block(bytes: &[u8], wanted: Wanted) -> u64 {
    of_block(bytes, 0, wanted)
}

#[inline(never)]
fn later_block(bytes: &[u8], base: usize, wanted: Wanted) -> u64 {
    of_block(bytes, base, wanted)
}

/// Questions that only few texts raise are asked behind a branch, which is guessed right for the others.
#[inline(always)]
fn of_block(bytes: &[u8], base: usize, wanted: Wanted) -> u64 {
    let masks = Masks::of(bytes, base);
    let Masks {
        letters,
        digits,
        joints,
        symbols,
        gaps,
        ..
    } = masks;
    let words = letters | digits;
    // In `\npm_...` the word may begin at the `n` or after it. Other symbols pass here too; few words stand behind them.
    let escaped = letters & symbols << 1;
    // In `%3Dabc` behind the digits.
    let encoded = masks.percents << 3;
    let begins = words & (!(words << 1) | escaped << 1 | encoded);
    let first = begins & letters;
    let mut found = symbols;
    if masks.quotes != 0 {
        // "IDENTIFIED BY '...'"
        found |= masks.quotes & gaps << 1;
    }
    if wanted == Wanted::Words {
        return found | begins;
    }
    // "the password is ..."
    let mut two = first & letters >> 1 & gaps >> 2 & gaps << 1;
    while two != 0 {
        let rest = two & (two - 1);
        let word = bytes.get(base + two.trailing_zeros() as usize..);
        if let Some(word) = word.and_then(<[u8]>::first_chunk::<2>)
            && u16::from_le_bytes(*word) | 0x2020 == u16::from_le_bytes(*b"is")
        {
            found |= two ^ rest;
        }
        two = rest;
    }
    if digits != 0 {
        // Two letters and two digits.
        found |= first & letters >> 1 & digits >> 2 & digits >> 3;
        found |= numbers(&masks, begins & digits, encoded, wanted);
    }
    // "Basic" and "Bearer".
    let mut asked = first & masks.bs & letters >> 4 & (gaps >> 5 | gaps >> 6);
    let long = runs(words | joints);
    if long != 0 {
        found |= begins & (long_runs(words) | macs(words, joints));
        asked |= first & long;
    }
    if joints != 0 {
        // Dashes before a word, at least: the line of a key, a flag. One behind a blank: `-p`; and `---- END`.
        asked |= first & (joints << 1 & (joints << 2 | gaps << 2) | gaps << 1 & joints << 2);
    }
    if base == 0 {
        found |= u64::from(line::may_begin_text(bytes)) & first;
    }
    found | known_beginnings(bytes, base, asked & !found)
}

/// Those of the numbers that begin so that they can be something.
#[inline(always)]
fn numbers(masks: &Masks, begin: u64, encoded: u64, wanted: Wanted) -> u64 {
    if wanted != Wanted::Most {
        return begin;
    }
    let Masks { digits, joints, .. } = *masks;
    let gaps = joints | masks.gaps;
    let two = digits & digits >> 1;
    // The shortest first group has three digits, and what follows it stands close, unless it is that of a telephone
    // number in pairs.
    let three = two & digits >> 2 & (digits >> 4 | digits >> 5 | digits >> 6);
    let pairs = two & gaps >> 2;
    begin
        & (three
            | pairs & pairs >> 3
            | (masks.pluses << 1 | encoded)
            // Google's `1//0...`
            | joints >> 1 & joints >> 2)
}

/// Where six times two, or three times four, letters and digits begin with something between them.
fn macs(words: u64, joints: u64) -> u64 {
    let two = words & words >> 1 & joints >> 2;
    let four = words & words >> 1 & words >> 2 & words >> 3 & joints >> 4;
    two & two >> 3 & two >> 6 & two >> 9 | four & four >> 5
}

/// Where runs of [`SHORTEST`] set bits begin.
const fn runs(mask: u64) -> u64 {
    let two = mask & mask >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & four >> (SHORTEST - 4)
}

/// Where runs of [`LONG`] set bits begin.
const fn long_runs(mask: u64) -> u64 {
    let two = mask & mask >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & eight >> 8
}

/// The shortest run of letters and digits that may be a secret of no known shape.
pub(super) const LONG: usize = 16;

/// Those of the places whose first three bytes a token, a scheme of credentials or the line of a key can have.
#[inline]
fn known_beginnings(bytes: &[u8], base: usize, places: u64) -> u64 {
    let mut left = places;
    let mut known = 0;
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        let at = base + place;
        // A flag needs no third byte: the text may end with `mysql -px`.
        let flag = matches!(
            at.checked_sub(2).and_then(|from| bytes.get(from..=at)),
            Some([b'-', b'-', _] | [b' ', b'-', b'p'])
        );
        known |= u64::from(flag) << place;
        if let Some([first, second, third]) = bytes.get(at..at + 3) {
            let (one, other) = hashes(*first, *second, *third);
            let bit = |place: usize| BEGINNINGS[place / 64] >> (place % 64);
            known |= (bit(one) & bit(other) & 1) << place;
        }
        left &= left - 1;
    }
    known
}

/// Which beginnings of three bytes occur, by a hash of them: a word that is none of ours rarely passes.
static BEGINNINGS: [u64; 256] = {
    let mut table = with([0; 256], b"eyJ");
    table = with(table, b"BEGIN");
    table = with(table, b"END");
    let mut i = 0;
    while i < SHAPES.len() {
        assert!(SHAPES[i].shortest() >= SHORTEST);
        table = with(table, SHAPES[i].prefix.as_bytes());
        i += 1;
    }
    // "bea" and "bas" in each case.
    let mut upper = 0;
    while upper < 8 {
        let first = if upper & 1 == 0 { b'b' } else { b'B' };
        let (e, a) = if upper & 2 == 0 {
            (b'e', b'a')
        } else {
            (b'E', b'A')
        };
        let (third_a, third_s) = if upper & 4 == 0 {
            (b'a', b's')
        } else {
            (b'A', b'S')
        };
        table = with(table, &[first, e, third_a]);
        table = with(table, &[first, a, third_s]);
        upper += 1;
    }
    table
};

const fn with(mut table: [u64; 256], word: &[u8]) -> [u64; 256] {
    if word.len() > 2 {
        return put(table, word[0], word[1], word[2]);
    }
    let mut third = 0_u8;
    while third < 128 {
        table = put(table, word[0], word[1], third);
        third += 1;
    }
    table
}

const fn put(mut table: [u64; 256], first: u8, second: u8, third: u8) -> [u64; 256] {
    let (one, other) = hashes(first, second, third);
    table[one / 64] |= 1 << (one % 64);
    table[other / 64] |= 1 << (other % 64);
    table
}

/// Two places in the table, of 14 bits each: both have to be taken, so that chance seldom opens.
const fn hashes(first: u8, second: u8, third: u8) -> (usize, usize) {
    let all = first as u32 | (second as u32) << 8 | (third as u32) << 16;
    let hash = all.wrapping_mul(0x9e37_79b1);
    ((hash >> 18) as usize, (hash >> 4 & 0x3fff) as usize)
}

/// Whether a word or number begins at this byte, by its neighbours alone. In `\npm_...` it may begin at the `n` or after
/// it, in `%3Dabc` behind the digits.
pub(super) fn begins(bytes: &[u8], at: usize) -> bool {
    let back = |by: usize| at.checked_sub(by).and_then(|at| bytes.get(at)).copied();
    bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)
        && back(1).is_none_or(|one| {
            !one.is_ascii_alphanumeric()
                || (one.is_ascii_alphabetic() && matches!(back(2), Some(b'\\' | b'%')))
                || back(3) == Some(b'%')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Vec<usize> {
        let mut gate = Gate::new(text.as_bytes(), Wanted::Most);
        std::iter::from_fn(|| gate.next(text.as_bytes())).collect()
    }

    #[test]
    fn it_opens_for_what_can_be_something_and_for_no_common_words() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "DE89370400440532",
            "Bearer x",
            "--BEGIN ",
            "@",
            "123 4567",
            "SK0123456789",
        ] {
            assert_ne!(open(text), [0_usize; 0], "{text}");
        }
        for text in [
            "select id, name from users order by name",
            "/srv/shop/releases/current/config/locales/de/orders.yaml",
            "the order of 12 boxes; the customer's path",
            "AKIA ghp_a eyJ sk-",
            "LIMIT 100; in 2026 times 345Z",
        ] {
            assert_eq!(open(text), [0_usize; 0], "{text}");
        }
    }

    #[test]
    fn every_beginning_is_seen_wherever_blocks_meet() {
        for before in 0..200 {
            for word in [
                "AKIAIOSFODNN7EXAMPLE",
                "eyJhbGciOi.a",
                "DE89",
                "\\nDE89",
                "x=1",
            ] {
                let text = format!("{}{word} and more that is none", " ".repeat(before));
                let at = before + word.find("DE").or(word.find('=')).unwrap_or(0);
                let open = open(&text);
                assert!(open.contains(&at), "{before} {word}");
            }
        }
    }
}
