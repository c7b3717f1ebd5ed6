//! What must be said of every event.

use proc_macro2::Span;

use crate::errors::Errors;
use crate::parts::Parts;

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
