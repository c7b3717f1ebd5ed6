//! Runs of characters that look drawn by lot.

use super::ends;
use crate::sanitize::detect::bytes::{entropy, run};

/// The longest run; what is longer is an encoded file.
const LONGEST: usize = 256;

/// The end of the run at `at`: at least twenty characters of base64 with digits and both cases, or 32 hexadecimal digits.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<usize> {
    let len = run(bytes, at, LONGEST + 1, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-' | b'=')
    });
    if !(20..=LONGEST).contains(&len) || !ends(bytes, at + len) {
        return None;
    }
    let found = bytes.get(at..at + len)?;
    let has = |wanted: fn(&u8) -> bool| found.iter().any(wanted);
    let spread = if found.iter().all(u8::is_ascii_hexdigit) {
        len >= 32
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && entropy(found) >= 3.0
    } else {
        has(u8::is_ascii_digit)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
            && entropy(found) >= 3.9
    };
    spread.then_some(at + len)
}
