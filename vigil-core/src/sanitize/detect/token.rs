//! Keys and tokens that their issuers give a shape, so that they can be found. The shapes are [`shapes`](super::shapes).

use super::bytes::{entropy, run, run_back};
use super::shapes::{Body, Check, FAMILIES, Len, Part, SHAPES, Shape};
use super::{Rule, Span};

/// For each first byte where in [`SHAPES`] its row begins; it ends where the next one does.
static ROWS: [u16; 129] = {
    let mut rows = [0; 129];
    let mut i = 0;
    while i < SHAPES.len() {
        let mut later = SHAPES[i].prefix.as_bytes()[0] as usize + 1;
        while later < rows.len() {
            rows[later] += 1;
            later += 1;
        }
        i += 1;
    }
    rows
};

/// The names of all families.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.name)
}

/// The name of the family at this place.
pub(crate) fn name(family: u16) -> &'static str {
    FAMILIES
        .get(usize::from(family))
        .map_or("token", |family| family.name)
}

/// The token in this range, of the family of this name.
pub(super) fn named(range: std::ops::Range<usize>, name: &str) -> Option<Span> {
    let family = FAMILIES.iter().position(|family| family.name == name)?;
    Some(Span::redacted(
        range,
        Rule::Token(u16::try_from(family).ok()?),
    ))
}

/// Where the shape of this family is published.
pub(crate) fn source(family: u16) -> &'static str {
    FAMILIES
        .get(usize::from(family))
        .map_or("", |family| family.source)
}

/// What has been seen of the bodies, by what they are made of, so that a text full of prefixes is read once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// All bytes are of the body's.
    runs: [Run; Body::COUNT],
    /// There is no digit and no capital among them.
    plain: [Run; Body::COUNT],
    /// Letters, digits, `_` and `-`.
    more: Run,
}

/// Bytes that are alike.
#[derive(Debug, Default, Clone, Copy)]
struct Run {
    from: usize,
    until: usize,
}

impl Run {
    /// How far from `start` on all bytes are wanted, at most to `most`. What is known already is not read again, so
    /// that together the calls read no byte twice.
    fn end(
        &mut self,
        bytes: &[u8],
        start: usize,
        most: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> usize {
        if !(self.from..=self.until).contains(&start) {
            *self = Self {
                from: start,
                until: start,
            };
        }
        if self.until < most {
            self.until += run(bytes, self.until, most - self.until, wanted);
        }
        self.until.min(most)
    }
}

/// The shapes whose prefix stands at `at`.
fn shapes(bytes: &[u8], at: usize) -> impl Iterator<Item = &'static Shape> {
    let rest = bytes.get(at..).unwrap_or_default();
    let first = rest.first().map_or(0, |first| usize::from(*first));
    let row = match (ROWS.get(first), ROWS.get(first + 1)) {
        (Some(from), Some(to)) => usize::from(*from)..usize::from(*to),
        _ => 0..0,
    };
    SHAPES.get(row).unwrap_or_default().iter().filter(|shape| {
        let prefix = shape.prefix.as_bytes();
        // All have two bytes, and seldom the same second one.
        prefix.get(1) == rest.get(1) && rest.starts_with(prefix)
    })
}

/// Whether a token can begin at `at`.
pub(super) fn has_prefix(bytes: &[u8], at: usize) -> bool {
    shapes(bytes, at).next().is_some()
}

/// The token that begins at `at`, or whose prefix stands there.
pub(super) fn find(bytes: &[u8], at: usize, floor: usize, seen: &mut Seen) -> Option<Span> {
    shapes(bytes, at).find_map(|shape| {
        let end = body(bytes, at + shape.prefix.len(), shape, seen)?;
        let start = match shape.check {
            Check::Behind(before) => {
                let before = usize::from(before);
                let end = at.checked_sub(1).filter(|end| *end >= floor)?;
                let len = run_back(bytes, floor, end, before, |byte| {
                    byte.is_ascii_alphanumeric()
                });
                (bytes.get(end) == Some(&b'.') && len == before).then(|| end - len)?
            }
            _ => at,
        };
        Some(Span::redacted(start..end, Rule::Token(shape.family)))
    })
}

/// Bytes of a body that are looked at to see whether it is one.
const ENOUGH: usize = 512;

/// The end of the body of a token of this shape that begins at `start`.
fn body(bytes: &[u8], start: usize, shape: &Shape, seen: &mut Seen) -> Option<usize> {
    match shape.len {
        Len::Exactly(exactly) => limited(bytes, start, exactly, exactly, shape),
        Len::Between(least, most) => limited(bytes, start, least, most, shape),
        Len::Parts(parts) => parted(bytes, start, parts, shape),
        Len::AtLeast(least) => {
            let body = shape.body as usize;
            let most = bytes.len().min(start + ENOUGH);
            let end = seen.runs[body].end(bytes, start, most, |byte| shape.body.has(byte));
            let plain = seen.plain[body].end(bytes, start, end, |byte| {
                !byte.is_ascii_digit() && !byte.is_ascii_uppercase()
            });
            let mut len = end - start;
            // The full stop at the end is the sentence's.
            if len > 0 && bytes.get(end - 1) == Some(&b'.') {
                len -= 1;
            }
            if len < least {
                return None;
            }
            let found = bytes.get(start..start + len)?;
            let mixed = plain < end && is_mixed(found);
            let sure = match shape.check {
                Check::Prefix => true,
                Check::Mixed | Check::Behind(_) => mixed,
                Check::Crc32 => mixed || has_crc32(found),
                Check::Entropy(_) => passes(found, shape.check),
            };
            if !sure {
                return None;
            }
            // What goes on with a further letter, digit or `_` belongs to it all the same.
            let url = Body::Url;
            Some(
                seen.more
                    .end(bytes, start + len, bytes.len(), |byte| url.has(byte)),
            )
        }
    }
}

/// A body of so many bytes, and no letter or digit behind them.
fn limited(bytes: &[u8], start: usize, least: usize, most: usize, shape: &Shape) -> Option<usize> {
    let len = run(bytes, start, most + 1, |byte| shape.body.has(byte));
    let end = start + len;
    let fits = (least..=most).contains(&len);
    (fits && ends(bytes, end) && passes(bytes.get(start..end)?, shape.check)).then_some(end)
}

fn parted(bytes: &[u8], start: usize, parts: &[Part], shape: &Shape) -> Option<usize> {
    let mut at = start;
    for part in parts {
        let len = run(bytes, at, part.most + 1, |byte| part.body.has(byte));
        if !(part.least..=part.most).contains(&len) {
            return None;
        }
        at += len;
        if !bytes.get(at..)?.starts_with(part.then.as_bytes()) {
            return None;
        }
        at += part.then.len();
    }
    (ends(bytes, at) && passes(bytes.get(start..at)?, shape.check)).then_some(at)
}

fn ends(bytes: &[u8], end: usize) -> bool {
    !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether a body of known length is none of the language's words.
fn passes(body: &[u8], check: Check) -> bool {
    match check {
        Check::Prefix => true,
        Check::Mixed | Check::Crc32 | Check::Behind(_) => is_mixed(body),
        Check::Entropy(floor) => {
            body.iter().any(u8::is_ascii_digit) && entropy(body) * 10.0 >= f32::from(floor)
        }
    }
}

/// Whether a body is none of the language's words: it has a digit, or is long enough to need none with its capitals.
fn is_mixed(body: &[u8]) -> bool {
    let count = |wanted: fn(&u8) -> bool| body.iter().filter(|byte| wanted(byte)).count();
    let capitals = count(u8::is_ascii_uppercase);
    count(u8::is_ascii_digit) > 0
        || (body.len() >= 30 && capitals > 0)
        || (body.len() >= 16 && capitals >= 3 && count(u8::is_ascii_lowercase) >= 3)
}

/// Whether the last six bytes are the CRC-32 of those before in base 62, as in GitHub's and npm's tokens.
fn has_crc32(body: &[u8]) -> bool {
    let Some((random, check)) = body.split_last_chunk::<6>() else {
        return false;
    };
    let crc = !random.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    let digit = |byte: u8| {
        Some(u64::from(match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        }))
    };
    let value = check
        .iter()
        .try_fold(0, |value, byte| Some(value * 62 + digit(*byte)?));
    value == Some(u64::from(crc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_tells_a_token_that_has_no_digit() {
        // 30 bytes and their CRC-32 (0xb7df8cf9 is that of thirty `a`).
        let random = [b'a'; 30];
        let crc = !random.iter().fold(u32::MAX, |crc, byte| {
            let mut crc = crc ^ u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    crc >> 1 ^ 0xedb8_8320
                } else {
                    crc >> 1
                };
            }
            crc
        });
        let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut rest = crc as usize;
        let mut check = [b'0'; 6];
        for place in check.iter_mut().rev() {
            *place = digits[rest % 62];
            rest /= 62;
        }
        let body = [&random[..], &check[..]].concat();
        assert!(has_crc32(&body));
        assert!(!has_crc32(&[b'a'; 36]));
    }
}
