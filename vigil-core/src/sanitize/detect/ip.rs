//! IP addresses in text, for the profiles that do not keep them. Parsed by the standard library (RFC 791, RFC 4291),
//! with no digit or dot beside them, so that version numbers and object identifiers stay.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::bytes::{run, run_back};
use super::{IpPolicy, Replacement, Rule, Span};

/// Longer than any address.
const MOST: usize = 48;

fn span(start: usize, end: usize, policy: IpPolicy) -> Span {
    let replacement = match policy {
        IpPolicy::Network => Replacement::Network,
        _ => Replacement::Redacted,
    };
    Span::new(start..end, Rule::Ip, replacement)
}

/// The IPv4 address that begins at this digit. One whose last number is 0 is a network already.
pub(super) fn v4(text: &str, at: usize, policy: IpPolicy) -> Option<Span> {
    let bytes = text.as_bytes();
    let before = |by: usize| {
        at.checked_sub(by)
            .and_then(|place| bytes.get(place))
            .copied()
    };
    let joined = match before(1) {
        Some(b'.') => true,
        Some(b'-') => before(2).is_some_and(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    if joined || is_version(bytes, at) {
        return None;
    }
    let len = run(bytes, at, MOST, |byte| {
        byte.is_ascii_digit() || byte == b'.'
    });
    let found = text.get(at..at + len)?.trim_end_matches('.');
    let address: Ipv4Addr = found.parse().ok()?;
    if policy == IpPolicy::Network && address.octets()[3] == 0 {
        return None;
    }
    let end = at + found.len();
    let goes_on = match bytes.get(end) {
        Some(b'-') => bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(byte) => byte.is_ascii_alphanumeric(),
        None => false,
    };
    if goes_on {
        return None;
    }
    Some(span(at, end, policy))
}

/// Whether what stands before says that four numbers are a version or an object identifier.
fn is_version(bytes: &[u8], at: usize) -> bool {
    let sign = run_back(bytes, 0, at, 3, |byte| {
        matches!(byte, b' ' | b':' | b'=' | b'/' | b'"')
    });
    let word = bytes.get(..at - sign).unwrap_or_default();
    [&b"version"[..], b"oid"].iter().any(|known| {
        let start = word.len().checked_sub(known.len());
        start
            .and_then(|start| word.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(known))
    })
}

/// The IPv6 address of which this is a colon.
pub(super) fn v6(text: &str, at: usize, floor: usize, policy: IpPolicy) -> Option<Span> {
    let bytes = text.as_bytes();
    let part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let start = at - run_back(bytes, floor, at, MOST, part);
    let len = run(bytes, start, MOST, |byte| part(byte) || byte == b'.');
    let found = text.get(start..start + len)?.trim_end_matches('.');
    // The colon of the sentence.
    let found = match found.strip_suffix(':') {
        Some(shorter) if !shorter.ends_with(':') => shorter,
        _ => found,
    };
    // "::" alone is a path separator.
    let address: Ipv6Addr = found.parse().ok().filter(|_| found.len() > 5)?;
    // `std::fd::add` is a path.
    let end = start + found.len();
    let word = |place: Option<usize>| {
        place
            .and_then(|place| bytes.get(place))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    if word(start.checked_sub(1)) || word(Some(end)) {
        return None;
    }
    let [.., e, f, g, h, i] = address.segments();
    if policy == IpPolicy::Network && [e, f, g, h, i] == [0; 5] {
        return None;
    }
    Some(span(start, start + found.len(), policy))
}
