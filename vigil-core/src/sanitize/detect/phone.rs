//! Telephone numbers: ITU-T E.164 (`+`, country code, at most fifteen digits), the North American Numbering Plan (three,
//! three and four digits, area and exchange from 2 on), and any national grouping beside a word such as `phone`.

use super::bytes::{context, looked_at, run, starts_with};
use super::{Replacement, Rule, Span};

/// E.164's longest number.
const MOST_DIGITS: usize = 15;
/// Bytes that the longest one takes with its separators.
const MOST_BYTES: usize = 32;

/// What stands before a bare number that is a telephone's.
const WORDS: [&str; 10] = [
    "phone",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "cellphone",
    "fax",
    "msisdn",
    "whatsapp",
    "telefon",
];

/// What stands before ten digits that are somebody's number in North America.
const VERBS: [&str; 6] = ["call", "dial", "text me", "reach me", "ring", "sms"];

/// The number that begins with the digit at `at`, the `+` or `(` before it included.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize) -> Option<Span> {
    let before = |by: usize| {
        at.checked_sub(by)
            .filter(|place| *place >= floor)
            .and_then(|place| bytes.get(place))
            .copied()
    };
    match before(1) {
        Some(b'+') => return with_plus(bytes, at, at - 1, before(2)),
        // `%2B` is a `+` in a query string.
        Some(b'B' | b'b') if before(2) == Some(b'2') && before(3) == Some(b'%') => {
            return with_plus(bytes, at, at - 3, None);
        }
        // `1-212-555-0123`
        Some(b'.' | b'-' | b' ')
            if before(2) == Some(b'1')
                && before(3).is_none_or(|byte| {
                    !byte.is_ascii_alphanumeric() && !b".-/#$_+".contains(&byte)
                })
                && Number::read(bytes, at - 2).is_north_american() =>
        {
            let number = Number::read(bytes, at - 2);
            return number.ends_well(bytes).then(|| span(at - 2, number.end));
        }
        // Parts of something longer; a sign before a number; a path.
        Some(b'.' | b'-' | b'/' | b'#' | b'$' | b'_') => return None,
        _ => {}
    }
    // The `1` before a North American number is taken along from the area.
    if is_date(bytes, at) || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let start = if before(1) == Some(b'(') { at - 1 } else { at };
    let number = Number::read(bytes, start);
    let is_phone = number.is_north_american()
        || number.is_dialled_abroad()
        || (number.may_be_national() && begins_well(bytes, at) && near(bytes, start))
        || (number.groups() == [10] && is_plan(number.digits()) && context(bytes, start, &VERBS));
    (is_phone && number.ends_well(bytes)).then(|| span(start, number.end))
}

/// The number that is the value of a key such as `phone`.
pub(super) fn after_key(bytes: &[u8], start: usize) -> Option<Span> {
    let plus = usize::from(bytes.get(start) == Some(&b'+'));
    let number = Number::read(bytes, start + plus);
    (7..=MOST_DIGITS)
        .contains(&number.count)
        .then(|| span(start, number.end))
}

/// Whether the number that begins at this digit, not behind a plus, is certainly no telephone's.
pub(super) fn is_nothing(bytes: &[u8], at: usize) -> bool {
    let before = |by: usize| {
        at.checked_sub(by)
            .and_then(|place| bytes.get(place))
            .copied()
    };
    let len = run(bytes, at, MOST_DIGITS + 1, |byte| byte.is_ascii_digit());
    if len > MOST_DIGITS {
        return true;
    }
    let behind = bytes.get(at + len..).unwrap_or_default();
    let joined = behind.first().is_some_and(|byte| b" -./()".contains(byte))
        && behind
            .iter()
            .skip(1)
            .take(2)
            .any(|byte| byte.is_ascii_digit() || *byte == b'(');
    // Too short, a date, or a part of something longer.
    if (len < 7 && !joined) || is_date(bytes, at) {
        return true;
    }
    match before(1) {
        Some(b'.' | b'-' | b'/' | b'#' | b'$' | b'_') if before(2) != Some(b'1') => return true,
        _ => {}
    }
    // Fewer digits than any has.
    let digits = bytes.get(at..).unwrap_or_default().iter().take(MOST_BYTES);
    let digits = digits
        .take_while(|byte| byte.is_ascii_digit() || b" -./()".contains(byte))
        .filter(|byte| byte.is_ascii_digit());
    if digits.count() < 7 {
        return true;
    }
    let start = at - usize::from(before(1) == Some(b'('));
    let number = Number::read(bytes, start);
    let bare = number.group_count == 1;
    number.count < 7
        || (bare && !near(bytes, start) && !(len == 10 && context(bytes, start, &VERBS)))
        || (!bare
            && !number.is_north_american()
            && !number.is_dialled_abroad()
            && !near(bytes, start))
            && before(2) != Some(b'1')
}

/// Whether a national number can begin so: with three digits, or with pairs.
fn begins_well(bytes: &[u8], at: usize) -> bool {
    let digit = |place: usize| bytes.get(at + place).is_some_and(u8::is_ascii_digit);
    let gap = |place: usize| {
        bytes
            .get(at + place)
            .is_some_and(|byte| b" -./".contains(byte))
    };
    digit(1) && (digit(2) || (gap(2) && digit(3) && digit(4) && gap(5)))
}

/// `2026-11-23`, which no word makes a telephone number.
fn is_date(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at..at + 10) {
        Some(
            &[
                a,
                b,
                _,
                _,
                one @ (b'-' | b'/' | b'.'),
                month,
                _,
                other,
                _,
                _,
            ],
        ) => {
            one == other
                && matches!((a, b), (b'1', b'9') | (b'2', b'0'))
                && matches!(month, b'0' | b'1')
                && !bytes.get(at + 10).is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start..end, Rule::Phone, Replacement::Phone)
}

fn near(bytes: &[u8], at: usize) -> bool {
    context(bytes, at, &WORDS)
}

/// A number behind its `+`, which stands at `plus`.
fn with_plus(bytes: &[u8], at: usize, plus: usize, before: Option<u8>) -> Option<Span> {
    // `a+1` is a sum, `user+1@...` an address.
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b')'))
    {
        return None;
    }
    let number = Number::read(bytes, at);
    let valid = match number.digits() {
        [b'1', rest @ ..] => number.count == 11 && is_plan(rest),
        _ => number.has_country() && number.count >= 8,
    };
    (valid && number.ends_well(bytes)).then(|| span(plus, number.end))
}

/// Digits with the separators of telephone numbers between them.
struct Number {
    digits: [u8; MOST_DIGITS],
    count: usize,
    /// The sizes of the first groups.
    groups: [usize; 6],
    group_count: usize,
    /// Every separator is this one; 0 if they differ, or there is none.
    separator: u8,
    parentheses: bool,
    end: usize,
}

impl Number {
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut number = Self {
            digits: [0; MOST_DIGITS],
            count: 0,
            groups: [0; 6],
            group_count: 0,
            separator: 0,
            parentheses: false,
            end: start,
        };
        let mut at = start;
        let end = bytes.len().min(start + MOST_BYTES);
        let mut separators = 0;
        while at < end {
            // What stands between two groups: one separator, a parenthesis, or both.
            let mut digits = at;
            let mut separator = 0;
            let mut open = false;
            while let Some(byte) = bytes.get(digits).filter(|_| digits < at + 2) {
                match byte {
                    b' ' | b'-' | b'.' | b'/' if separator == 0 => separator = *byte,
                    b'(' if !number.parentheses => open = true,
                    b')' if number.parentheses => {}
                    _ => break,
                }
                digits += 1;
            }
            let len = run(bytes, digits, MOST_DIGITS + 1, |byte| byte.is_ascii_digit());
            let closed = bytes.get(digits + len) == Some(&b')');
            if len == 0 || number.count + len > MOST_DIGITS || (open && !closed) {
                break;
            }
            // A further group of the length of a year or a code behind a complete number is another one.
            number.parentheses |= open;
            if separator != 0 {
                separators += 1;
                number.separator = if separators == 1 || number.separator == separator {
                    separator
                } else {
                    0
                };
            }
            for byte in bytes.iter().skip(digits).take(len) {
                if let Some(digit) = number.digits.get_mut(number.count) {
                    *digit = *byte;
                    number.count += 1;
                }
            }
            if let Some(group) = number.groups.get_mut(number.group_count) {
                *group = len;
            }
            number.group_count += 1;
            at = digits + len;
            number.end = at;
        }
        looked_at(number.end - start);
        number
    }

    fn groups(&self) -> &[usize] {
        self.groups.get(..self.group_count).unwrap_or_default()
    }

    fn digits(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or_default()
    }

    /// Nothing follows that it would be a part of.
    fn ends_well(&self, bytes: &[u8]) -> bool {
        match bytes.get(self.end) {
            Some(b'.' | b'-' | b'/' | b':') => !bytes
                .get(self.end + 1)
                .is_some_and(|byte| byte.is_ascii_alphanumeric()),
            Some(byte) => !byte.is_ascii_alphanumeric() && *byte != b'_',
            None => true,
        }
    }

    /// `(212) 555-0123`, `212-555-0123`, `1 212 555 0123`; all in one only beside a word that says so.
    fn is_north_american(&self) -> bool {
        let (groups, digits) = match (self.groups(), self.digits()) {
            ([1, rest @ ..], [b'1', digits @ ..]) => (rest, digits),
            all => all,
        };
        let same = self.parentheses || self.separator != 0 && self.separator != b'/';
        groups == [3, 3, 4] && same && is_plan(digits)
    }

    /// `0049 30 901820`
    fn is_dialled_abroad(&self) -> bool {
        match self.digits() {
            [b'0', b'0', rest @ ..] => {
                self.group_count >= 3
                    && self
                        .groups()
                        .first()
                        .is_some_and(|first| (3..=5).contains(first))
                    && self.separator != b'.'
                    && (8..=MOST_DIGITS - 2).contains(&rest.len())
                    && country(rest)
            }
            _ => false,
        }
    }

    fn may_be_national(&self) -> bool {
        (7..=MOST_DIGITS).contains(&self.count)
    }

    fn has_country(&self) -> bool {
        country(self.digits())
    }
}

/// Area and exchange of the North American Numbering Plan; `N11` is a service and no area.
fn is_plan(digits: &[u8]) -> bool {
    match digits {
        [b'2'..=b'9', a, b, b'2'..=b'9', rest @ ..] => (*a, *b) != (b'1', b'1') && rest.len() >= 6,
        _ => false,
    }
}

/// Whether E.164 gives a country code that these digits begin with: zones 1 to 9 are given out but for these.
fn country(digits: &[u8]) -> bool {
    let [first, second, third, ..] = digits else {
        return false;
    };
    match (first, second, third) {
        (b'1' | b'7', ..) => true,
        (b'2', b'0' | b'7', _) => true,
        (b'2', b'1', third) => matches!(third, b'1' | b'2' | b'3' | b'6' | b'8'),
        (b'2', b'8', _) => false,
        (b'2', b'9', third) => matches!(third, b'0' | b'1' | b'7' | b'8' | b'9'),
        (b'2', ..) => true,
        (b'3', b'8', third) => {
            matches!(third, b'0' | b'1' | b'2' | b'3' | b'5' | b'6' | b'7' | b'9')
        }
        (b'3', ..) => true,
        (b'4', b'2', third) => matches!(third, b'0' | b'1' | b'3'),
        (b'4', ..) => true,
        (b'5', b'0' | b'9', _) => true,
        (b'5', ..) => true,
        (b'6', b'8' | b'9', third) => *third != b'4' || *second == b'8',
        (b'6', ..) => true,
        (b'8', b'0', third) => matches!(third, b'0' | b'8'),
        (b'8', b'5', third) => matches!(third, b'0' | b'2' | b'3' | b'5' | b'6'),
        (b'8', b'7' | b'8', third) => matches!(third, b'0' | b'1' | b'2' | b'3' | b'6' | b'8'),
        (b'8', b'1' | b'2' | b'4' | b'6', _) => true,
        (b'9', b'6', third) => *third != b'9',
        (b'9', b'7', third) => !matches!(third, b'8'),
        (b'9', b'9', third) => !matches!(third, b'0' | b'1' | b'7'),
        (b'9', ..) => true,
        _ => false,
    }
}

/// Whether digits follow a plus, whole or percent-encoded.
pub(super) fn follows_plus(bytes: &[u8], at: usize) -> bool {
    (at > 0 && starts_with(bytes, at - 1, b"+"))
        || (at > 2
            && bytes
                .get(at - 3..at)
                .is_some_and(|plus| plus.eq_ignore_ascii_case(b"%2b")))
}
