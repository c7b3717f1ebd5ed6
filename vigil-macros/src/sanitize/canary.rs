//! `#[audit(canary)]`: an implementation of `Canary`, by which tests get values whose protected places hold canaries.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::GenericParam;
use syn::ext::IdentExt;

use super::expand::treatment_of;
use super::model::{Fields, Input, Shape};
use crate::treatment::{self, Treatment};

pub(crate) fn expand(input: &Input, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    let own = quote_spanned!(here=> Self);
    let body = match &input.data {
        Shape::Struct(fields) => made(input, &own, fields, private),
        Shape::Enum(variants) if variants.is_empty() => {
            quote_spanned!(here=> ::core::panic!("an enum without variants has no values"))
        }
        Shape::Enum(variants) => {
            let count = variants.len();
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let ident = &variant.ident;
                let key = treatment::key(&variant.name, &ident.unraw().to_string(), private);
                let path = quote_spanned!(here=> Self::#ident);
                let made = made(input, &path, &variant.fields, private);
                let default = Treatment::Default.expand(private);
                let pattern = if index + 1 == count {
                    quote_spanned!(here=> _)
                } else {
                    quote_spanned!(here=> #index)
                };
                quote_spanned! {here=>
                    #pattern => nest.inside(Some(&#key), #default, false, |nest| { let _ = &nest; #made }),
                }
            });
            quote_spanned!(here=> match nest.variant(#count) { #(#arms)* })
        }
    };
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let parameters: Vec<_> = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.clone()),
            _ => None,
        })
        .collect();
    for parameter in parameters {
        generics
            .make_where_clause()
            .predicates
            .push(syn::parse_quote_spanned!(here=> #parameter: #private::Canary));
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote_spanned! {here=>
        #[automatically_derived]
        #[allow(deprecated, unused_variables)]
        impl #impl_generics #private::Canary for #ident #ty_generics #where_clause {
            fn canary(nest: &mut #private::Nest) -> Self {
                #body
            }
        }
    }
}

/// The type or variant at `path`, each field made by its type.
fn made(input: &Input, path: &TokenStream, fields: &Fields, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    let members = fields.all().iter().map(|field| {
        let member = &field.member;
        let treatment = treatment_of(field, input.container.default, private);
        let skipped = field.directions.skip.is_some();
        let key = match fields {
            Fields::Named(_) => {
                let key = treatment::key(&field.name, &field.own_name, private);
                quote_spanned!(here=> Some(&#key))
            }
            _ => quote_spanned!(here=> None),
        };
        let canary = quote_spanned!(here.located_at(field.span)=> #private::Canary::canary);
        quote_spanned!(here=> #member: nest.inside(#key, #treatment, #skipped, #canary))
    });
    quote_spanned!(here=> #path { #(#members),* })
}
