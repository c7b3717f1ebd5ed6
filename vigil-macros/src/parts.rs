//! The arguments that `#[audited]`, `audit!` and `scope!` have in common.

use std::time::Duration;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

use crate::arguments::{equals, parenthesized};
use crate::delivery::Delivering;
use crate::errors::Errors;
use crate::fields::{self, Field};
use crate::words::{ACTION_TYPES, CATEGORIES, Word, ungrouped};

/// The other spelling of `type`: Vigil's Python original had it.
pub(crate) const SYNONYMS: &[(&str, &str)] = &[("action_type", "type")];

/// What is said of an event before it happens.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) category: Option<Word>,
    pub(crate) action: Option<Word>,
    pub(crate) operation: Option<Operation>,
    pub(crate) actor: Option<Expr>,
    pub(crate) resource: Option<Expr>,
    pub(crate) subject: Option<Expr>,
    pub(crate) fields: Vec<Field>,
    pub(crate) when: Option<Expr>,
    pub(crate) slow: Option<Duration>,
    pub(crate) delivering: Delivering,
    krate: Option<Path>,
}

/// The name of the operation.
pub(crate) enum Operation {
    Literal(LitStr),
    /// A path to a constant of type `&'static str`.
    Path(Expr),
}

impl Parts {
    /// Reads what stands behind the key `name`. `None`: it is none of these arguments.
    pub(crate) fn take(
        &mut self,
        name: &str,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> Option<syn::Result<()>> {
        let read = match name {
            "category" => CATEGORIES
                .parse(key, input, "category = \"DATABASE\"")
                .map(|word| self.category = Some(word)),
            "type" => ACTION_TYPES
                .parse(key, input, "type = \"QUERY\"")
                .map(|word| self.action = Some(word)),
            "operation" => {
                Operation::parse(key, input).map(|operation| self.operation = Some(operation))
            }
            "actor" => expr(key, input, "actor = user.id").map(|actor| self.actor = Some(actor)),
            "resource" => expr(key, input, "resource = (\"account\", id)")
                .map(|resource| self.resource = Some(resource)),
            "subject" => {
                expr(key, input, "subject = user.id").map(|subject| self.subject = Some(subject))
            }
            "when" => expr(key, input, "when = amount > 0").map(|when| self.when = Some(when)),
            "slow" => slow(key, input).map(|slow| self.slow = Some(slow)),
            "delivery" => self.delivering.take_delivery(key, input),
            "overflow" => self.delivering.take_overflow(key, input),
            "crate" => equals(key, input, "crate = path::to::vigil")
                .and_then(|()| input.call(Path::parse_mod_style))
                .map(|path| self.krate = Some(path)),
            "fields" => parenthesized(key, input, "fields(name = value)", |content| {
                fields::parse(content, errors)
            })
            .map(|fields| self.fields = fields),
            _ => return None,
        };
        Some(read)
    }

    /// Takes over what is said of all functions of a block, `others`, where nothing is said here. What speaks of `self`
    /// is left to the functions that have one.
    pub(crate) fn inherit(&mut self, others: &Self, has_self: bool) {
        let fits = |tokens: TokenStream| has_self || !mentions_self(tokens);
        let expr = |own: &mut Option<Expr>, other: &Option<Expr>| {
            if own.is_none() {
                *own = other.clone().filter(|expr| fits(expr.to_token_stream()));
            }
        };
        expr(&mut self.actor, &others.actor);
        expr(&mut self.resource, &others.resource);
        expr(&mut self.subject, &others.subject);
        expr(&mut self.when, &others.when);
        for field in &others.fields {
            let said = self.fields.iter().any(|own| own.name == field.name);
            if !said && fits(field.value()) {
                self.fields.push(field.clone());
            }
        }
        self.category = self.category.take().or_else(|| others.category.clone());
        self.action = self.action.take().or_else(|| others.action.clone());
        self.slow = self.slow.or(others.slow);
        self.delivering.inherit(&others.delivering);
        self.krate = self.krate.take().or_else(|| others.krate.clone());
    }

    /// Items that check the words, beside other mistakes: all are to be told in one compile.
    pub(crate) fn check_words(&self) -> TokenStream {
        let private = self.private();
        let category = self.category.iter();
        let category = category.map(|word| CATEGORIES.check(word, &private));
        let action = self.action.iter();
        let action = action.map(|word| ACTION_TYPES.check(word, &private));
        category.chain(action).collect()
    }

    /// The path of `vigil::__private`, through which everything generated is named.
    pub(crate) fn private(&self) -> TokenStream {
        private(self.krate.as_ref())
    }
}

/// The path of the hidden module, in the crate that the user calls `vigil` or says by `crate = path`.
pub(crate) fn private(krate: Option<&Path>) -> TokenStream {
    let here = Span::mixed_site();
    match krate {
        Some(path) => quote_spanned!(here=> #path::__private),
        None => quote_spanned!(here=> ::vigil::__private),
    }
}

fn expr(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<Expr> {
    equals(key, input, example)?;
    input.parse()
}

impl Operation {
    fn parse(key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        Self::from_expr(expr(key, input, "operation = \"name\"")?)
    }

    /// An operation is a string or the path of one.
    pub(crate) fn from_expr(value: Expr) -> syn::Result<Self> {
        let span = value.span();
        match ungrouped(value) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(name),
                ..
            }) if name.value().is_empty() => Err(syn::Error::new(
                span,
                "the name of an operation cannot be empty",
            )),
            Expr::Lit(ExprLit {
                lit: Lit::Str(name),
                ..
            }) => Ok(Self::Literal(name)),
            path @ Expr::Path(_) => Ok(Self::Path(path)),
            _ => {
                let message = "expected the operation as a string, or a path to a constant of type `&'static str`";
                Err(syn::Error::new(span, message))
            }
        }
    }
}

impl ToTokens for Operation {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(name) => name.to_tokens(tokens),
            Self::Path(path) => path.to_tokens(tokens),
        }
    }
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "self",
        TokenTree::Group(group) => mentions_self(group.stream()),
        _ => false,
    })
}

fn slow(key: &Ident, input: ParseStream<'_>) -> syn::Result<Duration> {
    let value = expr(key, input, "slow = \"250ms\"")?;
    let span = value.span();
    let duration = match ungrouped(value) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => duration(&text.value()),
        Expr::Lit(ExprLit {
            lit: Lit::Int(millis),
            ..
        }) if millis.suffix().is_empty() => millis.base10_parse().ok().map(Duration::from_millis),
        _ => None,
    };
    duration.ok_or_else(|| {
        let message = "expected a duration such as \"250ms\", \"1.5s\" or \"2m\", or a number of milliseconds";
        syn::Error::new(span, message)
    })
}

/// `250ms`, `1.5 s`, `2m`; also `us`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    // To whole microseconds: a thousandth of a second has no exact form in binary.
    let micros = (number * seconds * 1e6).round();
    Duration::try_from_secs_f64(micros / 1e6)
        .ok()
        .map(|exact| Duration::from_micros(exact.as_micros() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly() {
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("1.5 s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        assert_eq!(duration("7us"), Some(Duration::from_micros(7)));
        for wrong in [
            "",
            "5",
            "ms",
            "1h",
            "1.2.3s",
            "-5ms",
            "99999999999999999999999999s",
        ] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
