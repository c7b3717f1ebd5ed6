//! The checks that a configured pattern can ask for, over whatever its match holds.

/// Whether the digits of a text, of which there are two at least, end in the check digit of ISO/IEC 7812-1, annex B.
pub(super) fn luhn(text: &str) -> bool {
    let mut sum = 0;
    let mut count = 0_usize;
    for byte in text.bytes().rev().filter(u8::is_ascii_digit) {
        let mut digit = u32::from(byte - b'0');
        if count % 2 == 1 {
            digit *= 2;
            if digit > 9 {
                digit -= 9;
            }
        }
        // Only the remainder counts, and a text can be long.
        sum = (sum + digit) % 10;
        count += 1;
    }
    count >= 2 && sum == 0
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
