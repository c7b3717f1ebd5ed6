//! Where the compiler shows an error that concerns generated code.

use proc_macro2::{Span, TokenStream};

/// The same tokens, of which errors are shown at `span`.
///
/// All of them, because the compiler shows an expression from its first to its last token: one that stayed behind at the
/// attribute would stretch that over everything in between. What is inside of groups stays where it is.
pub(crate) fn located(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
