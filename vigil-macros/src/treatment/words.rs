//! Reads the words.

use syn::parse::ParseStream;
use syn::{Ident, LitChar, LitInt, LitStr, Token, token};

use super::{Form, Treatment};
use crate::arguments::{self, Grammar, equals, flag};
use crate::errors::Errors;
use crate::suggest::did_you_mean;

/// The words themselves.
pub(crate) const WORDS: &[&str] = &[
    "skip",
    "redact",
    "mask",
    "hash",
    "truncate",
    "generalize",
    "bucket",
    "tokenize",
    "encrypt",
    "drop",
    "class",
    "keep",
    "pii",
    "opaque",
    "display",
    "debug",
    "with",
    "rename",
];

const MASK: Grammar = Grammar {
    noun: "argument",
    known: &["keep_first", "keep_last", "char"],
    synonyms: &[],
    elsewhere: &[],
};

const PII: &[(&str, &str)] = &[
    ("email", "Email"),
    ("phone", "Phone"),
    ("card", "Card"),
    ("iban", "Iban"),
    ("ssn", "Ssn"),
    ("name", "Name"),
    ("ip", "Ip"),
];

const GENERALIZE: &[(&str, &str)] = &[
    ("year", "Year"),
    ("month", "Month"),
    ("birth_year", "BirthYear"),
    ("age", "Age"),
    ("zip3", "Zip3"),
    ("network", "Network"),
];

const CLASSES: &[(&str, &str)] = &[
    ("public", "Public"),
    ("internal", "Internal"),
    ("personal", "Personal"),
    ("sensitive", "Sensitive"),
    ("secret", "Secret"),
];

/// A grammar of [`WORDS`], called by `noun`, with `elsewhere` for words of other places.
pub(crate) const fn grammar(
    noun: &'static str,
    elsewhere: &'static [(&'static str, &'static str)],
) -> Grammar {
    Grammar {
        noun,
        known: WORDS,
        synonyms: &[],
        elsewhere,
    }
}

pub(super) fn form(name: &str, key: &Ident, input: ParseStream<'_>) -> syn::Result<Form> {
    if name == "with" {
        equals(key, input, "with = path::to::function")?;
        return Ok(Form::With(input.parse()?));
    }
    flag(key, input)?;
    Ok(match name {
        "opaque" => Form::Opaque,
        "display" => Form::Display,
        _ => Form::Debug,
    })
}

pub(super) fn treatment(
    name: &str,
    key: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Treatment> {
    match name {
        "redact" if input.peek(Token![=]) => {
            equals(key, input, "redact = \"text\"")?;
            Ok(Treatment::RedactAs(input.parse()?))
        }
        "mask" if input.peek(token::Paren) => mask(key, input, errors),
        "truncate" => {
            equals(key, input, "truncate = 64")?;
            Ok(Treatment::Truncate(
                input.parse::<LitInt>()?.base10_parse()?,
            ))
        }
        "pii" => {
            equals(key, input, "pii = \"email\"")?;
            Ok(Treatment::Pii(one_of(
                &input.parse()?,
                "kind of personal data",
                PII,
            )?))
        }
        "hash" if input.peek(Token![=]) => {
            equals(key, input, "hash = \"customer\"")?;
            let kind: LitStr = input.parse()?;
            if kind.value().is_empty() {
                let message = "the name of a kind cannot be empty";
                return Err(syn::Error::new(kind.span(), message));
            }
            Ok(Treatment::HashAs(kind))
        }
        "generalize" => {
            equals(key, input, "generalize = \"year\"")?;
            Ok(Treatment::Generalize(one_of(
                &input.parse()?,
                "generalization",
                GENERALIZE,
            )?))
        }
        "bucket" => {
            equals(key, input, "bucket = 100")?;
            let width: LitInt = input.parse()?;
            match width.base10_parse()? {
                0 => Err(syn::Error::new(
                    width.span(),
                    "a bucket has a width of at least 1",
                )),
                width => Ok(Treatment::Bucket(width)),
            }
        }
        "class" => {
            equals(key, input, "class = \"personal\"")?;
            Ok(Treatment::Class(one_of(&input.parse()?, "class", CLASSES)?))
        }
        _ => {
            flag(key, input)?;
            Ok(match name {
                "redact" => Treatment::Redact,
                "mask" => Treatment::Mask {
                    first: 0,
                    last: 4,
                    char: '*',
                },
                "hash" => Treatment::Hash,
                "tokenize" => Treatment::Tokenize,
                "encrypt" => Treatment::Encrypt,
                "drop" => Treatment::Drop,
                _ => Treatment::Keep,
            })
        }
    }
}

fn mask(key: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Treatment> {
    let (mut first, mut last, mut char) = (0, 4, '*');
    arguments::parenthesized(key, input, "mask(keep_last = 4)", |content| {
        arguments::parse(content, &MASK, errors, |name, key, input, _| {
            match name {
                "char" => {
                    equals(key, input, "char = '*'")?;
                    char = input.parse::<LitChar>()?.value();
                }
                "keep_first" => {
                    equals(key, input, "keep_first = 2")?;
                    first = input.parse::<LitInt>()?.base10_parse()?;
                }
                _ => {
                    equals(key, input, "keep_last = 4")?;
                    last = input.parse::<LitInt>()?.base10_parse()?;
                }
            }
            Ok(())
        });
    })?;
    Ok(Treatment::Mask { first, last, char })
}

/// The variant that one of the known names stands for.
fn one_of(
    name: &LitStr,
    noun: &str,
    known: &[(&'static str, &'static str)],
) -> syn::Result<&'static str> {
    let text = name.value();
    match known.iter().find(|(known, _)| *known == text) {
        Some((_, variant)) => Ok(variant),
        None => {
            let meant = did_you_mean(&text, known.iter().map(|(known, _)| *known));
            let list: Vec<_> = known.iter().map(|(known, _)| *known).collect();
            let message = format!(
                "unknown {noun} `{text}`{meant} (expected one of {})",
                list.join(", ")
            );
            Err(syn::Error::new(name.span(), message))
        }
    }
}
