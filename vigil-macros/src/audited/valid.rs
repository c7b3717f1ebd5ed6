//! The checks between reading and expanding: what passes them can be expanded, so the expansion knows no errors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt;

use super::attr::{Arguments, ErrorForm};
use super::model::{Binding, Function, Parameter};
use super::shape::{Shape, refuse_functions};
use crate::callsite::Recorded;
use crate::errors::Errors;
use crate::parts::{Operation, Parts};
use crate::suggest::did_you_mean;
use crate::treatment::{self, Form};
use crate::words::Word;

/// What is to be done with a function.
pub(crate) struct Audited {
    pub(crate) shape: Shape,
    pub(crate) parts: Parts,
    pub(crate) category: Word,
    pub(crate) operation: TokenStream,
    pub(crate) line: Option<u32>,
    pub(crate) arguments: Vec<Recorded>,
    pub(crate) result: Option<(Span, Form)>,
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
    let recorded = recorded(&arguments, function, parameters, errors);
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
        .map(|(binding, parameter)| expand_binding(&binding, parameter, &private))
        .collect();
    let verdict = match (arguments.ok_if, arguments.err_if) {
        (Some((_, test)), _) => Some(Verdict { test, good: true }),
        (None, Some((_, test))) => Some(Verdict { test, good: false }),
        (None, None) => None,
    };
    Some(Audited {
        shape,
        category,
        operation,
        line: place.line(function),
        arguments: arguments_recorded,
        result: arguments.result.map(|(key, form)| (key.span(), form)),
        err: arguments.err.map(|(key, form)| (key.span(), form)),
        verdict,
        event: arguments.event,
        parts,
    })
}

fn refuse_outcomes(arguments: &Arguments, shape: &Shape, errors: &mut Errors) {
    if let (Some(_), Some((key, _))) = (&arguments.ok_if, &arguments.err_if) {
        errors.at(
            key.span(),
            "`err_if` cannot be combined with `ok_if`: one of the two decides",
        );
    }
    let why = match shape {
        Shape::Sync | Shape::Async | Shape::Returned(_) => return,
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

/// The names to record, each with what is said of its parameter.
fn recorded(
    arguments: &Arguments,
    function: &Function,
    parameters: Vec<Parameter>,
    errors: &mut Errors,
) -> Vec<(Binding, std::rc::Rc<Parameter>)> {
    let bindings = function.bindings();
    refuse_two_selections(arguments, errors);
    if let Some(event) = &arguments.event
        && bindings.iter().any(|binding| event.unraw() == binding.name)
    {
        let message =
            format!("`{event}` is a parameter of the function: give the event another name");
        errors.at(event.span(), message);
    }
    if let Some((_, names)) = &arguments.skip {
        for name in names {
            refuse_unknown(name, "skip", &bindings, errors);
            refuse_part(name, &bindings, errors);
        }
    }
    if let Some((_, names)) = &arguments.only {
        for name in names {
            refuse_unknown(name, "record", &bindings, errors);
        }
    }
    let parameters: Vec<_> = parameters.into_iter().map(std::rc::Rc::new).collect();
    refuse_attributes_without_effect(arguments, &bindings, &parameters, errors);
    let recorded: Vec<_> = bindings
        .into_iter()
        .filter_map(|binding| {
            let parameter = parameters.get(binding.parameter)?.clone();
            is_recorded(&binding, &parameter, arguments).then_some((binding, parameter))
        })
        .collect();
    refuse_equal_names(&recorded, &arguments.parts, errors);
    recorded
}

fn named(names: &[Ident], name: &str) -> bool {
    names.iter().any(|other| other.unraw() == name)
}

/// `self` and names with a leading underscore only where something names them.
fn is_recorded(binding: &Binding, parameter: &Parameter, arguments: &Arguments) -> bool {
    if parameter.directions.skip.is_some() || arguments.skip_all.is_some() {
        return false;
    }
    if let Some((_, only)) = &arguments.only {
        return named(only, &binding.name);
    }
    if arguments
        .skip
        .as_ref()
        .is_some_and(|(_, skip)| named(skip, &binding.name))
    {
        return false;
    }
    let asked_for = parameter.directions.recorded_by().is_some();
    binding.part_of.is_none()
        && binding.name != "self"
        && (asked_for || !binding.name.starts_with('_'))
}

pub(crate) fn refuse_two_selections(arguments: &Arguments, errors: &mut Errors) {
    let skip = arguments.skip.as_ref().map(|(key, _)| key);
    let only = arguments.only.as_ref().map(|(key, _)| key);
    let all = arguments.skip_all.as_ref();
    for (first, second) in [(skip, only), (skip, all), (only, all)] {
        if let (Some(first), Some(second)) = (first, second) {
            let message =
                format!("`{second}` cannot be combined with `{first}`: keep one of the two");
            errors.at(second.span(), message);
        }
    }
}

fn refuse_unknown(name: &Ident, verb: &str, bindings: &[Binding], errors: &mut Errors) {
    let plain = name.unraw().to_string();
    if bindings.iter().all(|binding| binding.name != plain) {
        let meant = did_you_mean(&plain, bindings.iter().map(|binding| binding.name.as_str()));
        errors.at(
            name.span(),
            format!("no parameter `{plain}` to {verb}{meant}"),
        );
    }
}

fn refuse_part(name: &Ident, bindings: &[Binding], errors: &mut Errors) {
    let part = bindings.iter().find(|binding| name.unraw() == binding.name);
    if let Some(whole) = part.and_then(|part| part.part_of.as_ref()) {
        errors.at(
            name.span(),
            format!("`{name}` is a part of `{whole}`, which is recorded: skip `{whole}`"),
        );
    }
}

/// An attribute on what is not recorded is a mistake about what is recorded.
fn refuse_attributes_without_effect(
    arguments: &Arguments,
    bindings: &[Binding],
    parameters: &[std::rc::Rc<Parameter>],
    errors: &mut Errors,
) {
    for (index, parameter) in parameters.iter().enumerate() {
        let here: Vec<_> = bindings
            .iter()
            .filter(|binding| binding.parameter == index)
            .collect();
        let directions = &parameter.directions;
        if let (Some(skip), Some((_, only))) = (&directions.skip, &arguments.only)
            && let Some(binding) = here.iter().find(|binding| named(only, &binding.name))
        {
            errors.at(
                skip.span(),
                format!("`skip` contradicts `only({})`", binding.name),
            );
        }
        let Some(key) = directions.recorded_by() else {
            continue;
        };
        if here.is_empty() {
            errors.at(
                key.span(),
                format!("`{key}` has no effect: this parameter has no name to record it under"),
            );
        } else if here
            .iter()
            .all(|binding| !is_recorded(binding, parameter, arguments))
        {
            let by = if arguments.skip_all.is_some() {
                "`skip_all` leaves this parameter out"
            } else if arguments.only.is_some() {
                "`only` does not name this parameter"
            } else {
                "`skip` leaves this parameter out"
            };
            errors.at(key.span(), format!("`{key}` has no effect: {by}"));
        } else if let Some((rename, _)) = &directions.rename
            && here
                .iter()
                .filter(|binding| binding.part_of.is_none())
                .count()
                > 1
        {
            errors.at(
                rename.span(),
                "`rename` gives one name, but this pattern binds several",
            );
        }
    }
}

/// Two values under one name would leave the reader of the trail with one of them.
fn refuse_equal_names(
    recorded: &[(Binding, std::rc::Rc<Parameter>)],
    parts: &Parts,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, bool)> = Vec::new();
    for (binding, parameter) in recorded {
        let name = treatment::key_name(&parameter.directions, &binding.ident);
        // Two parameters under opposite conditions may have one name.
        let conditional = !parameter.cfg.is_empty();
        if seen.iter().any(|(other, other_conditional)| {
            *other == name && !(conditional && *other_conditional)
        }) {
            let span = parameter
                .directions
                .rename
                .as_ref()
                .map_or(binding.ident.span(), |(_, to)| to.span());
            errors.at(
                span,
                format!("another argument is recorded as `{name}` already"),
            );
        }
        seen.push((name, conditional));
    }
    for field in &parts.fields {
        if seen.iter().any(|(other, _)| *other == field.name) {
            let name = &field.name;
            errors.at(
                field.span,
                format!("the argument `{name}` is recorded already: skip it or rename the field"),
            );
        }
    }
}

fn expand_binding(
    binding: &Binding,
    parameter: std::rc::Rc<Parameter>,
    private: &TokenStream,
) -> Recorded {
    let Binding { ident, .. } = binding;
    let directions = &parameter.directions;
    // At the argument's name, which is what the compiler then points at if the type will not do.
    let reference = quote_spanned!(ident.span()=> &#ident);
    Recorded {
        cfg: parameter.cfg.clone(),
        name: treatment::key_name(directions, ident),
        own_name: binding.name.clone(),
        treatment: directions.treatment().expand(private),
        value: treatment::value(directions.form(), &reference, private),
    }
}
