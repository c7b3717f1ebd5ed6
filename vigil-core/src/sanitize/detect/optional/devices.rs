//! Numbers of vehicles and phones.

use super::ends;
use crate::sanitize::detect::bytes::looked_at;
use crate::sanitize::detect::checks::luhn_sum;

/// The end of the vehicle identification number at `at`: seventeen characters, the ninth of which checks the others.
pub(super) fn vin(bytes: &[u8], at: usize) -> Option<usize> {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let found = bytes.get(at..at + 17)?;
    looked_at(17);
    let mut sum = 0;
    for (byte, weight) in found.iter().zip(WEIGHTS) {
        sum += weight * vin_value(*byte)?;
    }
    let check = match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    let mixed = found.iter().any(u8::is_ascii_alphabetic) && found.iter().any(u8::is_ascii_digit);
    (mixed && found.get(8)?.eq_ignore_ascii_case(&check) && ends(bytes, at + 17)).then_some(at + 17)
}

/// The values that 49 CFR 565.15(c) gives to letters; `I`, `O` and `Q` have none.
fn vin_value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => digit - b'0',
        letter @ b'A'..=b'H' => letter - b'A' + 1,
        letter @ b'J'..=b'N' => letter - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        letter @ b'S'..=b'Z' => letter - b'S' + 2,
        _ => return None,
    }))
}

/// The end of the IMEI at `at`: fifteen digits, also as two, six, six and one.
pub(super) fn imei(bytes: &[u8], at: usize) -> Option<usize> {
    let mut digits = [0; 15];
    let mut end = at;
    for (place, digit) in digits.iter_mut().enumerate() {
        if matches!(place, 2 | 8 | 14) && matches!(bytes.get(end), Some(b'-' | b' ')) {
            end += 1;
        }
        *digit = *bytes.get(end).filter(|byte| byte.is_ascii_digit())? - b'0';
        end += 1;
    }
    looked_at(end - at);
    // The bodies that give out type allocation codes.
    let [first, second, ..] = digits;
    let reporting = matches!(
        first * 10 + second,
        1 | 10 | 30 | 33 | 35 | 44 | 45 | 49..=54 | 86 | 91 | 98 | 99
    );
    let sum = luhn_sum(digits.iter().rev().copied());
    (reporting && sum == 0 && ends(bytes, end)).then_some(end)
}
