//! `Bearer` (RFC 6750) and `Basic` (RFC 7617) credentials, wherever they stand.

use super::bytes::{decode_base64, run, starts_with_ignoring_case};
use super::{Rule, Span};

/// The credentials after the scheme that begins at `at`.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<Span> {
    let bearer = starts_with_ignoring_case(bytes, at, b"bearer");
    if !bearer && !starts_with_ignoring_case(bytes, at, b"basic") {
        return None;
    }
    let scheme_end = at + if bearer { 6 } else { 5 };
    let blanks = run(bytes, scheme_end, 4, |byte| byte == b' ');
    if blanks == 0 {
        return None;
    }
    let start = scheme_end + blanks;
    let len = run(bytes, start, usize::MAX, is_token68);
    let credentials = bytes.get(start..start + len)?;
    // A full stop ends the sentence.
    let dots = credentials
        .iter()
        .rev()
        .take_while(|byte| **byte == b'.')
        .count();
    let credentials = credentials.get(..len - dots)?;
    let is_secret = if bearer {
        // "bearer of bad news": a token has digits, or is longer than any word.
        credentials.len() >= 24
            || (credentials.len() >= 6 && credentials.iter().any(u8::is_ascii_digit))
    } else {
        let mut decoded = [0; 256];
        let len = decode_base64(credentials, &mut decoded);
        // "Basic authentication" decodes as well, but to no name and password.
        decoded
            .get(..len)?
            .iter()
            .position(|byte| *byte == b':')
            .is_some_and(|_| credentials.len() >= 4)
    };
    is_secret.then(|| Span::redacted(start..start + credentials.len(), Rule::AuthHeader))
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}
