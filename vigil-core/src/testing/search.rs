//! Finding a text that may have been encoded, cut or taken apart.

/// A canary has at least so many letters and digits: fewer turn up by accident.
const SHORTEST: usize = 8;

/// A text to look for, in all its guises.
#[derive(Debug)]
pub(super) struct Needle {
    canary: String,
    guises: Vec<Guise>,
}

#[derive(Debug)]
struct Guise {
    /// For the message.
    name: &'static str,
    /// Whether the haystack is to be reduced to small letters and digits first.
    squeezed: bool,
    pieces: Vec<String>,
}

impl Needle {
    /// The message if the canary is too short.
    pub(super) fn new(canary: &str) -> Result<Self, String> {
        let letters = squeezed(canary);
        let count = letters.chars().count();
        if count < SHORTEST {
            return Err(format!(
                "the canary {canary:?} is too short to be looked for: it needs at least {SHORTEST} letters and digits; \
                 `vigil::testing::canary()` makes one"
            ));
        }
        let bytes = canary.as_bytes();
        let hex = bytes.iter().map(|byte| format!("{byte:02x}"));
        let decimal: Vec<_> = bytes.iter().map(u8::to_string).collect();
        let guise = |name, squeezed, pieces| Guise {
            name,
            squeezed,
            pieces,
        };
        Ok(Self {
            canary: canary.to_owned(),
            guises: vec![
                guise("as it is", true, pieces(&letters)),
                guise("in hexadecimal", true, pieces(&hex.collect::<String>())),
                guise(
                    "as a list of bytes",
                    true,
                    decimal
                        .windows(half(decimal.len()))
                        .map(<[String]>::concat)
                        .collect(),
                ),
                guise(
                    "in base64",
                    false,
                    (0..3)
                        .flat_map(|shift| pieces(&base64(bytes, shift)))
                        .collect(),
                ),
            ],
        })
    }

    pub(super) fn canary(&self) -> &str {
        &self.canary
    }

    /// In which guise the canary, or a piece of half of it, stands in this text.
    pub(super) fn found_in(&self, text: &str) -> Option<&'static str> {
        let mut decoded = vec![text.to_owned()];
        // What is encoded twice is decoded twice; a third time would be somebody's intention.
        for round in 0..2 {
            let more: Vec<_> = [unescaped(&decoded[round]), percent_decoded(&decoded[round])]
                .into_iter()
                .flatten()
                .collect();
            match more.into_iter().reduce(|all, next| all + "\n" + &next) {
                Some(more) => decoded.push(more),
                None => break,
            }
        }
        decoded.iter().find_map(|text| {
            let small = squeezed(text);
            // The two alphabets of base64 differ in these.
            let standard = text.replace('-', "+").replace('_', "/");
            self.guises.iter().find_map(|guise| {
                let haystack = if guise.squeezed { &small } else { &standard };
                let found = guise.pieces.iter().any(|piece| haystack.contains(piece));
                found.then_some(guise.name)
            })
        })
    }
}

/// Small letters and digits only.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How long a piece has to be to count.
fn half(length: usize) -> usize {
    length.div_ceil(2).max(SHORTEST).min(length)
}

/// All pieces of half the length.
fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(half(chars.len()))
        .map(|piece| piece.iter().collect())
        .collect()
}

/// The digits of base64 that are made of these bytes alone, where `shift` other bytes stand before them in their group
/// of three.
fn base64(bytes: &[u8], shift: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |index: usize| {
        let byte = bytes[index / 8 - shift];
        usize::from(byte >> (7 - index % 8) & 1)
    };
    let first = (shift * 8).div_ceil(6);
    let end = (shift + bytes.len()) * 8 / 6;
    (first..end)
        .map(|digit| {
            let value = (digit * 6..digit * 6 + 6).fold(0, |value, index| value << 1 | bit(index));
            char::from(DIGITS[value])
        })
        .collect()
}

/// With JSON's and Rust's escapes resolved, if there are any.
fn unescaped(text: &str) -> Option<String> {
    let mut rest = text.split('\\');
    let mut out = rest.next()?.to_owned();
    let mut any = false;
    for part in rest {
        any = true;
        let (code, after) = match part.strip_prefix('u') {
            Some(hex) if hex.starts_with('{') => hex[1..].split_once('}').unwrap_or(("", hex)),
            Some(hex) => hex.split_at_checked(4).unwrap_or(("", hex)),
            None => ("", part),
        };
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        out.push_str(after);
    }
    any.then_some(out)
}

/// With `%41` and the like resolved, if there are any.
fn percent_decoded(text: &str) -> Option<String> {
    let mut rest = text.split('%');
    let mut out = rest.next()?.as_bytes().to_vec();
    let mut any = false;
    for part in rest {
        let code = part.split_at_checked(2).and_then(|(hex, after)| {
            let byte = u8::from_str_radix(hex, 16).ok()?;
            Some((byte, after))
        });
        match code {
            Some((byte, after)) => {
                any = true;
                out.push(byte);
                out.extend_from_slice(after.as_bytes());
            }
            None => out.extend_from_slice(part.as_bytes()),
        }
    }
    any.then(|| String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "bafuti-weLomi kérasu";

    fn found(text: &str) -> Option<&'static str> {
        Needle::new(CANARY).unwrap().found_in(text)
    }

    #[test]
    fn a_canary_is_found_in_every_guise() {
        for (text, how) in [
            ("x bafuti-weLomi kérasu x", "as it is"),
            ("BAFUTI_WELOMI_KÉRASU", "as it is"),
            ("bafutiwelo and no more", "as it is"),
            (r"bafuti-weLo\u006di k\u00e9rasu", "as it is"),
            (r#"{\"a\":\"bafuti-weLo\\u006di"}"#, "as it is"),
            ("bafu%74i-w%65Lomi%20k%C3%A9rasu", "as it is"),
            ("bafu%2574i-w%2565Lomi", "as it is"),
            ("x6261667574692d77654c6f6d69", "in hexadecimal"),
            (
                "[98, 97, 102, 117, 116, 105, 45, 119, 101, 76, 111]",
                "as a list of bytes",
            ),
            ("YmFmdXRpLXdlTG9taSBrw6lyYXN1", "in base64"),
            // With one and with two bytes before it.
            ("eGJhZnV0aS13ZUxvbWkga8OpcmFzdQ==", "in base64"),
            ("eHhiYWZ1dGktd2VMb21pIGvDqXJhc3U", "in base64"),
        ] {
            assert_eq!(found(text), Some(how), "{text}");
        }
    }

    #[test]
    fn what_a_mask_shows_is_no_canary() {
        for text in [
            "baf*****asu",
            "b***@***.***",
            "***REDACTED***",
            "rasu",
            "",
            "100 %",
            "%zz",
            "\\",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn a_canary_that_is_too_short_is_refused() {
        let message = Needle::new("abc-123").unwrap_err();
        assert!(
            message.contains("at least 8 letters and digits"),
            "{message}"
        );
    }
}
