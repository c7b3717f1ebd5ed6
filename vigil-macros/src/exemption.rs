//! `#[not_audited(reason = "...")]`: a function that is left out of the trail on purpose, and says why.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;
use syn::parse::{ParseStream, Parser};

use crate::arguments::{self, Grammar, equals};
use crate::errors::Errors;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    known: &["reason"],
    synonyms: &[],
    elsewhere: &[],
};

/// The expansion: the item as it is. The reason is for those who read the code; that there is one is checked.
pub(crate) fn not_audited(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    check(arguments, &mut errors);
    [item, errors.into_tokens()].into_iter().collect()
}

fn check(arguments: TokenStream, errors: &mut Errors) {
    if arguments.is_empty() {
        let advice = "`not_audited` needs a reason: `#[not_audited(reason = \"...\")]`";
        errors.at(Span::call_site(), advice);
        return;
    }
    let read = |input: ParseStream<'_>| {
        arguments::parse(input, &GRAMMAR, errors, |_, key, input, _| {
            equals(key, input, "reason = \"...\"")?;
            reason(&input.parse()?)
        });
        Ok(())
    };
    let outcome = read.parse2(arguments);
    errors.keep(outcome);
}

/// A reason says something.
pub(crate) fn reason(text: &LitStr) -> syn::Result<()> {
    if text.value().trim().is_empty() {
        let message = "the reason is empty: say why this is not audited";
        return Err(syn::Error::new(text.span(), message));
    }
    Ok(())
}
