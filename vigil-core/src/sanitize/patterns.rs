//! What the rules look for, as regular expressions: for a tool that scans elsewhere, such as a commit hook, a log shipper
//! or a gateway, and for measuring Vigil beside one.
//!
//! They are made from the tables that the detectors read, and so never behind them. They say the shape only: a detector
//! also asks for a digit, entropy or a checksum, and judges a key by the words around it.

use super::{detect, key};

/// The shape of every token that is known by its prefix: the name of the rule, as in `redactions`, and a regular expression
/// in the syntax of the crate `regex`. A rule may have several.
///
/// # Examples
///
/// ```
/// let github: Vec<_> = vigil_core::sanitize::token_patterns()
///     .filter(|(rule, _)| *rule == "github_token")
///     .collect();
/// assert!(github.iter().any(|(_, regex)| regex == r"(?-u:\b)ghp_[0-9A-Za-z]{30,}"));
/// ```
pub fn token_patterns() -> impl Iterator<Item = (&'static str, String)> {
    detect::token_patterns()
}

/// A key whose value is a secret or identifies somebody, with the sign behind it and the value, as one regular expression:
/// the words of the key rule before `=` or `:`.
///
/// # Examples
///
/// ```
/// assert!(vigil_core::sanitize::key_pattern().contains("passphrase"));
/// ```
#[must_use]
pub fn key_pattern() -> String {
    let words: Vec<String> = key::sensitive_words().collect();
    format!(
        r#"(?i-u:{})s?["']?[ \t]*(?::=|=>|[:=])[ \t]*["']?[^\s"',;&]+"#,
        words.join("|")
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use regex::Regex;

    use super::*;
    use crate::sanitize::explain;

    /// A text of a shape, from what its expression says: the classes and counts are those that `shapes::regex` writes.
    fn example(regex: &str) -> String {
        const LETTERS: &str = "7aB3dE9fA2cD4bF6";
        let mut text = String::new();
        let mut rest = regex.replace(r"(?-u:\b)", "");
        let mut class = None;
        while let Some(first) = rest.chars().next() {
            match first {
                '[' => {
                    let end = rest.find(']').unwrap();
                    class = Some(rest[1..end].to_owned());
                    rest = rest[end + 1..].to_owned();
                }
                '{' => {
                    let end = rest.find('}').unwrap();
                    let least = rest[1..end].split(',').next().unwrap();
                    let class = class.take().unwrap();
                    let has = |c: char| {
                        Regex::new(&format!("[{class}]"))
                            .unwrap()
                            .is_match(&c.to_string())
                    };
                    let all: Vec<char> = LETTERS
                        .chars()
                        .chain("ABCD".chars())
                        .filter(|c| has(*c))
                        .collect();
                    text.extend(all.iter().cycle().take(least.parse().unwrap()));
                    rest = rest[end + 1..].to_owned();
                }
                '\\' => {
                    text.push(rest[1..].chars().next().unwrap());
                    rest = rest[2..].to_owned();
                }
                other => {
                    text.push(other);
                    rest = rest[other.len_utf8()..].to_owned();
                }
            }
        }
        text
    }

    #[test]
    fn what_an_expression_matches_the_detectors_find() {
        let mut missed = Vec::new();
        let mut rules = HashSet::new();
        for (rule, pattern) in token_patterns() {
            rules.insert(rule);
            let regex = Regex::new(&pattern).unwrap();
            let text = format!("see {} there", example(&pattern));
            assert!(regex.is_match(&text), "{pattern} {text}");
            if !explain(&text)
                .iter()
                .any(|finding| finding.range.start == 4)
            {
                missed.push(format!("{rule} {text}"));
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
        assert!(rules.len() > 150);
    }

    #[test]
    fn the_expression_of_keys_matches_what_the_key_rule_hides() {
        let regex = Regex::new(&key_pattern()).unwrap();
        for text in [
            "password=hunter2",
            "api_key: x",
            "\"clientSecret\": \"x\"",
            "DB_PASSWORD := x",
            "card number: 4111",
            "tokens=a",
        ] {
            assert!(regex.is_match(text), "{text}");
        }
        for text in ["role = ?1", "author: jane", "plan=free"] {
            assert!(!regex.is_match(text), "{text}");
        }
    }
}
