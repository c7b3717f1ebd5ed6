//! Rules of the user's own: a pattern, and what a match has to satisfy besides.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::checks;
use crate::sanitize::config::{Pattern, RuleError, Validator};
use crate::sanitize::counts::Rule;
use crate::sanitize::treatment::Treatment;

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
    pub(crate) method: Treatment,
    regex: Regex,
    /// Whether a part of a match, the group called [`SECRET`], is all that is replaced.
    in_group: bool,
    /// In small letters.
    keywords: Box<[Box<str>]>,
    validator: Option<Validator>,
}

/// The group whose text is replaced.
const SECRET: &str = "secret";

/// Bytes that a compiled pattern may take; enough for any sane one, too little for a hostile one to matter.
const SIZE_LIMIT: usize = 1 << 20;

/// Bytes of a pattern as it is written.
const LONGEST: usize = 4096;

/// Groups and repetitions inside one another.
const NEST_LIMIT: u32 = 64;

/// More would outgrow the index of a span, and the time of a call.
const MOST: usize = 200;

/// Words of one pattern.
const MOST_KEYWORDS: usize = 100;

/// Bytes before and after a match in which a key word has to stand.
const BEFORE: usize = 64;
const AFTER: usize = 32;

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
            pattern.matches(text, |start, end| found.push((index, start, end)));
        }
        found.sort_unstable_by_key(|&(_, start, end)| (start, std::cmp::Reverse(end)));
        found
    }
}

impl Compiled {
    fn matches(&self, text: &str, mut take: impl FnMut(usize, usize)) {
        let mut take_if_right = |start: usize, end: usize| {
            if start < end && self.is_satisfied(text, start, end) {
                take(start, end);
            }
        };
        if self.in_group {
            for captures in self.regex.captures_iter(text) {
                if let Some(found) = captures.name(SECRET) {
                    take_if_right(found.start(), found.end());
                }
            }
        } else {
            for found in self.regex.find_iter(text) {
                take_if_right(found.start(), found.end());
            }
        }
    }

    fn is_satisfied(&self, text: &str, start: usize, end: usize) -> bool {
        let found = text.get(start..end).unwrap_or_default();
        let valid = match self.validator {
            None => true,
            Some(Validator::Luhn) => checks::luhn(found),
            Some(Validator::Mod97) => checks::mod97(found),
            Some(Validator::Entropy(least)) => checks::entropy(found) >= least,
            Some(Validator::Length(least, most)) => {
                let length = found.chars().take(most.saturating_add(1)).count();
                (least..=most).contains(&length)
            }
        };
        valid && (self.keywords.is_empty() || self.has_keyword_near(text, start, end))
    }

    fn has_keyword_near(&self, text: &str, start: usize, end: usize) -> bool {
        let from = boundary_before(text, start.saturating_sub(BEFORE));
        let until = boundary_before(text, end.saturating_add(AFTER).min(text.len()));
        [text.get(from..start), text.get(end..until)]
            .into_iter()
            .flatten()
            .any(|near| {
                let near = near.to_lowercase();
                self.keywords.iter().any(|word| stands_in(&near, word))
            })
    }
}

fn boundary_before(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether a word stands in a text, with no letter or digit beside it.
fn stands_in(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

fn compile(pattern: &Pattern) -> Result<Compiled, RuleError> {
    let name = &pattern.name;
    let error = |message: String| RuleError::new(name, message);
    let wrong = |message: String| Err(error(message));
    if name.is_empty() || Rule::is_name(name) {
        return wrong(format!(
            "a pattern cannot be named `{name}`: choose a name that no built-in rule has"
        ));
    }
    let regex = regex(&pattern.regex).map_err(|reason| {
        error(format!(
            "the regex of pattern `{name}` cannot be used: {reason}"
        ))
    })?;
    if pattern.keywords.len() > MOST_KEYWORDS {
        return wrong(format!(
            "pattern `{name}` has more than {MOST_KEYWORDS} key words"
        ));
    }
    if pattern.keywords.iter().any(|word| word.trim().is_empty()) {
        return wrong(format!(
            "a key word of pattern `{name}` is empty: remove it"
        ));
    }
    if let Err(reason) = check_validator(pattern.validator) {
        return wrong(format!("the validator of pattern `{name}` {reason}"));
    }
    if pattern.method == Treatment::Keep {
        return wrong(format!(
            "pattern `{name}` has the method `keep`, so it would hide nothing: remove it, or choose another method"
        ));
    }
    Ok(Compiled {
        name: name.as_str().into(),
        replacement: pattern
            .replacement
            .as_deref()
            .unwrap_or(crate::sanitize::REDACTED)
            .into(),
        method: pattern.method,
        in_group: regex.capture_names().flatten().any(|group| group == SECRET),
        regex,
        keywords: pattern
            .keywords
            .iter()
            .map(|word| word.trim().to_lowercase().into())
            .collect(),
        validator: pattern.validator,
    })
}

/// Compiles a pattern, or says why not. Its size is bounded, as written and as compiled, so that a hostile one cannot
/// take the memory of the host; the engine's time is linear in the text whatever the pattern.
pub(crate) fn regex(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let regex = RegexBuilder::new(pattern)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(NEST_LIMIT)
        .build()
        .map_err(|error| {
            // The message of a syntax error draws the pattern over several lines; its last line says what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim();
            reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
        })?;
    if regex.is_match("") {
        return Err("it matches the empty string; make it need a character".to_owned());
    }
    Ok(regex)
}

/// Says what is wrong with a validator that nothing, or everything, satisfies.
pub(crate) fn check_validator(validator: Option<Validator>) -> Result<(), String> {
    match validator {
        Some(Validator::Length(least, most)) if least > most => Err(format!(
            "asks for at least {least} and at most {most} characters"
        )),
        Some(Validator::Entropy(bits)) if !(bits > 0.0 && bits <= 8.0) => {
            Err("asks for an entropy that is not above 0 and at most 8 bits".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str, regex: &str) -> String {
        Custom::new(&[Pattern::new(name, regex)])
            .unwrap_err()
            .to_string()
    }

    /// What the pattern finds.
    fn found(pattern: Pattern, text: &str) -> Vec<&str> {
        let custom = Custom::new(&[pattern]).unwrap();
        let matches = custom.matches(text).into_iter();
        matches.map(|(_, start, end)| &text[start..end]).collect()
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_reason() {
        assert_eq!(
            error("case", "CASE-("),
            "the regex of pattern `case` cannot be used: unclosed group"
        );
        assert!(error("big", r"\w{5000}").contains("`big` cannot be used: Compiled regex exceeds"));
        assert!(
            error("long", &"a".repeat(5000))
                .contains("`long` cannot be used: it is longer than 4096")
        );
        assert!(
            error("deep", &format!("{}a{}", "(".repeat(100), ")".repeat(100)))
                .contains("`deep` cannot be used: ")
        );
        assert!(
            error("empty", "x*").contains("`empty` cannot be used: it matches the empty string")
        );
        assert!(error("email", "x").contains("cannot be named `email`"));
        assert!(error("", "x").contains("cannot be named ``"));
    }

    #[test]
    fn a_rule_that_would_hide_nothing_is_refused() {
        let mut pattern = Pattern::new("a", "x");
        pattern.method = Treatment::Keep;
        assert!(
            Custom::new(&[pattern.clone()])
                .unwrap_err()
                .to_string()
                .contains("hide nothing")
        );
        pattern.method = Treatment::Default;
        pattern.validator = Some(Validator::Length(9, 3));
        assert!(
            Custom::new(&[pattern.clone()])
                .unwrap_err()
                .to_string()
                .contains("at least 9 and at most 3")
        );
        for bits in [0.0, -1.0, 9.0, f32::NAN] {
            pattern.validator = Some(Validator::Entropy(bits));
            assert!(Custom::new(&[pattern.clone()]).is_err(), "{bits}");
        }
        pattern.validator = None;
        pattern.keywords = vec![" ".to_owned()];
        assert!(
            Custom::new(&[pattern])
                .unwrap_err()
                .to_string()
                .contains("is empty")
        );
    }

    #[test]
    fn two_of_one_name_are_refused() {
        let twice = [Pattern::new("a", "x"), Pattern::new("a", "y")];
        assert!(Custom::new(&twice).is_err());
    }

    #[test]
    fn only_the_group_called_secret_is_found_if_there_is_one() {
        let pattern = Pattern::new("a", r"case (?<secret>\d+) of (\d+)");
        assert_eq!(found(pattern, "case 17 of 40, case 18 of 40"), ["17", "18"]);
        // A group that takes no part is no match.
        assert!(found(Pattern::new("a", r"a|b(?<secret>c)"), "a").is_empty());
    }

    #[test]
    fn a_key_word_has_to_stand_near_and_whole() {
        let mut pattern = Pattern::new("a", r"\d{4}");
        pattern.keywords = vec!["Badge".to_owned(), "Prüfnummer".to_owned()];
        for (text, wanted) in [
            ("badge 4711", 1),
            ("BADGE: 4711", 1),
            ("4711 (badge)", 1),
            ("PRÜFNUMMER 4711", 1),
            ("4711", 0),
            ("badges 4711", 0),
            ("the badger 4711", 0),
            (&format!("badge{}4711", " ".repeat(60)), 0),
            (&format!("badge{}4711", " ".repeat(59)), 1),
            (&format!("4711{}badge", "é".repeat(16)), 0),
        ] {
            assert_eq!(found(pattern.clone(), text).len(), wanted, "{text}");
        }
    }

    #[test]
    fn validators_are_asked() {
        let check = |validator, text: &str| {
            let mut pattern = Pattern::new("a", r"\S+");
            pattern.validator = Some(validator);
            !found(pattern, text).is_empty()
        };
        assert!(check(Validator::Luhn, "79927398713") && !check(Validator::Luhn, "79927398714"));
        assert!(check(Validator::Mod97, "GB82WEST12345698765432"));
        assert!(!check(Validator::Mod97, "GB83WEST12345698765432"));
        assert!(
            check(Validator::Entropy(3.5), "k3J9xQ2mZ7pL")
                && !check(Validator::Entropy(3.5), "aaaaaaabbb")
        );
        assert!(check(Validator::Length(3, 4), "äöü") && !check(Validator::Length(3, 4), "abcde"));
    }
}
