//! Categories and action types: closed vocabularies that a crate may extend, checked while it compiles.

use crate::suggest::closest_within;

/// One vocabulary: the built-in words, and what to call it when a word is not in it.
struct Vocabulary {
    noun: &'static str,
    declared_by: &'static str,
    builtin: &'static [&'static str],
}

/// A word of a vocabulary, and what was declared with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    text: &'static str,
    mandatory: bool,
}

impl Word {
    /// For the macros, which have checked its form.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(text: &'static str) -> Self {
        Self {
            text,
            mandatory: false,
        }
    }

    /// For `categories!`: no configuration can keep its events out of the trail.
    #[doc(hidden)]
    #[must_use]
    pub const fn __mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)
    }
}

impl Vocabulary {
    /// The word of this text if it is built in or in `declared`; otherwise the compiler stops with the message built
    /// here.
    ///
    /// `declared` is `None` in a crate that declares no words of its own.
    #[track_caller]
    const fn resolve(&self, word: &'static str, declared: Option<&[&[Word]]>) -> Word {
        if contains(self.builtin, word) {
            return Word::__new(word);
        }
        let lists: &[&[Word]] = match declared {
            Some(lists) => lists,
            None => &[],
        };
        if let Some(word) = find(lists, word) {
            return word;
        }
        // Only now, because distances are slow to compute in a constant.
        let mut suggestion = closest_within(word, self.builtin, None);
        let mut i = 0;
        while i < lists.len() {
            let mut j = 0;
            while j < lists[i].len() {
                suggestion = closest_within(word, &[lists[i][j].text], suggestion);
                j += 1;
            }
            i += 1;
        }
        let mut message = Message::new()
            .push("unknown ")
            .push(self.noun)
            .push(" \"")
            .push(word)
            .push("\"");
        if let Some(name) = suggestion {
            message = message.push("; did you mean \"").push(name).push("\"?");
        } else {
            message = message.push(".");
        }
        message = message.push(" Built-in:").push_words(self.builtin);
        match declared {
            Some(lists) => {
                message = message.push("; declared in this crate:");
                let mut i = 0;
                while i < lists.len() {
                    let mut j = 0;
                    while j < lists[i].len() {
                        message = message.push_words(&[lists[i][j].text]);
                        j += 1;
                    }
                    i += 1;
                }
            }
            None => {
                message = message
                    .push("; this crate declares none (put `vigil::")
                    .push(self.declared_by)
                    .push("! { ... }` in the crate root)");
            }
        }
        panic!("{}", message.as_str())
    }
}

const fn find(lists: &[&[Word]], word: &str) -> Option<Word> {
    let mut i = 0;
    while i < lists.len() {
        let mut j = 0;
        while j < lists[i].len() {
            if equal(lists[i][j].text, word) {
                return Some(lists[i][j]);
            }
            j += 1;
        }
        i += 1;
    }
    None
}

const fn contains(words: &[&str], word: &str) -> bool {
    let mut i = 0;
    while i < words.len() {
        if equal(words[i], word) {
            return true;
        }
        i += 1;
    }
    false
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Text put together in a constant; what does not fit is cut and marked.
struct Message {
    bytes: [u8; Self::ROOM],
    len: usize,
}

impl Message {
    const ROOM: usize = 1024;
    const CUT: &'static str = " ...";

    const fn new() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            len: 0,
        }
    }

    const fn push(mut self, text: &str) -> Self {
        let fits = self.len + text.len() + Self::CUT.len() <= Self::ROOM;
        let text = if fits { text } else { Self::CUT }.as_bytes();
        let mut i = 0;
        while i < text.len() && self.len < Self::ROOM {
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        if !fits {
            // Full from here on: later pushes change nothing.
            while self.len < Self::ROOM {
                self.bytes[self.len] = b' ';
                self.len += 1;
            }
        }
        self
    }

    const fn push_words(mut self, words: &[&str]) -> Self {
        let mut i = 0;
        while i < words.len() {
            self = self.push(" ").push(words[i]);
            i += 1;
        }
        self
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "unknown audit word",
        }
    }
}

macro_rules! vocabulary {
    (
        $(#[$doc:meta])*
        $Type:ident, noun = $noun:literal, declared_by = $declared_by:literal;
        $($(#[$word_doc:meta])* $WORD:ident,)*
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Type(Word);

        impl $Type {
            $($(#[$word_doc])* pub const $WORD: Self = Self(Word::__new(stringify!($WORD)));)*

            /// The built-in words.
            pub const BUILT_IN: &'static [&'static str] = &[$(stringify!($WORD)),*];

            const VOCABULARY: Vocabulary = Vocabulary {
                noun: $noun,
                declared_by: $declared_by,
                builtin: Self::BUILT_IN,
            };

            /// The word as it stands in the trail.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                self.0.text
            }

            /// A word declared by the macro of the crate root.
            #[doc(hidden)]
            #[must_use]
            pub const fn __declared(word: Word) -> Self {
                Self(word)
            }

            /// The value for a literal in an attribute; a panic while compiling if there is no such word.
            #[doc(hidden)]
            #[must_use]
            #[track_caller]
            pub const fn __lookup(word: &'static str, declared: Option<&[&[Word]]>) -> Self {
                Self(Self::VOCABULARY.resolve(word, declared))
            }
        }

        impl std::fmt::Display for $Type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0.text)
            }
        }
    };
}

vocabulary! {
    /// What part of the system an event concerns: `action.category`.
    ///
    /// A crate adds its own with `categories!` in its root. In attributes and macros a category is written as a string
    /// and checked by the compiler, or as a path to a constant of this type.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil::Category::DATABASE.as_str(), "DATABASE");
    /// ```
    Category, noun = "audit category", declared_by = "categories";
    /// Proving who someone is: logins, sessions, passwords.
    AUTH,
    /// Reading and writing a database.
    DATABASE,
    /// Calls of an interface of this system.
    API,
    /// Files read, written, moved, removed.
    FILE,
    /// The running of the system itself; also Vigil's own events.
    SYSTEM,
    /// Events that a security team watches.
    SECURITY,
    /// What administrators do.
    ADMIN,
    /// Business data, wherever it lies.
    DATA,
    /// Changes of configuration.
    CONFIG,
    /// Connections to and from other systems.
    NETWORK,
    /// Money moved.
    PAYMENT,
}

impl Category {
    /// Whether the crate that declares it marked it as `#[mandatory]`: its events cannot be sampled, filtered, switched
    /// off or dropped by any configuration.
    ///
    /// # Examples
    ///
    /// ```
    /// vigil::categories! {
    ///     #[mandatory]
    ///     PHI_ACCESS,
    /// }
    ///
    /// # fn main() {
    /// assert!(PHI_ACCESS.is_mandatory());
    /// assert!(!vigil::Category::DATABASE.is_mandatory());
    /// # }
    /// ```
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        self.0.mandatory
    }

    /// For the macros, where code says `overflow = "drop"`.
    ///
    /// # Panics
    ///
    /// While the program is compiled, if the category is mandatory.
    #[doc(hidden)]
    #[track_caller]
    pub const fn __droppable(self) {
        assert!(
            !self.is_mandatory(),
            "the events of a mandatory category cannot be dropped; write `overflow = \"block\"`, or `\"deny\"`"
        );
    }
}

vocabulary! {
    /// What kind of action an event records: `action.type`. Where none is given it is [`ActionType::EXECUTE`].
    ///
    /// A crate adds its own with `action_types!` in its root.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil::ActionType::QUERY.as_str(), "QUERY");
    /// ```
    ActionType, noun = "audit action type", declared_by = "action_types";
    /// Something came to be.
    CREATE,
    /// Something was looked at.
    READ,
    /// Something was changed.
    UPDATE,
    /// Something was removed.
    DELETE,
    /// Something was run.
    EXECUTE,
    /// A question was put to a store.
    QUERY,
    /// Someone came in.
    LOGIN,
    /// Someone left.
    LOGOUT,
    /// Data left the system.
    EXPORT,
    /// Data entered the system.
    IMPORT,
    /// A right was given.
    GRANT,
    /// A right was taken away.
    REVOKE,
    /// Someone agreed to something.
    APPROVE,
    /// Someone reached something protected.
    ACCESS,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[&[Word]] = &[
        &[Word::__new("BILLING")],
        &[Word::__new("PHI_ACCESS").__mandatory()],
    ];

    fn message_of(word: &'static str, declared: Option<&'static [&'static [Word]]>) -> String {
        let panic = std::panic::catch_unwind(|| Category::__lookup(word, declared)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn built_in_and_declared_words_are_found() {
        assert_eq!(Category::__lookup("AUTH", None), Category::AUTH);
        let lookup = |word| Category::__lookup(word, Some(DECLARED));
        assert_eq!(lookup("BILLING").as_str(), "BILLING");
        assert!(!lookup("BILLING").is_mandatory());
        assert!(lookup("PHI_ACCESS").is_mandatory());
        assert_eq!(ActionType::__lookup("GRANT", None), ActionType::GRANT);
    }

    #[test]
    fn the_message_names_the_word_a_suggestion_and_what_there_is() {
        let message = message_of("BILLNG", Some(DECLARED));
        assert!(message.starts_with("unknown audit category \"BILLNG\"; did you mean \"BILLING\"? Built-in: AUTH DATABASE"), "{message}");
        assert!(
            message.ends_with("declared in this crate: BILLING PHI_ACCESS"),
            "{message}"
        );
        let message = message_of("QUUX_QUUX", None);
        assert!(
            message.starts_with("unknown audit category \"QUUX_QUUX\". Built-in:"),
            "{message}"
        );
        assert!(
            message.ends_with("(put `vigil::categories! { ... }` in the crate root)"),
            "{message}"
        );
    }

    #[test]
    fn a_list_too_long_for_the_message_is_cut_and_marked() {
        const MANY: &[Word] =
            &[Word::__new("A_RATHER_LONG_NAME_FOR_A_CATEGORY_THAT_SOMEBODY_DECLARED"); 40];
        let message = message_of("X", Some(&[MANY]));
        assert!(
            message.len() <= Message::ROOM && message.trim_end().ends_with("..."),
            "{message}"
        );
    }
}
