//! What can be configured about sanitizing.

use std::fmt;

use super::detect::optional::Detector;
use super::limits::Limits;
use super::profile::Profile;

/// What the engine is told about sanitizing; the default needs nothing.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Pattern, Profile, SanitizeConfig};
///
/// let config = SanitizeConfig {
///     profile: Profile::Gdpr,
///     keys: vec!["badge".into(), "employee_no".into()],
///     exempt: vec!["auth".into()],
///     patterns: vec![Pattern::new("case_number", r"CASE-\d{6}")],
///     ..SanitizeConfig::default()
/// };
/// assert_eq!(config.patterns[0].name, "case_number");
/// ```
#[derive(Debug, Clone, Default)]
pub struct SanitizeConfig {
    /// How strictly classes of data are treated.
    pub profile: Profile,
    /// Further sensitive words and groups of words for the key rule, of any language: `badge`, `national_id`,
    /// `Kennziffer`. They are compared as whole words, whatever their case and separators.
    pub keys: Vec<String>,
    /// Names that the key rule shall leave alone, compared whole: `auth` exempts `auth`, not `auth_token`.
    pub exempt: Vec<String>,
    /// Detectors that are off by default, beside those that the profile switches on.
    pub detectors: Vec<Detector>,
    /// Further patterns to search strings for.
    pub patterns: Vec<Pattern>,
    /// The key of the pseudonyms that `hash` makes. Without one, the process makes its own, and pseudonyms of
    /// different runs cannot be joined.
    pub pseudonym_key: Option<PseudonymKey>,
    /// How much of a value is written.
    pub limits: Limits,
}

/// A pattern of the user's own that is searched for in every string.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Pattern;
///
/// let mut badge = Pattern::new("badge", r"\bB-\d{5}\b");
/// badge.replacement = Some("B-*****".into());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The name under which it is counted in `redactions`.
    pub name: String,
    /// In the syntax of the `regex` crate. It may not match the empty string.
    pub regex: String,
    /// What stands in place of a match; `***REDACTED***` if not given.
    pub replacement: Option<String>,
}

impl Pattern {
    /// A pattern whose matches become `***REDACTED***`.
    #[must_use]
    pub fn new(name: impl Into<String>, regex: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            regex: regex.into(),
            replacement: None,
        }
    }
}

/// The secret key of pseudonyms. `Debug` does not show it.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::PseudonymKey;
///
/// let key = PseudonymKey::new(*b"32 bytes from a secret store.....");
/// assert_eq!(format!("{key:?}"), "PseudonymKey(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymKey(Box<[u8]>);

impl PseudonymKey {
    /// A key of these bytes; 32 random ones are right.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(***)")
    }
}

/// A rule in the configuration that cannot be used. The message names the rule and says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    rule: String,
    message: String,
}

impl RuleError {
    pub(crate) fn new(rule: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            message: message.into(),
        }
    }

    /// The name of the pattern, or the key, that is at fault.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RuleError {}
