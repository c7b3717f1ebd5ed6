//! The time in a token.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A `GeneralizedTime` as RFC 3161 has it (section 2.4.2): `20261123200157Z`, or `20261123200157.963017Z`. RFC 5280 knows
/// no fractions, and many authorities send them.
pub(super) fn parse(bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, nanoseconds(fraction)?),
        None => (text, 0),
    };
    if whole.len() != 14 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| whole[at..at + 2].parse::<i8>().ok();
    let year = whole[..4].parse().ok()?;
    let time = DateTime::new(
        year,
        two(4)?,
        two(6)?,
        two(8)?,
        two(10)?,
        two(12)?,
        fraction,
    );
    TimeZone::UTC.to_timestamp(time.ok()?).ok()
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // What is finer is nothing that anybody's clock knows.
    let digits = &fraction[..fraction.len().min(9)];
    format!("{digits:0<9}").parse().ok()
}
