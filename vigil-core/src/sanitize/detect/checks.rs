//! Check digits and the like, over whatever a match holds: also those that a configured pattern can ask for.

/// Whether the digits of a text, of which there are two at least, end in the check digit of ISO/IEC 7812-1, annex B.
pub(super) fn luhn(text: &str) -> bool {
    let digits = || text.bytes().rev().filter(u8::is_ascii_digit);
    digits().nth(1).is_some() && luhn_sum(digits().map(|byte| byte - b'0')) == 0
}

/// The last digit of Luhn's sum (ISO/IEC 7812-1, annex B) over these, from the right: 0 if the first of them is their check
/// digit.
pub(super) fn luhn_sum(digits: impl Iterator<Item = u8>) -> u32 {
    digits
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        // A text can be long.
        .fold(0, |sum, digit| (sum + digit) % 10)
}

/// Whether the letters and digits of a text leave 1 when divided by 97 (ISO 7064), with the first four put last as in
/// an IBAN (ISO 13616).
pub(super) fn mod97(text: &str) -> bool {
    let signs = || text.bytes().filter(u8::is_ascii_alphanumeric);
    if signs().count() < 5 {
        return false;
    }
    let rest = signs()
        .skip(4)
        .chain(signs().take(4))
        .fold(0_u32, |rest, sign| match char::from(sign).to_digit(36) {
            Some(digit) if digit < 10 => (rest * 10 + digit) % 97,
            Some(letter) => (rest * 100 + letter) % 97,
            None => rest,
        });
    rest == 1
}

/// Shannon's entropy of the bytes, in bits each.
pub(super) fn entropy(text: &str) -> f32 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = *count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_pass_and_their_neighbours_do_not() {
        for text in ["79927398713", "4111 1111 1111 1111", "00"] {
            assert!(luhn(text), "{text}");
        }
        for text in ["79927398710", "", "0", "abc"] {
            assert!(!luhn(text), "{text}");
        }
        for text in ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000"] {
            assert!(mod97(text), "{text}");
        }
        for text in ["GB82WEST12345698765433", "", "1"] {
            assert!(!mod97(text), "{text}");
        }
    }

    #[test]
    fn entropy_is_in_bits_a_byte() {
        assert!(entropy("") == 0.0 && entropy("aaaa") == 0.0);
        assert!((entropy("abab") - 1.0).abs() < 1e-6);
        assert!((entropy("0123456789abcdef") - 4.0).abs() < 1e-6);
    }
}
