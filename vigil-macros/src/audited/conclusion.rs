//! The statements that see what a function has returned, and tell the call how it ended.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::attr::ErrorForm;
use super::valid::Audited;
use crate::located::located;
use crate::treatment::{Treatment, value};

/// Statements about `active`; `ret` is an expression that borrows the return value.
pub(crate) fn conclusion(
    audited: &Audited,
    ret: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let failure = match &audited.err {
        None => quote_spanned! {here=>
            use #private::outcome::*;
            (&&&#private::Returned(#ret)).conclude(active);
        },
        Some((span, form)) => {
            let at = here.located_at(*span);
            let details = match form {
                ErrorForm::TypeOnly => quote_spanned!(here=> #private::core::option::Option::None),
                ErrorForm::Value(form) => {
                    let error = value(form, &quote_spanned!(at=> error), private);
                    quote_spanned!(here=> #private::core::option::Option::Some(#error))
                }
            };
            let ret = located(ret.clone(), at);
            let error = quote_spanned!(at=> #private::err_of(#ret));
            quote_spanned! {here=>
                if let #private::core::option::Option::Some(error) = #error {
                    active.fail_with(#private::type_name_of(error), #details);
                }
            }
        }
    };
    let outcome = match &audited.verdict {
        None => failure,
        // `is_some_and` makes the type of the value known before a closure is looked at.
        Some(verdict) => {
            let test = &verdict.test;
            let holds = quote_spanned! {here=>
                #private::core::option::Option::is_some_and(#private::core::option::Option::Some(#ret), #test)
            };
            let failed = if verdict.good {
                quote_spanned!(here=> !#holds)
            } else {
                holds
            };
            quote_spanned!(here=> if #failed { #failure active.fail(); })
        }
    };
    let result = audited.result.as_ref().map(|(span, form)| {
        let treatment = Treatment::Default.expand(private);
        let recorded = value(form, &quote_spanned!(here.located_at(*span)=> value), private);
        quote_spanned! {here=> {
            use #private::outcome::*;
            if let #private::core::option::Option::Some(value) = (&&#private::Returned(#ret)).value() {
                active.result_value(#treatment, #recorded);
            }
        }}
    });
    quote_spanned!(here=> #result #outcome)
}
