//! Passwords in URLs: `scheme://user:password@host` (RFC 3986, 3.2.1), the password with odd characters too.

use super::{Rule, Span};

/// Bytes looked at after `://`, so that a text full of them costs no square of its length.
const LONGEST: usize = 512;

/// What the URL whose `:` stands at `at` has to hide, and where its authority ends. `None` if it is no URL.
pub(super) fn find(text: &str, at: usize) -> Option<(Option<Span>, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(at + 1..at + 3) != Some(b"//") {
        return None;
    }
    let start = at + 3;
    let rest = bytes.get(start..)?;
    let rest = rest.get(..rest.len().min(LONGEST))?;
    let visible = rest
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || b"\"'<>`\\".contains(byte))
        .unwrap_or(rest.len());
    let rest = rest.get(..visible)?;
    let authority = rest
        .iter()
        .position(|byte| b"/?#".contains(byte))
        .unwrap_or(rest.len());
    let end = start + authority;
    let colon = rest.iter().position(|byte| *byte == b':');
    let Some(at_sign) = user_info(rest, authority, colon) else {
        return Some((None, end));
    };
    let secret = match colon.filter(|colon| *colon < at_sign) {
        Some(colon) => colon + 1..at_sign,
        // A name alone is no secret; something long without a colon is a token.
        None if at_sign >= 20
            && rest
                .iter()
                .take(at_sign)
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)) =>
        {
            0..at_sign
        }
        None => return Some((None, end)),
    };
    if secret.is_empty() {
        return Some((None, end));
    }
    let span = Span::redacted(start + secret.start..start + secret.end, Rule::UrlPassword);
    Some((Some(span), end.max(start + at_sign)))
}

/// Where the `@` behind the user's name and password is: the last one in the authority; or the last before the next
/// blank, if what stands before the `/`, `?` or `#` is no host and port and so has to be a password with one of them.
fn user_info(rest: &[u8], authority: usize, colon: Option<usize>) -> Option<usize> {
    let last_at = |part: &[u8]| part.iter().rposition(|byte| *byte == b'@');
    let in_authority = rest.get(..authority)?;
    if let Some(found) = last_at(in_authority) {
        return Some(found);
    }
    let after_colon = in_authority.get(colon? + 1..)?;
    let is_port = after_colon.iter().all(u8::is_ascii_digit) || in_authority.starts_with(b"[");
    if is_port {
        return None;
    }
    last_at(rest)
}
