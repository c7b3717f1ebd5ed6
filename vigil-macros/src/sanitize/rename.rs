//! `rename_all`: the styles in which names can stand in the trail.

use syn::LitStr;

use crate::suggest::did_you_mean;

/// A style of names; called as in serde, whose users know them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const STYLES: &[(&str, Style)] = &[
    ("lowercase", Style::Lower),
    ("UPPERCASE", Style::Upper),
    ("PascalCase", Style::Pascal),
    ("camelCase", Style::Camel),
    ("snake_case", Style::Snake),
    ("SCREAMING_SNAKE_CASE", Style::ScreamingSnake),
    ("kebab-case", Style::Kebab),
    ("SCREAMING-KEBAB-CASE", Style::ScreamingKebab),
];

impl Style {
    pub(crate) fn parse(name: &LitStr) -> syn::Result<Self> {
        let text = name.value();
        STYLES
            .iter()
            .find(|(known, _)| *known == text)
            .map(|(_, style)| *style)
            .ok_or_else(|| {
                let meant = did_you_mean(&text, STYLES.iter().map(|(known, _)| *known));
                let list: Vec<_> = STYLES.iter().map(|(known, _)| *known).collect();
                let message = format!(
                    "unknown style of names `{text}`{meant} (expected one of {})",
                    list.join(", ")
                );
                syn::Error::new(name.span(), message)
            })
    }

    /// A Rust name, of a field or a variant, in this style.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let lower = || words.iter().map(|word| word.to_lowercase());
        let upper = || words.iter().map(|word| word.to_uppercase());
        match self {
            Self::Lower => lower().collect(),
            Self::Upper => upper().collect(),
            Self::Pascal => words.iter().map(|word| capitalized(word)).collect(),
            Self::Camel => {
                let first = words.first().map(|word| word.to_lowercase());
                first
                    .into_iter()
                    .chain(words.iter().skip(1).map(|word| capitalized(word)))
                    .collect()
            }
            Self::Snake => lower().collect::<Vec<_>>().join("_"),
            Self::ScreamingSnake => upper().collect::<Vec<_>>().join("_"),
            Self::Kebab => lower().collect::<Vec<_>>().join("-"),
            Self::ScreamingKebab => upper().collect::<Vec<_>>().join("-"),
        }
    }
}

/// `card_number` and `CardNumber` are two words each.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    for c in name.chars() {
        if c == '_' {
            fresh = true;
            continue;
        }
        if fresh || c.is_uppercase() {
            words.push(String::new());
        }
        fresh = false;
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first
            .to_uppercase()
            .chain(chars.flat_map(char::to_lowercase))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_variants_come_out_alike() {
        for name in ["card_number", "CardNumber"] {
            assert_eq!(Style::Camel.apply(name), "cardNumber");
            assert_eq!(Style::Pascal.apply(name), "CardNumber");
            assert_eq!(Style::Snake.apply(name), "card_number");
            assert_eq!(Style::ScreamingSnake.apply(name), "CARD_NUMBER");
            assert_eq!(Style::Kebab.apply(name), "card-number");
            assert_eq!(Style::ScreamingKebab.apply(name), "CARD-NUMBER");
            assert_eq!(Style::Lower.apply(name), "cardnumber");
            assert_eq!(Style::Upper.apply(name), "CARDNUMBER");
        }
        assert_eq!(Style::Camel.apply("_"), "");
    }
}
