//! E-mail addresses: RFC 5321 `dot-string` local parts, also internationalised (RFC 6531), at a domain with a
//! top-level name (RFC 1035; punycode included).

use super::bytes::{looked_at, run_back};
use super::{Replacement, Rule, Span};

/// RFC 5321 allows 64; what is longer is no address, but is not shown either.
const LONGEST_LOCAL: usize = 128;
const LONGEST_DOMAIN: usize = 255;

/// Endings of file names: `icon@2x.png` is no address.
const FILES: [&str; 12] = [
    "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "css", "js", "mjs", "ts", "json",
];

/// The address whose `@`, of `width` bytes (`%40` has three), stands at `at`.
pub(super) fn find(text: &str, at: usize, width: usize, floor: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let local = run_back(bytes, floor, at, LONGEST_LOCAL, is_local);
    let mut start = at - local;
    // Quotes and dots at its beginning belong to the sentence.
    while bytes
        .get(start)
        .is_some_and(|byte| start < at && matches!(byte, b'.' | b'\'' | b'-' | b'%'))
    {
        start += 1;
    }
    start = behind_encoded(bytes, start, at);
    // A run cut by the bound may begin within a character.
    while start < at && !text.is_char_boundary(start) {
        start += 1;
    }
    if start == at {
        return None;
    }
    let end = domain(text, at + width)?;
    // `git@host:path` names a repository.
    if text.get(start..at) == Some("git") && bytes.get(end) == Some(&b':') {
        return None;
    }
    Some(Span::new(start..end, Rule::Email, Replacement::Email))
}

/// Where the local part begins that reaches from `start` to `at`: in `to%3Djane%40...` behind what is encoded before it.
fn behind_encoded(bytes: &[u8], start: usize, at: usize) -> usize {
    let local = bytes.get(start..at).unwrap_or_default();
    if !local.contains(&b'%') {
        return start;
    }
    const DELIMITERS: [&[u8; 3]; 12] = [
        b"%3D", b"%3A", b"%26", b"%3C", b"%22", b"%20", b"%2C", b"%3F", b"%2F", b"%0A", b"%3B",
        b"%27",
    ];
    looked_at(local.len());
    let last = local.windows(3).rposition(|window| {
        DELIMITERS
            .iter()
            .any(|known| window.eq_ignore_ascii_case(*known))
    });
    last.map_or(start, |place| start + place + 3)
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+'-~!#$&*".contains(&byte) || byte >= 0x80
}

/// The end of the domain that begins at `start`.
fn domain(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        if at > LONGEST_DOMAIN || !(c.is_alphanumeric() || c == '-' || c == '.') {
            break;
        }
        end = at + c.len_utf8();
    }
    looked_at(end + 1);
    let mut domain = rest.get(..end)?;
    // The last label has to be a name; what follows the last that is (a full stop, a number) is not the domain's.
    loop {
        domain = domain.trim_end_matches(['.', '-']);
        let (before, top) = domain.rsplit_once('.')?;
        // "jane@example.com-based": no top-level name has a hyphen but those in punycode.
        looked_at(domain.len() - before.len());
        if !top.starts_with("xn--")
            && let Some(hyphen) = top.rfind('-')
        {
            domain = domain.get(..before.len() + 1 + hyphen)?;
            continue;
        }
        let is_name = top.chars().count() >= 2
            && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"));
        if is_name {
            looked_at(before.len());
            let labels = before
                .split('.')
                .all(|label| !label.is_empty() && !label.starts_with('-'));
            let file = FILES.iter().any(|ending| top.eq_ignore_ascii_case(ending));
            return (labels && !file).then_some(start + domain.len());
        }
        domain = before;
    }
}
