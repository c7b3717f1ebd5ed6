//! `#[derive(Sanitize)]`: the type is read with its attributes, checked, and expanded.

mod attr;
mod bound;
mod canary;
mod expand;
mod model;
mod rename;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// The implementation, or the errors. An error does without an implementation, and with it come errors wherever the
/// type is recorded; so it is made all the same where the type could be read.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(input) = errors.keep(syn::parse2(input)) else {
        return errors.into_tokens();
    };
    let Some(input) = model::Input::read(input, &mut errors) else {
        return errors.into_tokens();
    };
    valid::check(&input, &mut errors);
    if errors.is_empty() {
        return expand::expand(&input);
    }
    let mut tokens = expand::placeholder(&input);
    tokens.extend(errors.into_tokens());
    tokens
}
