//! Which tokens there are: keys that their issuers give a shape, so that they can be found. Each family is data: its
//! name in `redactions`, where its issuer publishes the shape, prefixes, alphabet, length and checks.
//!
//! What an issuer gives no shape (forty hexadecimal digits) is hidden by the name beside it only, see
//! [`hints`](super::hints); those families have no prefixes here.

mod ai;
mod cloud;
mod code;
mod hinted;
mod messaging;
mod monitoring;
mod payment;
mod product;
mod regex;

/// What a token's body is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Digits,
    /// Letters and digits.
    Alphanumeric,
    /// With `_` and `-`.
    Url,
    /// With `_`, `-` and `.`.
    Dotted,
    /// With `+`, `/` and `=`, or their stand-ins `-` and `_`.
    Base64,
    Hex,
    /// `A-Z2-7`
    Base32,
    /// Capitals and digits.
    Upper,
}

impl Body {
    pub(super) const COUNT: usize = Self::Upper as usize + 1;

    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base64 => byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Base32 => byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        }
    }
}

/// How long a body is, and of what parts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Len {
    AtLeast(usize),
    /// So many, and then no further letter or digit.
    Exactly(usize),
    Between(usize, usize),
    /// Parts one after another, each with what stands behind it.
    Parts(&'static [Part]),
}

/// A run of one alphabet inside a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) body: Body,
    pub(super) least: usize,
    pub(super) most: usize,
    /// What stands behind it; nothing behind the last.
    pub(super) then: &'static str,
}

/// What else a body has to be, so that no word passes for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// A digit, or a capital in thirty bytes or more.
    Mixed,
    /// Nothing: the prefix says enough.
    Prefix,
    /// At least so many bits of entropy a byte, in tenths, and a digit: prefixes that words have too.
    Entropy(u8),
    /// As `Mixed`, or else the last six are the CRC-32 of those before in base 62, as GitHub and npm have it.
    Crc32,
    /// As `Mixed`, and the token begins so many letters and digits, and a full stop, before its prefix.
    Behind(u8),
}

/// One issuer's tokens.
#[derive(Debug)]
pub(super) struct Family {
    /// Its name in `redactions`; it never changes.
    pub(super) name: &'static str,
    /// Where the shape is published.
    pub(super) source: &'static str,
    pub(super) check: Check,
    pub(super) shapes: &'static [(&'static str, Body, Len)],
}

/// One kind of token of a family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) prefix: &'static str,
    pub(super) body: Body,
    pub(super) len: Len,
    pub(super) check: Check,
    /// The place in [`FAMILIES`].
    pub(super) family: u16,
}

impl Shape {
    /// The bytes that a token of this shape has at least before anything that is no part of a word stands in it.
    pub(super) const fn shortest(&self) -> usize {
        let mut len = run(self.prefix);
        if len < self.prefix.len() {
            return len;
        }
        match self.len {
            AtLeast(body) | Exactly(body) | Between(body, _) => len += body,
            Parts(parts) => {
                let mut place = 0;
                while place < parts.len() {
                    let then = run(parts[place].then);
                    len += parts[place].least + then;
                    if then < parts[place].then.len() {
                        break;
                    }
                    place += 1;
                }
            }
        }
        len
    }
}

/// How many bytes at the beginning are such as stand in tokens: letters, digits and what the gate calls joints.
const fn run(text: &str) -> usize {
    let mut len = 0;
    while len < text.len() {
        let byte = text.as_bytes()[len];
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'|')
        {
            break;
        }
        len += 1;
    }
    len
}

pub(crate) use regex::all as patterns;

use Len::{AtLeast, Between, Exactly, Parts};

const fn family(
    name: &'static str,
    source: &'static str,
    check: Check,
    shapes: &'static [(&'static str, Body, Len)],
) -> Family {
    Family {
        name,
        source,
        check,
        shapes,
    }
}

const fn part(body: Body, least: usize, most: usize, then: &'static str) -> Part {
    Part {
        body,
        least,
        most,
        then,
    }
}

/// A UUID behind a prefix.
const UUID: Len = Parts(&[
    part(Body::Hex, 8, 8, "-"),
    part(Body::Hex, 4, 4, "-"),
    part(Body::Hex, 4, 4, "-"),
    part(Body::Hex, 4, 4, "-"),
    part(Body::Hex, 12, 12, ""),
]);

const TABLES: [&[Family]; 8] = [
    ai::FAMILIES,
    cloud::FAMILIES,
    code::FAMILIES,
    messaging::FAMILIES,
    monitoring::FAMILIES,
    payment::FAMILIES,
    product::FAMILIES,
    hinted::FAMILIES,
];

const fn families() -> usize {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
}

/// The families, in the order of their places.
pub(super) static FAMILIES: [&Family; families()] = {
    let mut all = [&ai::FAMILIES[0]; families()];
    let (mut filled, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut i = 0;
        while i < TABLES[table].len() {
            all[filled] = &TABLES[table][i];
            filled += 1;
            i += 1;
        }
        table += 1;
    }
    all
};

const fn shapes() -> usize {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut i = 0;
        while i < TABLES[table].len() {
            count += TABLES[table][i].shapes.len();
            i += 1;
        }
        table += 1;
    }
    count
}

/// All shapes by the first byte of their prefix, the longest prefix first: one that begins with another one goes before.
pub(super) static SHAPES: [Shape; shapes()] = {
    const NONE: Shape = Shape {
        prefix: "",
        body: Body::Hex,
        len: AtLeast(0),
        check: Check::Mixed,
        family: 0,
    };
    let mut all = [NONE; shapes()];
    let (mut filled, mut place, mut table) = (0, 0, 0);
    while table < TABLES.len() {
        let mut i = 0;
        while i < TABLES[table].len() {
            let family = &TABLES[table][i];
            let mut shape = 0;
            while shape < family.shapes.len() {
                let (prefix, body, len) = family.shapes[shape];
                let new = Shape {
                    prefix,
                    body,
                    len,
                    check: family.check,
                    family: place,
                };
                let mut at = filled;
                while at > 0 && goes_before(&new, &all[at - 1]) {
                    all[at] = all[at - 1];
                    at -= 1;
                }
                all[at] = new;
                filled += 1;
                shape += 1;
            }
            place += 1;
            i += 1;
        }
        table += 1;
    }
    all
};

const fn goes_before(one: &Shape, other: &Shape) -> bool {
    let (first, second) = (one.prefix.as_bytes()[0], other.prefix.as_bytes()[0]);
    first < second || (first == second && one.prefix.len() > other.prefix.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_prefixes_stand_before_shorter_ones() {
        for (place, shape) in SHAPES.iter().enumerate() {
            for later in &SHAPES[place + 1..] {
                assert!(
                    later.prefix == shape.prefix || !later.prefix.starts_with(shape.prefix),
                    "{} hides {}",
                    shape.prefix,
                    later.prefix
                );
            }
        }
    }

    #[test]
    fn each_family_has_a_name_and_a_source_of_its_own() {
        assert!(FAMILIES.len() >= 150, "{}", FAMILIES.len());
        for (place, family) in FAMILIES.iter().enumerate() {
            assert!(!family.source.is_empty(), "{}", family.name);
            let word =
                |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit();
            assert!(family.name.bytes().all(word), "{}", family.name);
            assert!(
                FAMILIES[place + 1..]
                    .iter()
                    .all(|later| later.name != family.name),
                "{}",
                family.name
            );
        }
    }
}
