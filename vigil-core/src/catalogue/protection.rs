//! How well an argument is protected, so that two versions of it can be compared.

use super::{Argument, Class};

/// Ordered: less is weaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Protection {
    level: Level,
    /// Characters of the value that are not shown, counted from above; within a level the one that shows more is
    /// weaker.
    hidden: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// As it is.
    Raw,
    /// The value detectors look at it.
    Detected,
    /// In part.
    Partial,
    /// Equal values can be told equal.
    Pseudonym,
    /// Not shown.
    Hidden,
}

/// As much as can be shown.
const ALL: u64 = u64::MAX;

impl Protection {
    const fn new(level: Level, shown: u64) -> Self {
        Self {
            level,
            hidden: ALL - shown,
        }
    }

    pub(super) fn is_raw(self) -> bool {
        self.level == Level::Raw
    }
}

/// The protection of an argument; `None` if its treatment is not one of ours.
pub(super) fn protection(argument: &Argument) -> Option<Protection> {
    if argument.form.as_deref() == Some("opaque") {
        return Some(Protection::new(Level::Hidden, 0));
    }
    let treatment = argument.treatment.as_str();
    let (word, rest) = treatment
        .find(|c: char| !c.is_alphabetic())
        .map_or((treatment, ""), |end| treatment.split_at(end));
    let (level, shown) = match word {
        "redact" => (Level::Hidden, 0),
        "drop" => (Level::Hidden, 0),
        "hash" | "tokenize" | "encrypt" => (Level::Pseudonym, 0),
        "mask" => (Level::Partial, numbers(rest).sum()),
        // The forms of personal data show about as much as the usual mask.
        "pii" => (Level::Partial, 4),
        "generalize" | "bucket" => (Level::Partial, 8),
        "class" => match rest.trim_matches(|c: char| !c.is_alphabetic()) {
            "personal" | "sensitive" | "secret" => (Level::Hidden, 0),
            _ => (Level::Detected, ALL),
        },
        "truncate" => (Level::Detected, numbers(rest).sum()),
        "keep" => (Level::Raw, ALL),
        "default" => match argument.class {
            Class::Sensitive | Class::Secret => (Level::Hidden, 0),
            Class::Personal => (Level::Partial, 4),
            Class::Public => (Level::Detected, ALL),
        },
        _ => return None,
    };
    Some(Protection::new(level, shown))
}

fn numbers(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(class: Class, treatment: &str) -> Protection {
        protection(&Argument {
            name: "a".to_owned(),
            ty: None,
            value: None,
            class,
            form: None,
            treatment: treatment.to_owned(),
        })
        .unwrap()
    }

    #[test]
    fn protections_are_ordered() {
        let from_weak_to_strong = [
            of(Class::Secret, "keep"),
            of(Class::Public, "default"),
            of(Class::Secret, "truncate = 64"),
            of(Class::Secret, "truncate = 20"),
            of(Class::Public, "mask(keep_first = 4, keep_last = 4)"),
            of(Class::Personal, "default"),
            of(Class::Public, "hash"),
            of(Class::Secret, "default"),
        ];
        assert!(from_weak_to_strong.is_sorted(), "{from_weak_to_strong:?}");
        assert!(
            from_weak_to_strong
                .windows(2)
                .all(|pair| pair[0] != pair[1])
        );
        assert_eq!(
            of(Class::Secret, "default"),
            of(Class::Public, "redact = \"gone\"")
        );
        assert_eq!(
            of(Class::Secret, "default"),
            of(Class::Public, "class = \"secret\"")
        );
        assert_eq!(
            of(Class::Public, "pii = \"email\""),
            of(Class::Personal, "default")
        );
    }
}
