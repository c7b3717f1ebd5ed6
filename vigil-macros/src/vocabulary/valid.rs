//! The form of the words: they stand in files, queries and dashboards for years.

use syn::ext::IdentExt;

use super::model::Declarations;
use crate::errors::Errors;
use crate::words::Vocabulary;

const LONGEST: usize = 64;

/// Reports words that are badly formed, built in or repeated, and takes them out.
pub(crate) fn check(declarations: &mut Declarations, vocabulary: &Vocabulary, errors: &mut Errors) {
    let mut seen: Vec<(String, String)> = Vec::new();
    declarations.words.retain(|word| {
        let (text, constant) = (word.text(), word.ident.unraw().to_string());
        let noun = vocabulary.noun;
        let wrong = if vocabulary.built_in.contains(&text.as_str()) {
            let advice = if word.mandatory {
                "it cannot be made mandatory here, for other crates use it too; declare a category of your own"
            } else {
                "use it without declaring it"
            };
            Some(format!("{noun} `{text}` is built in: {advice}"))
        } else if text.len() > LONGEST {
            Some(format!("{noun} is longer than {LONGEST} characters"))
        } else if !is_screaming_snake_case(&text) {
            Some(format!("{noun} `{text}` is not of the form `SCREAMING_SNAKE_CASE` (A to Z, 0 to 9, single `_` between)"))
        } else if seen.iter().any(|(other, _)| *other == text) {
            Some(format!("{noun} `{text}` is declared twice"))
        } else {
            None
        };
        if let Some(message) = wrong {
            errors.at(word.span(), message);
            return false;
        }
        if seen.iter().any(|(_, other)| *other == constant) {
            errors.at(word.ident.span(), format!("there is a constant `{constant}` already"));
            return false;
        }
        seen.push((text, constant));
        true
    });
}

fn is_screaming_snake_case(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.split('_').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_screaming_snake_case() {
        for right in ["A", "PHI_ACCESS", "TIER_2", "X509"] {
            assert!(is_screaming_snake_case(right), "{right}");
        }
        for wrong in [
            "", "_A", "A_", "A__B", "a", "Billing", "2FA", "A-B", "Ä", "A B",
        ] {
            assert!(!is_screaming_snake_case(wrong), "{wrong}");
        }
    }
}
