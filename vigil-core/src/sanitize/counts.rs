//! How often which rule has replaced something in one event: the `redactions` member. Rules are named, values never.

use std::sync::Arc;

use super::detect::token;
use super::writer::json;

/// A rule that can replace a value or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The name of the field or key.
    Key,
    /// The user's own attribute, or `Writer::redacted`.
    Attribute,
    Email,
    Card,
    Ssn,
    Phone,
    Iban,
    Ip,
    Mac,
    Jwt,
    PrivateKey,
    /// What stands for a password in a URL or a connection string.
    UrlCredentials,
    /// What follows `Bearer`, `Basic` or `Digest`.
    AuthHeader,
    Vin,
    Imei,
    CryptoAddress,
    Mbi,
    DriverLicence,
    Date,
    Url,
    Uuid,
    Entropy,
    /// Deeper than the limit.
    Depth,
    /// Longer than a limit.
    Truncated,
    /// The value's own code panicked, or was in use elsewhere and could not be read.
    Unreadable,
    /// A token of the family at this place of the table.
    Token(u16),
    /// The configured pattern of this index.
    Custom(u8),
}

/// What is known of a fixed rule.
struct Fixed {
    #[cfg(test)]
    rule: Rule,
    name: &'static str,
    /// The name as the key of a member.
    json: &'static str,
}

macro_rules! fixed {
    ($($rule:ident $name:literal)*) => {
        /// The built-in rules but those of tokens, in the order of their places.
        const FIXED: [Fixed; [$($name),*].len()] = [$(Fixed {
            #[cfg(test)]
            rule: Rule::$rule,
            name: $name,
            json: concat!('"', $name, "\":"),
        }),*];
    };
}

fixed! {
    Key "key"
    Attribute "attribute"
    Email "email"
    Card "card"
    Ssn "ssn"
    Phone "phone"
    Iban "iban"
    Ip "ip"
    Mac "mac"
    Jwt "jwt"
    PrivateKey "private_key"
    UrlCredentials "url_credentials"
    AuthHeader "auth_header"
    Vin "vin"
    Imei "imei"
    CryptoAddress "crypto_address"
    Mbi "mbi"
    DriverLicence "driver_licence"
    Date "date"
    Url "url"
    Uuid "uuid"
    Entropy "entropy"
    Depth "depth"
    Truncated "truncated"
    Unreadable "unreadable"
}

impl Rule {
    /// Whether a configured pattern may not bear this name.
    pub(crate) fn is_name(name: &str) -> bool {
        FIXED.iter().any(|fixed| fixed.name == name) || token::names().any(|known| known == name)
    }

    /// Its name in `redactions`; that of a configured pattern is the user's.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token(family) => token::name(family),
            Self::Custom(_) => "pattern",
            _ => self.place().map_or("", |place| FIXED[place].name),
        }
    }

    /// Its place among the fixed ones. Told one by one, since a search through them is a good part of a redaction.
    const fn place(self) -> Option<usize> {
        Some(match self {
            Self::Key => 0,
            Self::Attribute => 1,
            Self::Email => 2,
            Self::Card => 3,
            Self::Ssn => 4,
            Self::Phone => 5,
            Self::Iban => 6,
            Self::Ip => 7,
            Self::Mac => 8,
            Self::Jwt => 9,
            Self::PrivateKey => 10,
            Self::UrlCredentials => 11,
            Self::AuthHeader => 12,
            Self::Vin => 13,
            Self::Imei => 14,
            Self::CryptoAddress => 15,
            Self::Mbi => 16,
            Self::DriverLicence => 17,
            Self::Date => 18,
            Self::Url => 19,
            Self::Uuid => 20,
            Self::Entropy => 21,
            Self::Depth => 22,
            Self::Truncated => 23,
            Self::Unreadable => 24,
            Self::Token(_) | Self::Custom(_) => return None,
        })
    }
}

/// Redactions of one event, by rule.
///
/// Kept by the caller from event to event: after the first few it allocates nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    fixed: [u32; FIXED.len()],
    /// Those of `fixed` that are not 0, a bit for each.
    counted: u32,
    /// By the place of the token's family.
    tokens: Vec<(&'static str, u32)>,
    custom: Vec<(Arc<str>, u32)>,
    total: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.total = self.total.saturating_add(1);
        match rule {
            Rule::Token(family) => self.add_token(token::name(family), 1),
            rule => {
                if let Some(place) = rule.place() {
                    self.counted |= 1 << place;
                    self.fixed[place] = self.fixed[place].saturating_add(1);
                }
            }
        }
    }

    fn add_token(&mut self, name: &'static str, more: u32) {
        match self.tokens.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count = count.saturating_add(more),
            None => self.tokens.push((name, more)),
        }
    }

    /// The rules that have replaced something, by their indices.
    fn counted(&self) -> impl Iterator<Item = usize> + use<> {
        let mut left = self.counted;
        std::iter::from_fn(move || {
            let rule = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (rule < u32::BITS).then_some(rule as usize)
        })
    }

    /// Counts for a configured pattern of this name.
    pub(crate) fn add_custom(&mut self, name: &Arc<str>) {
        self.total = self.total.saturating_add(1);
        self.add_named(name, 1);
    }

    fn add_named(&mut self, name: &Arc<str>, more: u32) {
        match self.custom.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count = count.saturating_add(more),
            None => self.custom.push((Arc::clone(name), more)),
        }
    }

    /// Adds the redactions of something that is part of the same event.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.total == 0 {
            return;
        }
        self.total = self.total.saturating_add(other.total);
        self.counted |= other.counted;
        for rule in other.counted() {
            self.fixed[rule] = self.fixed[rule].saturating_add(other.fixed[rule]);
        }
        for (name, more) in &other.tokens {
            self.add_token(name, *more);
        }
        for (name, more) in &other.custom {
            self.add_named(name, *more);
        }
    }

    pub(crate) fn clear(&mut self) {
        if self.total > 0 {
            for rule in self.counted() {
                self.fixed[rule] = 0;
            }
            self.counted = 0;
            self.tokens.clear();
            self.custom.clear();
            self.total = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// How many redactions there have been, by whatever rule.
    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    /// How often this rule has replaced something.
    #[cfg(test)]
    pub(crate) fn of(&self, rule: Rule) -> u32 {
        rule.place().map_or(0, |place| self.fixed[place])
    }

    /// The rules that have replaced something, and how often.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        let fixed = self
            .counted()
            .map(|place| (FIXED[place].name, self.fixed[place]));
        fixed.chain(self.others())
    }

    fn others(&self) -> impl Iterator<Item = (&str, u32)> {
        let tokens = self.tokens.iter().copied();
        let custom = self.custom.iter().map(|(name, count)| (&**name, *count));
        tokens.chain(custom)
    }

    /// Appends the members of the `redactions` object, without its braces: `"email":1,"key":2`.
    pub(crate) fn write_members(&self, out: &mut Vec<u8>) {
        let mut left = self.counted;
        while let Some(fixed) = FIXED.get(left.trailing_zeros() as usize) {
            let count = self.fixed[left.trailing_zeros() as usize];
            left &= left - 1;
            out.extend_from_slice(fixed.json.as_bytes());
            json::integer(out, u64::from(count));
            out.push(b',');
        }
        for (name, count) in self.others() {
            json::quoted(out, name);
            out.push(b':');
            json::integer(out, u64::from(count));
            out.push(b',');
        }
        if self.total > 0 {
            out.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_name_the_rules_that_fired_and_clear_forgets_them() {
        let mut counts = Counts::default();
        let badge: Arc<str> = "badge".into();
        assert!(counts.is_empty());
        counts.add(Rule::Email);
        counts.add(Rule::Key);
        counts.add(Rule::Key);
        counts.add_custom(&badge);
        counts.add_custom(&badge);
        let mut out = Vec::new();
        counts.write_members(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#""key":2,"email":1,"badge":2"#
        );
        let mut other = Counts::default();
        other.add(Rule::Token(0));
        other.merge(&counts);
        other.merge(&counts);
        assert_eq!(other.total(), 11);
        assert_eq!(other.of(Rule::Key), 4);
        counts.clear();
        assert!(counts.is_empty());
        assert_eq!(counts, Counts::default());
    }

    #[test]
    fn each_rule_has_a_name_of_its_own() {
        for (place, Fixed { rule, name, .. }) in FIXED.iter().enumerate() {
            assert_eq!((rule.place(), rule.name()), (Some(place), *name));
            assert!(Rule::is_name(name));
            assert!(FIXED[..place].iter().all(|known| known.name != *name));
            assert!(token::names().all(|known| known != *name), "{name}");
        }
        assert!(FIXED.len() <= u32::BITS as usize);
    }
}
