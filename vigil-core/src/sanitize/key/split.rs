//! The words of a name: `userAPIKey2` is `user`, `API`, `Key`.

/// The words of a name, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Words<'a> {
    rest: &'a str,
    by_case: bool,
}

impl<'a> Words<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            rest: name,
            by_case: true,
        }
    }

    /// Splits at what is no letter only.
    pub(super) fn ignoring_case(name: &'a str) -> Self {
        Self {
            rest: name,
            by_case: false,
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.find(char::is_alphabetic)?;
        let word = &self.rest[start..];
        let mut chars = word.char_indices();
        let (_, mut previous) = chars.next()?;
        let mut end = word.len();
        let mut chars = chars.peekable();
        while let Some((at, c)) = chars.next() {
            let next_is_lower = || {
                let mut ahead = chars.clone();
                ahead.next().is_some_and(|(_, c)| c.is_lowercase())
            };
            // "tokenCount" splits before `C`; "APIKey" before the `K` that begins a lower-case tail.
            let changes = self.by_case
                && c.is_uppercase()
                && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower()));
            if !c.is_alphabetic() || changes {
                end = at;
                break;
            }
            previous = c;
        }
        let (word, rest) = word.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// Whether [`Words::new`] and [`Words::ignoring_case`] can differ.
pub(super) fn has_case_change(name: &str) -> bool {
    let mut previous_is_letter = false;
    for c in name.chars() {
        if c.is_uppercase() && previous_is_letter {
            return true;
        }
        previous_is_letter = c.is_alphabetic();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_case_changes_digits_and_everything_else() {
        let table: [(&str, &[&str]); 10] = [
            ("access_token", &["access", "token"]),
            ("userAPIKey2", &["user", "API", "Key"]),
            ("X-Api-Key", &["X", "Api", "Key"]),
            ("card[number]", &["card", "number"]),
            ("a.b/c d", &["a", "b", "c", "d"]),
            ("SSN", &["SSN"]),
            ("mot_de_passeÉtendu", &["mot", "de", "passe", "Étendu"]),
            ("password123", &["password"]),
            ("", &[]),
            ("42", &[]),
        ];
        for (name, words) in table {
            assert_eq!(Words::new(name).collect::<Vec<_>>(), words, "{name}");
        }
        let whole: Vec<_> = Words::ignoring_case("my_pAssWord").collect();
        assert_eq!(whole, ["my", "pAssWord"]);
    }
}
