//! Numbers of insurance and documents.

use super::ends;
use crate::sanitize::detect::bytes::{context, looked_at, run};

/// The end of the Medicare beneficiary identifier at `at`: CMS, "Understanding the MBI format", with hyphens or without.
pub(super) fn mbi(bytes: &[u8], at: usize) -> Option<usize> {
    // C: 1 to 9, N: a digit, A: a letter but S, L, O, I, B and Z, X: either.
    const PLACES: &[u8; 11] = b"CAXNAXNAANN";
    let letter = |byte: u8| byte.is_ascii_uppercase() && !b"SLOIBZ".contains(&byte);
    let mut end = at;
    for (place, wanted) in PLACES.iter().enumerate() {
        if matches!(place, 4 | 7) && bytes.get(end) == Some(&b'-') {
            end += 1;
        }
        let byte = *bytes.get(end)?;
        let fits = match wanted {
            b'C' => (b'1'..=b'9').contains(&byte),
            b'N' => byte.is_ascii_digit(),
            b'A' => letter(byte),
            _ => byte.is_ascii_digit() || letter(byte),
        };
        if !fits {
            return None;
        }
        end += 1;
    }
    looked_at(end - at);
    ends(bytes, end).then_some(end)
}

/// The end of the number at `at` that stands beside the name of a driver licence.
pub(super) fn licence(bytes: &[u8], at: usize) -> Option<usize> {
    const WORDS: [&str; 7] = [
        "driver license",
        "driver licence",
        "driver's license",
        "driver's licence",
        "driving licence",
        "licence no",
        "license no",
    ];
    let len = run(bytes, at, 20, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'-'
    });
    let found = bytes.get(at..at + len)?;
    let digits = found.iter().filter(|byte| byte.is_ascii_digit()).count();
    let fits = (6..=18).contains(&len) && digits >= 4 && ends(bytes, at + len);
    (fits && context(bytes, at, &WORDS)).then_some(at + len)
}
