//! Profiles: which treatment a class of data gets. Computed from what the data is, so that a new kind of data needs
//! no new row in a table, and what nobody thought of is protected.

use std::fmt;
use std::str::FromStr;

use super::key::{Class, Kind};
use super::treatment::{Pii, Treatment};

/// How strictly values are treated that the program itself gave no treatment.
///
/// | | secrets, numbers of accounts, cards and documents | phone, birth, address | names | e-mail | IP addresses |
/// |---|---|---|---|---|---|
/// | `default` | redacted | redacted | kept | `j***@***.***` | kept |
/// | `gdpr` | redacted | pseudonym | pseudonym | pseudonym by key, `j***@***.***` in text | `/24`, `/48` |
/// | `hipaa` | redacted | redacted | redacted | redacted | redacted |
/// | `pci` | redacted | redacted | redacted | `j***@***.***` | kept |
///
/// "By key" is what the name of the field says; text is searched by the value detectors. Cards and SSNs found in text
/// keep their last four digits, except under `hipaa`, whose Safe Harbor counts those as identifying. A pseudonym stays
/// personal data under the GDPR while somebody holds the key, and is no de-identification under HIPAA.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Profile;
///
/// let profile: Profile = "hipaa".parse()?;
/// assert_eq!(profile, Profile::Hipaa);
/// assert_eq!(profile.as_str(), "hipaa");
/// # Ok::<(), vigil_core::sanitize::ParseProfileError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Secrets and numbers that identify are hidden; who did it stays readable.
    #[default]
    Default,
    /// Data minimisation and pseudonyms for personal data.
    Gdpr,
    /// The Safe Harbor method, 45 CFR 164.514(b)(2), as far as names of fields and detectors reach.
    Hipaa,
    /// Cardholder data: never the card number's middle, never the verification code, nor the cardholder's name.
    Pci,
}

/// What happens to an IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IpPolicy {
    Keep,
    Network,
    Redact,
}

impl Profile {
    /// The names of the profiles, as configuration spells them.
    pub const NAMES: [&'static str; 4] = ["default", "gdpr", "hipaa", "pci"];

    /// Its name in configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Gdpr => "gdpr",
            Self::Hipaa => "hipaa",
            Self::Pci => "pci",
        }
    }

    /// What is done to a value whose key is of this kind. `Default` leaves it to the detectors.
    #[inline]
    pub(crate) fn treatment(self, kind: Kind) -> Treatment {
        match kind {
            Kind::None => Treatment::Default,
            kind => self.treatment_of_known(kind),
        }
    }

    fn treatment_of_known(self, kind: Kind) -> Treatment {
        match kind.class() {
            Class::Public => Treatment::Default,
            Class::Secret | Class::Sensitive => Treatment::Redact,
            Class::Personal => match (self, kind) {
                (Self::Hipaa, _) => Treatment::Redact,
                (Self::Gdpr, Kind::Ip) => Treatment::Pii(Pii::Ip),
                (Self::Gdpr, _) => Treatment::Hash,
                (Self::Pci, Kind::Name) => Treatment::Redact,
                // Who acted, and from where, is what an audit trail is for; the detectors mask what is an address.
                (Self::Default | Self::Pci, Kind::Name | Kind::Email | Kind::Ip) => {
                    Treatment::Default
                }
                (Self::Default | Self::Pci, _) => Treatment::Redact,
            },
        }
    }

    /// Whether a span found in text may keep a part that a person can be told by.
    pub(crate) fn shows_part(self) -> bool {
        self != Self::Hipaa
    }

    pub(crate) fn ip(self) -> IpPolicy {
        match self {
            Self::Default | Self::Pci => IpPolicy::Keep,
            Self::Gdpr => IpPolicy::Network,
            Self::Hipaa => IpPolicy::Redact,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Profile {
    type Err = ParseProfileError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Default, Self::Gdpr, Self::Hipaa, Self::Pci]
            .into_iter()
            .find(|profile| profile.as_str() == name)
            .ok_or_else(|| ParseProfileError(name.to_owned()))
    }
}

/// There is no profile of this name.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Profile;
///
/// let error = "hippa".parse::<Profile>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "unknown profile `hippa`: did you mean `hipaa`? there are `default`, `gdpr`, `hipaa`, `pci`"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseProfileError(String);

impl fmt::Display for ParseProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown profile `{}`:", self.0)?;
        if let Some(near) = crate::suggest::closest(&self.0, &Profile::NAMES) {
            write!(f, " did you mean `{near}`?")?;
        }
        f.write_str(" there are `default`, `gdpr`, `hipaa`, `pci`")
    }
}

impl std::error::Error for ParseProfileError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_redacts_secrets_and_numbers_that_identify() {
        for profile in [
            Profile::Default,
            Profile::Gdpr,
            Profile::Hipaa,
            Profile::Pci,
        ] {
            for kind in [Kind::Secret, Kind::Card, Kind::Account, Kind::Government] {
                assert_eq!(profile.treatment(kind), Treatment::Redact);
            }
            assert_eq!(profile.treatment(Kind::None), Treatment::Default);
            assert_eq!(profile.as_str().parse(), Ok(profile));
        }
    }

    #[test]
    fn hipaa_leaves_nothing_personal() {
        for kind in [
            Kind::Email,
            Kind::Phone,
            Kind::Name,
            Kind::Address,
            Kind::Birth,
            Kind::Ip,
        ] {
            assert_eq!(Profile::Hipaa.treatment(kind), Treatment::Redact);
        }
    }
}
