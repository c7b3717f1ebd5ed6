//! Values made coarser, so that they say of many people what they said of one.

use super::form;

/// To what a value is made coarser. Text that cannot be read as what it should be is redacted.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Generalize, Sanitize, Treatment, Writer, to_json};
///
/// struct Patient { age: u8, zip: String }
///
/// impl Sanitize for Patient {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         out.array()
///             .element_as(Treatment::Generalize(Generalize::Age), &self.age)
///             .element_as(Treatment::Generalize(Generalize::Zip3), &self.zip);
///     }
/// }
///
/// let patient = Patient { age: 93, zip: "94107-1234".into() };
/// assert_eq!(to_json(&patient), r#"["90+","941"]"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Generalize {
    /// The year of a date: `1984`.
    Year,
    /// The year and the month of a date: `1984-05`.
    Month,
    /// The year of a date of birth; `90+` where it tells that somebody is, or this year becomes, that old
    /// (45 CFR 164.514(b)(2)(i)(C)).
    BirthYear,
    /// Years of age; `90+` from 90 on, as the same rule asks.
    Age,
    /// The first three digits of a US ZIP code; `000` where so few people live that they tell who it is (the same rule,
    /// (B)). [`SanitizeConfig::sparse_zip3`](super::SanitizeConfig::sparse_zip3) says where.
    Zip3,
    /// The network of an IP address: `/24` of IPv4, `/48` of IPv6.
    Network,
    /// The range of this width that a number lies in: 1234 in buckets of 100 is `1200-1299`.
    Bucket(u64),
}

/// The three-digit areas of at most 20,000 people by the census of 2000, as the guidance of the Department of Health
/// and Human Services on 45 CFR 164.514 lists them.
pub(super) const SPARSE_ZIP3: [&str; 17] = [
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878",
    "879", "884", "890", "893",
];

/// From this age on all are one.
const OLD: i64 = 90;

impl Generalize {
    /// The names that `#[audit(generalize = "...")]` and configuration take; buckets are given by their width.
    pub const NAMES: [&'static str; 6] = ["year", "month", "birth_year", "age", "zip3", "network"];

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "year" => Self::Year,
            "month" => Self::Month,
            "birth_year" => Self::BirthYear,
            "age" => Self::Age,
            "zip3" => Self::Zip3,
            "network" => Self::Network,
            _ => return None,
        })
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::BirthYear => "birth_year",
            Self::Age => "age",
            Self::Zip3 => "zip3",
            Self::Network => "network",
            Self::Bucket(_) => "bucket",
        }
    }

    /// Appends the coarser value; false, and nothing appended, if the text cannot be read as what it should be. Nothing
    /// that is appended has to be escaped.
    pub(super) fn write(self, text: &str, around: &Around<'_>, out: &mut Vec<u8>) -> bool {
        let coarse = match self {
            Self::Year => date(text).map(|(year, _)| format!("{year:04}")),
            Self::Month => {
                date(text).and_then(|(year, month)| Some(format!("{year:04}-{:02}", month?)))
            }
            Self::BirthYear => date(text).map(|(year, _)| {
                if around.year - i64::from(year) >= OLD {
                    format!("{OLD}+")
                } else {
                    format!("{year:04}")
                }
            }),
            Self::Age => text
                .parse()
                .ok()
                .filter(|age| (0..=150).contains(age))
                .map(|age: i64| {
                    if age >= OLD {
                        format!("{OLD}+")
                    } else {
                        age.to_string()
                    }
                }),
            Self::Zip3 => zip3(text, around.sparse_zip3),
            Self::Network => {
                let Ok(address) = text.parse() else {
                    return false;
                };
                form::ip(address, out);
                return true;
            }
            Self::Bucket(width) => bucket(text, width),
        };
        match coarse {
            Some(coarse) => {
                out.extend_from_slice(coarse.as_bytes());
                true
            }
            None => false,
        }
    }
}

/// What has to be known besides the value.
pub(super) struct Around<'a> {
    /// The current year.
    pub(super) year: i64,
    pub(super) sparse_zip3: &'a [Box<str>],
}

/// The year, and the month where the order of the parts tells which it is: `1984-05-17` with or without a time,
/// `19840517`, `05/17/1984`, `17.05.1984`, `May 17, 1984`, `1984`.
fn date(text: &str) -> Option<(u16, Option<u8>)> {
    let month = |digits: &str| digits.parse().ok().filter(|month| (1..=12).contains(month));
    let year = |digits: &str| {
        digits
            .parse()
            .ok()
            .filter(|year| (1000..=2999).contains(year))
    };
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let day = text.split(['T', 't']).next().unwrap_or(text).trim();
    if day.len() == 8 && is_number(&day) {
        return Some((year(day.get(..4)?)?, Some(month(day.get(4..6)?)?)));
    }
    let parts: Vec<&str> = day
        .split([' ', '-', '/', '.', ','])
        .filter(|part| !part.is_empty())
        .take(4)
        .collect();
    match parts.as_slice() {
        [only] if only.len() == 4 => Some((year(only)?, None)),
        [first, second, ..] if first.len() == 4 && is_number(first) => {
            Some((year(first)?, Some(month(second)?)))
        }
        [first, second, third, ..] if third.len() == 4 => {
            let year = year(third)?;
            let numbers = is_number(first) && is_number(second);
            let named = !numbers && (is_number(first) || is_number(second));
            if !numbers && !named {
                return None;
            }
            // With slashes the month stands first, with dots second; in words it is not worth telling.
            let which = if day.contains('/') {
                Some(first)
            } else {
                day.contains('.').then_some(second)
            };
            Some((year, which.and_then(|digits| month(digits))))
        }
        _ => None,
    }
}

fn zip3(text: &str, sparse: &[Box<str>]) -> Option<String> {
    let (five, rest) = text.trim().split_at_checked(5)?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let four = rest.strip_prefix('-').unwrap_or(rest);
    if !digits(five) || !(rest.is_empty() || (four.len() == 4 && digits(four))) {
        return None;
    }
    let area = five.get(..3)?;
    let few = sparse.iter().any(|known| &**known == area);
    Some(if few { "000" } else { area }.to_owned())
}

fn bucket(text: &str, width: u64) -> Option<String> {
    let width = i128::from(width.max(1));
    let number = match text.parse::<i128>() {
        Ok(number) => number,
        Err(_) => {
            let number: f64 = text.parse().ok()?;
            // Beyond this not every whole number has a float of its own.
            if number.abs() > 9.0e15 || !number.is_finite() {
                return None;
            }
            number.floor() as i128
        }
    };
    let low = number.div_euclid(width).checked_mul(width)?;
    Some(if width == 1 {
        low.to_string()
    } else {
        format!("{low}-{}", low.checked_add(width - 1)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coarse(generalize: Generalize, text: &str) -> Option<String> {
        let sparse = SPARSE_ZIP3.map(Box::from);
        let around = Around {
            year: 2026,
            sparse_zip3: &sparse,
        };
        let mut out = Vec::new();
        generalize
            .write(text, &around, &mut out)
            .then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_kind_has_its_coarser_form() {
        for (generalize, text, wanted) in [
            (Generalize::Year, "1984-05-17", "1984"),
            (Generalize::Year, "1984-05-17T10:00:00Z", "1984"),
            (Generalize::Year, "1984-05-17 10:00", "1984"),
            (Generalize::Year, "19840517", "1984"),
            (Generalize::Year, "05/17/1984", "1984"),
            (Generalize::Year, "17.05.1984", "1984"),
            (Generalize::Year, "May 17, 1984", "1984"),
            (Generalize::Year, "17 May 1984", "1984"),
            (Generalize::Month, "1984-05-17", "1984-05"),
            (Generalize::Month, "05/17/1984", "1984-05"),
            (Generalize::Month, "17.05.1984", "1984-05"),
            (Generalize::BirthYear, "1984-05-17", "1984"),
            (Generalize::BirthYear, "1936-12-31", "90+"),
            (Generalize::BirthYear, "1937-01-01", "1937"),
            (Generalize::Age, "0", "0"),
            (Generalize::Age, "89", "89"),
            (Generalize::Age, "90", "90+"),
            (Generalize::Age, "114", "90+"),
            (Generalize::Zip3, "94107", "941"),
            (Generalize::Zip3, "94107-1234", "941"),
            (Generalize::Zip3, "03601", "000"),
            (Generalize::Zip3, "893011234", "000"),
            (Generalize::Network, "192.168.17.3", "192.168.17.0"),
            (Generalize::Network, "2001:db8:1:2::3", "2001:db8:1::"),
            (Generalize::Bucket(100), "1234", "1200-1299"),
            (Generalize::Bucket(100), "1200", "1200-1299"),
            (Generalize::Bucket(10), "-1", "-10--1"),
            (Generalize::Bucket(1000), "12.75", "0-999"),
            (Generalize::Bucket(1), "7", "7"),
            (Generalize::Bucket(0), "7", "7"),
        ] {
            assert_eq!(
                coarse(generalize, text).as_deref(),
                Some(wanted),
                "{generalize:?} {text}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_has_none() {
        for (generalize, text) in [
            (Generalize::Year, "yesterday"),
            (Generalize::Year, "17.05.84"),
            (Generalize::Year, "a b 1984"),
            (Generalize::Month, "May 17, 1984"),
            (Generalize::Month, "1984-13-01"),
            (Generalize::BirthYear, ""),
            (Generalize::Age, "151"),
            (Generalize::Age, "old"),
            (Generalize::Zip3, "9410"),
            (Generalize::Zip3, "SW1A 1AA"),
            (Generalize::Network, "localhost"),
            (Generalize::Bucket(10), "many"),
            (Generalize::Bucket(10), "1e300"),
            (Generalize::Bucket(10), "NaN"),
        ] {
            assert_eq!(coarse(generalize, text), None, "{generalize:?} {text}");
        }
    }

    #[test]
    fn names_lead_back() {
        for name in Generalize::NAMES {
            assert_eq!(
                Generalize::from_name(name).map(Generalize::name),
                Some(name)
            );
        }
    }

    proptest::proptest! {
        /// No text makes it panic, and what it writes needs no escape.
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}|[0-9./ -]{0,24}", width: u64) {
            for generalize in [
                Generalize::Year,
                Generalize::Month,
                Generalize::BirthYear,
                Generalize::Age,
                Generalize::Zip3,
                Generalize::Network,
                Generalize::Bucket(width),
            ] {
                if let Some(coarse) = coarse(generalize, &text) {
                    proptest::prop_assert!(coarse.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'));
                }
            }
        }
    }
}
