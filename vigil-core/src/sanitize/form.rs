//! The forms in which identifiers are written when a part of them may be seen.

use std::net::IpAddr;

use super::treatment::Pii;
use super::writer::REDACTED;

/// Appends a whole value in the form of its kind; false, and nothing appended, if it cannot be read as that kind.
pub(crate) fn write(kind: Pii, text: &str, out: &mut Vec<u8>) -> bool {
    match kind {
        Pii::Email => email(text, out),
        Pii::Phone => phone(text, out),
        Pii::Card => card(text, out),
        Pii::Iban => {
            out.extend_from_slice(REDACTED.as_bytes());
            true
        }
        Pii::Ssn => ssn(text, out),
        Pii::Name => name(text, out),
        Pii::Ip => match text.parse() {
            Ok(address) => {
                ip(address, out);
                true
            }
            Err(_) => false,
        },
    }
}

/// `j***@***.***`. Anything with one `@` between two parts without blanks is read as an address.
fn email(text: &str, out: &mut Vec<u8>) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
    if local.is_empty() || domain.is_empty() || local.contains(odd) || domain.contains(odd) {
        return false;
    }
    email_of(local, out);
    true
}

/// The form of an address with this local part.
pub(crate) fn email_of(local: &str, out: &mut Vec<u8>) {
    // What JSON would have to escape is not shown.
    let first = local.chars().next().filter(|c| c.is_alphanumeric());
    out.extend_from_slice(first.unwrap_or('*').encode_utf8(&mut [0; 4]).as_bytes());
    out.extend_from_slice(b"***@***.***");
}

/// `***-***-4567`
fn phone(text: &str, out: &mut Vec<u8>) -> bool {
    let strange = |c: char| !c.is_ascii_digit() && !" +-.()/x".contains(c);
    with_last_four(text, strange, 7..=15, PHONE, out)
}

const PHONE: &[u8] = b"***-***-";

/// The form of a telephone number found in text.
pub(crate) fn phone_of(found: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(PHONE);
    out.extend_from_slice(&last_four(found).0);
}

/// `****-****-****-9010`
fn card(text: &str, out: &mut Vec<u8>) -> bool {
    let strange = |c: char| !c.is_ascii_digit() && c != ' ' && c != '-';
    with_last_four(text, strange, 12..=19, CARD, out)
}

/// What stands before the last four digits of a card, however long it is: its length would tell the issuer.
const CARD: &[u8] = b"****-****-****-";

/// `***-**-6789`
fn ssn(text: &str, out: &mut Vec<u8>) -> bool {
    let strange = |c: char| !c.is_ascii_digit() && !" -.".contains(c);
    with_last_four(text, strange, 9..=9, SSN, out)
}

const SSN: &[u8] = b"***-**-";

/// The form of a card number found in text.
pub(crate) fn card_of(found: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(CARD);
    out.extend_from_slice(&last_four(found).0);
}

/// The form of an SSN found in text.
pub(crate) fn ssn_of(found: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(SSN);
    out.extend_from_slice(&last_four(found).0);
}

fn with_last_four(
    text: &str,
    strange: impl Fn(char) -> bool,
    lengths: std::ops::RangeInclusive<usize>,
    before: &[u8],
    out: &mut Vec<u8>,
) -> bool {
    let (last, count) = last_four(text);
    if text.contains(strange) || !lengths.contains(&count) {
        return false;
    }
    out.extend_from_slice(before);
    out.extend_from_slice(&last);
    true
}

/// The last four digits of a text, and how many there are.
fn last_four(text: &str) -> ([u8; 4], usize) {
    let mut last = *b"****";
    let mut count = 0;
    for digit in text.bytes().filter(u8::is_ascii_digit) {
        last.rotate_left(1);
        last[3] = digit;
        count += 1;
    }
    (last, count)
}

/// `J*** S***`
fn name(text: &str, out: &mut Vec<u8>) -> bool {
    const MOST_WORDS: usize = 4;
    let mut any = false;
    for word in text.split_whitespace().take(MOST_WORDS) {
        let Some(initial) = word.chars().next().filter(|c| c.is_alphabetic()) else {
            continue;
        };
        if any {
            out.push(b' ');
        }
        any = true;
        out.extend_from_slice(initial.encode_utf8(&mut [0; 4]).as_bytes());
        out.extend_from_slice(b"***");
    }
    any
}

/// The network of an address: `/24` or `/48`.
pub(crate) fn ip(address: IpAddr, out: &mut Vec<u8>) {
    // An IPv4 address in IPv6's clothes is cut as what it is.
    let network = match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            IpAddr::from([a, b, c, 0])
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            IpAddr::from([a, b, c, 0, 0, 0, 0, 0])
        }
    };
    let _ = std::io::Write::write_fmt(out, format_args!("{network}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: Pii, text: &str) -> Option<String> {
        let mut out = Vec::new();
        write(kind, text, &mut out).then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_kind_has_its_form() {
        let table = [
            (Pii::Email, "jane.smith@example.com", "j***@***.***"),
            (Pii::Email, "\"odd\"@example.com", "****@***.***"),
            (Pii::Phone, "+1 (555) 123-4567", "***-***-4567"),
            (Pii::Card, "4539 1488 0343 6467", "****-****-****-6467"),
            (Pii::Ssn, "123-45-6789", "***-**-6789"),
            (Pii::Name, "Jane van Smith", "J*** v*** S***"),
            (Pii::Iban, "DE89370400440532013000", "***REDACTED***"),
            (Pii::Ip, "192.168.17.3", "192.168.17.0"),
            (Pii::Ip, "2001:db8:1:2:3::4", "2001:db8:1::"),
            (Pii::Ip, "::ffff:192.168.17.3", "192.168.17.0"),
        ];
        for (kind, text, wanted) in table {
            assert_eq!(form(kind, text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_of_the_kind_has_no_form() {
        for (kind, text) in [
            (Pii::Email, "jane"),
            (Pii::Email, "@example.com"),
            (Pii::Email, "a b@example.com"),
            (Pii::Phone, "call me"),
            (Pii::Phone, "12345"),
            (Pii::Card, "1234"),
            (Pii::Ssn, "123-45-678"),
            (Pii::Name, "42"),
            (Pii::Ip, "localhost"),
        ] {
            assert_eq!(form(kind, text), None, "{text}");
        }
    }
}
