//! The checks between reading and expanding: what passes them can be expanded, so the expansion knows no errors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::Expr;
use syn::ext::IdentExt;

use super::attr::{Arguments, ErrorForm};
use super::model::{Function, Parameter};
use super::selection::{expand_binding, recorded};
use super::shape::{Shape, refuse_functions};
use crate::callsite::Recorded;
use crate::errors::Errors;
use crate::parts::{Operation, Parts};
use crate::treatment::Form;
use crate::words::Word;

/// What is to be done with a function.
pub(crate) struct Audited {
    pub(crate) shape: Shape,
    pub(crate) is_future: bool,
    pub(crate) parts: Parts,
    pub(crate) category: Word,
    pub(crate) operation: TokenStream,
    pub(crate) line: Option<u32>,
    pub(crate) arguments: Vec<Recorded>,
    pub(crate) result: Option<(Span, Form)>,
    /// The return type as it stands in the source.
    pub(crate) output: String,
    pub(crate) err: Option<(Span, ErrorForm)>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) event: Option<Ident>,
}

/// Where the attribute stands that asks for the function to be audited.
pub(crate) enum Place {
    /// On the function.
    ByItself,
    /// On the `impl` block of this type.
    InBlock { of: String },
}

impl Place {
    /// The line of the function, where the attribute stands elsewhere.
    fn line(&self, function: &Function) -> Option<u32> {
        // Only within the compiler can this be asked.
        if matches!(self, Self::ByItself) || !proc_macro::is_available() {
            return None;
        }
        let name = function.sig.ident.span().unwrap();
        // A function written by a macro of another file has no line in this one.
        let here = name.file() == Span::call_site().unwrap().file();
        here.then(|| u32::try_from(name.line()).ok()).flatten()
    }
}

/// What decides on the outcome in place of the type.
pub(crate) struct Verdict {
    pub(crate) test: Expr,
    /// What the test says of a call that went well.
    pub(crate) good: bool,
}

/// Checks everything and reports everything; `None` if there was something to report, here or before.
pub(crate) fn check(
    arguments: Arguments,
    function: &Function,
    place: &Place,
    parameters: Vec<Parameter>,
    errors: &mut Errors,
) -> Option<Audited> {
    refuse_functions(function, place, errors);
    let shape = Shape::of(function, arguments.future.as_ref(), errors);
    refuse_outcomes(&arguments, &shape, errors);
    refuse_refusals(&arguments, function, place, errors);
    let recorded = recorded(&arguments, function, parameters, errors);
    if arguments.parts.subject.is_none() {
        for (_, parameter) in &recorded {
            if let Some(encrypt) = parameter.directions.encrypts() {
                let message = "under whose key this is to be encrypted is not said: add `subject = ...` to `#[audited(...)]`, such as `subject = user.id`";
                errors.at(encrypt.span(), message.to_owned());
            }
        }
    }
    if arguments.parts.category.is_none() && errors.is_empty() {
        let (span, advice) = match place {
            Place::ByItself => (Span::call_site(), "write `#[audited(category = \"...\")]`"),
            Place::InBlock { .. } => (
                function.sig.ident.span(),
                "say it for the whole `impl` block, or in `#[audited(category = \"...\")]` on this function",
            ),
        };
        errors.at(span, format!("`category` is missing: {advice}"));
    }
    if !errors.is_empty() {
        return None;
    }
    let mut parts = arguments.parts;
    let category = parts.category.take()?;
    let operation = match parts.operation.take() {
        Some(Operation::Literal(name)) => name.to_token_stream(),
        Some(Operation::Path(path)) => path.to_token_stream(),
        None => {
            let name = function.sig.ident.unraw().to_string();
            match place {
                Place::ByItself => name.to_token_stream(),
                Place::InBlock { of } => format!("{of}::{name}").to_token_stream(),
            }
        }
    };
    let private = parts.private();
    let arguments_recorded = recorded
        .into_iter()
        .map(|(binding, parameter)| expand_binding(function, &binding, parameter, &private))
        .collect();
    let verdict = match (arguments.ok_if, arguments.err_if) {
        (Some((_, test)), _) => Some(Verdict { test, good: true }),
        (None, Some((_, test))) => Some(Verdict { test, good: false }),
        (None, None) => None,
    };
    Some(Audited {
        is_future: shape.is_future(),
        shape,
        category,
        operation,
        line: place.line(function),
        arguments: arguments_recorded,
        result: arguments.result.map(|(key, form)| (key.span(), form)),
        output: function.written_output(),
        err: arguments.err.map(|(key, form)| (key.span(), form)),
        verdict,
        event: arguments.event,
        parts,
    })
}

/// A call that can be refused needs a return value that says so. Where there is one, its type is the compiler's to check.
fn refuse_refusals(arguments: &Arguments, function: &Function, place: &Place, errors: &mut Errors) {
    let Some((argument, span)) = arguments.parts.delivering.refuses() else {
        return;
    };
    if function.returns_something() {
        return;
    }
    let (span, which) = match place {
        Place::ByItself => (span, "this function".to_owned()),
        Place::InBlock { .. } => {
            let name = &function.sig.ident;
            (name.span(), format!("`{name}`"))
        }
    };
    let message = format!(
        "with `{argument}` a call can be refused, but {which} returns nothing that could say so; let it return a \
         `Result<_, E>` with `E: From<vigil::Error>`, or write `delivery = \"durable\"` on it"
    );
    errors.at(span, message);
}

fn refuse_outcomes(arguments: &Arguments, shape: &Shape, errors: &mut Errors) {
    if let (Some(_), Some((key, _))) = (&arguments.ok_if, &arguments.err_if) {
        errors.at(
            key.span(),
            "`err_if` cannot be combined with `ok_if`: one of the two decides",
        );
    }
    let why = match shape {
        Shape::Sync | Shape::Async | Shape::Desugared | Shape::Returned(_) => return,
        Shape::Never | Shape::AsyncNever => "the function never returns",
        Shape::TrackCaller => {
            "with `#[track_caller]` the body is left in its place, out of sight of `#[audited]`, \
             so that it still sees its caller; take one of the two away"
        }
    };
    let keys = [
        arguments.result.as_ref().map(|(key, _)| key),
        arguments.err.as_ref().map(|(key, _)| key),
        arguments.ok_if.as_ref().map(|(key, _)| key),
        arguments.err_if.as_ref().map(|(key, _)| key),
    ];
    for key in keys.into_iter().flatten() {
        errors.at(
            key.span(),
            format!("`{key}` looks at the return value, but {why}"),
        );
    }
}
