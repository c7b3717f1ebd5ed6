//! How well a value has to be protected: what it means if it gets out.

use std::fmt;

/// The class of a value. The profile says what is done to each.
///
/// A name puts a value into a class by the key rule; `#[audit(class = "...")]` does it by hand, where no name tells.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Class;
///
/// assert_eq!(Class::from_name("personal"), Some(Class::Personal));
/// assert!(Class::Secret > Class::Personal);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Anybody may know.
    Public,
    /// The company's own business; the strictest profiles hide it.
    Internal,
    /// Says something of a person.
    Personal,
    /// Numbers of accounts, cards and documents; health, belief and whatever else the law protects above that.
    Sensitive,
    /// Whoever has it can act as somebody: passwords, keys, tokens.
    Secret,
}

impl Class {
    /// The names that `#[audit(class = "...")]` takes.
    pub const NAMES: [&'static str; 5] = ["public", "internal", "personal", "sensitive", "secret"];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Secret => "secret",
        }
    }

    /// The class of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Public,
            Self::Internal,
            Self::Personal,
            Self::Sensitive,
            Self::Secret,
        ]
        .into_iter()
        .find(|class| class.as_str() == name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
