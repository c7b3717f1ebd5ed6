//! `#[audited]`: attribute and function are read, checked together, and expanded.

mod attr;
mod conclusion;
mod expand;
mod model;
mod returns;
mod shape;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::errors::Errors;

/// The expansion; with errors, beside them, the item as it was, so that nothing that uses it breaks as well.
pub(crate) fn audited(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = attr::Arguments::parse(arguments, &mut errors);
    let mut function: model::Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(model::not_a_function(item.clone(), error));
            return [item, errors.into_tokens()].into_iter().collect();
        }
    };
    let parameters = function.take_parameters(&mut errors);
    match valid::check(arguments, &function, parameters, &mut errors) {
        Some(audited) if errors.is_empty() => expand::expand(function, audited),
        _ => [function.into_token_stream(), errors.into_tokens()]
            .into_iter()
            .collect(),
    }
}
