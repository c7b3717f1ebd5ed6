//! What stands in the parentheses of `audit!` and `scope!`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr, Token, token};

use super::model::{Event, Outcome};
use crate::arguments::{self, Grammar, equals};
use crate::errors::Errors;
use crate::fields;
use crate::parts::{Operation, Parts, SYNONYMS};
use crate::suggest::did_you_mean;
use crate::words::Word;

const AUDIT: Grammar = Grammar {
    noun: "argument",
    known: &[
        "category",
        "operation",
        "type",
        "actor",
        "resource",
        "subject",
        "fields",
        "outcome",
        "when",
        "delivery",
        "overflow",
        "crate",
    ],
    synonyms: SYNONYMS,
    elsewhere: &[("slow", "an event of `audit!` takes no time; see `scope!`")],
};

const SCOPE: Grammar = Grammar {
    noun: "argument",
    known: &[
        "category", "type", "actor", "resource", "subject", "fields", "slow", "when", "delivery",
        "overflow", "crate",
    ],
    synonyms: SYNONYMS,
    elsewhere: &[
        (
            "operation",
            "the operation comes first, without a name: `scope!(\"FILE_EXPORT\", ...)`",
        ),
        (
            "outcome",
            "a scope ends with `success()`, `failure(&error)` or `denied()`",
        ),
    ],
};

/// Reads the arguments of `audit!`, in the long or the short form.
pub(crate) fn audit(tokens: TokenStream, errors: &mut Errors) -> Event {
    let mut event = Event::default();
    let read = |input: ParseStream<'_>| {
        if input.peek(LitStr) {
            return short(input, &mut event, errors);
        }
        arguments::parse(input, &AUDIT, errors, |name, key, input, errors| {
            if let Some(taken) = event.parts.take(name, key, input, errors) {
                return taken;
            }
            event.outcome = outcome(key, input)?;
            Ok(())
        });
        Ok(())
    };
    let outcome = read.parse2(tokens);
    errors.keep(outcome);
    event
}

/// `"CATEGORY", "operation", key = value, ...`
fn short(input: ParseStream<'_>, event: &mut Event, errors: &mut Errors) -> syn::Result<()> {
    const FORM: &str = "the short form is `audit!(\"CATEGORY\", \"operation\", name = value, ...)`";
    let category: LitStr = input.parse()?;
    let at = if input.is_empty() {
        category.span()
    } else {
        input.span()
    };
    event.parts.category = Some(Word::Literal(category));
    // An error at the end of the input would be shown at the macro's name.
    let operation = input
        .parse::<Token![,]>()
        .and_then(|_| input.parse::<LitStr>());
    let operation = operation.map_err(|_| {
        let _: syn::Result<TokenStream> = input.parse();
        syn::Error::new(at, FORM)
    })?;
    event.parts.operation = Some(Operation::from_expr(Expr::Lit(syn::ExprLit {
        attrs: Vec::new(),
        lit: syn::Lit::Str(operation),
    }))?);
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    event.parts.fields = fields::parse(input, errors);
    for field in &event.parts.fields {
        if AUDIT.known.contains(&field.name.as_str()) {
            let name = &field.name;
            let message = format!(
                "in the short form `{name}` would be the name of a field; for the argument write \
                 `audit!(category = ..., operation = ..., {name} = ...)`, for a field `fields({name} = ...)` there"
            );
            errors.at(field.span, message);
        }
    }
    Ok(())
}

fn outcome(key: &Ident, input: ParseStream<'_>) -> syn::Result<Outcome> {
    const WORDS: &[&str] = &["ok", "denied", "failed", "err"];
    equals(key, input, "outcome = ok")?;
    let word = input.call(Ident::parse_any)?;
    match word.to_string().as_str() {
        "ok" => Ok(Outcome::Ok),
        "denied" => Ok(Outcome::Denied),
        "failed" => Ok(Outcome::Failed),
        "err" if input.peek(token::Paren) => {
            let content;
            syn::parenthesized!(content in input);
            if content.is_empty() {
                return Err(syn::Error::new(
                    word.span(),
                    "`err` needs the error: `err(error)`",
                ));
            }
            let error = content.parse()?;
            if !content.is_empty() {
                return Err(content.error("`err` takes one expression"));
            }
            Ok(Outcome::Err(Box::new(error)))
        }
        "err" => Err(syn::Error::new(
            word.span(),
            "`err` needs the error: `err(error)`",
        )),
        other => {
            let meant = did_you_mean(other, WORDS.iter().copied());
            let message = format!(
                "unknown outcome `{other}`{meant} (expected one of ok, denied, failed, err(error))"
            );
            Err(syn::Error::new(word.span(), message))
        }
    }
}

/// Reads the arguments of `scope!`: the operation, then the others.
pub(crate) fn scope(tokens: TokenStream, errors: &mut Errors) -> Parts {
    let mut parts = Parts::default();
    let read = |input: ParseStream<'_>| {
        let named = input.peek2(Token![=]) && !input.peek2(Token![==]);
        if !input.is_empty() && !named {
            let operation = input.parse::<Expr>().and_then(Operation::from_expr);
            parts.operation = errors.keep(operation);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if parts.operation.is_none() && errors.is_empty() {
            errors.at(
                input.span(),
                "the operation comes first: `scope!(\"FILE_EXPORT\", category = \"FILE\")`",
            );
        }
        arguments::parse(input, &SCOPE, errors, |name, key, input, errors| {
            // All of them are parts.
            parts.take(name, key, input, errors).unwrap_or(Ok(()))
        });
        Ok(())
    };
    let outcome = read.parse2(tokens);
    errors.keep(outcome);
    parts
}
