//! Secrets on lines whose first word says what follows, without any sign between: `.netrc`, redis and Dockerfiles.

use std::ops::Range;

use super::bytes::{run, starts_with, starts_with_ignoring_case};
use super::harmless::{IN_QUOTES, is_harmless};
use super::{Rule, Span};
use crate::sanitize::key::{Class, kind_of};
use crate::sanitize::rules::Rules;

/// Bytes of a line, and of the lines before it, that are looked at.
const NEAR: usize = 256;

/// Whether a text may begin with one of these lines.
#[inline(always)]
pub(super) fn may_begin_text(bytes: &[u8]) -> bool {
    match bytes.first() {
        Some(b'm') => starts_with(bytes, 0, b"machine ") || starts_with(bytes, 0, b"masterauth "),
        Some(b'r') => starts_with(bytes, 0, b"requirepass "),
        Some(b'A') => starts_with(bytes, 0, b"AUTH "),
        Some(b'E') => starts_with(bytes, 0, b"ENV "),
        _ => false,
    }
}

/// Whether a line that begins at `at`, behind another one, may be one of these.
pub(super) fn may_begin(bytes: &[u8], at: usize) -> bool {
    let at = at + run(bytes, at, 16, is_blank);
    starts_with(bytes, at, b"password ") || may_begin_text(bytes.get(at..).unwrap_or_default())
}

/// The secret on the line that begins at `at`.
pub(super) fn find(text: &str, at: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    let at = at + run(bytes, at, 16, is_blank);
    let range = if starts_with(bytes, at, b"machine ") {
        let line = at..at + run(bytes, at, NEAR, is_in_line);
        let line = bytes.get(line)?;
        find_word(line, b" login ")?;
        let place = find_word(line, b" password ")?;
        word(bytes, at + place + b" password ".len())
    } else if starts_with(bytes, at, b"password ") {
        // `.netrc` with a line for each.
        let before = bytes.get(at.saturating_sub(NEAR)..at)?;
        let machine = find_word(before, b"machine ")?;
        find_word(before.get(machine..)?, b"login ")?;
        word(bytes, at + b"password ".len())
    } else if starts_with(bytes, at, b"requirepass ") || starts_with(bytes, at, b"masterauth ") {
        word(bytes, at + run(bytes, at, NEAR, |byte| byte != b' ') + 1)
    } else if starts_with(bytes, at, b"AUTH ") {
        let first = word(bytes, at + 5);
        let second = word(bytes, first.end + 1);
        let range = if second.is_empty() { first } else { second };
        // "AUTH failed" is no command.
        let found = bytes.get(range.clone())?;
        let is_mixed =
            found.iter().any(u8::is_ascii_digit) && found.iter().any(u8::is_ascii_alphabetic);
        let ends = !bytes.get(range.end).is_some_and(|byte| is_in_line(*byte));
        (found.len() >= 6 && is_mixed && ends).then_some(range)?
    } else {
        let key = word(bytes, at + b"ENV ".len());
        let is_key = starts_with(bytes, at, b"ENV ")
            && bytes.get(key.end) == Some(&b' ')
            && kind_of(text.get(key.clone())?, rules.words()).class() >= Class::Sensitive;
        let start = is_key.then_some(key.end + 1)?;
        start..start + run(bytes, start, NEAR, is_in_line)
    };
    let found = text.get(range.clone())?;
    (!is_harmless(found, IN_QUOTES, "")).then(|| Span::redacted(range, Rule::Key))
}

/// `COMMENT ON COLUMN users.password IS '...'` says what a column is for.
pub(super) fn is_comment(bytes: &[u8], at: usize) -> bool {
    const COMMENT: &[u8] = b"comment on ";
    let start = at.saturating_sub(NEAR);
    super::bytes::looked_at(at - start);
    (start..at).any(|place| starts_with_ignoring_case(bytes, place, COMMENT))
}

fn find_word(bytes: &[u8], word: &[u8]) -> Option<usize> {
    super::bytes::looked_at(bytes.len());
    bytes.windows(word.len()).position(|window| window == word)
}

fn word(bytes: &[u8], start: usize) -> Range<usize> {
    start..start + run(bytes, start, NEAR, |byte| !byte.is_ascii_whitespace())
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
    fn passwords_of_commands_and_of_lines_without_a_sign() {
        for (text, wanted) in [
            (
                "mysql -u app -phunter2 shop",
                "mysql -u app -p***REDACTED*** shop",
            ),
            ("mysqldump -p'a b' x", "mysqldump -p'***REDACTED***' x"),
            (
                "sshpass -p hunter2 ssh db",
                "sshpass -p ***REDACTED*** ssh db",
            ),
            (
                "docker login -u ann -p hunter2 r.io",
                "docker login -u ann -p ***REDACTED*** r.io",
            ),
            (
                "machine a.b login ann password hunter2",
                "machine a.b login ann password ***REDACTED***",
            ),
            (
                "machine a.b\n  login ann\n  password hunter2\n",
                "machine a.b\n  login ann\n  password ***REDACTED***\n",
            ),
            (
                "port 1\nrequirepass hunter2",
                "port 1\nrequirepass ***REDACTED***",
            ),
            ("AUTH hunter2", "AUTH ***REDACTED***"),
            (
                "FROM a\nENV API_KEY hunter2 x\nRUN b",
                "FROM a\nENV API_KEY ***REDACTED***\nRUN b",
            ),
        ] {
            becomes(text, wanted);
        }
        for text in [
            "mysql -u app -p shop",
            "mkdir -p secrets/hunter2",
            "ssh -p 2222 db",
            "docker run -p 8080:80 web",
            "machine learning is fun",
            "the machine a.b has no password yet",
            "AUTH failed for ann",
            "ENV PATH /usr/bin",
            "ENV API_KEY ${API_KEY}",
            "requirepass ${REDIS}",
            "COMMENT ON COLUMN users.password IS 'bcrypt'",
        ] {
            stays(text);
        }
    }
}
