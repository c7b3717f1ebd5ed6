//! Keys and values in percent-encoded text (RFC 3986, 2.1): `key%3Dvalue`, also encoded twice.

use super::bytes::{looked_at, run_back, starts_with};
use super::{Rule, Span, email};
use crate::sanitize::key::{Class, kind_of};
use crate::sanitize::rules::Rules;

/// Bytes before the sign in which the key is looked for.
const LONGEST_KEY: usize = 64;
/// Bytes of a value that are looked at.
const LONGEST: usize = 4096;

/// What a `%` stands for: its two digits, and how many bytes it takes, `%253D` being as good as `%3D`.
fn decoded(bytes: &[u8], at: usize) -> Option<([u8; 2], usize)> {
    if bytes.get(at) != Some(&b'%') {
        return None;
    }
    let mut width = 1;
    while width < 9 && starts_with(bytes, at + width, b"25") {
        width += 2;
    }
    let digits = bytes.get(at + width..at + width + 2)?;
    let digits = [
        digits.first()?.to_ascii_uppercase(),
        digits.last()?.to_ascii_uppercase(),
    ];
    Some((digits, width + 2))
}

/// Whether something can be found at this `%`.
pub(super) fn is_sign(bytes: &[u8], at: usize) -> bool {
    matches!(decoded(bytes, at), Some((digits, _)) if matches!(&digits, b"40" | b"3D" | b"3A"))
}

/// The address or the value of the encoded sign at `at`.
pub(super) fn find(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Span> {
    match decoded(text.as_bytes(), at)? {
        (digits, width) if &digits == b"40" => email::find(text, at, width, floor),
        (digits, width) if matches!(&digits, b"3D" | b"3A") => value(text, at, width, floor, rules),
        _ => None,
    }
}

fn value(text: &str, at: usize, width: usize, floor: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut end = at;
    // `%22key%22%3A`, `key%5D%3D`, `key+%3D`
    for _ in 0..2 {
        let closing = end.checked_sub(width).filter(|start| *start >= floor);
        match closing.and_then(|start| decoded(bytes, start)) {
            Some((digits, len))
                if len == width && matches!(&digits, b"22" | b"27" | b"5D" | b"20") =>
            {
                end -= width;
            }
            _ => break,
        }
    }
    let len = run_back(bytes, floor, end, LONGEST_KEY, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
    });
    let mut name = text.get(end - len..end)?;
    // `%26key`: the digits belong to what is encoded before.
    if end - len > floor && bytes.get(end - len - 1) == Some(&b'%') {
        while let Some(rest) = name.strip_prefix("25") {
            name = rest;
        }
        name = name.get(2..)?;
    }
    if kind_of(name, rules.words()).class() < Class::Sensitive {
        return None;
    }
    let mut start = at + width;
    while bytes.get(start) == Some(&b'+')
        || matches!(decoded(bytes, start), Some((digits, _)) if matches!(&digits, b"20"))
    {
        start += decoded(bytes, start).map_or(1, |(_, len)| len);
    }
    let quote = match decoded(bytes, start) {
        Some((digits, len)) if matches!(&digits, b"22" | b"27") => {
            start += len;
            Some(digits)
        }
        _ => None,
    };
    let mut end = start;
    while let Some(&byte) = bytes.get(end).filter(|_| end < start + LONGEST) {
        match (byte, decoded(bytes, end)) {
            (b'&' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b';', _) => break,
            (byte, _) if byte.is_ascii_whitespace() => break,
            (_, Some((digits, _))) if Some(digits) == quote => break,
            (b'+', _) if quote.is_none() => break,
            (_, Some((digits, _)))
                if quote.is_none()
                    && matches!(
                        &digits,
                        b"26" | b"20" | b"22" | b"27" | b"0A" | b"0D" | b"2C" | b"7D" | b"3B"
                    ) =>
            {
                break;
            }
            _ => end += 1,
        }
    }
    looked_at(end - start);
    (end > start).then(|| Span::redacted(start..end, Rule::Key))
}
