//! The expansion of `#[audited]`. It is short on purpose: what can be done in the core is done there, where it is
//! compiled once and mended for all.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::{ReturnType, Signature, Token, Type};

use super::admission::Admission;
use super::conclusion::conclusion;
use super::model::{Body, Function};
use super::returns::{Future, FutureKind, erased};
use super::shape::Shape;
use super::valid::Audited;
use crate::callsite::{Beginning, Nesting};
use crate::treatment::form_name;

/// The function with its body in our hands.
pub(crate) fn expand(function: Function, mut audited: Audited) -> TokenStream {
    let here = Span::mixed_site();
    let Function {
        attrs,
        vis,
        mut sig,
        body,
    } = function;
    let Body::Block {
        brace,
        inner,
        content,
    } = body
    else {
        return TokenStream::new();
    };
    let admission = Admission::of(&audited, &sig.output);
    let returned = match &sig.output {
        ReturnType::Default => quote_spanned!(here=> ()),
        ReturnType::Type(_, ty) => {
            let erased = erased(ty);
            quote!(#erased)
        }
    };
    let statements = match std::mem::replace(&mut audited.shape, Shape::Sync) {
        Shape::Returned(future) => {
            returned_future(&mut audited, &admission, &future, &returned, content)
        }
        Shape::Desugared => {
            desugar(&mut sig);
            desugared(&mut audited, &admission, &returned, content)
        }
        shape => awaited_or_called(&mut audited, &admission, &shape, &returned, content),
    };
    let mut tokens = quote!(#(#attrs)* #vis #sig);
    // The braces of the source: with others the compiler would take the whole function for code of ours, and not warn that
    // it is never used.
    brace.surround(&mut tokens, |tokens| {
        tokens.append_all(inner);
        tokens.append_all(statements);
    });
    tokens
}

/// The body of a function that ends when it returns.
fn awaited_or_called(
    audited: &mut Audited,
    admission: &Admission,
    shape: &Shape,
    returned: &TokenStream,
    content: TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let private = audited.parts.private();
    let (mutable, handle) = handle(audited);
    let conclusion = conclusion(audited, &quote_spanned!(here=> &ret), &private);
    let conclusion = quote_spanned! {here=>
        if let #private::core::option::Option::Some(active) = call.active() {
            #conclusion
        }
    };
    match shape {
        Shape::Async => {
            let begin = begin(audited, Nesting::Elsewhere);
            let edge = edge(returned);
            let call = admission.later(mutable, begin);
            let settle = if audited.parts.delivering.waits() {
                quote_spanned!(here=> call.settle().await;)
            } else {
                quote_spanned!(here=> call.finish();)
            };
            quote_spanned! {here=>
                #call
                #handle
                let (ret, mut call) = #private::Audited::new(async move { #edge #content }, call).await;
                #conclusion
                #settle
                ret
            }
        }
        // `!` is no type that a future of ours could be generic over; a type without values is.
        Shape::AsyncNever => {
            let begin = begin(audited, Nesting::Elsewhere);
            let edge = edge(&quote_spanned!(here=> #private::core::convert::Infallible));
            quote_spanned! {here=>
                let #mutable call = #begin;
                #handle
                match #private::Audited::new(async move { #edge #content }, call).await.0 {}
            }
        }
        Shape::Never => {
            let begin = begin(audited, Nesting::Thread);
            quote_spanned! {here=>
                let #mutable call = #begin;
                #handle
                let _call = call;
                #content
            }
        }
        Shape::TrackCaller => {
            let begin = begin(audited, Nesting::Thread);
            let call = admission.now(mutable, begin);
            quote_spanned! {here=>
                #call
                #handle
                let _call = #private::Inline::new(call);
                #content
            }
        }
        // A closure called in place could not return `&mut` out of what it has captured; `call_once` lets it.
        Shape::Sync | Shape::Desugared | Shape::Returned(_) => {
            let begin = begin(audited, Nesting::Thread);
            let call = admission.now(Some(Token![mut](here)), begin);
            quote_spanned! {here=>
                #call
                #handle
                let ret = #private::call_once(move || -> #returned { #content });
                #conclusion
                call.finish();
                ret
            }
        }
    }
}

/// Makes of `async fn f() -> T` what it stands for, `fn f() -> impl Future<Output = T>`.
fn desugar(sig: &mut Signature) {
    // What an `impl Trait` captures goes by the edition of this token, which is ours: all that is in scope, as an
    // `async fn` does in every edition.
    let here = Span::mixed_site();
    let output = match std::mem::replace(&mut sig.output, ReturnType::Default) {
        ReturnType::Default => quote_spanned!(here=> ()),
        ReturnType::Type(_, ty) => ty.into_token_stream(),
    };
    sig.asyncness = None;
    sig.output = ReturnType::Type(
        Token![->](here),
        Box::new(Type::Verbatim(
            quote_spanned!(here=> impl ::core::future::Future<Output = #output>),
        )),
    );
}

/// The body of an `async fn` that has become one that returns a future.
fn desugared(
    audited: &mut Audited,
    admission: &Admission,
    returned: &TokenStream,
    content: TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let private = audited.parts.private();
    let (mutable, handle) = handle(audited);
    let begin = begin(audited, Nesting::Elsewhere);
    let conclude = conclude(audited, returned, &private);
    let of_output = of_output(audited, returned, &private);
    let edge = edge(returned);
    let future = quote_spanned!(here=> #of_output(async move { #edge #content }, call, #conclude));
    if admission.is_refusable() {
        let call = admission.waiting(mutable, quote_spanned!(here=> admitted), returned);
        return quote_spanned! {here=>
            let admitted = #private::admitted_later(#begin);
            async move {
                #call
                #handle
                #future.await
            }
        };
    }
    quote_spanned! {here=>
        let #mutable call = #begin;
        #handle
        #future
    }
}

/// The function that makes an audited future of one that yields `output`.
fn of_output(audited: &Audited, output: &TokenStream, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    if audited.parts.delivering.waits() {
        quote_spanned!(here=> #private::returned_durably::<#output, _, _>)
    } else {
        quote_spanned!(here=> #private::returned::<#output, _, _>)
    }
}

/// The closure that reads the outcome off what a future has yielded.
fn conclude(audited: &Audited, output: &TokenStream, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    let conclusion = conclusion(audited, &quote_spanned!(here=> ret), private);
    quote_spanned!(here=> move |ret: &#output, active: &mut #private::Active| { #conclusion })
}

/// The body of a function that makes a future: it runs when the function is called, and the future takes the call along.
fn returned_future(
    audited: &mut Audited,
    admission: &Admission,
    future: &Future,
    returned: &TokenStream,
    content: TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let private = audited.parts.private();
    let (mutable, handle) = handle(audited);
    let output = match &future.output {
        Some(ty) => erased(ty).to_token_stream(),
        None => quote_spanned!(here=> _),
    };
    let conclude = conclude(audited, &output, &private);
    let of_output = of_output(audited, &output, &private);
    if admission.is_refusable() {
        // Before it is admitted the body must not run, and the future is the first that can wait for that.
        let begin = begin(audited, Nesting::Elsewhere);
        let call = admission.waiting(mutable, quote_spanned!(here=> admitted), &output);
        let made = match future.kind {
            FutureKind::Opaque => {
                quote_spanned!(here=> #private::make_future::<#output, _>(move || { #content }))
            }
            FutureKind::Boxed => {
                quote_spanned!(here=> #private::call_once(move || -> #returned { #content }))
            }
        };
        let whole = quote_spanned! {here=>
            async move {
                #call
                #handle
                #of_output(async move { #made.await }, call, #conclude).await
            }
        };
        let whole = match future.kind {
            FutureKind::Opaque => whole,
            FutureKind::Boxed => quote_spanned!(here=> #private::std::boxed::Box::pin(#whole)),
        };
        return quote_spanned! {here=>
            let admitted = #private::admitted_later(#begin);
            #whole
        };
    }
    if future.kind == FutureKind::Boxed
        && let Some((boxing, future)) = boxed_block(&content)
    {
        let begin = begin(audited, Nesting::Elsewhere);
        return quote_spanned! {here=>
            let #mutable call = #begin;
            #handle
            #boxing(#of_output(#future, call, #conclude))
        };
    }
    let begin = begin(audited, Nesting::Thread);
    match future.kind {
        FutureKind::Opaque => quote_spanned! {here=>
            let #mutable call = #begin;
            #handle
            let future = #private::make_future::<#output, _>(move || { #content });
            #of_output(future, call, #conclude)
        },
        FutureKind::Boxed => quote_spanned! {here=>
            let #mutable call = #begin;
            #handle
            let future = #private::call_once(move || -> #returned { #content });
            if call.is_recorded() {
                #private::std::boxed::Box::pin(#of_output(future, call, #conclude))
            } else {
                future
            }
        },
    }
}

/// The handle that `event` asks for: a `mut` for the variable `call`, and the statement behind it.
fn handle(audited: &Audited) -> (Option<Token![mut]>, TokenStream) {
    let here = Span::mixed_site();
    match &audited.event {
        None => (None, TokenStream::new()),
        Some(name) => (
            Some(Token![mut](here)),
            quote_spanned!(here=> let #name = call.handle();),
        ),
    }
}

/// A body that is nothing but `Box::pin(async move { ... })`, as `#[async_trait]` writes it, taken apart: its future can
/// be wrapped inside the box, which saves one of our own.
fn boxed_block(content: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let mut tokens: Vec<TokenTree> = content.clone().into_iter().collect();
    let Some(TokenTree::Group(argument)) = tokens.pop() else {
        return None;
    };
    let is_path = tokens.iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    let path: TokenStream = tokens.into_iter().collect();
    let block: Vec<TokenTree> = argument.stream().into_iter().collect();
    let is_block = match block.as_slice() {
        [TokenTree::Ident(word), rest @ .., TokenTree::Group(body)] => {
            let moves = match rest {
                [] => true,
                [TokenTree::Ident(word)] => word == "move",
                _ => false,
            };
            word == "async" && moves && body.delimiter() == Delimiter::Brace
        }
        _ => false,
    };
    let names_box = syn::parse2::<syn::Path>(path.clone()).is_ok_and(|path| {
        let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
        names.next().is_some_and(|name| name == "pin")
            && names.next().is_some_and(|name| name == "Box")
    });
    let found = is_path && is_block && names_box && argument.delimiter() == Delimiter::Parenthesis;
    found.then(|| (path, argument.stream()))
}

/// An expression of type `Call`. It is written once, so the arguments are taken.
fn begin(audited: &mut Audited, nesting: Nesting) -> TokenStream {
    let result = audited.result.as_ref();
    Beginning {
        parts: &audited.parts,
        category: &audited.category,
        operation: audited.operation.clone(),
        arguments: std::mem::take(&mut audited.arguments),
        result: result.map(|(_, form)| (audited.output.clone(), form_name(form))),
        nesting,
        future: audited.is_future,
        line: audited.line,
        further: TokenStream::new(),
    }
    .expand()
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
