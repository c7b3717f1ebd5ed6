//! Numbers that are known by their digits: payment cards and US social security numbers.
//!
//! Cards: ISO/IEC 7812 (issuer ranges, length, Luhn). SSNs: the Social Security Administration's rules of 2011 (area
//! not 000, 666 or 9xx, group not 00, serial not 0000); ITINs: IRS, area 9xx with groups 50 to 65, 70 to 88, 90 to 92
//! and 94 to 99.

use super::bytes::{context, looked_at, run};
use super::checks::luhn_sum;
use super::{Replacement, Rule, Span};

/// The longest card number.
const MOST_DIGITS: usize = 19;
const MOST_GROUPS: usize = 5;

/// Digits, possibly in groups, from one place on.
struct Digits {
    digits: [u8; MOST_DIGITS],
    /// For each group how many digits there are up to its end, and where it ends.
    groups: [(usize, usize); MOST_GROUPS],
    count: usize,
    separator: Option<u8>,
    /// After the last group there is one more separator and digit.
    goes_on: bool,
}

/// The number that begins at `at`, the first digit of its run.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    if !is_plausible(bytes, at) {
        return None;
    }
    let digits = read(bytes, at)?;
    // "1.234567890" and "12-345..." are parts of something longer.
    let before = at.checked_sub(1).filter(|before| *before >= floor);
    if let Some(before) = before
        && matches!(bytes.get(before), Some(b'.' | b'-'))
        && before
            .checked_sub(1)
            .filter(|before| *before >= floor)
            .and_then(|before| bytes.get(before))
            .is_some_and(u8::is_ascii_digit)
    {
        return None;
    }
    card(bytes, at, &digits).or_else(|| ssn(bytes, at, &digits))
}

/// Whether the sizes of the first groups are those of a card or an SSN: dates, times, amounts and ids are sorted out
/// here. All in one they have 9 or at least 12 digits; cards begin with 4 and 4 or 6, SSNs are 3, 2 and 4.
pub(super) fn is_plausible(bytes: &[u8], at: usize) -> bool {
    let digits = |at: usize, most: usize| run(bytes, at, most, |byte| byte.is_ascii_digit());
    match digits(at, MOST_DIGITS + 1) {
        3 => digits(at + 4, 3) == 2 && digits(at + 7, 4) == 4,
        4 => digits(at + 5, 4) == 4 || (digits(at + 5, 6) == 6 && digits(at + 12, 5) >= 4),
        6 => digits(at + 7, 14) >= 10,
        9 => true,
        first @ 12..=MOST_DIGITS => {
            let mut digits = [0; MOST_DIGITS];
            for (digit, byte) in digits.iter_mut().zip(bytes.iter().skip(at).take(first)) {
                *digit = byte - b'0';
            }
            let digits = digits.get(..first).unwrap_or_default();
            !matches!(issuer(digits), Issuer::None) && luhn(digits)
        }
        _ => false,
    }
}

fn read(bytes: &[u8], at: usize) -> Option<Digits> {
    looked_at(MOST_DIGITS + MOST_GROUPS);
    let mut read = Digits {
        digits: [0; MOST_DIGITS],
        groups: [(0, 0); MOST_GROUPS],
        count: 0,
        separator: None,
        goes_on: false,
    };
    let mut total = 0;
    let mut place = at;
    loop {
        while let Some(digit) = bytes.get(place).filter(|byte| byte.is_ascii_digit()) {
            *read.digits.get_mut(total)? = digit - b'0';
            total += 1;
            place += 1;
        }
        *read.groups.get_mut(read.count)? = (total, place);
        read.count += 1;
        let separator = *bytes.get(place).unwrap_or(&0);
        let next_is_digit = bytes.get(place + 1).is_some_and(u8::is_ascii_digit);
        let joins = matches!(separator, b' ' | b'-' | b'.')
            && next_is_digit
            && read.separator.is_none_or(|known| known == separator);
        if !joins {
            break;
        }
        // A run that is longer than any number of ours, or has more groups, may still begin with one.
        let next_run = bytes
            .get(place + 1..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .take(MOST_DIGITS + 1)
            .count();
        if read.count == MOST_GROUPS || total + next_run > MOST_DIGITS {
            read.goes_on = true;
            break;
        }
        read.separator = Some(separator);
        place += 1;
    }
    Some(read)
}

/// Whether the number may end here: nothing that it would be a part of follows.
fn ends(bytes: &[u8], end: usize) -> bool {
    match bytes.get(end) {
        Some(b'.' | b'-') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(byte) => !byte.is_ascii_alphanumeric(),
        None => true,
    }
}

fn card(bytes: &[u8], at: usize, read: &Digits) -> Option<Span> {
    if read.separator == Some(b'.') {
        return None;
    }
    // The longest first; after a blank another number may follow (an expiry date, a code).
    for groups in (1..=read.count).rev() {
        let &(count, end) = read.groups.get(groups - 1)?;
        let digits = read.digits.get(..count)?;
        let cut = groups < read.count || read.goes_on;
        let end_is_clear = if cut {
            read.separator == Some(b' ') || bytes.get(end) == Some(&b' ')
        } else {
            ends(bytes, end)
        };
        // Between further groups of four it is a part of a longer number.
        let amid = cut
            && at > 4
            && read.separator == Some(b' ')
            && bytes.get(at - 1) == Some(&b' ')
            && bytes
                .get(at - 5..at - 1)
                .is_some_and(|four| four.iter().all(u8::is_ascii_digit));
        if amid
            || !end_is_clear
            || !(12..=MOST_DIGITS).contains(&count)
            || !is_grouping(read, groups)
        {
            continue;
        }
        let near = || {
            context(
                bytes,
                at,
                &["card", "visa", "pan", "maestro", "credit", "debit"],
            )
        };
        let issued = || match issuer(digits) {
            Issuer::Certain => true,
            // A bare 13-digit number is more often a time in milliseconds; Maestro's range is wide.
            Issuer::WithContext => groups > 1 && count != 12 || near(),
            Issuer::None => false,
        };
        if luhn(digits) && issued() {
            return Some(Span::new(at..end, Rule::Card, Replacement::Card));
        }
    }
    None
}

/// All in one, fours with a shorter rest, or 4-6-5 and 4-6-4 as on American Express and Diners cards.
fn is_grouping(read: &Digits, groups: usize) -> bool {
    let mut previous = 0;
    let mut sizes = [0; MOST_GROUPS];
    for (size, (count, _)) in sizes.iter_mut().zip(read.groups).take(groups) {
        *size = count - previous;
        previous = count;
    }
    match sizes.get(..groups).unwrap_or_default() {
        // UnionPay prints its longer ones in two groups.
        [_] | [4, 6, 4 | 5] | [6, 10..=13] => true,
        [fours @ .., last] => fours.iter().all(|size| *size == 4) && (1..=4).contains(last),
        [] => false,
    }
}

enum Issuer {
    Certain,
    WithContext,
    None,
}

/// Whether an issuer gives out numbers that begin so and have this length.
fn issuer(digits: &[u8]) -> Issuer {
    let prefix = |len: usize| {
        digits
            .iter()
            .take(len)
            .fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let (two, three, four, six) = (prefix(2), prefix(3), prefix(4), prefix(6));
    let certain = match digits.len() {
        // Diners Club International.
        14 => matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39),
        // American Express; JCB's old ranges.
        15 => matches!(two, 34 | 37) || matches!(four, 1800 | 2131),
        16 => {
            // Visa, Mastercard (both series), Discover, Diners, JCB, UnionPay, Mir, RuPay, Troy.
            two / 10 == 4
                || matches!(two, 51..=55 | 65 | 60 | 81 | 82 | 36 | 38 | 39 | 62)
                || matches!(four, 2221..=2720 | 3528..=3589 | 2200..=2204 | 9792)
                || matches!(three, 300..=305 | 309 | 508 | 644..=649)
                || (622_126..=622_925).contains(&six)
        }
        17 | 18 => matches!(two, 62 | 81),
        19 => {
            two / 10 == 4
                || matches!(two, 62 | 81 | 65)
                || matches!(four, 6011 | 3528..=3589)
                || matches!(three, 644..=649)
        }
        _ => false,
    };
    let maestro = matches!(two, 50 | 56..=69) && (12..=19).contains(&digits.len());
    let old_visa = two / 10 == 4 && digits.len() == 13;
    if certain {
        Issuer::Certain
    } else if maestro || old_visa {
        Issuer::WithContext
    } else {
        Issuer::None
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    // All zeros and the like pass the sum and are nobody's.
    if digits.iter().all(|digit| Some(digit) == digits.first()) {
        return false;
    }
    luhn_sum(digits.iter().rev().copied()) == 0
}

fn ssn(bytes: &[u8], at: usize, read: &Digits) -> Option<Span> {
    let (count, end) = match read.groups.get(..read.count)? {
        [(3, _), (5, _), (9, end), ..] => (3, *end),
        [(9, end), ..] => (1, *end),
        _ => return None,
    };
    let cut = count < read.count || read.goes_on;
    let clear = if cut {
        // "123-45-6789-1" is another number; "123456789 12" ends after nine.
        bytes.get(end) == Some(&b' ')
    } else {
        ends(bytes, end)
    };
    let number = |range: std::ops::Range<usize>| {
        read.digits
            .get(range)
            .unwrap_or_default()
            .iter()
            .fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let (area, group, serial) = (number(0..3), number(3..5), number(5..9));
    let valid = match area {
        0 | 666 => false,
        900.. => matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99),
        _ => group != 0 && serial != 0,
    };
    const WORDS: [&str; 5] = ["ssn", "social", "itin", "tin", "taxpayer"];
    let told = || count == 3 || context(bytes, at, &WORDS);
    (clear && valid && told()).then(|| Span::new(at..end, Rule::Ssn, Replacement::Ssn))
}
