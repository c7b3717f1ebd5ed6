//! Which bounds the type parameters get: `Sanitize`, `Display` or `Debug`, and only those that the recorded fields
//! need.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{
    GenericArgument, GenericParam, PathArguments, ReturnType, Type, TypeParamBound, WherePredicate,
    parse_quote_spanned,
};

use super::model::{Field, Input, Shape};
use crate::treatment::Form;

/// The predicates to add to the where clause.
pub(crate) fn predicates(input: &Input, private: &TokenStream) -> Vec<WherePredicate> {
    if let Some(bound) = &input.container.bound {
        return bound.iter().cloned().collect();
    }
    let parameters: Vec<&Ident> = input
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            _ => None,
        })
        .collect();
    if parameters.is_empty() {
        return Vec::new();
    }
    let here = Span::mixed_site();
    let sanitize = quote_spanned!(here=> #private::Sanitize);
    let display = quote_spanned!(here=> #private::core::fmt::Display);
    let debug = quote_spanned!(here=> #private::core::fmt::Debug);
    let mut predicates: Vec<(String, WherePredicate)> = Vec::new();
    for field in fields(input) {
        let bound = match super::expand::form(field, input.container.default) {
            Form::Sanitize => &sanitize,
            Form::Display => &display,
            Form::Debug => &debug,
            // What is not looked at, or only by a function of the user's, needs to be nothing in particular.
            Form::Opaque | Form::With(_) => continue,
        };
        let mut found = Vec::new();
        occurring(&field.ty, &parameters, &mut found);
        for ty in found {
            let predicate: WherePredicate = parse_quote_spanned!(here=> #ty: #bound);
            let text = predicate.to_token_stream().to_string();
            if predicates.iter().all(|(other, _)| *other != text) {
                predicates.push((text, predicate));
            }
        }
    }
    predicates
        .into_iter()
        .map(|(_, predicate)| predicate)
        .collect()
}

fn fields(input: &Input) -> Vec<&Field> {
    match &input.data {
        Shape::Struct(fields) => fields.recorded().collect(),
        Shape::Enum(variants) => variants
            .iter()
            .flat_map(|variant| variant.fields.recorded())
            .collect(),
    }
}

/// The parameters in `ty`, and types associated with them (`T::Item`), which need the bound in place of `T`.
fn occurring(ty: &Type, parameters: &[&Ident], found: &mut Vec<TokenStream>) {
    let mut inside = |ty: &Type| occurring(ty, parameters, found);
    match ty {
        Type::Array(ty) => inside(&ty.elem),
        Type::Group(ty) => inside(&ty.elem),
        Type::Paren(ty) => inside(&ty.elem),
        Type::Ptr(ty) => inside(&ty.elem),
        Type::Reference(ty) => inside(&ty.elem),
        Type::Slice(ty) => inside(&ty.elem),
        Type::Tuple(ty) => ty.elems.iter().for_each(inside),
        Type::FnPtr(ty) => {
            ty.inputs.iter().for_each(|input| inside(&input.ty));
            if let ReturnType::Type(_, ty) = &ty.output {
                inside(ty);
            }
        }
        Type::TraitObject(ty) => {
            for bound in &ty.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    in_path(&bound.path, parameters, found);
                }
            }
        }
        Type::Path(ty) => {
            if let Some(qself) = &ty.qself {
                let mut within = Vec::new();
                occurring(&qself.ty, parameters, &mut within);
                if !within.is_empty() {
                    found.push(ty.to_token_stream());
                }
                return;
            }
            let first = ty
                .path
                .segments
                .first()
                .filter(|first| parameters.contains(&&first.ident));
            match first {
                Some(_) => found.push(ty.to_token_stream()),
                None => in_path(&ty.path, parameters, found),
            }
        }
        _ => {}
    }
}

fn in_path(path: &syn::Path, parameters: &[&Ident], found: &mut Vec<TokenStream>) {
    // A marker holds no value.
    if path
        .segments
        .last()
        .is_some_and(|last| last.ident == "PhantomData")
    {
        return;
    }
    for segment in &path.segments {
        if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
            for argument in &arguments.args {
                match argument {
                    GenericArgument::Type(ty) => occurring(ty, parameters, found),
                    GenericArgument::AssocType(assoc) => occurring(&assoc.ty, parameters, found),
                    _ => {}
                }
            }
        }
    }
}
