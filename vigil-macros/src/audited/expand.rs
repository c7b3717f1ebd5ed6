//! The expansion of `#[audited]`. It is short on purpose: what can be done in the core is done there, where it is
//! compiled once and mended for all.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound};

use super::attr::ErrorForm;
use super::model::{Body, Function};
use super::valid::{Audited, Shape};
use crate::callsite::{Beginning, Nesting};
use crate::treatment::{Treatment, form_name, value};

/// The function with its body in our hands.
pub(crate) fn expand(function: Function, audited: Audited) -> TokenStream {
    let here = Span::mixed_site();
    let private = audited.parts.private();
    let conclusion = conclusion(&audited, &private);
    let result = audited
        .result
        .as_ref()
        .map(|(_, form)| (function.written_output(), form_name(form)));
    let Audited {
        shape,
        parts,
        category,
        operation,
        arguments,
        ..
    } = audited;
    let nesting = match shape {
        Shape::Async | Shape::AsyncNever => Nesting::Elsewhere,
        Shape::Sync | Shape::Never | Shape::TrackCaller => Nesting::Thread,
    };
    let further = TokenStream::new();
    let begin = Beginning {
        parts: &parts,
        category: &category,
        operation,
        arguments,
        result,
        nesting,
        further,
    }
    .expand();
    let Function {
        attrs,
        vis,
        sig,
        body,
    } = function;
    let (inner, content) = match body {
        Body::Block { inner, content, .. } => (inner, content),
        Body::None(_) => (Vec::new(), TokenStream::new()),
    };
    let returned = match &sig.output {
        ReturnType::Default => quote_spanned!(here=> ()),
        ReturnType::Type(_, ty) => {
            let erased = erased(ty);
            quote!(#erased)
        }
    };
    let statements = match shape {
        // A closure called in place could not return `&mut` out of what it has captured; `call_once` lets it.
        Shape::Sync => quote_spanned! {here=>
            let mut call = #begin;
            let ret = #private::call_once(move || -> #returned { #content });
            #conclusion
            call.finish();
            ret
        },
        Shape::Async => {
            let edge = edge(&returned);
            quote_spanned! {here=>
                let call = #begin;
                let (ret, mut call) = #private::Audited::new(async move { #edge #content }, call).await;
                #conclusion
                call.finish();
                ret
            }
        }
        Shape::Never => quote_spanned! {here=>
            let _call = #begin;
            #content
        },
        // `!` is no type that a future of ours could be generic over; a type without values is.
        Shape::AsyncNever => {
            let edge = edge(&quote_spanned!(here=> #private::core::convert::Infallible));
            quote_spanned! {here=>
                let call = #begin;
                match #private::Audited::new(async move { #edge #content }, call).await.0 {}
            }
        }
        Shape::TrackCaller => quote_spanned! {here=>
            let _call = #private::Inline::new(#begin);
            #content
        },
    };
    quote_spanned! {here=>
        #(#attrs)* #vis #sig {
            #(#inner)*
            #statements
        }
    }
}

/// A `return` that is never reached and tells the compiler the type of an `async` block, which has no place to write
/// it: for coercions such as to `Box<dyn Trait>`, for inference, and for errors that point into the body.
fn edge(returned: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        #[allow(unreachable_code)]
        if false {
            let edge: #returned = loop {};
            return edge;
        }
    }
}

/// The statements that see the return value.
fn conclusion(audited: &Audited, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    let failure = match &audited.err {
        None => quote_spanned! {here=>
            use #private::outcome::*;
            (&&&#private::Returned(&ret)).conclude(active);
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
            let error = quote_spanned!(at=> #private::err_of(&ret));
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
                #private::core::option::Option::is_some_and(#private::core::option::Option::Some(&ret), #test)
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
            if let #private::core::option::Option::Some(value) = (&&#private::Returned(&ret)).value() {
                active.result_value(#treatment, #recorded);
            }
        }}
    });
    quote_spanned! {here=>
        if let #private::core::option::Option::Some(active) = call.active() {
            #result
            #outcome
        }
    }
}

/// The return type as it may stand on a closure or variable: `impl Trait` is left to be inferred.
fn erased(ty: &Type) -> Type {
    let mut ty = ty.clone();
    erase(&mut ty);
    ty
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => {
            *ty = Type::Infer(syn::TypeInfer {
                attrs: Vec::new(),
                underscore_token: Default::default(),
            })
        }
        Type::Array(ty) => erase(&mut ty.elem),
        Type::Group(ty) => erase(&mut ty.elem),
        Type::Paren(ty) => erase(&mut ty.elem),
        Type::Ptr(ty) => erase(&mut ty.elem),
        Type::Reference(ty) => erase(&mut ty.elem),
        Type::Slice(ty) => erase(&mut ty.elem),
        Type::Tuple(ty) => ty.elems.iter_mut().for_each(erase),
        Type::Path(ty) => erase_in_path(&mut ty.path),
        Type::TraitObject(ty) => {
            for bound in &mut ty.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    erase_in_path(&mut bound.path);
                }
            }
        }
        _ => {}
    }
}

fn erase_in_path(path: &mut syn::Path) {
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            for argument in &mut arguments.args {
                match argument {
                    GenericArgument::Type(ty) => erase(ty),
                    GenericArgument::AssocType(assoc) => erase(&mut assoc.ty),
                    _ => {}
                }
            }
        }
    }
}
