//! What stands in the parentheses of `#[audited(...)]`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr};

use crate::arguments::{self, Grammar, equals, flag, names, parenthesized};
use crate::errors::Errors;
use crate::exemption;
use crate::parts::{Parts, SYNONYMS};
use crate::suggest::did_you_mean;
use crate::treatment::Form;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    known: &[
        "category",
        "type",
        "operation",
        "actor",
        "resource",
        "subject",
        "skip",
        "skip_all",
        "only",
        "fields",
        "result",
        "err",
        "ok_if",
        "err_if",
        "when",
        "slow",
        "delivery",
        "overflow",
        "event",
        "future",
        "crate",
        "off",
    ],
    synonyms: SYNONYMS,
    elsewhere: &[
        (
            "outcome",
            "the outcome of a function is what it returns, see `err`, `ok_if` and `err_if`",
        ),
        ("mask", "write `#[audit(mask)]` before the parameter"),
        ("hash", "write `#[audit(hash)]` before the parameter"),
        ("opaque", "write `#[audit(opaque)]` before the parameter"),
        ("redact", "write `#[audit(redact)]` before the parameter"),
    ],
};

/// What may be said on an `impl` block: what makes sense for functions that have little in common.
const BLOCK: Grammar = Grammar {
    noun: "argument",
    known: &[
        "category", "type", "actor", "resource", "subject", "skip", "skip_all", "fields", "when",
        "slow", "delivery", "overflow", "crate",
    ],
    synonyms: SYNONYMS,
    elsewhere: &[
        (
            "operation",
            "each function of an `impl` block has its own, `Type::function` if it does not say another",
        ),
        ("only", ON_THE_FUNCTION),
        ("result", ON_THE_FUNCTION),
        ("err", ON_THE_FUNCTION),
        ("ok_if", ON_THE_FUNCTION),
        ("err_if", ON_THE_FUNCTION),
        ("event", ON_THE_FUNCTION),
        ("future", ON_THE_FUNCTION),
        (
            "off",
            "say it on the functions that are exempt, or take the attribute off the block",
        ),
    ],
};

const ON_THE_FUNCTION: &str = "write it in `#[audited(...)]` on the function that it is about";

const RESULT: Grammar = Grammar {
    noun: "form of a result",
    known: &["sanitize", "display", "debug", "with"],
    synonyms: &[],
    elsewhere: &[],
};

const ERR: Grammar = Grammar {
    noun: "form of an error",
    known: &["type", "sanitize", "display", "debug", "with"],
    synonyms: &[],
    elsewhere: &[],
};

/// The arguments, each with its key where a check may have to point at it.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) parts: Parts,
    pub(crate) skip: Option<(Ident, Vec<Ident>)>,
    pub(crate) skip_all: Option<Ident>,
    pub(crate) only: Option<(Ident, Vec<Ident>)>,
    pub(crate) result: Option<(Ident, Form)>,
    pub(crate) err: Option<(Ident, ErrorForm)>,
    pub(crate) ok_if: Option<(Ident, Expr)>,
    pub(crate) err_if: Option<(Ident, Expr)>,
    /// What the body calls the handle of its event.
    pub(crate) event: Option<Ident>,
    pub(crate) future: Option<(LitStr, FutureMode)>,
    /// Whether the function is exempt; there is a reason then, which is for the reader of the code.
    pub(crate) off: bool,
}

/// What is made of a function that has to do with a future.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FutureMode {
    /// The return type decides.
    Auto,
    /// It returns a future, though its type does not say so.
    Returned,
    /// It is `async`, and becomes one that returns a future, which keeps its arguments once and not twice.
    Desugar,
    /// Its call ends when it returns, also if that is a future.
    Off,
}

/// What is recorded of an error.
pub(crate) enum ErrorForm {
    TypeOnly,
    Value(Form),
}

impl Arguments {
    /// Reads what is said on a function; what is wrong goes to `errors` and is left out.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        Self::read(tokens, &GRAMMAR, errors)
    }

    /// Reads what is said on an `impl` block.
    pub(crate) fn parse_block(tokens: TokenStream, errors: &mut Errors) -> Self {
        Self::read(tokens, &BLOCK, errors)
    }

    fn read(tokens: TokenStream, grammar: &Grammar, errors: &mut Errors) -> Self {
        let mut all = Self::default();
        let mut others = Vec::new();
        let read = |input: ParseStream<'_>| {
            arguments::parse(input, grammar, errors, |name, key, input, errors| {
                if name != "off" {
                    others.push(key.clone());
                }
                all.take(name, key, input, errors)
            });
            Ok(())
        };
        let outcome = read.parse2(tokens);
        errors.keep(outcome);
        if all.off {
            for key in others {
                let message = format!("`{key}` has no effect: `off` exempts the function");
                errors.at(key.span(), message);
            }
        }
        all
    }

    fn take(
        &mut self,
        name: &str,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if let Some(taken) = self.parts.take(name, key, input, errors) {
            return taken;
        }
        match name {
            "skip" => self.skip = Some((key.clone(), names(key, input, errors, "skip(name)")?)),
            "only" => self.only = Some((key.clone(), names(key, input, errors, "only(name)")?)),
            "skip_all" => {
                flag(key, input)?;
                self.skip_all = Some(key.clone());
            }
            "result" if flag(key, input).is_ok() => {
                self.result = Some((key.clone(), Form::Sanitize))
            }
            "result" => {
                let form = form(key, input, &RESULT, "result(display)", errors)?;
                self.result = form.map(|(_, form)| (key.clone(), form));
            }
            "err" => {
                let form = form(key, input, &ERR, "err(display)", errors)?;
                self.err = form.map(|(name, form)| {
                    let form = if name == "type" {
                        ErrorForm::TypeOnly
                    } else {
                        ErrorForm::Value(form)
                    };
                    (key.clone(), form)
                });
            }
            "ok_if" => {
                equals(key, input, "ok_if = Option::is_some")?;
                self.ok_if = Some((key.clone(), input.parse()?));
            }
            "event" => {
                equals(key, input, "event = ev")?;
                let name = input.fork().parse::<Ident>();
                self.event = Some(name.map_err(|_| {
                    let advice =
                        "expected the name by which the body refers to the event: `event = ev`";
                    syn::Error::new(input.span(), advice)
                })?);
                input.parse::<Ident>()?;
            }
            "future" => self.future = Some(future(key, input)?),
            "off" => {
                equals(key, input, "off = \"why it is not audited\"")?;
                exemption::reason(&input.parse()?)?;
                self.off = true;
            }
            _ => {
                equals(key, input, "err_if = Option::is_none")?;
                self.err_if = Some((key.clone(), input.parse()?));
            }
        }
        Ok(())
    }
}

fn future(key: &Ident, input: ParseStream<'_>) -> syn::Result<(LitStr, FutureMode)> {
    const MODES: [(&str, FutureMode); 4] = [
        ("auto", FutureMode::Auto),
        ("returned", FutureMode::Returned),
        ("desugar", FutureMode::Desugar),
        ("off", FutureMode::Off),
    ];
    equals(key, input, "future = \"returned\"")?;
    let word: LitStr = input.parse()?;
    let name = word.value();
    match MODES.iter().find(|(known, _)| *known == name) {
        Some((_, mode)) => Ok((word, *mode)),
        None => {
            let meant = did_you_mean(&name, MODES.iter().map(|(known, _)| *known));
            let message = format!(
                "unknown handling of futures `{name}`{meant} (expected one of auto, returned, desugar, off)"
            );
            Err(syn::Error::new(word.span(), message))
        }
    }
}

/// The one form in the parentheses behind `key`.
fn form(
    key: &Ident,
    input: ParseStream<'_>,
    grammar: &Grammar,
    example: &str,
    errors: &mut Errors,
) -> syn::Result<Option<(&'static str, Form)>> {
    let mut form = None;
    parenthesized(key, input, example, |content| {
        arguments::parse(content, grammar, errors, |name, word, input, _| {
            let read = match name {
                "with" => {
                    equals(word, input, "with = path::to::function")?;
                    Form::With(input.parse()?)
                }
                other => {
                    flag(word, input)?;
                    match other {
                        "display" => Form::Display,
                        "debug" => Form::Debug,
                        _ => Form::Sanitize,
                    }
                }
            };
            if form.is_some() {
                return Err(syn::Error::new(
                    word.span(),
                    format!("`{key}` takes one form only"),
                ));
            }
            form = Some((name, read));
            Ok(())
        });
    })?;
    Ok(form)
}
