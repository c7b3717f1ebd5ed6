//! Profiles: which treatment a class of data gets. Computed from what the data is, so that a new kind of data needs
//! no new row in a table, and what nobody thought of is protected.

use std::fmt;
use std::str::FromStr;

use super::generalize::Generalize;
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
/// | `allow-list` | redacted | redacted | redacted | redacted | redacted |
///
/// Under `allow-list` everything is redacted but what [`SanitizeConfig::allow`](super::SanitizeConfig::allow) names, and
/// fields with an attribute of their own; a secret is not shown even then.
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
    /// Only what is named in the configuration, for what must not hold anything that nobody has thought of.
    AllowList,
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
    pub const NAMES: [&'static str; 5] = ["default", "gdpr", "hipaa", "pci", "allow-list"];

    const ALL: [Self; 5] = [
        Self::Default,
        Self::Gdpr,
        Self::Hipaa,
        Self::Pci,
        Self::AllowList,
    ];

    /// Its name in configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Gdpr => "gdpr",
            Self::Hipaa => "hipaa",
            Self::Pci => "pci",
            Self::AllowList => "allow-list",
        }
    }

    /// What is done to a value whose key is of this kind. `Default` leaves it to the detectors.
    #[inline]
    pub(crate) fn treatment(self, kind: Kind) -> Treatment {
        match (self, kind) {
            (_, Kind::None) => Treatment::Default,
            (Self::Gdpr, Kind::Ip) => Treatment::Pii(Pii::Ip),
            // Who acted, and from where, is what an audit trail is for; the detectors mask what is an address.
            (Self::Default, Kind::Name | Kind::Email | Kind::Ip)
            | (Self::Pci, Kind::Email | Kind::Ip) => Treatment::Default,
            _ => self.class_treatment(kind.class()),
        }
    }

    /// What is done to a value of this class.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{Class, Profile, Treatment};
    ///
    /// assert_eq!(Profile::Default.class_treatment(Class::Personal), Treatment::Redact);
    /// assert_eq!(Profile::Gdpr.class_treatment(Class::Personal), Treatment::Hash);
    /// ```
    #[must_use]
    pub const fn class_treatment(self, class: Class) -> Treatment {
        match (class, self) {
            (Class::Public, _) => Treatment::Default,
            (Class::Internal, Self::AllowList) => Treatment::Redact,
            (Class::Internal, _) => Treatment::Default,
            (Class::Personal, Self::Gdpr) => Treatment::Hash,
            (Class::Personal | Class::Sensitive | Class::Secret, _) => Treatment::Redact,
        }
    }

    /// What the profile makes of a treatment that the program asks for: never a looser one.
    ///
    /// Under `hipaa` nothing derived from an identifier may stand for it (45 CFR 164.514(c)), and of a date only the
    /// year.
    pub(crate) const fn tightened(self, asked: Treatment) -> Treatment {
        match (self, asked) {
            (_, Treatment::Class(class)) => self.class_treatment(class),
            (
                Self::Hipaa,
                Treatment::Hash
                | Treatment::HashAs(_)
                | Treatment::Encrypt
                | Treatment::Generalize(Generalize::Network),
            ) => Treatment::Redact,
            (Self::Hipaa, Treatment::Generalize(Generalize::Month)) => {
                Treatment::Generalize(Generalize::BirthYear)
            }
            (Self::Hipaa, Treatment::Generalize(Generalize::Year)) => {
                Treatment::Generalize(Generalize::BirthYear)
            }
            _ => asked,
        }
    }

    /// Whether what this profile lets through, `other` lets through as well: a copy of the trail can be made stricter,
    /// not looser.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::Profile;
    ///
    /// assert!(Profile::Hipaa.is_at_least(Profile::Gdpr));
    /// assert!(!Profile::Default.is_at_least(Profile::Gdpr));
    /// // Each of these hides something that the other shows.
    /// assert!(!Profile::Gdpr.is_at_least(Profile::Pci) && !Profile::Pci.is_at_least(Profile::Gdpr));
    /// ```
    #[must_use]
    pub fn is_at_least(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Default) | (Self::AllowList, _) => true,
            (Self::Hipaa, _) => other != Self::AllowList,
            _ => self == other,
        }
    }

    /// Names of fields that are personal under this profile only, compared whole: the identifiers of Safe Harbor
    /// (A, B, H to M, P, Q of 45 CFR 164.514(b)(2)(i)) that elsewhere name things as often as people.
    pub(crate) const fn personal_names(self) -> &'static [&'static str] {
        match self {
            Self::Hipaa => &[
                "name",
                "initials",
                "patient",
                "city",
                "town",
                "county",
                "district",
                "zip",
                "beneficiary_number",
                "beneficiary_id",
                "health_plan_id",
                "health_plan_number",
                "plan_id",
                "member_id",
                "member_number",
                "chart_number",
                "certificate_number",
                "plate",
                "plate_number",
                "license_plate",
                "vin",
                "imei",
                "device_id",
                "device_serial",
                "serial_number",
                "fingerprint",
                "voiceprint",
                "retina_scan",
                "biometric",
                "biometrics",
                "photo",
                "photograph",
            ],
            _ => &[],
        }
    }

    /// Whether a span found in text may keep a part that a person can be told by.
    pub(crate) fn shows_part(self) -> bool {
        !matches!(self, Self::Hipaa)
    }

    pub(crate) fn ip(self) -> IpPolicy {
        match self {
            Self::Default | Self::Pci | Self::AllowList => IpPolicy::Keep,
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
        Self::ALL
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
///     "unknown profile `hippa`: did you mean `hipaa`? there are `default`, `gdpr`, `hipaa`, `pci`, `allow-list`"
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
        f.write_str(" there are `default`, `gdpr`, `hipaa`, `pci`, `allow-list`")
    }
}

impl std::error::Error for ParseProfileError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_redacts_secrets_and_numbers_that_identify() {
        for profile in Profile::ALL {
            for kind in [Kind::Secret, Kind::Card, Kind::Account, Kind::Government] {
                assert_eq!(profile.treatment(kind), Treatment::Redact);
            }
            assert_eq!(profile.treatment(Kind::None), Treatment::Default);
            assert_eq!(profile.as_str().parse(), Ok(profile));
        }
    }

    #[test]
    fn what_is_asked_for_is_never_made_looser() {
        use crate::sanitize::{Class, Mask};

        let asked = [
            Treatment::Redact,
            Treatment::Mask(Mask::default()),
            Treatment::Hash,
            Treatment::Encrypt,
            Treatment::Drop,
            Treatment::Class(Class::Secret),
        ];
        for profile in Profile::ALL {
            for asked in asked {
                let tightened = profile.tightened(asked);
                assert!(
                    tightened == asked || tightened == Treatment::Redact,
                    "{profile} {asked:?}"
                );
            }
            for kind in [Kind::Secret, Kind::Email, Kind::Birth, Kind::Ip, Kind::None] {
                // A pseudonym shows the value as little as nothing does.
                let strict = profile.treatment(kind) != Treatment::Default;
                for other in Profile::ALL
                    .into_iter()
                    .filter(|other| profile.is_at_least(*other))
                {
                    let others = other.treatment(kind) == Treatment::Redact;
                    assert!(
                        strict || !others,
                        "{profile} shows {kind:?}, {other} does not"
                    );
                }
            }
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
