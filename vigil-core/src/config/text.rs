//! What the text of a value means: yes or no, a size, a time, a share. Each refusal says what was expected.

use std::time::Duration;

use crate::event::{Delivery, Overflow};
use crate::trail::packing::secret;

/// What would have been right.
pub(super) type Expected = String;

pub(super) fn switch(text: &str) -> Result<bool, Expected> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("true or false".into()),
    }
}

/// A share of all events.
pub(super) fn rate(text: &str) -> Result<f64, Expected> {
    match text.parse::<f64>() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        _ => Err("a number from 0 to 1 such as 0.25".into()),
    }
}

pub(super) fn is_off(text: &str) -> bool {
    text.eq_ignore_ascii_case("off")
}

/// Bytes: `64 MiB`, `1.5 GiB`, `500 kB`, or a bare number.
pub(super) fn size(text: &str) -> Result<u64, Expected> {
    let units = [
        ("", 1),
        ("b", 1),
        ("kb", 1000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
    ];
    with_unit(text, &units).ok_or_else(|| "a size such as \"64 MiB\"".into())
}

/// As [`size`]; `None` for `off`.
pub(super) fn size_or_off(text: &str) -> Result<Option<u64>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    size(text).map(Some)
}

/// `250ms`, `1.5 s`, `2m`, `1h`. A bare number is refused, because nobody knows whether it means seconds.
pub(super) fn duration(text: &str) -> Result<Duration, Expected> {
    let units = [
        ("ns", 1),
        ("us", 1000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    with_unit(text, &units)
        .map(Duration::from_nanos)
        .ok_or_else(|| "a time such as \"250ms\" or \"1s\"".into())
}

/// A decimal number and a unit, exact; `None` for anything else and for what does not fit.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let number_end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(number_end);
    let unit = unit.trim().to_ascii_lowercase();
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    let number = number.replace('_', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    if whole.is_empty() || fraction.len() > 9 || (number.contains('.') && fraction.is_empty()) {
        return None;
    }
    let whole: u128 = whole.parse::<u64>().ok()?.into();
    let part: u128 = match fraction {
        "" => 0,
        fraction => u128::from(fraction.parse::<u64>().ok()?)
            .checked_mul(u128::from(*factor))?
            .checked_div(10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?)?,
    };
    u64::try_from(whole.checked_mul(u128::from(*factor))?.checked_add(part)?).ok()
}

/// `DATABASE`, `PHI_ACCESS`: the form that `categories!` asks of a name.
pub(super) fn is_category(name: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && !name.ends_with('_')
        && !name.contains("__")
        && name.bytes().all(allowed)
}

/// The text as it may stand in a message: short, on one line.
pub(super) fn shown(text: &str) -> String {
    if let Some(secret) = secret(text) {
        return secret.to_owned();
    }
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    format!("{short:?}")
}

/// How safe an event is when its call returns. `required` is not for a configuration to say: the code has to be able to
/// refuse.
pub(super) fn delivery(text: &str) -> Result<Delivery, Expected> {
    match text {
        "journaled" => Ok(Delivery::Journaled),
        "durable" => Ok(Delivery::Durable),
        _ => Err("journaled or durable".into()),
    }
}

/// What becomes of an event without room.
pub(super) fn overflow(text: &str) -> Result<Overflow, Expected> {
    match text {
        "block" => Ok(Overflow::Block),
        "drop" => Ok(Overflow::Drop),
        "deny" => Ok(Overflow::Deny),
        _ => Err("block, drop or deny".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("64 MiB", 64 << 20),
            ("256MiB", 256 << 20),
            ("1.5 GiB", 3 << 29),
            ("500 kB", 500_000),
            ("1_000", 1000),
            ("12 b", 12),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "many",
            "MiB",
            "-1",
            "1 XiB",
            "1.",
            ".5 MiB",
            "1e3",
            "20000000000 GiB",
            "1.2.3 kB",
        ] {
            assert_eq!(
                size(text),
                Err("a size such as \"64 MiB\"".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn durations() {
        for (text, nanos) in [
            ("250ms", 250_000_000),
            ("1s", 1_000_000_000),
            ("1.5 s", 1_500_000_000),
            ("0s", 0),
            ("2m", 120_000_000_000),
            ("1h", 3_600_000_000_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
        for text in ["", "1", "soon", "1 day", "-1s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_and_switches() {
        assert_eq!(
            (rate("0"), rate("1.0"), rate("0.25")),
            (Ok(0.0), Ok(1.0), Ok(0.25))
        );
        for text in ["7", "-0.1", "NaN", "inf", "half", ""] {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!((switch("True"), switch("off")), (Ok(true), Ok(false)));
        assert!(switch("maybe").is_err());
    }

    #[test]
    fn categories_have_a_form() {
        for name in ["AUTH", "PHI_ACCESS", "TIER_2"] {
            assert!(is_category(name), "{name}");
        }
        for name in ["", "auth", "A__B", "A_", "_A", "2FA", "Ä", "A-B"] {
            assert!(!is_category(name), "{name}");
        }
    }
}
