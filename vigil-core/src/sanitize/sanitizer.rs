//! The sanitizer apart from an engine: text in, text out, by rules of its own.

use std::borrow::Cow;

use super::config::{RuleError, SanitizeConfig};
use super::counts::Counts;
use super::explain::{self, Finding};
use super::limits::Limits;
use super::rules::Rules;
use super::writer::Writer;

/// Sanitizes texts by rules of its own, whatever the engine of the process is configured to.
///
/// For what does not come through an audited call: lines of an old log, a message on its way to a customer, a test that
/// shows what would be hidden. Texts are not cut, however long they are.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{SanitizeConfig, Sanitizer};
///
/// let sanitizer = Sanitizer::new(&SanitizeConfig::default())?;
/// let line = sanitizer.text("jane@example.com paid with 4111 1111 1111 1111");
/// assert_eq!(line.text(), "j***@***.*** paid with ****-****-****-1111");
/// assert_eq!(line.redactions().collect::<Vec<_>>(), [("email", 1), ("card", 1)]);
///
/// // The name of a field says what its value is.
/// assert_eq!(sanitizer.field("db_password", "horse").text(), "***REDACTED***");
/// # Ok::<(), vigil_core::sanitize::RuleError>(())
/// ```
#[derive(Debug)]
pub struct Sanitizer {
    rules: Rules,
}

impl Sanitizer {
    /// A sanitizer by this configuration, whose limits of length do not matter here.
    ///
    /// # Errors
    ///
    /// If a rule of the configuration cannot be used; the error names it and says why.
    pub fn new(config: &SanitizeConfig) -> Result<Self, RuleError> {
        let mut rules = Rules::new(config)?;
        rules.lift_limits(Limits {
            string_bytes: NO_LIMIT,
            value_bytes: NO_LIMIT,
            ..config.limits
        });
        Ok(Self { rules })
    }

    /// A text without a name.
    #[must_use]
    pub fn text(&self, text: &str) -> Sanitized {
        let mut sanitized = Sanitized::default();
        self.sanitize(None, text, &mut sanitized);
        sanitized
    }

    /// A text that is the value of a field of this name.
    #[must_use]
    pub fn field(&self, name: &str, text: &str) -> Sanitized {
        let mut sanitized = Sanitized::default();
        self.sanitize(Some(name), text, &mut sanitized);
        sanitized
    }

    /// Which rules fire where in a text, and why; never what stands there.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{SanitizeConfig, Sanitizer};
    ///
    /// let sanitizer = Sanitizer::new(&SanitizeConfig::default())?;
    /// let findings = sanitizer.explain(None, "mail jane@example.com");
    /// assert_eq!((findings[0].rule.as_str(), findings[0].range.clone()), ("email", 5..21));
    /// let findings = sanitizer.explain(Some("pin"), "1234");
    /// assert_eq!(findings[0].reason, "the name `pin` is that of a secret");
    /// # Ok::<(), vigil_core::sanitize::RuleError>(())
    /// ```
    #[must_use]
    pub fn explain(&self, name: Option<&str>, text: &str) -> Vec<Finding> {
        explain::by_rules(name, text, &self.rules)
    }

    /// As [`Sanitizer::text`] and [`Sanitizer::field`], into a result whose memory is used again: for many texts in a row.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{SanitizeConfig, Sanitized, Sanitizer};
    ///
    /// let sanitizer = Sanitizer::new(&SanitizeConfig::default())?;
    /// let mut sanitized = Sanitized::default();
    /// for (name, text) in [(None, "all is well"), (Some("pin"), "1234")] {
    ///     sanitizer.sanitize(name, text, &mut sanitized);
    ///     assert_eq!(sanitized.is_redacted(), name.is_some());
    /// }
    /// # Ok::<(), vigil_core::sanitize::RuleError>(())
    /// ```
    pub fn sanitize(&self, name: Option<&str>, text: &str, into: &mut Sanitized) {
        into.json.clear();
        into.counts.clear();
        let mut writer = Writer::new(&mut into.json, &self.rules, &mut into.counts);
        match name {
            Some(name) => writer.named(name, &text),
            None => writer.str(text),
        }
    }
}

/// Longer than any text; added to without an overflow.
const NO_LIMIT: usize = usize::MAX / 4;

/// What a [`Sanitizer`] has made of a text.
#[derive(Debug, Clone, Default)]
pub struct Sanitized {
    json: Vec<u8>,
    counts: Counts,
}

impl Sanitized {
    /// The text, with what was found in it replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        let json = self.json();
        match json
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
            _ => serde_json::from_str::<String>(json).map_or(Cow::Borrowed(json), Cow::Owned),
        }
    }

    /// The same as a JSON string, with its quotes.
    #[must_use]
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.json).unwrap_or_default()
    }

    /// How often each rule has replaced something: its name and a count, rules that have not left out.
    pub fn redactions(&self) -> impl Iterator<Item = (&str, u32)> {
        self.counts.iter()
    }

    /// Whether anything has been replaced.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        !self.counts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitizer() -> Sanitizer {
        Sanitizer::new(&SanitizeConfig::default()).unwrap()
    }

    #[test]
    fn nothing_is_cut() {
        let long = "all is well ".repeat(100_000);
        let sanitized = sanitizer().text(&format!("{long}jane@example.com"));
        assert_eq!(sanitized.text(), format!("{long}j***@***.***"));
    }

    #[test]
    fn the_text_comes_back_without_the_escapes_of_json() {
        let text = "a \"quoted\"\tline\u{1}\\ of jane@example.com";
        let sanitized = sanitizer().text(text);
        assert_eq!(
            sanitized.text(),
            text.replace("jane@example.com", "j***@***.***")
        );
        assert_eq!(
            serde_json::from_str::<String>(sanitized.json()).unwrap(),
            sanitized.text()
        );
    }

    #[test]
    fn memory_is_used_again_and_nothing_of_the_last_text_stays() {
        let sanitizer = sanitizer();
        let mut sanitized = Sanitized::default();
        sanitizer.sanitize(Some("token"), "abc", &mut sanitized);
        assert_eq!(sanitized.redactions().collect::<Vec<_>>(), [("key", 1)]);
        sanitizer.sanitize(Some("token_count"), "17", &mut sanitized);
        assert_eq!((&*sanitized.text(), sanitized.is_redacted()), ("17", false));
    }
}
