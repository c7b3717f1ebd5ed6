//! How often which rule has replaced something in one event: the `redactions` member. Rules are named, values never.

use std::sync::Arc;

/// A rule that can replace a value or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Rule {
    /// The name of the field or key.
    Key,
    /// The user's own attribute, or `Writer::redacted`.
    Attribute,
    Email,
    Card,
    Ssn,
    Iban,
    Token,
    Jwt,
    PrivateKey,
    Credential,
    UrlPassword,
    Ip,
    /// Deeper than the limit.
    Depth,
    /// Longer than a limit.
    Truncated,
    /// The value's own code panicked, or was in use elsewhere and could not be read.
    Unreadable,
}

impl Rule {
    /// In the order of the discriminants, which are the indices of [`Counts::fixed`].
    const NAMES: [&'static str; 15] = [
        "key",
        "attribute",
        "email",
        "card",
        "ssn",
        "iban",
        "token",
        "jwt",
        "private_key",
        "credential",
        "url_password",
        "ip",
        "depth",
        "truncated",
        "unreadable",
    ];

    /// Whether a configured pattern may not bear this name.
    pub(crate) fn is_name(name: &str) -> bool {
        Self::NAMES.contains(&name)
    }
}

/// Redactions of one event, by rule.
///
/// Kept by the caller from event to event: after the first few it allocates nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    fixed: [u32; Rule::NAMES.len()],
    /// Those of `fixed` that are not 0, a bit for each.
    counted: u32,
    custom: Vec<(Arc<str>, u32)>,
    total: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.total = self.total.saturating_add(1);
        self.counted |= 1 << rule as u32;
        let count = &mut self.fixed[rule as usize];
        *count = count.saturating_add(1);
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
        match self.custom.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.custom.push((Arc::clone(name), 1)),
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
        for (name, more) in &other.custom {
            match self.custom.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count = count.saturating_add(*more),
                None => self.custom.push((Arc::clone(name), *more)),
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        if self.total > 0 {
            for rule in self.counted() {
                self.fixed[rule] = 0;
            }
            self.counted = 0;
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
        self.fixed[rule as usize]
    }

    /// Appends the members of the `redactions` object, without its braces: `"email":1,"key":2`.
    pub(crate) fn write_members(&self, out: &mut Vec<u8>) {
        let mut comma = false;
        for rule in self.counted() {
            if std::mem::replace(&mut comma, true) {
                out.push(b',');
            }
            // Names of ours, in which there is nothing to escape.
            out.push(b'"');
            out.extend_from_slice(Rule::NAMES[rule].as_bytes());
            out.extend_from_slice(b"\":");
            super::writer::json::integer(out, u64::from(self.fixed[rule]));
        }
        for (name, count) in &self.custom {
            if std::mem::replace(&mut comma, true) {
                out.push(b',');
            }
            super::writer::json::quoted(out, name);
            out.push(b':');
            super::writer::json::integer(out, u64::from(*count));
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
        counts.clear();
        assert!(counts.is_empty());
        assert_eq!(counts, Counts::default());
    }

    #[test]
    fn names_stand_in_the_order_of_the_rules() {
        assert_eq!(Rule::NAMES[Rule::Key as usize], "key");
        assert_eq!(Rule::NAMES[Rule::UrlPassword as usize], "url_password");
        assert_eq!(Rule::NAMES[Rule::Unreadable as usize], "unreadable");
        assert_eq!(Rule::NAMES.len(), Rule::Unreadable as usize + 1);
        assert!(Rule::NAMES.len() <= u32::BITS as usize);
        let plain = |name: &str| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        assert!(Rule::NAMES.iter().all(|name| plain(name)));
    }
}
