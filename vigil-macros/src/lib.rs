//! The macros of Vigil.
//!
//! Applications use them through the `vigil` crate, which exports them; what they expand to names only
//! `::vigil::__private`, or the path given as `crate = path`.
//!
//! Each macro is a folder with four steps: `attr` reads what is said, `model` what it is said of, `valid` checks both
//! together, `expand` writes code and knows no errors. All errors of one use are reported at once.

#![forbid(unsafe_code)]

mod arguments;
mod audited;
mod callsite;
mod delivery;
mod errors;
mod event;
mod exemption;
mod fields;
mod gate;
mod located;
mod parts;
mod sanitize;
mod suggest;
#[cfg(test)]
mod testing;
mod treatment;
mod vocabulary;
mod words;
mod written;

use proc_macro::TokenStream;

#[doc = include_str!("../docs/audited.md")]
#[proc_macro_attribute]
pub fn audited(arguments: TokenStream, item: TokenStream) -> TokenStream {
    audited::audited(arguments.into(), item.into()).into()
}

#[doc = include_str!("../docs/not_audited.md")]
#[proc_macro_attribute]
pub fn not_audited(arguments: TokenStream, item: TokenStream) -> TokenStream {
    exemption::not_audited(arguments.into(), item.into()).into()
}

#[doc = include_str!("../docs/audit_scope.md")]
#[proc_macro_attribute]
pub fn audit_scope(arguments: TokenStream, item: TokenStream) -> TokenStream {
    gate::audit_scope(arguments.into(), item.into()).into()
}

#[doc = include_str!("../docs/sanitize.md")]
#[proc_macro_derive(Sanitize, attributes(audit))]
pub fn sanitize(input: TokenStream) -> TokenStream {
    sanitize::derive(input.into()).into()
}

#[doc = include_str!("../docs/audit.md")]
#[proc_macro]
pub fn audit(arguments: TokenStream) -> TokenStream {
    event::audit(arguments.into()).into()
}

#[doc = include_str!("../docs/scope.md")]
#[proc_macro]
pub fn scope(arguments: TokenStream) -> TokenStream {
    event::scope(arguments.into()).into()
}

#[doc = include_str!("../docs/categories.md")]
#[proc_macro]
pub fn categories(words: TokenStream) -> TokenStream {
    vocabulary::declare(words.into(), &words::CATEGORIES).into()
}

#[doc = include_str!("../docs/action_types.md")]
#[proc_macro]
pub fn action_types(words: TokenStream) -> TokenStream {
    vocabulary::declare(words.into(), &words::ACTION_TYPES).into()
}
