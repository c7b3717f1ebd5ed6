//! Which rule fires where in a text, and why: for those who want to see what would be hidden before they trust it.

use std::ops::Range;

use super::counts::Rule;
use super::detect::{Outlook, token};
use super::key::{Class, Kind, kind_of};
use super::profile::Profile;
use super::rules::{Rules, with_rules};
use super::treatment::Treatment;

/// A part of a text that would be replaced. It says where and why, never what stands there.
///
/// # Examples
///
/// ```
/// let findings = vigil_core::sanitize::explain("mail jane@example.com, password=hunter2");
/// assert_eq!(findings[0].rule, "email");
/// assert_eq!(findings[0].range, 5..21);
/// assert_eq!(findings[1].rule, "key");
/// assert_eq!(findings[1].range, 32..39);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's name, under which it is counted in an event's `redactions`: `email`, `card`, `github_token`, `key`, or
    /// the name of a pattern of the configuration.
    pub rule: String,
    /// The bytes of the text that are replaced.
    pub range: Range<usize>,
    /// What made the rule fire, in a few words.
    pub reason: String,
}

/// What the detectors find in a text, by the rules in force, from left to right. Findings do not overlap.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::explain;
///
/// assert!(explain("the order was sent on Monday").is_empty());
/// let findings = explain("paid with 4539 1488 0343 6467");
/// assert_eq!(findings[0].rule, "card");
/// assert!(!findings[0].reason.contains("4539"));
/// ```
#[must_use]
pub fn explain(text: &str) -> Vec<Finding> {
    with_rules(|rules| in_text(text, rules))
}

/// The same for the value of a field or key of this name: if the key rule hides it, that is the one finding.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::explain_field;
///
/// let findings = explain_field("api_key", "k-1");
/// assert_eq!((findings[0].rule.as_str(), &findings[0].range), ("key", &(0..3)));
/// assert!(explain_field("plan", "free").is_empty());
/// ```
#[must_use]
pub fn explain_field(key: &str, text: &str) -> Vec<Finding> {
    with_rules(|rules| by_rules(Some(key), text, rules))
}

/// The same by these rules, for a field or for a text without a name.
pub(super) fn by_rules(name: Option<&str>, text: &str, rules: &Rules) -> Vec<Finding> {
    let whole = |reason: String| {
        vec![Finding {
            rule: Rule::Key.name().to_owned(),
            range: 0..text.len(),
            reason,
        }]
    };
    if text.is_empty() {
        return Vec::new();
    }
    let listed = name.is_some_and(|name| rules.allows(name));
    if let Some(name) = name {
        let kind = kind_of(name, rules.words());
        let may_be_listed = listed && kind.class() <= Class::Personal;
        if rules.profile().treatment(kind) != Treatment::Default && !may_be_listed {
            return whole(format!("the name `{name}` {}", said_of(kind)));
        }
    }
    if rules.profile() == Profile::AllowList && !listed {
        return whole("the allow-list does not name it".to_owned());
    }
    in_text(text, rules)
}

fn in_text(text: &str, rules: &Rules) -> Vec<Finding> {
    let Outlook::Unsure(mut scanner) = Outlook::of(text, rules) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    while let Some(span) = scanner.next() {
        let rule = match span.rule {
            Rule::Custom(index) => rules
                .custom()
                .get(index)
                .map_or_else(String::new, |pattern| pattern.name.to_string()),
            rule => rule.name().to_owned(),
        };
        findings.push(Finding {
            rule,
            range: span.range,
            reason: reason(span.rule).to_owned(),
        });
    }
    findings
}

fn said_of(kind: Kind) -> &'static str {
    match kind {
        Kind::None => "says nothing",
        Kind::Secret => "is that of a secret",
        Kind::Card => "is that of card data",
        Kind::Account => "is that of an account's number",
        Kind::Government => "is that of a document's number",
        _ => "is that of personal data",
    }
}

/// What the rule looks at.
fn reason(rule: Rule) -> &'static str {
    match rule {
        Rule::Key => "the name before it is that of a secret",
        Rule::Attribute => "an attribute of the program asks for it",
        Rule::Email => "a local part, `@` and a domain with a top-level name",
        Rule::Card => "an issuer's range and length, and the Luhn sum holds",
        Rule::Ssn => {
            "area, group and serial of an SSN or ITIN, with one separator or its name beside it"
        }
        Rule::Phone => "the digits and groups of a telephone number",
        Rule::Iban => "a country's length, and mod 97 holds",
        Rule::Ip => "it reads as an IP address, which this profile does not keep",
        Rule::Mac => "six octets of a MAC address",
        Rule::Jwt => "a base64 JSON header and further parts",
        Rule::PrivateKey => "the lines of a private key",
        Rule::UrlCredentials => "it stands for a password in a URL or command",
        Rule::AuthHeader => "it follows the scheme of an HTTP authorization",
        Rule::Vin => "seventeen characters whose check digit holds",
        Rule::Imei => "fifteen digits with a known reporting body, and the Luhn sum holds",
        Rule::CryptoAddress => "the address of a wallet, and its checksum holds",
        Rule::Mbi => "the eleven places of a Medicare beneficiary identifier",
        Rule::DriverLicence => "the shape of a driver licence with its name beside it",
        Rule::Date => "a calendar date",
        Rule::Url => "a URL",
        Rule::Uuid => "a UUID",
        Rule::Entropy => "its characters are too evenly spread for words",
        Rule::Depth | Rule::Truncated => "it is beyond a limit",
        Rule::Unreadable => "it could not be read",
        Rule::Token(family) => token::source(family),
        Rule::Custom(_) => "it matches a pattern of the configuration",
    }
}
