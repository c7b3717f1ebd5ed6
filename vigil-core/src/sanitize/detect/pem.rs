//! Private keys in PEM (RFC 7468 and OpenSSH's), also cut at either end, and escaped into one line.

use super::bytes::{looked_at, run_back, starts_with};
use super::{Rule, Span};

const LABEL: &[u8] = b"PRIVATE KEY";
/// The longest label is `OPENSSH PRIVATE KEY`; PGP adds ` BLOCK`.
const LONGEST_LABEL: usize = 48;

/// The key whose `BEGIN` or, its beginning being cut off, `END` stands at `at`.
///
/// `found_until`: where the last key ends. One that begins inside another ends with it: it can only do so in one of the
/// other's header lines, where both read on alike.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize, found_until: &mut usize) -> Option<Span> {
    if !matches!(bytes.get(at), Some(b'B' | b'E')) || at < *found_until {
        return None;
    }
    let dashes = run_back(bytes, floor, at, 5, |byte| byte == b'-');
    if dashes < 4 {
        return None;
    }
    let start = at - dashes;
    if starts_with(bytes, at, b"BEGIN ") {
        let body = after_label(bytes, at + 6)?;
        let end = end_of(bytes, body);
        looked_at(end - body + 1);
        *found_until = end;
        return Some(Span::redacted(start..end, Rule::PrivateKey));
    }
    if starts_with(bytes, at, b"END ") {
        let end = after_label(bytes, at + 4)?;
        let body = run_back(bytes, floor, start, usize::MAX, is_body);
        // Words before the line of dashes are body to the eye of a byte; a body's lines are long.
        let body = bytes.get(start - body..start)?;
        let words = body
            .split(u8::is_ascii_whitespace)
            .rev()
            .take_while(|word| word.is_empty() || word.len() >= 20 || word.ends_with(b"="))
            .fold(0, |len, word| len + word.len() + 1);
        let from = start - words.min(body.len());
        return Some(Span::redacted(from..end, Rule::PrivateKey));
    }
    None
}

/// Where the dashes after `... PRIVATE KEY` end, if that is what stands at `at`.
fn after_label(bytes: &[u8], at: usize) -> Option<usize> {
    let line = bytes.get(at..)?;
    let line = line.get(..line.len().min(LONGEST_LABEL))?;
    looked_at(LONGEST_LABEL);
    let label = line
        .windows(LABEL.len())
        .position(|window| window == LABEL)?;
    let named = line
        .get(..label)?
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ');
    if !named {
        return None;
    }
    let mut end = at + label + LABEL.len();
    if starts_with(bytes, end, b" BLOCK") {
        end += 6;
    }
    while bytes.get(end) == Some(&b'-') {
        end += 1;
    }
    Some(end)
}

/// The end of the key whose body begins at `body`: after its `END` line, or where the body ends if that is cut off.
fn end_of(bytes: &[u8], body: usize) -> usize {
    let mut at = body;
    let mut long_line = false;
    loop {
        at += blanks(bytes, at);
        if starts_with(bytes, at, b"-----END ") || starts_with(bytes, at, b"----END ") {
            let dashes = bytes.get(at..).unwrap_or_default();
            let label = at + dashes.iter().take_while(|byte| **byte == b'-').count() + 4;
            return after_label(bytes, label).unwrap_or(label);
        }
        let line = bytes.get(at..).unwrap_or_default();
        let len = line.iter().take_while(|byte| is_base64(**byte)).count();
        // `Proc-Type: 4,ENCRYPTED`, `DEK-Info: ...` and `Version: ...` stand before the body.
        let header = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"]
            .iter()
            .any(|name| line.starts_with(name.as_bytes()));
        if header {
            at += line
                .iter()
                .take_while(|byte| !matches!(byte, b'\n' | b'\r' | b'\\'))
                .count();
            continue;
        }
        let line = line.get(..len).unwrap_or_default();
        let looks_cut = line
            .iter()
            .any(|byte| byte.is_ascii_digit() || matches!(byte, b'=' | b'+' | b'/'));
        // After the long lines comes one that is shorter, and then the end.
        if len >= 16 {
            long_line = true;
            at += len;
        } else if len > 0 && long_line && looks_cut {
            at += len;
            long_line = false;
        } else {
            return trimmed(bytes, body, at);
        }
    }
}

/// Line ends and blanks, also as `\n` and `\r` in an escaped text, however often escaped.
fn blanks(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match bytes.get(end) {
            Some(byte) if byte.is_ascii_whitespace() => end += 1,
            Some(b'\\') => {
                let slashes = bytes
                    .get(end..)
                    .unwrap_or_default()
                    .iter()
                    .take_while(|byte| **byte == b'\\')
                    .count();
                match bytes.get(end + slashes) {
                    Some(b'n' | b'r') => end += slashes + 1,
                    _ => return end - at,
                }
            }
            _ => return end - at,
        }
    }
}

/// Blanks after the last line belong to what follows.
fn trimmed(bytes: &[u8], body: usize, at: usize) -> usize {
    let found = bytes.get(body..at).unwrap_or_default();
    body + found.trim_ascii_end().len()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn is_body(byte: u8) -> bool {
    is_base64(byte) || byte.is_ascii_whitespace() || byte == b'\\'
}
