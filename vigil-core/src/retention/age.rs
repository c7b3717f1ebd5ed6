//! How long something is kept: in days, or in months as calendars and regulations count them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// More than any regulation asks for.
const MOST_MONTHS: u32 = 12 * 100;
const MOST_DAYS: u32 = 366 * 100;

/// How long something is kept.
///
/// # Examples
///
/// ```
/// use vigil::trail::retention::Age;
///
/// assert_eq!("12mo".parse::<Age>()?, Age::months(12));
/// assert_eq!("6y".parse::<Age>()?, Age::months(72));
/// assert_eq!(Age::days(90).to_string(), "90d");
/// assert!("90".parse::<Age>().is_err(), "of what?");
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Age {
    months: u32,
    days: u32,
}

impl Age {
    /// So many months of the calendar.
    #[must_use]
    pub const fn months(months: u32) -> Self {
        Self { months, days: 0 }
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self { months: 0, days }
    }

    /// When something that dates from `time` is so old; never, where the calendar ends before.
    pub(crate) fn after(self, time: Timestamp) -> Timestamp {
        let later = |span| TimeZone::UTC.to_datetime(time).checked_add(span).ok();
        let later = self.span().and_then(later);
        let later = later.and_then(|later| TimeZone::UTC.to_timestamp(later).ok());
        later.unwrap_or(Timestamp::MAX)
    }

    /// What is so old at `time` dates from then or before.
    pub(crate) fn before(self, time: Timestamp) -> Timestamp {
        let earlier = |span| TimeZone::UTC.to_datetime(time).checked_sub(span).ok();
        let earlier = self.span().and_then(earlier);
        let earlier = earlier.and_then(|earlier| TimeZone::UTC.to_timestamp(earlier).ok());
        earlier.unwrap_or(Timestamp::MIN)
    }

    fn span(self) -> Option<Span> {
        Span::new()
            .try_months(self.months)
            .ok()?
            .try_days(self.days)
            .ok()
    }

    /// Whether it is this long wherever in the calendar it begins.
    pub(crate) fn is_at_least(self, other: Self) -> bool {
        // Leap days and long months fall differently; four years see all of them.
        let days = (0..4).flat_map(|year| (1..=366).map(move |day| (2024 + year, day)));
        let begins = days.filter_map(|(year, day)| {
            Date::new(year, 1, 1)
                .ok()?
                .checked_add(Span::new().days(day - 1))
                .ok()
        });
        begins
            .filter_map(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok())
            .all(|begin| self.after(begin) >= other.after(begin))
    }

    /// Whether it is a time to keep something for: not nothing, and not for ever.
    pub(crate) fn is_sensible(self) -> bool {
        let Self { months, days } = self;
        (months, days) != (0, 0) && months <= MOST_MONTHS && days <= MOST_DAYS
    }
}

impl FromStr for Age {
    type Err = crate::Error;

    /// `90d`, `2 weeks`, `12mo`, `6 years`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
            .ok_or_else(|| crate::Error::config(format!("expected {EXPECTED}, found {text:?}")))
    }
}

/// What would have been right.
pub(crate) const EXPECTED: &str = "a time such as 90d, 12mo or 6y, from 1d to 100y";

fn parse(text: &str) -> Option<Age> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u32 = number.parse().ok()?;
    let age = match unit.trim() {
        "d" | "day" | "days" => Age::days(number),
        "w" | "week" | "weeks" => Age::days(number.checked_mul(7)?),
        "mo" | "month" | "months" => Age::months(number),
        "y" | "year" | "years" => Age::months(number.checked_mul(12)?),
        _ => return None,
    };
    age.is_sensible().then_some(age)
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self { months, days: 0 } if months % 12 == 0 && months > 12 => {
                write!(f, "{}y", months / 12)
            }
            Self { months, days: 0 } => write!(f, "{months}mo"),
            Self { days, .. } => write!(f, "{days}d"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_back() {
        for (text, age, shown) in [
            ("90d", Age::days(90), "90d"),
            ("1 day", Age::days(1), "1d"),
            ("2 weeks", Age::days(14), "14d"),
            ("12mo", Age::months(12), "12mo"),
            ("1y", Age::months(12), "12mo"),
            ("6 years", Age::months(72), "6y"),
        ] {
            assert_eq!(text.parse::<Age>().unwrap(), age, "{text}");
            assert_eq!(age.to_string(), shown);
            assert_eq!(shown.parse::<Age>().unwrap(), age);
        }
        for text in [
            "",
            "0d",
            "-1d",
            "90",
            "1.5y",
            "101y",
            "soon",
            "90 min",
            "99999999999d",
            "ä",
        ] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_has_366_days_where_that_counts() {
        assert!(Age::months(12).is_at_least(Age::months(12)));
        assert!(!Age::days(365).is_at_least(Age::months(12)));
        assert!(Age::days(366).is_at_least(Age::months(12)));
        assert!(
            Age::days(92).is_at_least(Age::months(3)) && !Age::days(91).is_at_least(Age::months(3))
        );
        assert!(!Age::months(11).is_at_least(Age::months(12)));
        assert!(
            Age::months(12).is_at_least(Age::days(365))
                && !Age::months(12).is_at_least(Age::days(366))
        );
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(
            Age::months(1).after(time("2026-01-31T12:00:00Z")),
            time("2026-02-28T12:00:00Z")
        );
        assert_eq!(
            Age::months(12).before(time("2026-11-25T12:00:00Z")),
            time("2025-11-25T12:00:00Z")
        );
        assert_eq!(Age::days(1).after(Timestamp::MAX), Timestamp::MAX);
    }
}
