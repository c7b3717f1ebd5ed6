//! Errors, collected: one compile shows every mistake, each on its own token.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Attribute;

/// The mistakes found so far in one use of a macro.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// What a step of a parser gave, or nothing and its error kept.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(error);
                None
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// One `compile_error!` for each; no tokens if there is none.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0
            .map(|error| error.to_compile_error())
            .unwrap_or_default()
    }

    /// As [`Errors::into_tokens`], for errors about an item that is compiled only under `cfg`, as items.
    pub(crate) fn under(self, cfg: &[Attribute]) -> TokenStream {
        let errors = self.0.into_iter().flatten();
        errors
            .map(|error| {
                let error = error.to_compile_error();
                quote!(#(#cfg)* #error)
            })
            .collect()
    }
}
