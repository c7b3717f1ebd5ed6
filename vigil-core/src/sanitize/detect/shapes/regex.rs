//! The shapes as regular expressions.

use std::fmt::Write as _;

use super::{Body, Check, Len, SHAPES, Shape};

impl Body {
    const fn class(self) -> &'static str {
        match self {
            Self::Digits => "[0-9]",
            Self::Alphanumeric => "[0-9A-Za-z]",
            Self::Url => "[0-9A-Za-z_-]",
            Self::Dotted => "[0-9A-Za-z_.-]",
            Self::Base64 => "[0-9A-Za-z+/=_-]",
            Self::Hex => "[0-9A-Fa-f]",
            Self::Base32 => "[A-Z2-7]",
            Self::Upper => "[0-9A-Z]",
        }
    }
}

/// The name of each shape's family, and the shape.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, String)> {
    SHAPES
        .iter()
        .map(|shape| (super::super::token::name(shape.family), of(shape)))
}

fn of(shape: &Shape) -> String {
    let class = shape.body.class();
    let mut regex = String::from(r"(?-u:\b)");
    if let Check::Behind(before) = shape.check {
        let _ = write!(regex, r"[0-9A-Za-z]{{{before}}}\.");
    }
    regex.push_str(&regex::escape(shape.prefix));
    let _ = match shape.len {
        Len::AtLeast(least) => write!(regex, "{class}{{{least},}}"),
        Len::Exactly(exactly) => write!(regex, "{class}{{{exactly}}}(?-u:\\b)"),
        Len::Between(least, most) => write!(regex, "{class}{{{least},{most}}}(?-u:\\b)"),
        Len::Parts(parts) => {
            for part in parts {
                let class = part.body.class();
                let _ = match part.most {
                    most if most == part.least => write!(regex, "{class}{{{most}}}"),
                    most => write!(regex, "{class}{{{},{most}}}", part.least),
                };
                regex.push_str(&regex::escape(part.then));
            }
            write!(regex, "(?-u:\\b)")
        }
    };
    regex
}
