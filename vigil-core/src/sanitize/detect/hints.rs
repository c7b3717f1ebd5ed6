//! Secrets that have no prefix: long runs of letters and digits, known by a word before them or a mark inside.

use super::bytes::{context, entropy, run, run_back};
use super::gate::LONG;
use super::{Span, token};

/// The longest such secret; longer runs are encoded files.
const MOST: usize = 200;

/// What says that a run of letters and digits is a secret. Not `key`: keys of caches and tables look alike.
const WORDS: [&str; 13] = [
    "authtoken",
    "secret",
    "token",
    "password",
    "passwd",
    "credential",
    "credentials",
    "api key",
    "apikey",
    "access key",
    "private key",
    "bearer",
    "api_key",
];

/// Marks of Azure's keys, inside at fixed places (learn.microsoft.com: identifiable secrets).
const MARKS: [&str; 14] = [
    "JQQJ99", "AZDO", "AzSe", "AzFu", "APIM", "ACRf", "+ACR", "AIoT", "+ASt", "+ASb", "+AEh",
    "+ABa", "ACDb", "AzCa",
];

/// The secret that begins at `at`.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<Span> {
    if bytes.get(at..at + 3) == Some(b"1//") {
        return google(bytes, at);
    }
    let word = run(bytes, at, MOST + 1, |byte| byte.is_ascii_alphanumeric());
    if word < LONG {
        return None;
    }
    let len = run(bytes, at, MOST + 1, is_part);
    if len > MOST {
        return None;
    }
    let found = bytes.get(at..at + len)?;
    let span = |end: usize, name: &str| token::named(at..end, name);
    // Mailchimp: an md5 and a data centre.
    if let Some(centre) = found.get(32..).and_then(|rest| rest.strip_prefix(b"-us"))
        && found.get(..32)?.iter().all(u8::is_ascii_hexdigit)
        && (1..=2).contains(&centre.len())
        && centre.iter().all(u8::is_ascii_digit)
    {
        return span(at + len, "mailchimp_key");
    }
    if found.ends_with(b"_mmk") && word == 29 {
        return token::named(at.checked_sub(7)?..at + len, "maxmind_key");
    }
    if found.ends_with(b"NRAL") && len == 40 {
        return span(at + len, "new_relic_key");
    }
    if word == 27 && len == 49 && found.get(27) == Some(&b'_') && entropy(found) >= 4.0 {
        return span(at + len, "ngrok_token");
    }
    let marked = (50..=90).contains(&len)
        && MARKS.iter().any(|mark| {
            found
                .windows(mark.len())
                .any(|window| window == mark.as_bytes())
        });
    if marked {
        return span(at + len, "azure_key");
    }
    let has = |wanted: fn(&u8) -> bool| found.iter().any(wanted);
    let mixed = has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && len >= 20
        && entropy(found) >= 3.0;
    // `token_count`-like names go on with further words.
    let alone = before_it(bytes, at);
    if mixed && alone && context(bytes, at, &WORDS) {
        return span(at + len, "unnamed_secret");
    }
    let start = at - behind_name(bytes, at)?;
    let is_random = word >= LONG_RANDOM && looks_random(found.get(..word)?);
    is_random
        .then(|| token::named(start..at + len, "prefixed_secret"))
        .flatten()
}

/// The shortest run behind a name that is taken for a secret of an issuer that nobody knows. Identifiers are shorter:
/// Stripe's have 24 characters, KSUIDs 27.
const LONG_RANDOM: usize = 30;

/// The length of a name such as `abc_` or `abc_live_`, with which a word begins, before `at`.
fn behind_name(bytes: &[u8], at: usize) -> Option<usize> {
    const MOST_NAME: usize = 24;
    let len = run_back(bytes, 0, at, MOST_NAME + 1, |byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
    });
    let name = bytes.get(at - len..at)?;
    let is_name = (3..=MOST_NAME).contains(&len)
        && name.ends_with(b"_")
        && name.first().is_some_and(u8::is_ascii_lowercase);
    // Nor is it a part of a path, a name or a domain.
    let begins = run_back(bytes, 0, at - len, 1, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/') || byte >= 0x80
    }) == 0;
    (is_name && begins).then_some(len)
}

/// Whether small letters, capitals and digits follow one another as chance has it: of random ones three in five are of
/// another kind than the one before. Short words that are written as one come near that, but seldom with two numbers.
fn looks_random(word: &[u8]) -> bool {
    let kind = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let changes = word
        .windows(2)
        .filter(|two| two.first().map(kind) != two.last().map(kind))
        .count();
    let has = |wanted: fn(&u8) -> bool| word.iter().any(wanted);
    let numbers = word
        .split(|byte| !byte.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    numbers.take(2).count() == 2
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && changes * 20 >= word.len() * 9
        && entropy(word) >= 4.0
}

/// Google's refresh tokens: `1//0` and some hundred characters.
fn google(bytes: &[u8], at: usize) -> Option<Span> {
    let len = run(bytes, at + 3, 512, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
    });
    if len < 40 || bytes.get(at + 3) != Some(&b'0') {
        return None;
    }
    token::named(at..at + 3 + len, "google_oauth_token")
}

/// Whether something can be found at this colon.
pub(super) fn may_be_colon(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1) == Some(&b'A') && matches!(bytes.get(at + 2), Some(b'A' | b'P'))
        || bytes
            .get(..at)
            .is_some_and(|before| before.ends_with(b"AstraCS"))
}

/// Whether the run is not the tail of a longer one.
fn before_it(bytes: &[u8], at: usize) -> bool {
    run_back(bytes, 0, at, 1, |byte| {
        matches!(byte, b'_' | b'-' | b'/' | b'+' | b'.')
    }) == 0
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

/// Whether there is certainly nothing at `at`: no run that is long enough, or only such a one without a digit as is shorter
/// than what is known by a mark.
pub(super) fn is_nothing(bytes: &[u8], at: usize) -> bool {
    const SHORTEST_MARKED: usize = 27;
    let word = run(bytes, at, LONG, |byte| byte.is_ascii_alphanumeric());
    if word < LONG {
        return bytes.get(at..at + 3) != Some(b"1//");
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let len = run(rest, 0, SHORTEST_MARKED, is_part);
    len < SHORTEST_MARKED && !rest.iter().take(len).any(u8::is_ascii_digit)
}

/// What is known by a `~`: Azure's client secrets (`Q~` at the fifth place) and OpenShift's tokens.
pub(super) fn tilde(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let body = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~');
    let len = run(bytes, at + 1, 64, body);
    if len < 31 {
        return None;
    }
    let behind = |prefix: &[u8]| {
        at.checked_sub(prefix.len())
            .filter(|start| *start >= floor && bytes.get(*start..at) == Some(prefix))
    };
    if let Some(start) = behind(b"sha256") {
        return token::named(start..at + 1 + len, "openshift_token");
    }
    let start = at.checked_sub(5).filter(|start| *start >= floor)?;
    let head = bytes.get(start..at)?;
    let is_client = head.last() == Some(&b'Q')
        && head.get(3).is_some_and(u8::is_ascii_digit)
        && head.iter().take(3).all(|byte| body(*byte))
        && len <= 36;
    if is_client {
        return token::named(start..at + 1 + len, "azure_client_secret");
    }
    None
}

/// What is known by a `:`: Telegram's bots, DataStax Astra, Firebase's server keys.
pub(super) fn colon(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let rest = bytes.get(at + 1..)?;
    let url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let ends = |end: usize| !bytes.get(end).is_some_and(|byte| url(*byte));
    if rest.starts_with(b"AA") {
        let digits = run_back(bytes, floor, at, 12, |byte| byte.is_ascii_digit());
        let len = run(bytes, at + 1, 40, url);
        if (8..=10).contains(&digits) && (34..=35).contains(&len) && ends(at + 1 + len) {
            return token::named(at - digits..at + 1 + len, "telegram_token");
        }
    }
    if rest.starts_with(b"APA91b") {
        let head = run_back(bytes, floor, at, 64, url);
        let len = run(bytes, at + 1, 200, url);
        if head >= 11 && len >= 100 {
            return token::named(at - head..at + 1 + len, "firebase_key");
        }
    }
    let start = at.checked_sub(7).filter(|start| *start >= floor)?;
    if bytes.get(start..at) == Some(b"AstraCS") {
        let len = run(bytes, at + 1, 200, |byte| {
            byte.is_ascii_alphanumeric() || byte == b':'
        });
        if len >= 40 {
            return token::named(start..at + 1 + len, "datastax_token");
        }
    }
    None
}
