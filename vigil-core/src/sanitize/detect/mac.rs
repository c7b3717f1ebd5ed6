//! MAC addresses (IEEE 802, EUI-48) in their three forms: `00:1b:44:11:3a:b7`, `00-1B-44-11-3A-B7`, `001b.4411.3ab7`.

use super::bytes::looked_at;
use super::{Rule, Span};

/// The address that begins at `at`, or whose first colon stands there with two digits before.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let start = match bytes.get(at)? {
        b':' => at.checked_sub(2)?,
        _ => at,
    };
    if start < floor
        || !is_free(
            bytes,
            start.checked_sub(1).filter(|before| *before >= floor),
            true,
        )
    {
        return None;
    }
    looked_at(17);
    let end = grouped(bytes, start, 2, 6, b":-").or_else(|| grouped(bytes, start, 4, 3, b"."))?;
    let found = bytes.get(start..end)?;
    // All zeros and all ones are nobody's; digits alone with hyphens are more often a number of another kind.
    let mut digits = found.iter().filter(|byte| byte.is_ascii_hexdigit());
    let first = digits.next()?;
    let alike = digits.all(|digit| digit.eq_ignore_ascii_case(first))
        && matches!(first, b'0' | b'f' | b'F');
    let numeric = bytes.get(start + 2) == Some(&b'-') && !found.iter().any(u8::is_ascii_alphabetic);
    (!alike && !numeric && is_free(bytes, Some(end), false))
        .then(|| Span::redacted(start..end, Rule::Mac))
}

/// Whether the colon at `at` is the first of an address.
pub(super) fn is_plausible_colon(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 3) == Some(&b':')
        && bytes.get(at + 6) == Some(&b':')
        && bytes.get(at + 9) == Some(&b':')
}

/// Whether groups of the size of an address begin at `at`.
pub(super) fn is_plausible(bytes: &[u8], at: usize) -> bool {
    match (bytes.get(at + 2), bytes.get(at + 4)) {
        (Some(b'-'), _) => bytes.get(at + 5) == Some(&b'-'),
        (_, Some(b'.')) => bytes.get(at + 9) == Some(&b'.'),
        _ => false,
    }
}

/// The end of so many groups of hexadecimal digits with one separator.
fn grouped(
    bytes: &[u8],
    start: usize,
    size: usize,
    groups: usize,
    separators: &[u8],
) -> Option<usize> {
    let separator = *bytes.get(start + size)?;
    if !separators.contains(&separator) {
        return None;
    }
    let end = start + groups * (size + 1) - 1;
    bytes
        .get(start..end)?
        .chunks(size + 1)
        .all(|group| {
            let (digits, rest) = group.split_at(size);
            digits.iter().all(u8::is_ascii_hexdigit) && rest.iter().all(|byte| *byte == separator)
        })
        .then_some(end)
}

/// Whether no longer run of the same kind goes on at this place.
fn is_free(bytes: &[u8], place: Option<usize>, before: bool) -> bool {
    let Some(byte) = place.and_then(|place| bytes.get(place)) else {
        return true;
    };
    let next = if before {
        place.and_then(|place| place.checked_sub(1))
    } else {
        place.map(|place| place + 1)
    };
    let beyond = next
        .and_then(|next| bytes.get(next))
        .is_some_and(u8::is_ascii_hexdigit);
    !(byte.is_ascii_alphanumeric() || (matches!(byte, b':' | b'-' | b'.') && beyond))
}
