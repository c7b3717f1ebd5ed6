//! Which of the names that the parameters bind are recorded, and what is wrong with what is said about it.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;

use super::attr::Arguments;
use super::model::{Binding, Function, Parameter};
use crate::callsite::Recorded;
use crate::errors::Errors;
use crate::parts::Parts;
use crate::suggest::did_you_mean;
use crate::treatment;

/// The names to record, each with what is said of its parameter.
pub(crate) fn recorded(
    arguments: &Arguments,
    function: &Function,
    parameters: Vec<Parameter>,
    errors: &mut Errors,
) -> Vec<(Binding, Rc<Parameter>)> {
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
    let parameters: Vec<_> = parameters.into_iter().map(Rc::new).collect();
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
    parameters: &[Rc<Parameter>],
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
fn refuse_equal_names(recorded: &[(Binding, Rc<Parameter>)], parts: &Parts, errors: &mut Errors) {
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

pub(crate) fn expand_binding(
    function: &Function,
    binding: &Binding,
    parameter: Rc<Parameter>,
    private: &TokenStream,
) -> Recorded {
    let Binding { ident, .. } = binding;
    let directions = &parameter.directions;
    // At the argument's name, which is what the compiler then points at if the type will not do.
    let reference = match &binding.moved {
        Some(moved) => moved.reference(ident),
        None => quote_spanned!(ident.span()=> &#ident),
    };
    Recorded {
        cfg: parameter.cfg.clone(),
        name: treatment::key_name(directions, ident),
        own_name: binding.name.clone(),
        ty: function.written_type(binding.parameter),
        treatment: directions.expand_treatment(private),
        form: directions.form_name(),
        value: treatment::value(directions.form(), &reference, private),
    }
}
