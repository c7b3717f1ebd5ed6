//! Passwords in URLs: `scheme://user:password@host` (RFC 3986, 3.2.1), the password with odd characters too.

use super::bytes::{looked_at, run_back};
use super::{Rule, Span};

/// Bytes in which the `@` behind a password is looked for.
const LONGEST: usize = 512;

/// What a URL has to hide, and where its authority ends.
pub(super) struct Url {
    pub(super) secret: Option<Span>,
    pub(super) authority_end: usize,
    /// The `@` between user and host, which makes no e-mail address.
    pub(super) at_sign: Option<usize>,
}

/// What has been seen of the text behind `://`, so that a text full of them is read once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Up to here there is no blank or quote, from some `://` on.
    until: usize,
    /// Behind the last `@` before that.
    at_sign: usize,
}

/// What the URL whose `:` stands at `at` has to hide. `None` if it is no URL.
pub(super) fn find(bytes: &[u8], at: usize, seen: &mut Seen) -> Option<Url> {
    if bytes.get(at + 1..at + 3) != Some(b"//") {
        return None;
    }
    let start = at + 3;
    let rest = bytes.get(start..)?;
    let rest = rest.get(..rest.len().min(LONGEST))?;
    let (mut colon, mut at_sign, mut authority) = (None, None, rest.len());
    for (place, byte) in rest.iter().enumerate() {
        match PARTS[usize::from(*byte)] {
            Part::Other => {}
            Part::Colon if colon.is_none() => colon = Some(place),
            Part::Colon => {}
            Part::AtSign => at_sign = Some(place),
            Part::Path | Part::End => {
                authority = place;
                break;
            }
        }
    }
    looked_at(authority + 1);
    let in_authority = rest.get(..authority)?;
    let mut authority_end = start + authority;
    // The `@` may also be the last before the next blank, if what stands before the `/`, `?` or `#` is no host and port
    // and so has to be a password with one of them.
    let at_sign = at_sign.or_else(|| {
        let after_colon = in_authority.get(colon? + 1..)?;
        let is_port = after_colon.iter().all(u8::is_ascii_digit) || in_authority.starts_with(b"[");
        if is_port {
            return None;
        }
        last_at_sign(bytes, start, seen).map(|at_sign| at_sign - start)
    });
    let secret = at_sign.and_then(|at_sign| {
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
            None => return None,
        };
        if secret.is_empty() {
            return None;
        }
        authority_end = authority_end.max(start + at_sign);
        let range = start + secret.start..start + secret.end;
        Some(Span::redacted(range, Rule::UrlCredentials))
    });
    Some(Url {
        secret,
        authority_end,
        at_sign: at_sign.map(|at_sign| start + at_sign),
    })
}

/// The password in Oracle's `jdbc:oracle:thin:scott/tiger@//host:1521/service` and `sqlplus scott/tiger@service`, whose
/// `@` stands at `at`.
pub(super) fn oracle(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let end = |byte: u8| matches!(byte, b'/' | b'@' | b':') || is_end(byte);
    let password = run_back(bytes, floor, at, 64, |byte| !end(byte));
    let slash = (at - password).checked_sub(1)?;
    if password == 0 || bytes.get(slash) != Some(&b'/') {
        return None;
    }
    let user = run_back(bytes, floor, slash, 64, |byte| !end(byte));
    let before = bytes.get(floor..slash - user)?;
    let known = [&b":thin:"[..], b":oci:", b":oci8:", b"sqlplus "];
    (user > 0 && known.iter().any(|known| before.ends_with(known)))
        .then(|| Span::redacted(slash + 1..at, Rule::UrlCredentials))
}

/// The password in Go's `user:password@tcp(host:3306)/name`, whose `@` stands at `at`.
pub(super) fn go(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    const NETWORKS: [&[u8]; 4] = [b"tcp(", b"tcp6(", b"unix(", b"cloudsql("];
    let rest = bytes.get(at + 1..)?;
    if !NETWORKS.iter().any(|network| rest.starts_with(network)) {
        return None;
    }
    let len = run_back(bytes, floor, at, 128, |byte| !is_end(byte));
    let both = bytes.get(at - len..at)?;
    let colon = both.iter().position(|byte| *byte == b':')?;
    let start = at - len + colon + 1;
    (start < at).then(|| Span::redacted(start..at, Rule::UrlCredentials))
}

/// The last `@` before the next blank or quote, or in the bytes that are looked at.
fn last_at_sign(bytes: &[u8], start: usize, seen: &mut Seen) -> Option<usize> {
    let end = bytes.len().min(start + LONGEST);
    if seen.until < start {
        seen.until = start;
    }
    let from = seen.until;
    while seen.until < end {
        match bytes.get(seen.until)? {
            b'@' => seen.at_sign = seen.until + 1,
            byte if is_end(*byte) => break,
            _ => {}
        }
        seen.until += 1;
    }
    looked_at(seen.until - from + 1);
    seen.at_sign
        .checked_sub(1)
        .filter(|at_sign| *at_sign >= start)
}

fn is_end(byte: u8) -> bool {
    matches!(PARTS[usize::from(byte)], Part::End)
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Other,
    Colon,
    AtSign,
    /// With these begins what follows the authority.
    Path,
    /// Before these a URL in a text ends.
    End,
}

static PARTS: [Part; 256] = {
    let mut table = [Part::Other; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b':' => Part::Colon,
            b'@' => Part::AtSign,
            b'/' | b'?' | b'#' => Part::Path,
            b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' => Part::End,
            _ if byte.is_ascii_whitespace() => Part::End,
            _ => Part::Other,
        };
        byte += 1;
    }
    table
};
