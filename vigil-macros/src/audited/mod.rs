//! `#[audited]`: attribute and function are read, checked together, and expanded.

mod admission;
mod attr;
mod block;
mod conclusion;
mod expand;
mod inherit;
mod model;
mod moved;
mod returns;
mod selection;
mod shape;
#[cfg(test)]
mod tests;
mod valid;

pub(crate) use block::{conditions, is_conditional, is_public};
pub(crate) use model::is_called;
use proc_macro2::TokenStream;
use quote::ToTokens;

use self::valid::Place;
use crate::errors::Errors;

/// The expansion; with errors, beside them, the item as it was, so that nothing that uses it breaks as well.
pub(crate) fn audited(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(block) = block::Block::read(&item) {
        return block.audited(arguments);
    }
    let mut errors = Errors::default();
    let arguments = attr::Arguments::parse(arguments, &mut errors);
    let function: model::Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(model::not_a_function(item.clone(), error));
            return [item, errors.into_tokens()].into_iter().collect();
        }
    };
    let function = one(arguments, function, &Place::ByItself, &mut errors);
    [function, errors.into_tokens()].into_iter().collect()
}

/// One function: audited, or as it was if there are errors or it is exempt.
fn one(
    arguments: attr::Arguments,
    mut function: model::Function,
    place: &Place,
    errors: &mut Errors,
) -> TokenStream {
    let parameters = function.take_parameters(errors);
    if arguments.off {
        return function.into_token_stream();
    }
    let words = arguments.parts.check_words();
    match valid::check(arguments, &function, place, parameters, errors) {
        Some(audited) if errors.is_empty() => expand::expand(function, audited),
        _ => {
            function.begin_with(words);
            function.into_token_stream()
        }
    }
}
