//! Detectors that are off unless the configuration or the profile asks for them: what they look for is seldom a secret, or
//! they mistake too much for it.

mod date;
mod devices;
mod documents;
mod links;
mod random;
mod wallet;

use super::{Replacement, Rule, Span};
use crate::sanitize::profile::Profile;

pub(super) use date::year_of;

/// A detector that is off by default.
///
/// Under the profile `hipaa` those of [`Detector::Date`], [`Detector::Url`], [`Detector::Vin`], [`Detector::Imei`],
/// [`Detector::Mbi`] and [`Detector::DriverLicence`] are on.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Detector, SanitizeConfig, Sanitizer};
///
/// let config = SanitizeConfig { detectors: vec![Detector::Vin], ..SanitizeConfig::default() };
/// let sanitizer = Sanitizer::new(&config)?;
/// assert_eq!(sanitizer.text("towed 1M8GDM9AXKP042788").text(), "towed ***REDACTED***");
/// assert_eq!("vin".parse(), Ok(Detector::Vin));
/// # Ok::<(), vigil_core::sanitize::RuleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detector {
    /// Vehicle identification numbers whose check digit holds: 49 CFR 565.15. European ones need not have one.
    Vin,
    /// IMEIs of phones: 3GPP TS 23.003, a reporting body's two digits and the Luhn sum.
    Imei,
    /// Addresses of Bitcoin (Base58Check, BIP 173, BIP 350) and Ethereum (40 hexadecimal digits behind `0x`) wallets.
    CryptoAddress,
    /// Medicare beneficiary identifiers: CMS, 11 places, each of letters or digits of its own.
    Mbi,
    /// Numbers of driver licences, beside their name only: their shapes are those of everything else.
    DriverLicence,
    /// Calendar dates: ISO 8601 and the usual national forms. The year stays if it is 1950 or later, so that it cannot
    /// show an age of ninety before 2039.
    Date,
    /// URLs with a scheme and `://`, as a whole.
    Url,
    /// UUIDs: RFC 9562.
    Uuid,
    /// Runs of twenty characters and more that are too evenly spread for words.
    Entropy,
}

impl Detector {
    /// The names of the detectors, as configuration spells them and `redactions` counts them.
    pub const NAMES: [&'static str; 9] = [
        "vin",
        "imei",
        "crypto_address",
        "mbi",
        "driver_licence",
        "date",
        "url",
        "uuid",
        "entropy",
    ];

    const ALL: [Self; 9] = [
        Self::Vin,
        Self::Imei,
        Self::CryptoAddress,
        Self::Mbi,
        Self::DriverLicence,
        Self::Date,
        Self::Url,
        Self::Uuid,
        Self::Entropy,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl std::str::FromStr for Detector {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|detector| detector.as_str() == name)
            .ok_or(())
    }
}

/// Which of the optional detectors are on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Detectors(u16);

impl Detectors {
    /// Those that the configuration names, and those of the profile.
    pub(crate) fn new(named: &[Detector], profile: Profile) -> Self {
        let of_profile: &[Detector] = match profile {
            Profile::Hipaa => &[
                Detector::Date,
                Detector::Url,
                Detector::Vin,
                Detector::Imei,
                Detector::Mbi,
                Detector::DriverLicence,
            ],
            _ => &[],
        };
        let all = named.iter().chain(of_profile);
        Self(all.fold(0, |set, detector| set | 1 << *detector as u16))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn has(self, detector: Detector) -> bool {
        self.0 >> detector as u16 & 1 == 1
    }
}

/// What one of the detectors that are on finds at the beginning of a word or number.
pub(super) fn find(bytes: &[u8], at: usize, on: Detectors) -> Option<Span> {
    if on.is_empty() {
        return None;
    }
    let asked = |detector: Detector, rule: Rule, find: fn(&[u8], usize) -> Option<usize>| {
        let end = on.has(detector).then(|| find(bytes, at)).flatten()?;
        let replacement = match rule {
            Rule::Date => Replacement::Year,
            _ => Replacement::Redacted,
        };
        Some(Span::new(at..end, rule, replacement))
    };
    asked(Detector::Date, Rule::Date, date::find)
        .or_else(|| asked(Detector::Vin, Rule::Vin, devices::vin))
        .or_else(|| asked(Detector::Imei, Rule::Imei, devices::imei))
        .or_else(|| asked(Detector::Mbi, Rule::Mbi, documents::mbi))
        .or_else(|| asked(Detector::CryptoAddress, Rule::CryptoAddress, wallet::find))
        .or_else(|| asked(Detector::Uuid, Rule::Uuid, links::uuid))
        .or_else(|| {
            asked(
                Detector::DriverLicence,
                Rule::DriverLicence,
                documents::licence,
            )
        })
        .or_else(|| asked(Detector::Entropy, Rule::Entropy, random::find))
}

/// The URL whose `:` stands at `at`.
pub(super) fn url(bytes: &[u8], at: usize, floor: usize, on: Detectors) -> Option<Span> {
    if !on.has(Detector::Url) {
        return None;
    }
    links::url(bytes, at, floor).map(|range| Span::redacted(range, Rule::Url))
}

/// Whether a word ends at `end`.
fn ends(bytes: &[u8], end: usize) -> bool {
    !bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests;
