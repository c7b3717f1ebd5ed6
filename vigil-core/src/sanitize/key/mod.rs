//! The key rule: what the name of a field, map key, header or parameter says about its value.
//!
//! Rules that look for parts of words redact `author` because of `auth`; rules that compare whole names let
//! `access_token` through. So a name is split into words (at case changes, digits and anything that is no letter) and
//! whole words and adjacent pairs are compared. The words themselves are in [`table`].

mod gate;
mod glance;
mod split;
mod table;
mod words;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

pub(crate) use super::class::Class;
use super::rules::Rules;
use super::writer::json;
pub(in crate::sanitize) use gate::may_be_known;
pub(in crate::sanitize) use glance::{is_plain_word, nothing_known};
pub(super) use table::sensitive_words;
pub(crate) use words::ExtraWords;

/// What a value is, as far as its key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Nothing known.
    None = 1,
    /// Whoever has it can act as somebody: passwords, tokens, private keys, cookies.
    Secret,
    /// Numbers of payment cards and what is printed beside them.
    Card,
    /// Numbers of bank accounts and the like.
    Account,
    /// Numbers that a state or an insurer gives to a person.
    Government,
    Email,
    Phone,
    Name,
    Address,
    Birth,
    Ip,
}

impl Kind {
    pub(crate) const fn class(self) -> Class {
        match self {
            Self::None => Class::Public,
            Self::Secret => Class::Secret,
            Self::Card | Self::Account | Self::Government => Class::Sensitive,
            Self::Email | Self::Phone | Self::Name | Self::Address | Self::Birth | Self::Ip => {
                Class::Personal
            }
        }
    }

    /// The scope of its pseudonyms.
    pub(crate) const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::None => return None,
            Self::Secret => "secret",
            Self::Card => "card",
            Self::Account => "account",
            Self::Government => "government",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Address => "address",
            Self::Birth => "birth",
            Self::Ip => "ip",
        })
    }

    const fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::None,
            2 => Self::Secret,
            3 => Self::Card,
            4 => Self::Account,
            5 => Self::Government,
            6 => Self::Email,
            7 => Self::Phone,
            8 => Self::Name,
            9 => Self::Address,
            10 => Self::Birth,
            11 => Self::Ip,
            _ => return None,
        })
    }
}

/// The name of a field or parameter, fixed at compile time.
///
/// What the key rule says of it is found out once for each configuration and kept in the key.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Key, Sanitize, Treatment, Writer, to_json};
///
/// struct Login { user: String, password: String }
///
/// impl Sanitize for Login {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         static USER: Key = Key::new("user");
///         static PASSWORD: Key = Key::new("password");
///         out.object()
///             .field(&USER, Treatment::Default, &self.user)
///             .field(&PASSWORD, Treatment::Default, &self.password);
///     }
/// }
///
/// let login = Login { user: "jane".into(), password: "hunter2".into() };
/// assert_eq!(to_json(&login), r#"{"user":"jane","password":"***REDACTED***"}"#);
/// ```
pub struct Key {
    name: &'static str,
    /// The name in the code, where a `rename` has given another one for the trail. Both are judged: renaming does not
    /// take a sensitive field out of reach of the key rule.
    own_name: &'static str,
    /// The name as JSON, with quotes and a colon, and how long that is; 0 where it is too long or needs escapes. A
    /// copy of a fixed length costs less than one of the right length.
    spelled: ([u8; SPELLED], u8),
    /// 0: not asked yet. Else the low [`KIND_BITS`] bits are the kind's code, the others the epoch of the rules
    /// that were asked.
    cached: AtomicU32,
}

const KIND_BITS: u32 = 5;

const SPELLED: usize = 31;

impl Key {
    /// A key of this name.
    ///
    /// # Examples
    ///
    /// ```
    /// static CARD: vigil_core::sanitize::Key = vigil_core::sanitize::Key::new("card_number");
    /// assert_eq!(CARD.name(), "card_number");
    /// ```
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self::renamed(name, name)
    }

    /// A key of this name for what is called `own_name` in the code.
    #[doc(hidden)]
    #[must_use]
    pub const fn renamed(name: &'static str, own_name: &'static str) -> Self {
        Self {
            name,
            own_name,
            spelled: spelled(name.as_bytes()),
            cached: AtomicU32::new(0),
        }
    }

    /// Its name as it stands in the trail.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::Key::new("plan").name(), "plan");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Appends its name with quotes and a colon.
    #[inline(always)]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (spelled, len) = &self.spelled;
        if *len == 0 {
            json::quoted(out, self.name);
            out.push(b':');
            return;
        }
        let end = out.len() + usize::from(*len);
        out.extend_from_slice(spelled);
        out.truncate(end);
    }

    /// What the key rule says of it. Relaxed suffices: the word holds the answer and which rules gave it.
    #[inline]
    pub(crate) fn kind(&self, rules: &Rules) -> Kind {
        let cached = self.cached.load(Relaxed);
        if cached >> KIND_BITS == rules.epoch()
            && let Some(kind) = Kind::from_code(cached & ((1 << KIND_BITS) - 1))
        {
            return kind;
        }
        self.ask(rules)
    }

    #[cold]
    fn ask(&self, rules: &Rules) -> Kind {
        let mut kind = kind_of(self.name, rules.words());
        if !std::ptr::eq(self.name, self.own_name) {
            let own = kind_of(self.own_name, rules.words());
            if own.class() > kind.class() {
                kind = own;
            }
        }
        self.cached
            .store(rules.epoch() << KIND_BITS | kind as u32, Relaxed);
        kind
    }
}

const fn spelled(name: &[u8]) -> ([u8; SPELLED], u8) {
    let mut spelled = [0; SPELLED];
    if name.len() + 3 > SPELLED {
        return (spelled, 0);
    }
    spelled[0] = b'"';
    let mut at = 0;
    while at < name.len() {
        if name[at] < 0x20 || matches!(name[at], b'"' | b'\\' | 0x7f) {
            return (spelled, 0);
        }
        spelled[at + 1] = name[at];
        at += 1;
    }
    spelled[at + 1] = b'"';
    spelled[at + 2] = b':';
    (spelled, at as u8 + 3)
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

/// What the key rule says of this name. Allocates nothing.
pub(crate) fn kind_of(name: &str, extra: &ExtraWords) -> Kind {
    if extra.sensitive.is_empty() && extra.personal.is_empty() && !may_be_known(name.as_bytes()) {
        return Kind::None;
    }
    judged(name, extra)
}

/// Whether the gate lets through all that the words know.
#[cfg(fuzzing)]
pub(super) fn gate_agrees(name: &str, extra: &ExtraWords) -> bool {
    kind_of(name, extra) == judged(name, extra)
}

/// The same, word by word, however long it is: of a part of a name another part might be judged once what was found in it
/// has made it shorter.
fn judged(name: &str, extra: &ExtraWords) -> Kind {
    let by_case = words::judge(&mut split::Words::new(name), extra, true);
    // `PassWord` and `pAssword`: once more with the case changes ignored, unless there are none.
    if by_case.class() >= Class::Sensitive || !split::has_case_change(name) {
        return by_case;
    }
    let whole = words::judge(&mut split::Words::ignoring_case(name), extra, false);
    if whole.class() > by_case.class() {
        whole
    } else {
        by_case
    }
}

#[cfg(test)]
mod tests;
