//! IBANs: ISO 13616. Country, the length that the registry gives it, mod 97.

use super::bytes::looked_at;
use super::{Rule, Span};

/// Country codes and lengths of the SWIFT IBAN registry.
pub(super) const COUNTRIES: [(&[u8; 2], u8); 89] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// The IBAN that begins at `at`, in one piece or in fours.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<Span> {
    let country = bytes.get(at..at + 2)?;
    let check = bytes.get(at + 2..at + 4)?;
    if !check.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (_, length) = COUNTRIES
        .iter()
        .find(|(code, _)| code.eq_ignore_ascii_case(country))?;
    let length = usize::from(*length);
    let separator = bytes
        .get(at + 4)
        .copied()
        .filter(|byte| matches!(byte, b' ' | b'-'));
    let mut end = at;
    // The country and check digits are moved behind the rest; the remainder is taken digit by digit.
    let (mut rest, mut front) = (0_u32, 0_u32);
    looked_at(length);
    for place in 0..length {
        if place > 0
            && place % 4 == 0
            && let Some(separator) = separator
        {
            if bytes.get(end) != Some(&separator) {
                return None;
            }
            end += 1;
        }
        let byte = bytes.get(end)?.to_ascii_uppercase();
        end += 1;
        let side = if place < 4 { &mut front } else { &mut rest };
        match byte {
            b'0'..=b'9' => *side = (*side * 10 + u32::from(byte - b'0')) % MODULUS,
            b'A'..=b'Z' => *side = (*side * 100 + u32::from(byte - b'A') + 10) % MODULUS,
            _ => return None,
        }
    }
    // Two letters and two digits in front are six digits.
    let remainder = (rest % 97 * (1_000_000 % 97) + front % 97) % 97;
    let follows = bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (remainder == 1 && !follows).then(|| Span::redacted(at..end, Rule::Iban))
}

/// A multiple of 97 that leaves room for two more digits.
const MODULUS: u32 = 97 * 400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_in_order() {
        assert!(COUNTRIES.windows(2).all(|two| two[0].0 < two[1].0));
    }
}
