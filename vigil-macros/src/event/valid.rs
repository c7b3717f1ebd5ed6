//! What must be said of every event.

use proc_macro2::Span;

use crate::errors::Errors;
use crate::parts::Parts;

/// Reports what `audit!` cannot keep to: there is no body that it could keep from running.
pub(crate) fn refuse_refusals(parts: &Parts, errors: &mut Errors) {
    if let Some((argument, span)) = parts.delivering.refuses() {
        let message = format!(
            "`{argument}` makes no sense for an event that is told of when it has happened; put it on the function or \
             `scope!` that does the thing, or write `delivery = \"durable\"` here"
        );
        errors.at(span, message);
    }
}

/// Reports what is missing. Not if there are other errors: then it may just have been misspelt.
pub(crate) fn check(parts: &Parts, errors: &mut Errors) {
    if !errors.is_empty() {
        return;
    }
    if parts.category.is_none() {
        errors.at(
            Span::call_site(),
            "`category` is missing: add `category = \"...\"`",
        );
    }
    if parts.operation.is_none() {
        errors.at(
            Span::call_site(),
            "`operation` is missing: add `operation = \"...\"`",
        );
    }
}
