//! The gate: at which bytes of a text a detector could find something. Most of any text is none of them.
//!
//! Whatever it passes over no detector would have found; that is tested against the detectors without it.

use super::masks::{BLOCK, Masks};
use super::shapes::SHAPES;

/// The shortest run of a token's bytes that is one: a JWT has at least these, and every shape in the table more.
const SHORTEST: usize = 12;

/// Bytes of a block that are decided in it where more follow: a token that begins in them can be told from it.
const STRIDE: usize = BLOCK - 16;

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
    let found = match wanted {
        #[cfg(any(test, fuzzing))]
        Wanted::Everything => u64::MAX,
        _ if base == 0 => first_block(bytes, wanted),
        _ => later_block(bytes, base, wanted),
    };
    if bytes.len() <= base + BLOCK {
        found
    } else {
        found & ((1 << STRIDE) - 1)
    }
}

/// Most texts have no other, and it has nothing before it.
fn first_block(bytes: &[u8], wanted: Wanted) -> u64 {
    of_block(bytes, 0, wanted)
}

#[inline(never)]
fn later_block(bytes: &[u8], base: usize, wanted: Wanted) -> u64 {
    of_block(bytes, base, wanted)
}

#[inline(always)]
fn of_block(bytes: &[u8], base: usize, wanted: Wanted) -> u64 {
    let masks = Masks::of(bytes, base);
    let before = Before::of(bytes, base);
    let words = masks.letters | masks.digits;
    // In `\npm_...` the word may begin at the `n` or after it. Other symbols pass here too; few words stand behind them.
    let escaped = masks.letters & (masks.symbols << 1 | before.symbols >> 2);
    // In `%3Dabc` behind the digits.
    let encoded = masks.percents << 3 | before.percents;
    let starts = !(words << 1 | before.words >> 2) | escaped << 1 | before.escaped >> 2 | encoded;
    let begins = words & starts;
    let letters = begins & masks.letters;
    let joints = masks.joints;

    // Two letters and two digits.
    let iban = letters & masks.letters >> 1 & masks.digits >> 2 & masks.digits >> 3;
    // Dashes before a word, at least: the line of a key, a flag.
    let dashes = letters & (joints << 1 | before.joints >> 2) & (joints << 2 | before.joints >> 1);
    let number = begins & masks.digits;
    let numbers = match wanted {
        // The shortest first group has three digits, unless it is that of a telephone number.
        Wanted::Most => {
            let gaps = joints | masks.spaces;
            let pairs = masks.digits & masks.digits >> 1 & gaps >> 2;
            number
                & (masks.digits >> 1 & masks.digits >> 2
                    | (masks.pluses << 1 | before.pluses >> 2 | encoded)
                    | pairs & pairs >> 3
                    // Google's `1//0...`
                    | joints >> 1 & joints >> 2)
        }
        _ => number,
    };
    // Six times two, or three times four, with something between.
    let two = words & words >> 1 & joints >> 2;
    let four = words & words >> 1 & words >> 2 & words >> 3 & joints >> 4;
    let mac = begins & (two & two >> 3 & two >> 6 & two >> 9 | four & four >> 5);
    // "the password is ...", "IDENTIFIED BY '...'".
    let told = letters & masks.is & masks.ss >> 1 & masks.spaces >> 2;
    let quoted = masks.quotes
        & (masks.spaces << 1 | before.spaces >> 2)
        & (masks.letters << 2 | before.letters >> 1);
    if wanted == Wanted::Words {
        return masks.symbols | quoted | begins;
    }
    let sure = masks.symbols | iban | numbers | mac | told | quoted | begins & long_runs(words);

    let token = letters & runs(words | joints);
    // "Basic" and "Bearer", and "---- BEGIN".
    let scheme = letters & masks.bs & masks.letters >> 1 & masks.letters >> 4;
    sure | known_beginnings(bytes, base, (token | scheme | dashes) & !sure)
}

/// What stands before a block: the classes of the last three bytes, the very last one highest of the three lowest bits.
#[derive(Default)]
struct Before {
    words: u64,
    letters: u64,
    symbols: u64,
    spaces: u64,
    joints: u64,
    pluses: u64,
    /// Where in the block a word begins behind a `%` in these and two digits.
    percents: u64,
    /// Letters behind a symbol.
    escaped: u64,
}

impl Before {
    #[inline]
    fn of(bytes: &[u8], base: usize) -> Self {
        let Some(three) = base.checked_sub(3) else {
            return Self::default();
        };
        let masks = Masks::of(bytes.get(three..base).unwrap_or_default(), 0);
        Self {
            words: masks.letters | masks.digits,
            letters: masks.letters,
            symbols: masks.symbols,
            spaces: masks.spaces,
            joints: masks.joints,
            pluses: masks.pluses,
            percents: masks.percents,
            escaped: masks.letters & masks.symbols << 1,
        }
    }
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
        if let Some([first, second, third]) = bytes.get(at..at + 3) {
            let flag = at > 1 && bytes.get(at - 2..at) == Some(b"--");
            known |= u64::from(flag) << place;
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
            "123",
            "SK0123456789",
        ] {
            assert_ne!(open(text), [0_usize; 0], "{text}");
        }
        for text in [
            "select id, name from users order by name",
            "/srv/shop/releases/current/config/locales/de/orders.yaml",
            "the order of 12 boxes; the customer's path",
            "AKIA ghp_ eyJ sk-",
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
