//! Where a value begins and ends that stands after its key in a text.

use std::ops::Range;

use super::bytes::{looked_at, run};
use super::harmless::{Manner, is_harmless};
use crate::sanitize::REDACTED;

/// The value that begins after the sign at `after`, if it is one that has to be hidden. `quoted`: its key is in quotes;
/// `header`: it goes on to the end of the line; `colon`: the sign is one, as also in prose; `key`: the name before it.
pub(super) fn find(
    text: &str,
    after: usize,
    quoted: bool,
    header: bool,
    colon: bool,
    key: &str,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let blanks = run(bytes, after, 64, |byte| {
        byte == b' ' || byte == b'\t' || (quoted && byte.is_ascii_whitespace())
    });
    let start = after + blanks;
    let slashes = run(bytes, start, 256, |byte| byte == b'\\');
    let first = *bytes.get(start + slashes)?;
    // What has been hidden before ends where it ends.
    if text
        .get(start..)
        .is_some_and(|rest| rest.starts_with(REDACTED))
    {
        return None;
    }
    let range = match first {
        b'"' | b'\'' | b'`' => {
            let open = start + slashes + 1;
            open..closing_quote(bytes, open, first, slashes)
        }
        _ if header => {
            start
                ..start
                    + run(bytes, start, usize::MAX, |byte| {
                        !matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'\\')
                    })
        }
        _ => start..bare(bytes, start),
    };
    looked_at(range.end - start);
    let found = text.get(range.clone())?;
    let found = if first.is_ascii_alphanumeric() && !header {
        // The full stop and the comma are the sentence's.
        found.trim_end_matches(['.', ',', ':', '!', '?'])
    } else {
        found.trim_end()
    };
    let manner = Manner {
        key,
        bare: range.start == start,
        colon,
        spaced: blanks > 0,
    };
    let rest = text.get(range.start + found.len()..).unwrap_or_default();
    // A quote that nothing closes, with a blank behind it, is itself the end of a text: `"Password: " password`.
    if !manner.bare && range.end == bytes.len() && found.starts_with(' ') {
        return None;
    }
    if is_harmless(found, manner, rest) {
        return None;
    }
    Some(range.start..range.start + found.len())
}

/// The end of a text in quotes of which those escaped as often as the first one are the end.
pub(super) fn closing_quote(bytes: &[u8], open: usize, quote: u8, slashes: usize) -> usize {
    let mut at = open;
    let mut before = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' {
            before += 1;
        } else {
            if byte == quote && before <= slashes && (before == slashes || slashes > 0) {
                return at - before.min(slashes);
            }
            // With plain quotes an even number of slashes before one does not escape it.
            if byte == quote && slashes == 0 && before % 2 == 0 {
                return at;
            }
            before = 0;
        }
        at += 1;
    }
    bytes.len()
}

/// The end of a value without quotes.
fn bare(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => {
                at = balanced(bytes, at);
                continue;
            }
            // `Debug` writes `Name { field: ... }`.
            b' ' if bytes.get(at + 1) == Some(&b'{')
                && bytes.get(start).is_some_and(u8::is_ascii_uppercase) =>
            {
                at += 1;
                continue;
            }
            b'&' | b';' | b'"' | b'\'' | b'`' | b'<' | b'>' | b')' | b']' | b'}' | b'\\' => break,
            b',' if ends_at_comma(bytes, at) => break,
            byte if byte.is_ascii_whitespace() => break,
            _ => at += 1,
        }
    }
    at
}

/// A password may hold a comma; one before a blank, the end or a further `key=` stands between values.
fn ends_at_comma(bytes: &[u8], at: usize) -> bool {
    let word = run(bytes, at + 1, 64, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
    });
    match bytes.get(at + 1 + word) {
        None => word == 0,
        Some(byte) => {
            (word == 0 && (byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'')))
                || (word > 0 && matches!(byte, b'=' | b':'))
        }
    }
}

/// Behind the bracket that closes the one at `at`; the end of the text if none does.
fn balanced(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut place = at;
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return place + 1;
                }
            }
            b'"' => {
                place = closing_quote(bytes, place + 1, b'"', 0);
            }
            _ => {}
        }
        place += 1;
    }
    bytes.len()
}
