//! JSON Web Tokens, signed (RFC 7515) and encrypted (RFC 7516), also cut.

use super::bytes::{decode_base64, is_base64url, run};
use super::{Rule, Span};

/// Parts of an encrypted one; a signed one has three.
const MOST_PARTS: usize = 5;

/// The token that begins at `at`. `eyJ` is `{"` in base64.
///
/// `none_before`: up to here runs of base64 have been followed to their ends in vain, and are not followed again.
pub(super) fn find(bytes: &[u8], at: usize, none_before: &mut usize) -> Option<Span> {
    if at < *none_before || !bytes.get(at..)?.starts_with(b"eyJ") {
        return None;
    }
    let header = run(bytes, at, usize::MAX, is_base64url);
    if bytes.get(at + header) != Some(&b'.') {
        *none_before = at + header;
        return None;
    }
    let mut decoded = [0; 12];
    let len = decode_base64(bytes.get(at..at + header)?, &mut decoded);
    let decoded = decoded.get(..len)?;
    // A header is an object whose first member has a short name; after the name comes a colon or more of the name.
    let is_object = decoded.starts_with(b"{\"")
        && decoded
            .iter()
            .skip(2)
            .all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    if !is_object || header < 10 {
        return None;
    }
    let mut end = at + header;
    let mut parts = 1;
    while parts < MOST_PARTS && bytes.get(end) == Some(&b'.') {
        let part = run(bytes, end + 1, usize::MAX, is_base64url);
        // A full stop after a token that was cut.
        if part == 0 && bytes.get(end + 1) != Some(&b'.') {
            break;
        }
        end += 1 + part;
        parts += 1;
    }
    (parts > 1).then(|| Span::redacted(at..end, Rule::Jwt))
}
