//! Value detectors: what can be told from the text alone, whatever it is called.
//!
//! One pass from left to right. The gate says at which bytes anything can begin; only there is a detector asked, and each
//! looks at its neighbourhood alone or remembers what it has read. Spans that overlap become one, with the safest
//! replacement.

mod auth;
mod beyond;
mod bytes;
mod checks;
pub(crate) mod custom;
mod element;
mod email;
mod gate;
mod harmless;
mod hints;
mod iban;
mod ip;
mod jwt;
mod line;
mod mac;
mod masks;
mod number;
pub(crate) mod optional;
mod outlook;
mod pair;
mod pem;
mod percent;
mod phone;
mod phrase;
mod scanner;
mod shapes;
pub(crate) mod token;
mod url;
mod value;
#[cfg(test)]
mod whole;
#[cfg(test)]
mod work;

use std::ops::Range;

use super::counts::Rule;
use super::profile::{IpPolicy, Profile};
use super::{REDACTED, form};

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
    /// `***-***-4567`
    Phone,
    /// The year of a date, if it may be seen.
    Year,
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
            Self::Phone if profile.shows_part() => form::phone_of(found, out),
            Self::Year => {
                out.extend_from_slice(optional::year_of(found).unwrap_or(REDACTED).as_bytes())
            }
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

pub(crate) use outlook::Outlook;
pub(crate) use scanner::Scanner;
pub(crate) use shapes::patterns as token_patterns;

#[cfg(test)]
mod tests;
