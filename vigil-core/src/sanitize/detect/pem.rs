//! Private keys in PEM (RFC 7468), of OpenSSH, SSH2 (RFC 4716) and PGP (RFC 9580), and PuTTY's (`Private-Lines`), also
//! cut at either end, and escaped into one line.

use super::bytes::{looked_at, run, run_back, starts_with};
use super::{Rule, Span};

const LABEL: &[u8] = b"PRIVATE KEY";
/// The longest label is `OPENSSH PRIVATE KEY`; PGP adds ` BLOCK`.
const LONGEST_LABEL: usize = 48;
/// Bytes behind which no end of a key is looked for: RSA's of 16,384 bits have 13,000.
const LONGEST: usize = 1 << 15;

/// What has been seen of keys, so that a text full of their beginnings is read once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Where the last key ends. One that begins inside another ends with it.
    until: usize,
    /// From `searched` on the first line of an end stands at `end`.
    searched: usize,
    end: Option<usize>,
}

/// The key whose `BEGIN` or, its beginning being cut off, `END` stands at `at`.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize, seen: &mut Seen) -> Option<Span> {
    if !matches!(bytes.get(at), Some(b'B' | b'E')) || at < seen.until {
        return None;
    }
    let blank = run_back(bytes, floor, at, 1, |byte| byte == b' ');
    let dashes = run_back(bytes, floor, at - blank, 5, |byte| byte == b'-');
    if dashes < 4 {
        return None;
    }
    let start = at - blank - dashes;
    if starts_with(bytes, at, b"BEGIN ") {
        let body = after_label(bytes, at + 6)?;
        let end = match seen.end_line(bytes, body) {
            Some(line) if line - body <= LONGEST => {
                after_label(bytes, line + 4).unwrap_or(line + 4)
            }
            _ => end_of_lines(bytes, body),
        };
        seen.until = end;
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
        seen.until = end;
        return Some(Span::redacted(from..end, Rule::PrivateKey));
    }
    None
}

/// The lines behind PuTTY's `Private-Lines: 8`, whose colon stands at `at`.
pub(super) fn putty(bytes: &[u8], at: usize, seen: &mut Seen) -> Option<Span> {
    const NAME: &[u8] = b"Private-Lines";
    let start = at.checked_sub(NAME.len())?;
    if at < seen.until || bytes.get(start..at) != Some(NAME) {
        return None;
    }
    let number = at + 1 + run(bytes, at + 1, 4, |byte| byte == b' ');
    let digits = run(bytes, number, 4, |byte| byte.is_ascii_digit());
    let body = number + digits;
    let end = end_of_lines(bytes, body);
    let start = body + blanks(bytes, body);
    seen.until = end;
    (digits > 0 && end > start).then(|| Span::redacted(start..end, Rule::PrivateKey))
}

impl Seen {
    /// Where, from `body` on, the first `END` behind dashes stands.
    fn end_line(&mut self, bytes: &[u8], body: usize) -> Option<usize> {
        let known = self.searched > 0 && self.searched <= body;
        if !(known && self.end.is_none_or(|end| end >= body)) {
            self.searched = body;
            let found = bytes.get(body..).and_then(|rest| {
                rest.windows(6)
                    .position(|window| window.starts_with(b"--END ") || window == b"- END ")
            });
            looked_at(found.unwrap_or(bytes.len() - body));
            self.end = found.map(|place| body + place + 2);
        }
        self.end
    }
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
    if starts_with(bytes, end, b" ----") {
        end += 1;
    }
    while bytes.get(end) == Some(&b'-') {
        end += 1;
    }
    Some(end)
}

/// The end of the lines of a key from `body` on whose last line is cut off.
fn end_of_lines(bytes: &[u8], body: usize) -> usize {
    let mut at = body;
    let mut long_line = false;
    let end = loop {
        at += blanks(bytes, at);
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
            break trimmed(bytes, body, at);
        }
    };
    looked_at(at - body + 1);
    end
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
