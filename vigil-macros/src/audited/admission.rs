//! The first statement of an audited function: it begins the call, and returns where the call is refused.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{ReturnType, Token};

use super::valid::Audited;
use crate::located::located;

/// How a call comes to its body.
pub(crate) struct Admission {
    private: TokenStream,
    /// Where the call can be refused: the place of the return type, which is what will not do if it cannot tell of a
    /// refusal.
    refusable: Option<Span>,
}

impl Admission {
    pub(crate) fn of(audited: &Audited, output: &ReturnType) -> Self {
        let refuses = audited.parts.delivering.refuses();
        Self {
            private: audited.parts.private(),
            refusable: refuses.map(|_| match output {
                ReturnType::Type(_, ty) => ty.span(),
                ReturnType::Default => Span::call_site(),
            }),
        }
    }

    pub(crate) fn is_refusable(&self) -> bool {
        self.refusable.is_some()
    }

    /// Binds `call` to what `begin` makes, where code is synchronous.
    pub(crate) fn now(&self, mutable: Option<Token![mut]>, begin: TokenStream) -> TokenStream {
        let private = &self.private;
        let admitted = quote_spanned!(Span::mixed_site()=> #private::admitted(#begin));
        self.bind(mutable, begin, admitted, TokenStream::new())
    }

    /// Binds `call` to what `begin` makes, in a future.
    pub(crate) fn later(&self, mutable: Option<Token![mut]>, begin: TokenStream) -> TokenStream {
        let private = &self.private;
        let admitted = quote_spanned!(Span::mixed_site()=> #private::admitted_later(#begin).await);
        self.bind(mutable, begin, admitted, TokenStream::new())
    }

    /// Binds `call` to what comes of the future `admitted`, in a future that yields `output`.
    pub(crate) fn waiting(
        &self,
        mutable: Option<Token![mut]>,
        admitted: TokenStream,
        output: &TokenStream,
    ) -> TokenStream {
        let admitted = quote_spanned!(Span::mixed_site()=> #admitted.await);
        let output = quote_spanned!(Span::mixed_site()=> ::<#output>);
        self.bind(mutable, TokenStream::new(), admitted, output)
    }

    fn bind(
        &self,
        mutable: Option<Token![mut]>,
        begin: TokenStream,
        admitted: TokenStream,
        output: TokenStream,
    ) -> TokenStream {
        let here = Span::mixed_site();
        let Some(at) = self.refusable else {
            return quote_spanned!(here=> let #mutable call = #begin;);
        };
        let private = &self.private;
        let refused = quote_spanned!(here=> #private::refused #output (error));
        let refused = located(refused, here.located_at(at));
        quote_spanned! {here=>
            let #mutable call = match #admitted {
                #private::core::result::Result::Ok(call) => call,
                #private::core::result::Result::Err(error) => return #refused,
            };
        }
    }
}
