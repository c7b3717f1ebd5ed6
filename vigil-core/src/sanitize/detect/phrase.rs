//! Secrets told in words: `--password hunter2`, `the password is hunter2`, `IDENTIFIED BY 'hunter2'`, `curl -u jane:x`.
//! Here no sign stands between the key and its value, so that more is asked of the value.

use std::ops::Range;

use super::bytes::{run, run_back, starts_with_ignoring_case};
use super::harmless::{IN_QUOTES, is_harmless};
use super::value::{self, closing_quote};
use super::{Rule, Span, line, number, pair};
use crate::sanitize::key::{Class, Kind, is_plain_word, kind_of, may_be_known};
use crate::sanitize::rules::Rules;

/// Bytes of a flag's name, and of a value that has to look like a secret.
const LONGEST: usize = 64;

/// The value of the flag whose first letter, behind two dashes, stands at `at`.
pub(super) fn flag(text: &str, at: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    if at < 2 || bytes.get(at - 2..at) != Some(b"--") {
        return None;
    }
    let len = run(bytes, at, LONGEST, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
    });
    let end = at + len;
    let hidden = kind_of(text.get(at..end)?, rules.words()).class() >= Class::Sensitive;
    if !hidden || bytes.get(end) != Some(&b' ') {
        return None;
    }
    // A further flag follows one that takes no value.
    let blanks = run(bytes, end, LONGEST, |byte| byte == b' ');
    if bytes.get(end + blanks) == Some(&b'-') {
        return None;
    }
    let range = value::find(text, end, false, false, false, "")?;
    Some(Span::redacted(range, Rule::Key))
}

/// Programs to which a password can be given behind `-p`, and those that take it right behind the letter only: there
/// another word names a database.
const TAKES: [&[u8]; 6] = [
    b"sshpass ",
    b"az login",
    b"buildah login",
    b"docker login",
    b"podman login",
    b"helm registry login",
];
const TAKES_JOINED: [&[u8]; 2] = [b"mysql", b"mariadb"];

/// Whether a `-p` that may have a password stands with its `p` at `at`.
pub(super) fn may_be_short_flag(bytes: &[u8], at: usize) -> bool {
    at >= 2 && bytes.get(at - 2..=at) == Some(b" -p")
}

/// The password behind the `p` at `at`: `mysql -phunter2`, `sshpass -p hunter2`.
pub(super) fn short_flag(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    if !may_be_short_flag(bytes, at) {
        return None;
    }
    let before = bytes.get(at.saturating_sub(200)..at)?;
    let line = before
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'|' | b';'));
    let before = before.get(line.map_or(0, |line| line + 1)..)?;
    super::bytes::looked_at(before.len());
    let has = |programs: &[&[u8]]| {
        let is_there = |program: &&[u8]| {
            before
                .windows(program.len())
                .any(|window| window == *program)
        };
        programs.iter().any(is_there)
    };
    let blank = usize::from(bytes.get(at + 1) == Some(&b' '));
    if !(has(&TAKES) || (blank == 0 && has(&TAKES_JOINED))) {
        return None;
    }
    let start = at + 1 + blank;
    let range = match bytes.get(start)? {
        quote @ (b'"' | b'\'') => start + 1..closing_quote(bytes, start + 1, *quote, 0),
        b'-' => return None,
        _ => start..start + run(bytes, start, LONGEST, |byte| !byte.is_ascii_whitespace()),
    };
    let found = text.get(range.clone())?;
    (!is_harmless(found, IN_QUOTES, "")).then(|| Span::redacted(range, Rule::Key))
}

/// Whether a flag that begins at `at` certainly has no value to hide.
pub(super) fn is_no_flag(bytes: &[u8], at: usize) -> bool {
    let len = run(bytes, at, LONGEST, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
    });
    !may_be_known(bytes.get(at..at + len).unwrap_or_default())
}

/// What follows the `is` at `at`, if it is a secret that stands after its name.
pub(super) fn told(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    if !starts_with_ignoring_case(bytes, at, b"is ")
        || at < floor + 2
        || bytes.get(at - 1) != Some(&b' ')
    {
        return None;
    }
    let kind = key_before(text, at, floor, rules)?;
    if line::is_comment(bytes, at) {
        return None;
    }
    let start = at + 3 + run(bytes, at + 3, LONGEST, |byte| byte == b' ');
    let range = match bytes.get(start)? {
        quote @ (b'"' | b'\'' | b'`') => start + 1..closing_quote(bytes, start + 1, *quote, 0),
        _ => value::find(text, at + 2, false, false, true, "")?,
    };
    // A card or SSN keeps the form that everybody knows.
    if number::find(bytes, range.start, range.start).is_some() {
        return None;
    }
    let quoted = range.start > start;
    let found = bytes.get(range.clone())?;
    let looks_secret = (quoted && !found.is_empty() && found.len() <= LONGEST)
        || is_no_word(bytes, found, range.end, kind);
    looks_secret.then(|| Span::redacted(range, Rule::Key))
}

/// What stands in the quotes that open at `at`, if its name stands before them.
pub(super) fn quoted(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(at)?;
    if let Some(name) = name_of_pair(bytes, at) {
        return second_of_pair(text, at, name, floor, rules);
    }
    if at < floor + 2 || bytes.get(at - 1) != Some(&b' ') {
        return None;
    }
    let range = at + 1..closing_quote(bytes, at + 1, quote, 0);
    let found = bytes.get(range.clone())?;
    if found.is_empty() || found.len() > 4 * LONGEST || bytes.get(range.end).is_none() {
        return None;
    }
    let end = at - 1;
    let by = end >= floor + 14 && starts_with_ignoring_case(bytes, end - 13, b"identified by")
        || end >= floor + 15
            && starts_with_ignoring_case(bytes, end - 2, b"by")
            && identified(bytes, end, floor);
    let hidden = by || is_password(bytes, end, floor) || {
        let kind = key_before(text, at, floor, rules)?;
        found.len() >= 8 && is_mixed(found) && kind.class() >= Class::Sensitive
    };
    let text = text.get(range.clone())?;
    (hidden && !is_harmless(text, IN_QUOTES, "")).then(|| Span::redacted(range, Rule::Key))
}

/// What stands in the quotes that open at `at`, behind its name in the same brackets.
fn second_of_pair(
    text: &str,
    at: usize,
    name: Range<usize>,
    floor: usize,
    rules: &Rules,
) -> Option<Span> {
    let bytes = text.as_bytes();
    let hidden =
        name.start >= floor && kind_of(text.get(name)?, rules.words()).class() >= Class::Sensitive;
    let range = at + 1..closing_quote(bytes, at + 1, *bytes.get(at)?, 0);
    let closed = bytes.get(range.end + 1) == Some(&b')');
    let found = text.get(range.clone())?;
    (hidden && closed && !is_harmless(found, IN_QUOTES, ""))
        .then(|| Span::redacted(range, Rule::Key))
}

/// The name before the quotes that open at `at`, if both stand in brackets as `Debug` of Rust and `repr` of Python write
/// pairs: `[("user", "jane"), ("password", "hunter2")]`. What stands in brackets behind a word is a call or a list.
fn name_of_pair(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let quote = bytes.get(at)?;
    let before = bytes.get(..at)?;
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let before = before.strip_suffix(b",")?.strip_suffix(&[*quote])?;
    let len = run_back(before, 0, before.len(), LONGEST, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
    });
    let start = before.len() - len;
    let opens = matches!(
        before.get(..start)?.strip_suffix(&[*quote])?,
        [b'('] | [.., b'[' | b'(' | b',', b'('] | [.., b',', b' ', b'(']
    );
    (len > 0 && opens).then_some(start..before.len())
}

/// Whether what stands in the quotes that open at `at` may be hidden for what stands before them.
pub(super) fn may_be_quoted(bytes: &[u8], at: usize) -> bool {
    may_follow_key(bytes, at)
        || name_of_pair(bytes, at)
            .is_some_and(|name| may_be_known(bytes.get(name).unwrap_or_default()))
}

/// `IDENTIFIED WITH mysql_native_password BY`
fn identified(bytes: &[u8], end: usize, floor: usize) -> bool {
    let start = end.saturating_sub(60).max(floor);
    bytes
        .get(start..end)
        .unwrap_or_default()
        .windows(10)
        .any(|window| window.eq_ignore_ascii_case(b"identified"))
}

/// Whether the word that ends at `end` is that of a password, of which quotes hold the value and no description.
fn is_password(bytes: &[u8], end: usize, floor: usize) -> bool {
    let len = run_back(bytes, floor, end, 16, |byte| byte.is_ascii_alphabetic());
    let word = bytes.get(end - len..end).unwrap_or_default();
    [
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "passcode",
        "passwort",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

/// The kind that the words before `at` name, if that is a secret's; not words that have another meaning in prose.
fn key_before(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Kind> {
    const OTHER: [&str; 7] = [
        "auth",
        "authentication",
        "authorization",
        "pass",
        "cookie",
        "session",
        "bearer",
    ];
    let key = pair::key(text, at, floor).filter(|key| !key.quoted)?;
    let kind = kind_of(key.name, rules.words());
    let common = OTHER
        .iter()
        .any(|other| key.name.eq_ignore_ascii_case(other));
    (kind.class() >= Class::Sensitive && !common).then_some(kind)
}

/// Whether the words before the sign at `at`, of which the last ends before a blank, may name a secret.
pub(super) fn may_follow_key(bytes: &[u8], at: usize) -> bool {
    let Some(end) = at
        .checked_sub(1)
        .filter(|end| bytes.get(*end) == Some(&b' '))
    else {
        return false;
    };
    let last = |end: usize| end.checked_sub(1).and_then(|last| bytes.get(last));
    // A key may stand two blanks before.
    let end = end - usize::from(matches!(last(end), Some(b' ' | b'\t')));
    let before = last(end);
    let has_name = before.is_some_and(|last| pair::is_key(*last));
    if !has_name || is_plain_word(bytes, end, pair::is_key).is_some() {
        return false;
    }
    let start = end - run_back(bytes, 0, end, LONGEST, pair::is_key);
    let word = bytes.get(start..end).unwrap_or_default();
    // As for the key itself.
    let word = word.strip_prefix(b"-D").unwrap_or(word);
    may_be_known(word) || pair::needs_more(word) || word.eq_ignore_ascii_case(b"by")
}

/// Whether this, which stands without quotes in prose, is none of its words.
fn is_no_word(bytes: &[u8], found: &[u8], end: usize, kind: Kind) -> bool {
    const UNITS: [&[u8]; 13] = [
        b"char", b"byte", b"bit", b"digit", b"letter", b"day", b"hour", b"minute", b"second",
        b"week", b"month", b"year", b"time",
    ];
    if found.len() < 4 && !(found.len() == 3 && kind == Kind::Card) {
        return false;
    }
    if found.iter().all(u8::is_ascii_digit) {
        return !UNITS
            .iter()
            .any(|unit| starts_with_ignoring_case(bytes, end + 1, unit));
    }
    // Hyphens, apostrophes and slashes join words.
    found.iter().any(u8::is_ascii_digit)
        || found
            .iter()
            .any(|byte| byte.is_ascii_punctuation() && !b"-'/().,".contains(byte))
        || found.windows(2).any(|two| {
            two.first().is_some_and(u8::is_ascii_lowercase)
                && two.last().is_some_and(u8::is_ascii_uppercase)
        })
}

fn is_mixed(found: &[u8]) -> bool {
    found.iter().any(u8::is_ascii_digit)
        && found.iter().any(u8::is_ascii_alphabetic)
        && !found.contains(&b' ')
}

/// Whether the word before the colon at `at` may be a user behind a flag.
pub(super) fn may_be_user(bytes: &[u8], at: usize) -> bool {
    // With the quote before it.
    let name = run_back(bytes, 0, at, LONGEST + 1, |byte| {
        !byte.is_ascii_whitespace() && byte != b'='
    });
    let before = bytes.get(..at - name).unwrap_or_default();
    // With these letters the flags end.
    let ends = matches!(before, [.., b'u' | b'U' | b'a' | b'r' | b'h', b' ' | b'=']);
    ends && matches!(
        before.split_last_chunk::<3>(),
        Some((_, [b'-', b'u' | b'U' | b'a', b' ' | b'=']))
    ) || is_bundle(before)
        || [&b"user "[..], b"user=", b"auth ", b"auth="]
            .iter()
            .any(|flag| before.ends_with(flag))
}

/// Whether a flag behind which a user stands ends with this letter.
pub(super) fn ends_user_flag(byte: u8) -> bool {
    matches!(byte, b'u' | b'U' | b'a' | b'r' | b'h')
}

/// Whether a text ends in short options written as one of which the last is `u`: `-sSfu `.
fn is_bundle(before: &[u8]) -> bool {
    let options = before
        .strip_suffix(b"u ")
        .or_else(|| before.strip_suffix(b"u="));
    let Some(options) = options else {
        return false;
    };
    let letters = run_back(options, 0, options.len(), 8, |byte| {
        byte.is_ascii_alphabetic()
    });
    let rest = options.get(..options.len() - letters).unwrap_or_default();
    letters > 0 && rest.ends_with(b" -")
}

/// The password behind the colon at `at` in `curl -u jane:hunter2`.
pub(super) fn user(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let is_end =
        |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b':' | b'=');
    let name = run_back(bytes, floor, at, LONGEST, |byte| !is_end(byte));
    if name == 0 || bytes.get(at + 1) == Some(&b':') {
        return None;
    }
    let mut end = at.checked_sub(name).filter(|end| *end > floor + 2)?;
    let quote = bytes
        .get(end - 1)
        .copied()
        .filter(|quote| matches!(quote, b'"' | b'\''));
    end -= usize::from(quote.is_some());
    if !matches!(bytes.get(end.checked_sub(1)?), Some(b' ' | b'=')) {
        return None;
    }
    end -= 1;
    const FLAGS: [&[u8]; 6] = [
        b" -u",
        b" --user",
        b" -U",
        b" --proxy-user",
        b" -a",
        b" --auth",
    ];
    let flag = FLAGS.iter().find(|flag| {
        end.checked_sub(flag.len())
            .filter(|start| *start >= floor)
            .is_some_and(|start| bytes.get(start..end) == Some(flag))
    });
    // curl's short options can be written as one, and the last may take a value: `-sSfu`.
    let bundled = || {
        let letters = run_back(bytes, floor, end, 8, |byte| byte.is_ascii_alphabetic());
        let start = end.checked_sub(letters + 2)?;
        let fits = bytes.get(end - 1) == Some(&b'u') && bytes.get(start..start + 2) == Some(b" -");
        (letters > 0 && fits).then_some(letters + 2)
    };
    let flag = flag.map(|flag| flag.len()).or_else(bundled)?;
    // `docker run -u 1000:1000` gives ids.
    let program = bytes.get((end - flag).saturating_sub(200).max(floor)..end)?;
    super::bytes::looked_at(program.len());
    let is_client = ["curl", "http", "wget"].iter().any(|client| {
        program
            .windows(client.len())
            .any(|window| window == client.as_bytes())
    });
    let len = run(bytes, at + 1, 256, |byte| match quote {
        Some(quote) => byte != quote,
        None => !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\''),
    });
    (is_client && len > 0).then(|| Span::redacted(at + 1..at + 1 + len, Rule::UrlCredentials))
}
