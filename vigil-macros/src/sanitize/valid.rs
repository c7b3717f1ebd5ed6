//! The checks that need to see more than one attribute at once.

use super::model::{Fields, Input, Shape};
use crate::errors::Errors;

/// Reports what cannot be expanded.
pub(crate) fn check(input: &Input, errors: &mut Errors) {
    match &input.data {
        Shape::Struct(fields) => {
            transparent(input, fields, errors);
            equal_names(fields, errors);
        }
        Shape::Enum(variants) => {
            if let Some(span) = input.container.transparent {
                errors.at(span, "`transparent` is for structs: an enum is recorded with the name of its variant");
            }
            for (index, variant) in variants.iter().enumerate() {
                equal_names(&variant.fields, errors);
                let before = variants.get(..index).unwrap_or_default();
                if before.iter().any(|other| other.name == variant.name) {
                    errors.at(
                        variant.ident.span(),
                        format!("another variant is recorded as `{}` already", variant.name),
                    );
                }
            }
        }
    }
}

fn transparent(input: &Input, fields: &Fields, errors: &mut Errors) {
    let Some(span) = input.container.transparent else {
        return;
    };
    if fields.recorded().count() != 1 {
        errors.at(
            span,
            "`transparent` needs exactly one field that is not skipped",
        );
    }
    for field in fields.recorded() {
        if let Some((key, _)) = &field.directions.rename {
            errors.at(key.span(), "`rename` has no effect: a transparent type is recorded as its only field, without a name");
        }
    }
    if input.container.rename_all.is_some() {
        errors.at(
            span,
            "`transparent` cannot be combined with `rename_all`: there is no name to change",
        );
    }
}

/// Two values under one name would leave the reader of the trail with one of them.
fn equal_names(fields: &Fields, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for field in fields.recorded() {
        if seen.contains(&field.name.as_str()) {
            let span = field
                .directions
                .rename
                .as_ref()
                .map_or(field.span, |(_, to)| to.span());
            errors.at(
                span,
                format!("another field is recorded as `{}` already", field.name),
            );
        }
        seen.push(&field.name);
    }
}
