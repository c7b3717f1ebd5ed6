//! What can be told of a text before it is searched: most have no place at all at which a detector would look, others
//! only such that one glance settles, like the sign in `role = 'admin'` or the digits of a year.

use super::bytes::{starts_with, starts_with_ignoring_case};
use super::gate::{Gate, Wanted};
use super::scanner::Authority;
use super::{Scanner, element, hints, line, mac, number, pair, percent, phone, phrase, token, url};
use crate::sanitize::profile::IpPolicy;
use crate::sanitize::rules::Rules;

#[expect(
    clippy::large_enum_variant,
    reason = "it is taken apart where it is made; a box would be an allocation"
)]
pub(crate) enum Outlook<'t> {
    /// There is nothing to find, and nothing that JSON escapes.
    Clean,
    /// There is nothing to find.
    Nothing,
    /// The text has to be searched.
    Unsure(Scanner<'t>),
}

impl<'t> Outlook<'t> {
    #[inline]
    pub(crate) fn of(text: &'t str, rules: &'t Rules) -> Self {
        let bytes = text.as_bytes();
        let built_in = rules.detects_only_built_in();
        let wanted = match rules.profile().ip() {
            _ if built_in => Wanted::Most,
            _ if !rules.detectors().is_empty() => Wanted::Words,
            IpPolicy::Keep => Wanted::Most,
            IpPolicy::Network | IpPolicy::Redact => Wanted::Addresses,
        };
        let mut gate = Gate::new(bytes, wanted);
        if !built_in && !rules.custom().is_empty() {
            let place = gate.next(bytes);
            return Self::Unsure(Scanner::new(gate, place, Authority::default(), text, rules));
        }
        let mut glance = Glance {
            built_in,
            escapes: false,
            authority: Authority::default(),
            seen: url::Seen::default(),
        };
        while let Some(place) = gate.next(bytes) {
            if !glance.settles(bytes, place) {
                let scanner = Scanner::new(gate, Some(place), glance.authority, text, rules);
                return Self::Unsure(scanner);
            }
        }
        if glance.escapes {
            Self::Nothing
        } else {
            Self::Clean
        }
    }
}

struct Glance {
    /// Neither addresses nor words of the user's are looked for.
    built_in: bool,
    escapes: bool,
    authority: Authority,
    seen: url::Seen,
}

impl Glance {
    /// Whether certainly nothing is found at this place.
    #[inline]
    fn settles(&mut self, bytes: &[u8], at: usize) -> bool {
        match bytes.get(at) {
            Some(b'=') => self.built_in && pair::is_nothing(bytes, at),
            Some(b':') => {
                match url::find(bytes, at, &mut self.seen) {
                    Some(url) if url.secret.is_some() => return false,
                    Some(url) => self.authority = Authority::of(&url),
                    None => {}
                }
                !mac::is_plausible_colon(bytes, at)
                    && (at < self.authority.end
                        || (self.built_in
                            && pair::is_nothing(bytes, at)
                            && !hints::may_be_colon(bytes, at)))
            }
            Some(b'0'..=b'9') => self.built_in && number_is_nothing(bytes, at),
            Some(b'>') => self.built_in && !element::may_be(bytes, at),
            Some(b'%') => !percent::is_sign(bytes, at),
            Some(b'~') => at < 5 || !matches!(bytes.get(at - 1), Some(b'Q' | b'6')),
            Some(b'\'') => self.built_in && !phrase::may_be_quoted(bytes, at),
            Some(b'"') => {
                self.escapes = true;
                self.built_in && !phrase::may_be_quoted(bytes, at)
            }
            Some(b'\n') => {
                self.escapes = true;
                self.built_in && !line::may_begin(bytes, at + 1)
            }
            Some(0..0x20 | b'\\' | 0x7f) => {
                self.escapes = true;
                true
            }
            Some(byte) if byte.is_ascii_alphabetic() => self.built_in && word_is_nothing(bytes, at),
            _ => false,
        }
    }
}

/// Whether the digits that begin at `at` are nothing that is known.
fn number_is_nothing(bytes: &[u8], at: usize) -> bool {
    !number::is_plausible(bytes, at)
        && !phone::follows_plus(bytes, at)
        && phone::is_nothing(bytes, at)
        && !mac::is_plausible(bytes, at)
        && hints::is_nothing(bytes, at)
}

/// Whether a word begins like nothing that is known. The gate lets pass some that only look so to its hash, and those
/// behind `//` and `..`.
fn word_is_nothing(bytes: &[u8], at: usize) -> bool {
    let scheme = |name| starts_with_ignoring_case(bytes, at, name);
    let dashes = at > 1 && starts_with(bytes, at - 2, b"--");
    let two_digits = bytes
        .get(at + 2..at + 4)
        .is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
    !(two_digits
        || starts_with(bytes, at, b"eyJ")
        || (behind_dash(bytes, at)
            && (starts_with(bytes, at, b"BEGIN ") || starts_with(bytes, at, b"END ")))
        || scheme(b"bearer")
        || scheme(b"basic")
        || scheme(b"is ") && phrase::may_follow_key(bytes, at)
        || mac::is_plausible(bytes, at)
        || token::has_prefix(bytes, at))
        && (!dashes || phrase::is_no_flag(bytes, at))
        && !(starts_with(bytes, at, b"p") && phrase::may_be_short_flag(bytes, at))
        && !(at == 0 && line::may_begin_text(bytes))
        && hints::is_nothing(bytes, at)
}

/// A dash, or one and a blank.
fn behind_dash(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    before.ends_with(b"-") || before.ends_with(b"- ")
}
