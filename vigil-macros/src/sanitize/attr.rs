//! What stands in `#[audit(...)]`: on the type, on its fields, on its variants.

use proc_macro2::Span;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Meta, Path, Token, WherePredicate};

use super::rename::Style;
use crate::arguments::{self, Grammar, equals, flag};
use crate::errors::Errors;
use crate::treatment::{self, Directions};

const CONTAINER: Grammar = Grammar {
    noun: "attribute",
    known: &[
        "transparent",
        "default",
        "rename_all",
        "bound",
        "canary",
        "crate",
    ],
    synonyms: &[],
    elsewhere: &[
        (
            "redact",
            "put it on a field, or write `default = \"redact\"`",
        ),
        ("keep", "put it on a field, or write `default = \"keep\"`"),
        ("mask", "put it on a field"),
        ("hash", "put it on a field"),
        ("truncate", "put it on a field"),
        ("generalize", "put it on a field"),
        ("bucket", "put it on a field"),
        ("tokenize", "put it on a field"),
        ("encrypt", "put it on a field"),
        ("drop", "put it on a field"),
        ("class", "put it on a field"),
        ("skip", "put it on a field"),
        ("opaque", "put it on a field"),
        ("rename", "put it on a field or variant"),
        ("with", "put it on a field"),
        ("display", "put it on a field"),
        ("debug", "put it on a field"),
        ("pii", "put it on a field"),
    ],
};

const FIELD: Grammar = treatment::grammar(
    "attribute",
    &[
        ("transparent", "put it on the type"),
        ("default", "put it on the type"),
        ("rename_all", "put it on the type"),
        ("bound", "put it on the type"),
        ("canary", "put it on the type"),
        ("crate", "put it on the type"),
    ],
);

const VARIANT: Grammar = Grammar {
    noun: "attribute",
    known: &["rename"],
    synonyms: &[],
    elsewhere: &[
        ("redact", "put it on the fields of the variant"),
        ("mask", "put it on the fields of the variant"),
        ("hash", "put it on the fields of the variant"),
        ("truncate", "put it on the fields of the variant"),
        ("generalize", "put it on the fields of the variant"),
        ("bucket", "put it on the fields of the variant"),
        ("tokenize", "put it on the fields of the variant"),
        ("encrypt", "put it on the fields of the variant"),
        ("drop", "put it on the fields of the variant"),
        ("class", "put it on the fields of the variant"),
        ("skip", "put it on the fields of the variant"),
        ("opaque", "put it on the fields of the variant"),
        ("with", "put it on the fields of the variant"),
        ("display", "put it on the fields of the variant"),
        ("debug", "put it on the fields of the variant"),
        ("pii", "put it on the fields of the variant"),
        ("keep", "put it on the fields of the variant"),
        ("transparent", "put it on the type"),
        ("default", "put it on the type"),
        ("rename_all", "put it on the type"),
        ("bound", "put it on the type"),
        ("canary", "put it on the type"),
        ("crate", "put it on the type"),
    ],
};

/// What is said of the type as a whole.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) transparent: Option<Span>,
    pub(crate) default: Fallback,
    pub(crate) rename_all: Option<Style>,
    pub(crate) bound: Option<Punctuated<WherePredicate, Token![,]>>,
    /// Tests can have values of it that are made of canaries.
    pub(crate) canary: bool,
    pub(crate) krate: Option<Path>,
}

/// What is done with fields that have no attribute of their own.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Fallback {
    /// The name of the field decides, then its content.
    #[default]
    Rules,
    Redact,
    Keep,
}

/// Calls `read` with the content of each `#[audit(...)]` among `attrs`.
fn each(
    attrs: &[Attribute],
    grammar: &Grammar,
    errors: &mut Errors,
    mut take: impl FnMut(&'static str, &Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    // An attribute of that name is the compiler's own, and its messages would lead nowhere.
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("sanitize")) {
        errors.push(syn::Error::new_spanned(
            attr.path(),
            "write `#[audit(...)]`, as on the arguments of a function",
        ));
    }
    // Several attributes are read as if they were one, so that a key in two of them is seen as repeated.
    let mut seen = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("audit")) {
        if !matches!(&attr.meta, Meta::List(list) if !list.tokens.is_empty()) {
            let advice = format!(
                "`audit` needs one of {} in parentheses",
                grammar.known.join(", ")
            );
            errors.push(syn::Error::new_spanned(attr.meta.to_token_stream(), advice));
            continue;
        }
        let read = attr.parse_args_with(|input: ParseStream<'_>| {
            arguments::parse_more(input, grammar, &mut seen, errors, &mut take);
            Ok(())
        });
        errors.keep(read);
    }
}

impl Container {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut container = Self::default();
        each(attrs, &CONTAINER, errors, |name, key, input, _| {
            container.take(name, key, input)
        });
        container
    }

    fn take(&mut self, name: &str, key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match name {
            "transparent" => {
                flag(key, input)?;
                self.transparent = Some(key.span());
            }
            "canary" => {
                flag(key, input)?;
                self.canary = true;
            }
            "default" => {
                equals(key, input, "default = \"redact\"")?;
                let value: LitStr = input.parse()?;
                self.default = match value.value().as_str() {
                    "redact" => Fallback::Redact,
                    "keep" => Fallback::Keep,
                    _ => {
                        return Err(syn::Error::new(
                            value.span(),
                            "expected \"redact\" or \"keep\"",
                        ));
                    }
                };
            }
            "rename_all" => {
                equals(key, input, "rename_all = \"camelCase\"")?;
                self.rename_all = Some(Style::parse(&input.parse()?)?);
            }
            "bound" => {
                equals(key, input, "bound = \"T: vigil::Sanitize\"")?;
                let bound: LitStr = input.parse()?;
                self.bound = Some(bound.parse_with(Punctuated::parse_terminated)?);
            }
            _ => {
                equals(key, input, "crate = path::to::vigil")?;
                self.krate = Some(input.call(Path::parse_mod_style)?);
            }
        }
        Ok(())
    }
}

/// Reads the attributes of a field.
pub(crate) fn field(attrs: &[Attribute], errors: &mut Errors) -> Directions {
    let mut directions = Directions::default();
    each(attrs, &FIELD, errors, |name, key, input, errors| {
        directions.take(name, key, input, errors)
    });
    directions
}

/// Reads the attributes of a variant: its name in the trail, if it is given one.
pub(crate) fn variant(attrs: &[Attribute], errors: &mut Errors) -> Option<LitStr> {
    let mut rename = None;
    each(attrs, &VARIANT, errors, |_, key, input, _| {
        equals(key, input, "rename = \"name\"")?;
        rename = Some(input.parse::<LitStr>()?);
        Ok(())
    });
    rename
}
