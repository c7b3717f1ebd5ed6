//! What can be configured about sanitizing.

use std::fmt;

use super::detect::optional::Detector;
use super::limits::Limits;
use super::profile::Profile;
use super::pseudonym::PseudonymKey;
use super::treatment::Treatment;
use super::vault::Substitute;

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
    /// Names that may be seen under [`Profile::AllowList`], compared whole like `exempt`: the fields that bear one, and
    /// whatever is inside them.
    pub allow: Vec<String>,
    /// Detectors that are off by default, beside those that the profile switches on.
    pub detectors: Vec<Detector>,
    /// Further patterns to search strings for.
    pub patterns: Vec<Pattern>,
    /// The key of the pseudonyms that `hash` makes. Without one, the process makes its own, and pseudonyms of
    /// different runs cannot be joined.
    ///
    /// To change the key, give another: each pseudonym names the key it was made with, and
    /// [`PseudonymKey::pseudonym`] finds those of an old key.
    pub pseudonym_key: Option<PseudonymKey>,
    /// What `tokenize` asks for tokens.
    pub tokenizer: Option<Substitute>,
    /// The three-digit ZIP areas of at most 20,000 people, which [`Generalize::Zip3`](super::Generalize::Zip3) shows as
    /// `000`. `None` takes those of the census of 2000, as the federal guidance lists them.
    pub sparse_zip3: Option<Vec<String>>,
    /// How much of a value is written.
    pub limits: Limits,
}

/// A pattern of the user's own that is searched for in every string.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Mask, Pattern, SanitizeConfig, Sanitizer, Treatment, Validator};
///
/// let mut member = Pattern::new("member", r"\b\d{8,12}\b");
/// member.keywords = vec!["member".into(), "Mitglied".into()];
/// member.validator = Some(Validator::Luhn);
/// member.method = Treatment::Mask(Mask::new(0, 2, '*'));
///
/// let sanitizer = Sanitizer::new(&SanitizeConfig { patterns: vec![member], ..SanitizeConfig::default() })?;
/// assert_eq!(sanitizer.text("member 79927398713 left").text(), "member *********13 left");
/// assert_eq!(sanitizer.text("batch 79927398713 left").text(), "batch 79927398713 left");
/// assert_eq!(sanitizer.text("member 79927398714 left").text(), "member 79927398714 left");
/// # Ok::<(), vigil_core::sanitize::RuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The name under which it is counted in `redactions`.
    pub name: String,
    /// In the syntax of the `regex` crate. It may not match the empty string. If it has a group called `secret`, only
    /// that is replaced: `id=(?<secret>\d+)`.
    pub regex: String,
    /// If there are any, one of these words has to stand within 64 bytes before the match or 32 after it, whole and in
    /// whatever case.
    pub keywords: Vec<String>,
    /// What a match has to satisfy besides.
    pub validator: Option<Validator>,
    /// What is done to a match. `Default` and `Redact` put `***REDACTED***` in its place, or the replacement if one is
    /// given. `Keep` is refused: a rule that hides nothing is none.
    pub method: Treatment,
    /// What stands in place of a match that is redacted.
    pub replacement: Option<String>,
}

impl Pattern {
    /// A pattern whose matches become `***REDACTED***`.
    #[must_use]
    pub fn new(name: impl Into<String>, regex: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            regex: regex.into(),
            keywords: Vec::new(),
            validator: None,
            method: Treatment::Default,
            replacement: None,
        }
    }
}

/// What a match of a [`Pattern`] has to satisfy.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Validator {
    /// Its digits end in the check digit of ISO/IEC 7812-1, as those of cards do.
    Luhn,
    /// Its letters and digits leave 1 when divided by 97 (ISO 7064 MOD 97-10), the first four put last as in an IBAN.
    Mod97,
    /// Its characters have at least this many bits of Shannon entropy each: 3.5 for random hexadecimal digits, 4.5 for
    /// random letters and digits of 32 characters and more.
    Entropy(f32),
    /// It has so many characters, at least and at most.
    Length(usize, usize),
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
