//! Small questions about bytes that several detectors ask.

/// Tells the tests how much the detectors look at, so that they can prove that it grows as the text does.
#[inline(always)]
pub(super) fn looked_at(_bytes: usize) {
    #[cfg(test)]
    super::work::add(_bytes);
}

/// How many bytes from `at` on satisfy `wanted`, at most `most`.
pub(super) fn run(bytes: &[u8], at: usize, most: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let found = bytes
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take(most)
        .take_while(|byte| wanted(**byte))
        .count();
    looked_at(found + 1);
    found
}

/// How many bytes before `at` satisfy `wanted`, not going back before `floor` nor more than `most`.
pub(super) fn run_back(
    bytes: &[u8],
    floor: usize,
    at: usize,
    most: usize,
    wanted: impl Fn(u8) -> bool,
) -> usize {
    let found = bytes
        .get(floor..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(most)
        .take_while(|byte| wanted(**byte))
        .count();
    looked_at(found + 1);
    found
}

pub(super) fn starts_with(bytes: &[u8], at: usize, prefix: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(prefix))
}

pub(super) fn starts_with_ignoring_case(bytes: &[u8], at: usize, prefix: &[u8]) -> bool {
    bytes
        .get(at..)
        .and_then(|rest| rest.get(..prefix.len()))
        .is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
}

/// Whether one of these words, lower-case, stands shortly before `at`: a word of the text has to begin with it.
pub(super) fn context(bytes: &[u8], at: usize, words: &[&str]) -> bool {
    const BEFORE: usize = 40;
    let start = at.saturating_sub(BEFORE);
    let before = bytes.get(start..at).unwrap_or_default();
    looked_at(BEFORE);
    let mut in_word = false;
    for (place, byte) in before.iter().enumerate() {
        let begins = byte.is_ascii_uppercase() || !in_word;
        in_word = byte.is_ascii_lowercase();
        if !byte.is_ascii_alphabetic() || !begins {
            continue;
        }
        let first = byte.to_ascii_lowercase();
        let rest = before.get(place..).unwrap_or_default();
        let known = words.iter().any(|word| {
            word.as_bytes().first() == Some(&first)
                && rest
                    .get(..word.len())
                    .is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()))
        });
        if known {
            return true;
        }
    }
    false
}

pub(super) fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// Decodes as much of a base64 or base64url text as fits into `out`; how many bytes came out.
pub(super) fn decode_base64(text: &[u8], out: &mut [u8]) -> usize {
    let mut written = 0;
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text {
        looked_at(1);
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            let Some(place) = out.get_mut(written) else {
                break;
            };
            *place = (bits >> held & 0xff) as u8;
            written += 1;
        }
    }
    written
}

/// Shannon's entropy of the bytes, in bits a byte: 3 to 4 for words and hexadecimal digits, above that for random text.
pub(super) fn entropy(text: &[u8]) -> f32 {
    let mut counts = [0_u16; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    looked_at(text.len());
    let all = text.len() as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f32::from(*count) / all;
            -share * share.log2()
        })
        .sum()
}
