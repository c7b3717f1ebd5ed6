//! JSON's own spelling: strings, escapes, integers.

/// The two-digit numbers, so that an integer takes one division for two digits.
const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

pub(crate) fn integer(out: &mut Vec<u8>, mut number: u64) {
    if number < 10 {
        return out.push(b'0' + number as u8);
    }
    // From the end, with room behind it, so that what is copied has a fixed length: that takes a few instructions.
    let mut digits = [0; 2 * LONGEST];
    let mut at = LONGEST;
    while number >= 10 {
        let pair = (number % 100) as usize * 2;
        number /= 100;
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if number > 0 || at == LONGEST {
        at -= 1;
        digits[at] = b'0' + number as u8;
    }
    let end = out.len() + LONGEST - at;
    if let Some(copied) = digits[at..].first_chunk::<LONGEST>() {
        out.extend_from_slice(copied);
    }
    out.truncate(end);
}

/// Digits of the largest integer.
const LONGEST: usize = 20;

/// Whether a text stands in a string as it is.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| ESCAPES[usize::from(*byte)] == 0)
}

/// A string with its quotes.
pub(crate) fn quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text, usize::MAX);
    out.push(b'"');
}

/// What has to be written for a byte in a string: 0 for itself, `u` for a `\u00XX`, else the letter after `\`.
static ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0a] = b'n';
    table[0x0c] = b'f';
    table[0x0d] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    // Valid raw, but terminals act on it.
    table[0x7f] = b'u';
    table
};

/// Appends `text` escaped, as much of it as makes at most `room` bytes, and says how many bytes of it that was.
#[inline]
pub(crate) fn escaped(out: &mut Vec<u8>, text: &str, room: usize) -> usize {
    let bytes = text.as_bytes();
    let clean = clean_len(bytes);
    if clean == bytes.len() && clean <= room {
        out.extend_from_slice(bytes);
        return clean;
    }
    escaped_from(out, text, room, clean)
}

/// The same, of a text that begins with this many bytes that stay as they are.
fn escaped_from(out: &mut Vec<u8>, text: &str, room: usize, clean: usize) -> usize {
    let bytes = text.as_bytes();
    let end = out.len().saturating_add(room);
    let mut from = 0;
    let mut at = clean;
    while let Some(&byte) = bytes.get(at) {
        let written = plain(out, text, from, at, end);
        if written < at || out.len().saturating_add(6) > end {
            return written;
        }
        match ESCAPES[usize::from(byte)] {
            b'u' => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            letter => out.extend_from_slice(&[b'\\', letter]),
        }
        from = at + 1;
        at = from + clean_len(bytes.get(from..).unwrap_or_default());
    }
    plain(out, text, from, bytes.len(), end)
}

/// How many bytes at the beginning stay as they are. Asked of 16 at once, which compilers make one question.
#[inline]
fn clean_len(bytes: &[u8]) -> usize {
    let (chunks, tail) = bytes.as_chunks::<16>();
    for (place, chunk) in chunks.iter().enumerate() {
        if any_escaped(chunk) {
            return place * 16 + clean_bytes(chunk);
        }
    }
    // What has been looked at before is clean, so that it may make up for what the tail is short of.
    match (bytes.last_chunk::<16>(), bytes.last_chunk::<8>()) {
        (Some(last), _) if !any_escaped(last) => bytes.len(),
        (None, Some(last))
            if !any_escaped(last) && !bytes.first_chunk::<8>().is_some_and(any_escaped) =>
        {
            bytes.len()
        }
        _ => bytes.len() - tail.len() + clean_bytes(tail),
    }
}

#[inline(always)]
fn any_escaped<const N: usize>(chunk: &[u8; N]) -> bool {
    let mut any = false;
    for &byte in chunk {
        any |= (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f);
    }
    any
}

fn clean_bytes(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| ESCAPES[usize::from(**byte)] == 0)
        .count()
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `text[from..to]` up to `out.len() == end`, cut between characters, and says where in `text` it stopped.
fn plain(out: &mut Vec<u8>, text: &str, from: usize, to: usize, end: usize) -> usize {
    let room = end.saturating_sub(out.len());
    let to = if to - from > room {
        floor_boundary(text, from + room)
    } else {
        to
    };
    if let Some(part) = text.as_bytes().get(from..to) {
        out.extend_from_slice(part);
        to
    } else {
        from
    }
}

/// The last place at or before `at` where `text` can be cut.
pub(crate) fn floor_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    let mut at = at;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_decimal() {
        for number in [
            0,
            7,
            10,
            99,
            100,
            101,
            12345,
            999_999,
            u64::MAX - 1,
            u64::MAX,
        ] {
            let mut out = Vec::new();
            integer(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn strings_are_what_a_json_parser_reads_back() {
        let all: String = (0..=0x2030).filter_map(char::from_u32).collect();
        let mut out = Vec::new();
        quoted(&mut out, &all);
        assert!(!out.contains(&b'\n'));
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), all);
    }

    #[test]
    fn an_escape_is_seen_wherever_it_stands() {
        for len in 0..70 {
            assert_eq!(clean_len(&vec![b'a'; len]), len);
            for at in 0..len {
                for byte in 0..=255 {
                    let mut text = vec![b'a'; len];
                    text[at] = byte;
                    let wanted = if ESCAPES[usize::from(byte)] == 0 {
                        len
                    } else {
                        at
                    };
                    assert_eq!(clean_len(&text), wanted, "{byte} at {at} of {len}");
                }
            }
        }
    }

    #[test]
    fn room_is_kept_to_and_characters_stay_whole() {
        let text = "aé\u{1}\u{1}€x";
        for room in 0..30 {
            let mut out = Vec::new();
            let read = escaped(&mut out, text, room);
            assert!(out.len() <= room);
            assert!(text.is_char_boundary(read));
            out.insert(0, b'"');
            out.push(b'"');
            let back: String = serde_json::from_slice(&out).unwrap();
            assert_eq!(back, text[..read], "{room}");
        }
    }
}
