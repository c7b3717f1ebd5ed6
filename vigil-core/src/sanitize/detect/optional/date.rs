//! Calendar dates: ISO 8601, the forms with strokes and full stops, and those with the month's name in English.

use super::ends;
use crate::sanitize::detect::bytes::{looked_at, run};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The end of the date that begins at `at`, its time included.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<usize> {
    let end = if bytes.get(at)?.is_ascii_digit() {
        numeric(bytes, at)?
    } else {
        named(bytes, at)?
    };
    let time = match bytes.get(end) {
        Some(b'T') => run(bytes, end, 40, |byte| {
            byte.is_ascii_digit() || matches!(byte, b'T' | b':' | b'.' | b'Z' | b'+' | b'-')
        }),
        _ => 0,
    };
    ends(bytes, end + time).then_some(end + time)
}

/// The year of a date, if it may be seen.
pub(in crate::sanitize::detect) fn year_of(found: &str) -> Option<&str> {
    const FIRST: u32 = 1950;
    found
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 4)
        .filter(|year| year.parse().is_ok_and(|year: u32| year >= FIRST))
}

/// The number at `at`, where it ends, and what stands there.
fn number(bytes: &[u8], at: usize) -> Option<(u32, usize, usize)> {
    let len = run(bytes, at, 5, |byte| byte.is_ascii_digit());
    let digits = bytes
        .get(at..at + len)
        .filter(|digits| matches!(digits.len(), 1 | 2 | 4))?;
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    Some((value, len, at + len))
}

fn is_day(day: u32) -> bool {
    (1..=31).contains(&day)
}

fn is_year(year: u32) -> bool {
    (1850..=2150).contains(&year)
}

fn numeric(bytes: &[u8], at: usize) -> Option<usize> {
    let (first, first_len, end) = number(bytes, at)?;
    let separator = *bytes.get(end)?;
    if first_len <= 2
        && is_day(first)
        && let Some((_, month_end)) = month(bytes, end + usize::from(b" -/".contains(&separator)))
    {
        // `23 November 2026`, `23/Nov/2026`
        let gap = run(bytes, month_end, 2, |byte| b" -/.,".contains(&byte));
        let (year, len, end) = number(bytes, month_end + gap)?;
        return (gap > 0 && len == 4 && is_year(year)).then_some(end);
    }
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (second, second_len, end) = number(bytes, end + 1)?;
    if bytes.get(end) != Some(&separator) || second_len > 2 {
        return None;
    }
    let (third, third_len, end) = number(bytes, end + 1)?;
    let valid = match (first_len, third_len) {
        (4, 1 | 2) => {
            separator != b'.' && is_year(first) && second <= 12 && second > 0 && is_day(third)
        }
        (1 | 2, 4) => {
            is_year(third) && is_day(first) && is_day(second) && (first <= 12 || second <= 12)
        }
        _ => false,
    };
    // "1.2.2026.4" is none.
    let goes_on =
        bytes.get(end) == Some(&separator) && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    (valid && !goes_on).then_some(end)
}

/// `November 23, 2026`
fn named(bytes: &[u8], at: usize) -> Option<usize> {
    let (_, end) = month(bytes, at)?;
    let gap = run(bytes, end, 2, |byte| b" .".contains(&byte));
    let (day, len, end) = number(bytes, end + gap)?;
    if gap == 0 || len > 2 || !is_day(day) {
        return None;
    }
    let ordinal = ["st", "nd", "rd", "th"]
        .iter()
        .any(|ending| bytes.get(end..end + 2) == Some(ending.as_bytes()));
    let end = end + 2 * usize::from(ordinal);
    let comma = run(bytes, end, 2, |byte| b" ,".contains(&byte));
    match number(bytes, end + comma) {
        Some((year, 4, end)) if comma > 0 && is_year(year) => Some(end),
        _ => Some(end),
    }
}

/// The month's name at `at`, whole or its first three letters, and where it ends.
fn month(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let len = run(bytes, at, 10, |byte| byte.is_ascii_alphabetic());
    let word = bytes.get(at..at + len)?;
    looked_at(len);
    MONTHS.iter().enumerate().find_map(|(number, name)| {
        let name = name.as_bytes();
        let known = word.eq_ignore_ascii_case(name)
            || (len == 3 && word.eq_ignore_ascii_case(name.get(..3)?))
            || word.eq_ignore_ascii_case(b"sept");
        known.then_some((number, at + len))
    })
}
