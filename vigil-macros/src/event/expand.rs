//! The expansions of `audit!` and `scope!`: a beginning, and what is made of it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Event, Outcome};
use crate::callsite::{Beginning, Nesting};
use crate::parts::Parts;

/// An expression of type `Option<EventId>`.
pub(crate) fn audit(event: &Event) -> Option<TokenStream> {
    let private = event.parts.private();
    let begin = begin(&event.parts, outcome(&event.outcome, &private))?;
    Some(quote_spanned!(Span::mixed_site()=> #private::Call::record(#begin)))
}

/// An expression of type `Scope`, or of the type for what is to be on disk.
pub(crate) fn scope(parts: &Parts) -> Option<TokenStream> {
    let scope = scope_type(parts);
    let begin = begin(parts, TokenStream::new())?;
    Some(quote_spanned!(Span::mixed_site()=> #scope::__new(#begin)))
}

fn scope_type(parts: &Parts) -> TokenStream {
    let (here, private) = (Span::mixed_site(), parts.private());
    if parts.delivering.refuses().is_some() {
        quote_spanned!(here=> #private::RequiredScope)
    } else if parts.delivering.waits() {
        quote_spanned!(here=> #private::DurableScope)
    } else {
        quote_spanned!(here=> #private::Scope)
    }
}

fn begin(parts: &Parts, further: TokenStream) -> Option<TokenStream> {
    let beginning = Beginning {
        parts,
        category: parts.category.as_ref()?,
        operation: parts.operation.as_ref()?.to_token_stream(),
        arguments: Vec::new(),
        result: None,
        nesting: Nesting::Elsewhere,
        line: None,
        future: false,
        further,
    };
    Some(beginning.expand())
}

fn outcome(outcome: &Outcome, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    match outcome {
        Outcome::Ok => TokenStream::new(),
        Outcome::Denied => quote_spanned!(here=> active.deny();),
        Outcome::Failed => quote_spanned!(here=> active.fail();),
        // As if a function had returned it. Borrowed: the program may still need its error.
        Outcome::Err(error) => {
            let reference = quote_spanned!(here.located_at(error.span())=> &(#error));
            quote_spanned! {here=>
                use #private::outcome::*;
                let failed = #private::core::result::Result::<(), _>::Err(#reference);
                (&&&#private::Returned(&failed)).conclude(active);
            }
        }
    }
}

/// Stands in for an expansion with errors, so that the type of the expression is no further error.
pub(crate) fn no_event(parts: &Parts) -> TokenStream {
    let private = parts.private();
    quote_spanned!(Span::mixed_site()=> #private::Call::record(#private::Call::off()))
}

/// As [`no_event`], of a scope.
pub(crate) fn no_scope(parts: &Parts) -> TokenStream {
    let (scope, private) = (scope_type(parts), parts.private());
    quote_spanned!(Span::mixed_site()=> #scope::__new(#private::Call::off()))
}
