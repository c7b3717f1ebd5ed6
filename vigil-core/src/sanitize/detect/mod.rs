//! Value detectors: what can be told from the text alone, whatever it is called.
//!
//! One pass from left to right. Each byte's class says whether anything can begin there; a word's first two letters
//! whether it can be the prefix of a token; only then is a detector asked, and each looks at its neighbourhood alone.
//! Spans that overlap become one, with the safest replacement.

mod auth;
mod bytes;
pub(crate) mod custom;
mod email;
mod gate;
mod iban;
mod ip;
mod jwt;
mod number;
mod pair;
mod pem;
mod token;
mod url;
mod value;

use std::ops::Range;

use super::counts::Rule;
use super::profile::{IpPolicy, Profile};
use super::rules::Rules;
use super::{REDACTED, form};
use gate::{Beginning, CLASS, Class};

/// What stands in place of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacement {
    Redacted,
    /// `j***@***.***`
    Email,
    /// `****-****-****-9010`
    Card,
    /// `***-**-6789`
    Ssn,
    /// The network of an IP address.
    Network,
    /// That of the configured pattern of this index.
    Custom(u8),
}

impl Replacement {
    /// Appends what stands in place of `found`; nothing of it has to be escaped.
    pub(crate) fn write(self, found: &str, profile: Profile, out: &mut Vec<u8>) {
        match self {
            Self::Email if profile.shows_part() => form::email_of(found, out),
            Self::Card if profile.shows_part() => form::card_of(found, out),
            Self::Ssn if profile.shows_part() => form::ssn_of(found, out),
            Self::Network => match found.parse() {
                Ok(address) => form::ip(address, out),
                Err(_) => out.extend_from_slice(REDACTED.as_bytes()),
            },
            _ => out.extend_from_slice(REDACTED.as_bytes()),
        }
    }
}

/// A part of a text that has to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) range: Range<usize>,
    pub(crate) rule: Rule,
    pub(crate) replacement: Replacement,
}

impl Span {
    fn new(range: Range<usize>, rule: Rule, replacement: Replacement) -> Self {
        Self {
            range,
            rule,
            replacement,
        }
    }

    fn redacted(range: Range<usize>, rule: Rule) -> Self {
        Self::new(range, rule, Replacement::Redacted)
    }

    /// Both in one: nothing that either hides is shown.
    fn merge(self, later: Self) -> Self {
        let start = self.range.start.min(later.range.start);
        let end = self.range.end.max(later.range.end);
        let whole = |span: &Self| span.range.start == start && span.range.end == end;
        match (whole(&self), whole(&later)) {
            (true, true) if self.replacement == Replacement::Redacted => self,
            (_, true) if later.replacement == Replacement::Redacted => later,
            (true, _) => self,
            _ => Self::redacted(start..end, self.rule),
        }
    }
}

/// Finds the spans of a text, one after another.
pub(crate) struct Scanner<'t> {
    text: &'t str,
    rules: &'t Rules,
    /// The next byte to look at.
    at: usize,
    /// The byte before it is a letter or digit, so nothing begins here.
    in_word: bool,
    /// The end of the last span given out: no later one reaches back before it.
    floor: usize,
    pending: Option<Span>,
    /// Up to here a `:` belongs to a host and its port.
    authority_end: usize,
    no_jwt_before: usize,
    custom: std::vec::IntoIter<(u8, usize, usize)>,
    next_custom: Option<Span>,
    ip: IpPolicy,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str, rules: &'t Rules) -> Self {
        let custom = if rules.custom().is_empty() {
            Vec::new()
        } else {
            rules.custom().matches(text)
        };
        let mut scanner = Self {
            text,
            rules,
            at: 0,
            in_word: false,
            floor: 0,
            pending: None,
            authority_end: 0,
            no_jwt_before: 0,
            custom: custom.into_iter(),
            next_custom: None,
            ip: rules.profile().ip(),
        };
        scanner.take_custom();
        scanner
    }

    /// The next span. They come from left to right and do not overlap.
    pub(crate) fn next(&mut self) -> Option<Span> {
        loop {
            let found = self.next_found();
            let Some(found) = found else {
                return self.pending.take();
            };
            match self.pending.take() {
                None => self.pending = Some(found),
                Some(pending) if found.range.start < pending.range.end => {
                    self.pending = Some(pending.merge(found));
                }
                Some(pending) => {
                    self.floor = pending.range.end;
                    self.pending = Some(found);
                    return Some(pending);
                }
            }
        }
    }

    /// The next span of any detector, by where it was noticed; it may overlap the pending one.
    fn next_found(&mut self) -> Option<Span> {
        while self.at < self.text.len() {
            if self
                .next_custom
                .as_ref()
                .is_some_and(|span| span.range.start <= self.at)
            {
                let span = self.next_custom.take();
                self.take_custom();
                return span.map(|span| self.clamped(span));
            }
            self.skip();
            if let Some(span) = self.step() {
                return Some(self.clamped(span));
            }
        }
        let span = self.next_custom.take();
        self.take_custom();
        span.map(|span| self.clamped(span))
    }

    fn take_custom(&mut self) {
        self.next_custom = self.custom.next().map(|(index, start, end)| {
            Span::new(start..end, Rule::Attribute, Replacement::Custom(index))
        });
    }

    /// Before the floor everything has been given out.
    fn clamped(&self, mut span: Span) -> Span {
        span.range.start = span.range.start.max(self.floor).min(span.range.end);
        span
    }

    /// Passes over bytes at which nothing begins: most of any text.
    fn skip(&mut self) {
        let until = self
            .next_custom
            .as_ref()
            .map_or(self.text.len(), |span| span.range.start);
        let rest = self.text.as_bytes().get(self.at..until).unwrap_or_default();
        let mut in_word = self.in_word;
        let mut passed = 0;
        for byte in rest {
            match CLASS[usize::from(*byte)] {
                Class::Other => in_word = false,
                Class::Letter | Class::Digit if in_word => {}
                _ => break,
            }
            passed += 1;
        }
        self.in_word = in_word;
        self.at += passed;
    }

    /// Looks at one byte.
    fn step(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let at = self.at;
        self.at += 1;
        let byte = *bytes.get(at)?;
        let class = CLASS[usize::from(byte)];
        match class {
            Class::Other => {
                self.in_word = false;
                None
            }
            Class::Letter => {
                if self.in_word {
                    return None;
                }
                // In `\npm_...` the word may begin at the `n` or after it.
                self.in_word = at == 0 || bytes.get(at - 1) != Some(&b'\\');
                let (second, third) = (*bytes.get(at + 1)?, *bytes.get(at + 2)?);
                match gate::beginning(byte, second, third) {
                    Beginning::Nothing => None,
                    Beginning::Iban => iban::find(bytes, at),
                    Beginning::Token => self.word(at),
                }
            }
            Class::Digit => {
                if std::mem::replace(&mut self.in_word, true) {
                    return None;
                }
                number::find(bytes, at, self.floor).or_else(|| match self.ip {
                    IpPolicy::Keep => None,
                    policy => ip::v4(self.text, at, policy),
                })
            }
            Class::Symbol => {
                self.in_word = false;
                self.symbol(byte, at)
            }
        }
    }

    /// A word that begins like something known.
    fn word(&mut self, at: usize) -> Option<Span> {
        let bytes = self.text.as_bytes();
        // What looks like a token within a token has been followed to the same end.
        if let Some(pending) = &self.pending
            && pending.rule == Rule::Token
            && at < pending.range.end
        {
            return None;
        }
        pem::find(bytes, at, self.floor)
            .or_else(|| jwt::find(bytes, at, &mut self.no_jwt_before))
            .or_else(|| auth::find(bytes, at))
            .or_else(|| token::find(bytes, at))
            .or_else(|| iban::find(bytes, at))
    }

    fn symbol(&mut self, byte: u8, at: usize) -> Option<Span> {
        match byte {
            b'@' => email::find(self.text, at, 1, self.floor),
            b'%' => {
                // `%40` is an `@` in a query string.
                let encoded = self.text.as_bytes().get(at + 1..at + 3) == Some(b"40");
                encoded.then(|| email::find(self.text, at, 3, self.floor))?
            }
            _ => {
                if byte == b':' {
                    if let Some((span, authority_end)) = url::find(self.text, at) {
                        self.authority_end = authority_end;
                        if span.is_some() {
                            return span;
                        }
                    }
                    if at < self.authority_end {
                        return None;
                    }
                    if self.ip != IpPolicy::Keep
                        && let Some(span) = ip::v6(self.text, at, self.floor, self.ip)
                    {
                        return Some(span);
                    }
                }
                // Inside what is hidden already there is nothing to add, and looking would cost a square of its length.
                let hidden = self.pending.as_ref().map_or(0, |span| span.range.end);
                if at < hidden {
                    return None;
                }
                pair::find(self.text, at, self.floor.max(hidden), self.rules)
            }
        }
    }
}

#[cfg(test)]
mod tests;
