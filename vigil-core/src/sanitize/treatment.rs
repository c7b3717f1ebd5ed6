//! What is done to a value: the second of the two axes of redaction. The first, what a value *is*, is
//! [`Kind`](super::key::Kind); [`Profile`](super::Profile) joins them.

use super::class::Class;
use super::generalize::Generalize;

/// What is done to a value before it stands in the trail.
///
/// A treatment holds for everything inside the value: `Mask` on an `Option<Vec<String>>` masks each string.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Mask, Treatment};
///
/// const ACCOUNT: Treatment = Treatment::Mask(Mask::new(2, 2, '*'));
/// assert_ne!(ACCOUNT, Treatment::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Treatment {
    /// The key rule looks at the name, the value detectors look at every string.
    #[default]
    Default,
    /// `***REDACTED***`; the value is not even visited.
    Redact,
    /// This text instead of the value, which is not visited.
    RedactAs(&'static str),
    /// Some characters are shown, the rest is replaced one for one.
    Mask(Mask),
    /// A keyed pseudonym, `hmac:<key id>:<32 hex digits>`: the same value of the same kind and tenant gives the same
    /// pseudonym. The kind is what the name of the field says: `email`, `phone`, ...; `value` if it says nothing.
    Hash,
    /// As `Hash`, of a kind that bears this name: `customer` where both `buyer` and `payer` hold one.
    HashAs(&'static str),
    /// At most this many characters of each string; the detectors have run over it first.
    Truncate(usize),
    /// As it is: no key rule, no detectors. Only the limits and JSON's own escaping hold.
    Keep,
    /// The value is of this kind and written in that kind's form.
    Pii(Pii),
    /// Coarser, so that it says of many what it said of one.
    Generalize(Generalize),
    /// The member is left out, and counted; where something has to stand, in an array, it is redacted.
    Drop,
    /// A token of the [`Vault`](super::Vault) in [`SanitizeConfig::tokenizer`](super::SanitizeConfig::tokenizer);
    /// redacted if there is none.
    Tokenize,
    /// Encrypted under the key of the event's subject, until that is erased; redacted if the event names no subject, or
    /// there is no store of keys. Needs the feature `subject-keys`.
    Encrypt,
    /// What the profile does with values of this class.
    Class(Class),
}

/// How much of a masked value is shown.
///
/// Never more than a third: where the two ends together would be more, all of it is masked.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Mask;
///
/// let mask = Mask { keep_first: 2, ..Mask::default() };
/// assert_eq!((mask.keep_first, mask.keep_last, mask.char), (2, 4, '*'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    /// Characters shown at the beginning.
    pub keep_first: usize,
    /// Characters shown at the end.
    pub keep_last: usize,
    /// What stands in place of each hidden character.
    pub char: char,
}

impl Mask {
    /// A mask of these three; usable in constants.
    #[must_use]
    pub const fn new(keep_first: usize, keep_last: usize, char: char) -> Self {
        Self {
            keep_first,
            keep_last,
            char,
        }
    }
}

impl Default for Mask {
    /// The last four characters are shown.
    fn default() -> Self {
        Self::new(0, 4, '*')
    }
}

/// The kinds of personal data that have a form of their own.
///
/// Text that cannot be read as its kind is redacted whole. Under the profile `hipaa` all of them are.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Pii;
///
/// assert_eq!(Pii::from_name("email"), Some(Pii::Email));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pii {
    /// `j***@***.***`
    Email,
    /// `***-***-4567`
    Phone,
    /// `****-****-****-9010`
    Card,
    /// `***REDACTED***`
    Iban,
    /// `***-**-6789`
    Ssn,
    /// `J*** S***`
    Name,
    /// The network: `/24` of an IPv4 address, `/48` of an IPv6 one.
    Ip,
}

impl Pii {
    /// The names that `#[audit(pii = "...")]` takes, for the macros' messages.
    pub const NAMES: [&'static str; 7] = ["email", "phone", "card", "iban", "ssn", "name", "ip"];

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::Ssn => "ssn",
            Self::Name => "name",
            Self::Ip => "ip",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "email" => Self::Email,
            "phone" => Self::Phone,
            "card" => Self::Card,
            "iban" => Self::Iban,
            "ssn" => Self::Ssn,
            "name" => Self::Name,
            "ip" => Self::Ip,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_kind() {
        for name in Pii::NAMES {
            assert_eq!(Pii::from_name(name).map(Pii::name), Some(name));
        }
        assert_eq!(Pii::from_name("Email"), None);
    }
}
