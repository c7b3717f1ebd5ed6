//! JSON Web Tokens, signed (RFC 7515) and encrypted (RFC 7516), also cut.

use super::bytes::{decode_base64, is_base64url, run};
use super::{Rule, Span};

/// Parts of an encrypted one; a signed one has three.
const MOST_PARTS: usize = 5;

/// What has been found out about the last header, so that others that begin inside it need not be followed again.
#[derive(Debug, Default)]
pub(super) struct Seen {
    header_end: usize,
    /// Where the parts behind it end; `None` if there are none.
    end: Option<usize>,
}

/// The token that begins at `at`. `eyJ` is `{"` in base64.
pub(super) fn find(bytes: &[u8], at: usize, seen: &mut Seen) -> Option<Span> {
    if !bytes.get(at..)?.starts_with(b"eyJ") {
        return None;
    }
    if at >= seen.header_end {
        seen.header_end = at + run(bytes, at, usize::MAX, is_base64url);
        seen.end = parts(bytes, seen.header_end);
    }
    let end = seen.end?;
    let header = bytes.get(at..seen.header_end)?;
    let mut decoded = [0; 12];
    let len = decode_base64(header.get(..header.len().min(16))?, &mut decoded);
    let decoded = decoded.get(..len)?;
    // A header is an object whose first member has a short name; after the name comes a colon or more of the name.
    let is_object = decoded.starts_with(b"{\"")
        && decoded
            .iter()
            .skip(2)
            .all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    (is_object && header.len() >= 10).then(|| Span::redacted(at..end, Rule::Jwt))
}

/// The end of the parts after the header that ends at `header_end`, if there are any.
fn parts(bytes: &[u8], header_end: usize) -> Option<usize> {
    let mut end = header_end;
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
    (parts > 1).then_some(end)
}
