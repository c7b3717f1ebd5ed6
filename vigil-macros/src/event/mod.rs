//! `audit!` and `scope!`: events that are no functions.

mod attr;
mod expand;
mod model;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::errors::Errors;
use crate::parts::Parts;

/// The expansion of `audit!`.
pub(crate) fn audit(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let event = attr::audit(tokens, &mut errors);
    valid::refuse_refusals(&event.parts, &mut errors);
    valid::check(&event.parts, &mut errors);
    expanded(
        errors,
        &event.parts,
        || expand::audit(&event),
        || expand::no_event(&event.parts),
    )
}

/// The expansion of `scope!`.
pub(crate) fn scope(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parts = attr::scope(tokens, &mut errors);
    valid::check(&parts, &mut errors);
    expanded(
        errors,
        &parts,
        || expand::scope(&parts),
        || expand::no_scope(&parts),
    )
}

fn expanded(
    errors: Errors,
    parts: &Parts,
    valid: impl FnOnce() -> Option<TokenStream>,
    placeholder: impl FnOnce() -> TokenStream,
) -> TokenStream {
    if errors.is_empty()
        && let Some(tokens) = valid()
    {
        return tokens;
    }
    let (errors, words, placeholder) = (errors.into_tokens(), parts.check_words(), placeholder());
    quote_spanned!(Span::mixed_site()=> { #errors #words #placeholder })
}
