//! Patterns of the user's own.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use crate::sanitize::config::{Pattern, RuleError};
use crate::sanitize::counts::Rule;

/// The configured patterns, compiled.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    patterns: Vec<Compiled>,
}

/// A configured pattern, compiled.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) name: Arc<str>,
    pub(crate) replacement: Box<str>,
    regex: Regex,
}

/// Bytes that a compiled pattern may take; enough for any sane one, too little for a hostile one to matter.
const SIZE_LIMIT: usize = 1 << 20;

/// More would outgrow the index of a span, and the time of a call.
const MOST: usize = 200;

impl Custom {
    pub(crate) fn new(patterns: &[Pattern]) -> Result<Self, RuleError> {
        if patterns.len() > MOST {
            return Err(RuleError::new(
                "patterns",
                format!(
                    "{} patterns are too many: {MOST} can be given",
                    patterns.len()
                ),
            ));
        }
        let mut compiled: Vec<Compiled> = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let next = compile(pattern)?;
            if compiled.iter().any(|known| known.name == next.name) {
                return Err(RuleError::new(
                    &pattern.name,
                    format!(
                        "there are two patterns named `{}`: rename one",
                        pattern.name
                    ),
                ));
            }
            compiled.push(next);
        }
        Ok(Self { patterns: compiled })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub(crate) fn get(&self, index: u8) -> Option<&Compiled> {
        self.patterns.get(usize::from(index))
    }

    /// Every match, as index of the pattern, start and end, by start.
    pub(crate) fn matches(&self, text: &str) -> Vec<(u8, usize, usize)> {
        let mut found = Vec::new();
        for (index, pattern) in (0..).zip(&self.patterns) {
            found.extend(
                pattern
                    .regex
                    .find_iter(text)
                    .filter(|found| !found.is_empty())
                    .map(|found| (index, found.start(), found.end())),
            );
        }
        found.sort_unstable_by_key(|&(_, start, end)| (start, std::cmp::Reverse(end)));
        found
    }
}

fn compile(pattern: &Pattern) -> Result<Compiled, RuleError> {
    let name = &pattern.name;
    if name.is_empty() || Rule::is_name(name) {
        return Err(RuleError::new(
            name,
            format!("a pattern cannot be named `{name}`: choose a name that no built-in rule has"),
        ));
    }
    let regex = RegexBuilder::new(&pattern.regex)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| {
            // The message of a syntax error draws the pattern over several lines; its last line says what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            RuleError::new(
                name,
                format!("the regex of pattern `{name}` cannot be used: {reason}"),
            )
        })?;
    if regex.is_match("") {
        return Err(RuleError::new(
            name,
            format!(
                "the regex of pattern `{name}` matches the empty string: make it need a character"
            ),
        ));
    }
    Ok(Compiled {
        name: name.as_str().into(),
        replacement: pattern
            .replacement
            .as_deref()
            .unwrap_or(crate::sanitize::REDACTED)
            .into(),
        regex,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str, regex: &str) -> String {
        Custom::new(&[Pattern::new(name, regex)])
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_reason() {
        assert_eq!(
            error("case", "CASE-("),
            "the regex of pattern `case` cannot be used: unclosed group"
        );
        assert!(error("big", r"\w{5000}").contains("`big` cannot be used: Compiled regex exceeds"));
        assert!(error("empty", "x*").contains("`empty` matches the empty string"));
        assert!(error("email", "x").contains("cannot be named `email`"));
        assert!(error("", "x").contains("cannot be named ``"));
    }

    #[test]
    fn two_of_one_name_are_refused() {
        let twice = [Pattern::new("a", "x"), Pattern::new("a", "y")];
        assert!(Custom::new(&twice).is_err());
    }
}
