//! Keys and values inside text: `key=value`, `key: value`, `"key": "value"`, query strings, `Debug` output. The key
//! rule decides by the key, and only the value is replaced.

use super::bytes::{looked_at, run, run_back};
use super::{Rule, Span, beyond, number, phone, phrase, value};
use crate::sanitize::key::{Class, Kind, is_plain_word, kind_of, may_be_known, nothing_known};
use crate::sanitize::rules::Rules;
use crate::sanitize::treatment::Treatment;

/// Bytes before the sign in which the key is looked for.
pub(super) const LONGEST_KEY: usize = 64;

/// The value to hide after the `=` or `:` at `at`. The key does not begin before `floor`.
pub(super) fn find(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    let sign = *bytes.get(at)?;
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    let before = at
        .checked_sub(1)
        .and_then(|before| bytes.get(before))
        .copied()?;
    // `==`, `::`, `!=`, `<=`, `>=`, `://` stand between other things.
    if next == sign || before == sign || matches!(before, b'!' | b'<' | b'>') {
        return None;
    }
    if is_bound(bytes, at) {
        return None;
    }
    let key = key(text, at, floor)?;
    looked_at(key.name.len());
    let mut kind = kind_of(key.name, rules.words());
    if kind == Kind::None && key.name.eq_ignore_ascii_case("value") {
        kind = kind_of(named_before(text, at, floor), rules.words());
    }
    let hidden = match kind.class() {
        Class::Public | Class::Internal => false,
        // Words like "address" and "name" are too common in prose; in JSON they are members.
        Class::Personal => {
            key.quoted
                && matches!(
                    rules.profile().treatment(kind),
                    Treatment::Redact | Treatment::Hash
                )
        }
        Class::Sensitive | Class::Secret => true,
    };
    // `:=` and `=>`
    let after = match (sign, next) {
        (b':', b'=') | (b'=', b'>') => at + 2,
        _ => at + 1,
    };
    if !hidden {
        if sign == b'=' && key.name.eq_ignore_ascii_case("name") {
            let value = beyond::part(text, after, rules)?;
            return Some(Span::redacted(value, Rule::Key));
        }
        return personal(bytes, after, kind).or_else(|| known_value(bytes, at, after, key.name));
    }
    let header = is_header(key.name);
    let colon = sign == b':';
    let below = (!key.quoted).then(|| beyond::below(text, after)).flatten();
    let range = below
        .or_else(|| match beyond::block(bytes, after) {
            Some(_) => None,
            None => value::find(text, after, key.quoted, header, colon, key.name),
        })
        .or_else(|| colon.then(|| beyond::behind_type(text, after)).flatten())?;
    // In prose a card or SSN keeps the form that everybody knows, also after its name.
    if !key.quoted
        && matches!(kind, Kind::Card | Kind::Government)
        && bytes.get(range.start).is_some_and(u8::is_ascii_digit)
        && let Some(span) = number::find(bytes, range.start, 0)
    {
        return Some(span);
    }
    Some(Span::redacted(range, Rule::Key))
}

/// A number that stands after a name of personal data, in prose too: words may, but digits are the thing itself.
fn personal(bytes: &[u8], after: usize, kind: Kind) -> Option<Span> {
    let start = after + run(bytes, after, 4, |byte| byte == b' ');
    match kind {
        Kind::Phone => phone::after_key(bytes, start),
        Kind::Birth if bytes.get(start)?.is_ascii_digit() => {
            let len = run(bytes, start, 32, |byte| {
                byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'/')
            });
            let dots = run_back(bytes, start, start + len, len, |byte| byte == b'.');
            let end = start + len - dots;
            (end - start >= 6).then(|| Span::redacted(start..end, Rule::Key))
        }
        _ => None,
    }
}

/// What is a secret by its value: the answer of HTTP's digest authentication (RFC 7616), `response="..."`, and the
/// signatures that stand for a credential in the URLs of object stores.
fn known_value(bytes: &[u8], at: usize, after: usize, name: &str) -> Option<Span> {
    if name.eq_ignore_ascii_case("response") {
        let start = after + usize::from(bytes.get(after) == Some(&b'"'));
        let len = run(bytes, start, 65, |byte| byte.is_ascii_hexdigit());
        return matches!(len, 32 | 64)
            .then(|| Span::redacted(start..start + len, Rule::AuthHeader));
    }
    let in_query = at
        .checked_sub(name.len() + 1)
        .is_some_and(|before| matches!(bytes.get(before), Some(b'?' | b'&')));
    if !in_query
        || !["sig", "signature"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let len = run(bytes, after, 1024, |byte| {
        byte.is_ascii_alphanumeric() || b"%+/=_-~.".contains(&byte)
    });
    (len >= 20).then(|| Span::redacted(after..after + len, Rule::UrlCredentials))
}

/// The value of the `name` or `key` that stands right before the `value` whose sign is at `at`, as in
/// `- name: TOKEN\n  value: ...`.
fn named_before(text: &str, at: usize, floor: usize) -> &str {
    let bytes = text.as_bytes();
    let start = at.saturating_sub(WINDOW).max(floor);
    let Some(window) = bytes.get(start..at) else {
        return "";
    };
    looked_at(WINDOW);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut words = window
        .split(|byte| !is_word(byte))
        .filter(|word| !word.is_empty() && *word != b"-" && *word != b"n")
        .rev()
        .skip(1);
    let (name, key) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let says = [&b"name"[..], b"key"]
        .iter()
        .any(|known| key.eq_ignore_ascii_case(known));
    match std::str::from_utf8(name) {
        Ok(name) if says => name,
        _ => "",
    }
}

/// Bytes before the sign of a `value` in which its name is looked for.
const WINDOW: usize = 128;

/// Whether behind the sign at `at` stands the place of a value that a statement is given apart from its text, and nothing
/// else: `?`, `?1`, `$1`.
#[inline(always)]
fn is_bound(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let Some((first @ (b'?' | b'$'), rest)) = rest.split_first() else {
        return false;
    };
    let digits = rest.iter().take(4);
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
    let ends = matches!(
        rest.get(digits..),
        Some([] | [b' ' | b'\n' | b';' | b')', ..] | [b','] | [b',', b' ', ..])
    );
    ends && (digits > 0 || *first == b'?')
}

/// Whether [`find`] certainly finds nothing here, with the built-in words and no floor: before the sign stands a name
/// that none of them knows, or none at all.
#[inline(always)]
pub(super) fn is_nothing(bytes: &[u8], at: usize) -> bool {
    let is_plain = match bytes.get(at) {
        Some(b':') => is_plain_colon(bytes, at),
        _ => {
            let blank = usize::from(at > 0 && bytes.get(at - 1) == Some(&b' '));
            is_bound(bytes, at) || is_plain_word(bytes, at - blank, is_key).is_some()
        }
    };
    is_plain || is_nothing_less_plain(bytes, at)
}

/// Whether the colon at `at` is one of a time, or stands behind a single word that is nobody's. Before it the user of
/// `curl -u` may stand, too.
#[inline(always)]
fn is_plain_colon(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    if let [.., b':', tens, ones] = before
        && tens.is_ascii_digit()
        && ones.is_ascii_digit()
    {
        return true;
    }
    if is_timestamp(before) {
        return true;
    }
    is_plain_word(bytes, at, is_key).is_some_and(|start| {
        match before.get(..start) {
            Some([.., b':' | b'\n']) => true,
            // The flags that give a user end otherwise.
            Some([.., last, b' ' | b'=']) => !phrase::ends_user_flag(*last),
            _ => false,
        }
    })
}

#[inline(never)]
fn is_nothing_less_plain(bytes: &[u8], at: usize) -> bool {
    let before = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied()
    };
    let sign = bytes.get(at);
    if sign == bytes.get(at + 1) || (at > 0 && sign == bytes.get(at - 1)) {
        return true;
    }
    if sign == Some(&b':') && phrase::may_be_user(bytes, at) {
        return false;
    }
    let end = at - usize::from(before(at).is_some_and(is_blank));
    let end = end - usize::from(before(end).is_some_and(is_blank) && end < at);
    if encoded_bracket(bytes, end).is_some() {
        return false;
    }
    nothing_known(bytes, end, is_key) || is_nobodys(bytes, end, at)
}

/// Whether this ends in the day and the hour of a time stamp (RFC 3339), with nothing joined to them.
#[inline(always)]
fn is_timestamp(before: &[u8]) -> bool {
    let Some((rest, [.., b'-', _, _, b'-', _, _, b'T', _, _])) = before.split_last_chunk::<13>()
    else {
        return false;
    };
    let digits = before.last_chunk::<13>().is_some_and(|stamp| {
        let digits = stamp.iter().filter(|byte| byte.is_ascii_digit());
        digits.count() == 10
    });
    digits && !rest.last().is_some_and(|byte| is_key(*byte))
}

/// Whether the name that ends at `end`, before the sign at `at`, is none although a word of it may be known.
#[inline(never)]
fn is_nobodys(bytes: &[u8], end: usize, at: usize) -> bool {
    let before = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied()
    };
    let word = |end: usize| end - run_back(bytes, 0, end, LONGEST_KEY, |byte| of(byte) == PLAIN);
    let name = |start: usize| bytes.get(start..end).unwrap_or_default();
    let mut start = word(end);
    if start == end && matches!(before(start), Some(b'"' | b'\'' | b'`')) {
        return false;
    }
    if needs_more(name(start)) {
        for _ in 0..2 {
            if before(start) == Some(b' ') && before(start - 1).is_some_and(is_key) {
                // As for the key itself: with what joins words.
                start -= 1 + run_back(bytes, 0, start - 1, LONGEST_KEY, is_key);
            }
        }
    }
    let start = start - run_back(bytes, 0, start, LONGEST_KEY, is_key);
    let name = name(start);
    // As for the key itself.
    let name = name.strip_prefix(b"-D").unwrap_or(name);
    let other = |other: &&str| name.eq_ignore_ascii_case(other.as_bytes());
    // Wherever that name begins, see `pem::putty`.
    let is_putty = name.ends_with(b"Private-Lines");
    let is_part = name.eq_ignore_ascii_case(b"name") && beyond::part_name(bytes, at + 1).is_some();
    !(is_putty || is_part || may_be_known(name) || OTHERS.iter().any(other))
}

/// Names that are no secret's by themselves, but may be by what stands before them or by the value.
const OTHERS: [&str; 4] = ["value", "response", "sig", "signature"];

/// Where the `%5D` begins that ends at `end`.
fn encoded_bracket(bytes: &[u8], end: usize) -> Option<usize> {
    let before = bytes.get(..end)?;
    (before.ends_with(b"%5D") || before.ends_with(b"%5d")).then(|| end - 3)
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

pub(super) struct FoundKey<'t> {
    pub(super) name: &'t str,
    pub(super) quoted: bool,
}

/// The key before the sign at `at`.
pub(super) fn key(text: &str, at: usize, floor: usize) -> Option<FoundKey<'_>> {
    let bytes = text.as_bytes();
    let end = at - run_back(bytes, floor, at, 2, is_blank);
    let quote = *bytes.get(end.checked_sub(1)?)?;
    if matches!(quote, b'"' | b'\'' | b'`') {
        // In JSON inside a string the quotes are escaped.
        let end = end - 1;
        let end = end - run_back(bytes, 0, end, 256, |byte| byte == b'\\');
        let len = run_back(bytes, 0, end, LONGEST_KEY, |byte| byte != quote);
        let start = end - len;
        // A quote that nothing opens ends some other text.
        if start == 0 || bytes.get(start - 1) != Some(&quote) {
            return None;
        }
        let name = text.get(start..end)?;
        return Some(FoundKey { name, quoted: true });
    }
    if let Some(close) = encoded_bracket(bytes, end) {
        // `user%5Bpassword%5D=...`, of which the run has `5B` before the name.
        let len = run_back(bytes, floor, close, LONGEST_KEY, is_key);
        let name = text.get(close - len..close)?;
        let name = name
            .strip_prefix("5B")
            .or_else(|| name.strip_prefix("5b"))?;
        return Some(FoundKey {
            name,
            quoted: false,
        });
    }
    let len = run_back(bytes, floor, end, LONGEST_KEY, is_key);
    let start = ceil_boundary(text, end - len);
    let name = text.get(start..end).filter(|name| !name.is_empty())?;
    // `java -Ddb.password=...`
    let name = name.strip_prefix("-D").unwrap_or(name);
    if !needs_more(name.as_bytes()) {
        return Some(FoundKey {
            name,
            quoted: false,
        });
    }
    // "api key: ...", "social security number: ..." are keys of several words.
    let mut start = start;
    for _ in 0..2 {
        let blanks = run_back(bytes, floor, start, 1, |byte| byte == b' ');
        let word = run_back(bytes, floor, start - blanks, LONGEST_KEY, is_key);
        if blanks == 0 || word == 0 {
            break;
        }
        start = ceil_boundary(text, start - blanks - word);
    }
    Some(FoundKey {
        name: text.get(start..end)?,
        quoted: false,
    })
}

/// Whether the last word of a key says nothing without those before it.
pub(super) fn needs_more(name: &[u8]) -> bool {
    let words: &[&str] = match name.len() {
        2 => &["no", "id"],
        3 => &["key", "num"],
        4 => &["code", "word", "card"],
        5 => &["token"],
        6 => &["number", "phrase", "string", "answer", "secret"],
        7 => &["account"],
        8 => &["security"],
        _ => return false,
    };
    let first = name.first().map_or(0, u8::to_ascii_lowercase);
    words.iter().any(|word| {
        let word = word.as_bytes();
        word.first() == Some(&first) && name.eq_ignore_ascii_case(word)
    })
}

pub(super) fn is_key(byte: u8) -> bool {
    of(byte) != 0
}

fn of(byte: u8) -> u8 {
    KEYS[usize::from(byte)]
}

/// Letters, digits and `_`.
const PLAIN: u8 = 1;

/// What a byte is to a key: part of plain ones, another part, or none.
static KEYS: [u8; 256] = {
    let mut table = [2; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => PLAIN,
            b'-' | b'.' | b'[' | b']' => 2,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Headers whose whole line is the value.
fn is_header(name: &str) -> bool {
    let name = name.trim_start_matches('-');
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
    ]
    .iter()
    .any(|header| name.eq_ignore_ascii_case(header))
}

fn ceil_boundary(text: &str, at: usize) -> usize {
    let mut at = at;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::tests::{becomes, stays};

    #[test]
    fn places_of_bound_values() {
        for text in [
            "UPDATE users SET password = ?, token = ?2 WHERE pin = ?",
            "password=$1",
            "(cookie = ?) AND secret = $12;",
        ] {
            stays(text);
        }
        becomes("password = ?x", "password = ***REDACTED***");
        becomes("password=$12abc", "password=***REDACTED***");
        becomes("password = ?12345", "password = ***REDACTED***");
    }
}
