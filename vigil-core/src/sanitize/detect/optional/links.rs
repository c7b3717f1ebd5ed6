//! URLs (RFC 3986) and UUIDs (RFC 9562).

use std::ops::Range;

use super::ends;
use crate::sanitize::detect::bytes::{looked_at, run, run_back};

/// The URL whose first colon stands at `at`.
pub(super) fn url(bytes: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    if bytes.get(at + 1..at + 3) != Some(b"//") {
        return None;
    }
    let scheme = run_back(bytes, floor, at, 20, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
    });
    let len = run(bytes, at, 4096, |byte| {
        byte > b' ' && byte < 0x7f && !b"\"'<>`\\|{}^".contains(&byte)
    });
    // What closes or ends the sentence is not the URL's.
    let end = at + len - run_back(bytes, at, at + len, 4, |byte| b".,;:!?)]".contains(&byte));
    (scheme > 1 && end > at + 4).then_some(at - scheme..end)
}

/// The end of the UUID at `at`.
pub(super) fn uuid(bytes: &[u8], at: usize) -> Option<usize> {
    let found = bytes.get(at..at + 36)?;
    looked_at(36);
    let fits = found.iter().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (fits && ends(bytes, at + 36)).then_some(at + 36)
}
