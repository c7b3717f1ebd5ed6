//! Values that do not stand right behind the sign: on the lines below it, behind a type, in a part of a form.

use std::ops::Range;

use super::bytes::{looked_at, run};
use super::harmless::{IN_QUOTES, is_harmless};
use super::value::closing_quote;
use crate::sanitize::key::{Class, kind_of};
use crate::sanitize::rules::Rules;

/// Bytes in which a type or the end of a part's head is looked for.
const NEAR: usize = 128;

/// The value below the line whose sign ends at `after`: a block of YAML, or one word that stands in and is none of the
/// language's.
pub(super) fn below(text: &str, after: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mark = block(bytes, after);
    let is_block = mark.is_some();
    let mut at = mark.unwrap_or_else(|| after + run(bytes, after, 16, is_blank));
    at += usize::from(bytes.get(at) == Some(&b'\r'));
    if bytes.get(at) != Some(&b'\n') {
        return None;
    }
    let indent = run(bytes, at + 1, 64, is_blank);
    let start = at + 1 + indent;
    let mut end = start + run(bytes, start, usize::MAX, is_in_line);
    let found = text
        .get(start..end)
        .filter(|found| indent > 0 && !found.is_empty())?;
    if !is_block {
        let is_word = found.len() >= 6
            && found
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"=:{}[]\"'<>".contains(&byte))
            && found.bytes().any(|byte| byte.is_ascii_digit())
            && found.bytes().any(|byte| byte.is_ascii_alphabetic());
        return (is_word && !is_harmless(found, IN_QUOTES, "")).then_some(start..end);
    }
    // The lines that stand in as far.
    loop {
        let next = end + usize::from(bytes.get(end) == Some(&b'\r'));
        let goes_on =
            bytes.get(next) == Some(&b'\n') && run(bytes, next + 1, indent, is_blank) == indent;
        if !goes_on {
            break;
        }
        end = next + 1 + run(bytes, next + 1, usize::MAX, is_in_line);
    }
    let found = text.get(start..end)?;
    (!is_harmless(found.trim(), IN_QUOTES, "")).then_some(start..end)
}

/// Where the mark ends with which YAML begins a block, if nothing but that stands behind the sign that ends at `after`.
pub(super) fn block(bytes: &[u8], after: usize) -> Option<usize> {
    let at = after + run(bytes, after, 16, is_blank);
    if !matches!(bytes.get(at), Some(b'|' | b'>')) {
        return None;
    }
    let end = at
        + 1
        + run(bytes, at + 1, 2, |byte| {
            matches!(byte, b'+' | b'-' | b'1'..=b'9')
        });
    matches!(bytes.get(end), None | Some(b'\n' | b'\r')).then_some(end)
}

/// The text in quotes behind a type: `let password: &str = "..."`, whose colon ends at `after`.
pub(super) fn behind_type(text: &str, after: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let len = run(bytes, after, NEAR, |byte| {
        byte.is_ascii_alphanumeric() || b" &'_<>:".contains(&byte)
    });
    let sign = after + len;
    if len < 2 || bytes.get(sign - 1..sign + 2) != Some(b" = ") {
        return None;
    }
    let quote = *bytes
        .get(sign + 2)
        .filter(|byte| matches!(byte, b'"' | b'`'))?;
    let open = sign + 3;
    let range = open..closing_quote(bytes, open, quote, 0);
    looked_at(range.len());
    (!is_harmless(text.get(range.clone())?, IN_QUOTES, "")).then_some(range)
}

/// What follows the head of a part of a form (RFC 7578) whose `name=` ends at `after`, if that names a secret.
pub(super) fn part(text: &str, after: usize, rules: &Rules) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let name = part_name(bytes, after)?;
    let end = name.end;
    if kind_of(text.get(name)?, rules.words()).class() < Class::Sensitive {
        return None;
    }
    let head = bytes.get(end..bytes.len().min(end + NEAR))?;
    looked_at(head.len());
    // In a log the line breaks may be escaped.
    let start = [&b"\r\n\r\n"[..], b"\n\n", b"\\r\\n\\r\\n"]
        .iter()
        .find_map(|gap| {
            let place = head.windows(gap.len()).position(|window| window == *gap)?;
            Some(end + place + gap.len())
        })?;
    let len = run(bytes, start, usize::MAX, |byte| {
        is_in_line(byte) && byte != b'\\'
    });
    let found = text.get(start..start + len)?;
    (!is_harmless(found, IN_QUOTES, "")).then_some(start..start + len)
}

/// The name in quotes at `at`, if a line ends behind it.
pub(super) fn part_name(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let len = run(bytes, at + 1, 64, |byte| byte != b'"');
    let end = at + 1 + len;
    matches!(bytes.get(end + 1), Some(b'\r' | b'\n' | b'\\')).then_some(at + 1..end)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_in_line(byte: u8) -> bool {
    !matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::super::tests::{becomes, stays};

    #[test]
    fn values_beyond_the_sign() {
        for (text, wanted) in [
            (
                "let password: &str = \"hunter2\";",
                "let password: &str = \"***REDACTED***\";",
            ),
            (
                "password=\n  s3cretpw\nuser=a",
                "password=\n  ***REDACTED***\nuser=a",
            ),
            (
                "password: >-\n  two words\n  more\nuser: a",
                "password: >-\n  ***REDACTED***\nuser: a",
            ),
            (
                "a%5Bpassword%5D=hunter2&x=1",
                "a%5Bpassword%5D=***REDACTED***&x=1",
            ),
            (
                "form-data; name=\"password\"\r\n\r\nhunter2\r\n--b",
                "form-data; name=\"password\"\r\n\r\n***REDACTED***\r\n--b",
            ),
            (
                "app:hunter2@tcp(db:3306)/shop",
                "app:***REDACTED***@tcp(db:3306)/shop",
            ),
        ] {
            becomes(text, wanted);
        }
        for text in [
            "password: String,\nname: String",
            "let password: &str = user.secret();",
            "password=\n  user=ann1",
            "password:\n  required\n",
            "form-data; name=\"plan\"\r\n\r\nfree\r\n--b",
            "a%5Bplan%5D=free&x=1",
            "see app:beta@tcp",
        ] {
            stays(text);
        }
    }
}
