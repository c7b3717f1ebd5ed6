//! `categories!` and `action_types!`: words of a crate's own.

mod attr;
mod expand;
mod model;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::words::Vocabulary;

/// The items; beside errors those of the words that were right, so that their use is no error as well.
pub(crate) fn declare(tokens: TokenStream, vocabulary: &Vocabulary) -> TokenStream {
    let mut errors = Errors::default();
    let mut declarations = attr::parse(tokens, vocabulary, &mut errors);
    valid::check(&mut declarations, vocabulary, &mut errors);
    let mut items = expand::expand(&declarations, vocabulary);
    items.extend(errors.into_tokens());
    items
}
