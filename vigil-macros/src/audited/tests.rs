use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::audited;
use crate::testing::{every_prefix, snapshot};

/// Shapes whose tokens are cut short everywhere, as an editor sees them while somebody types.
fn shapes() -> Vec<TokenStream> {
    vec![
        quote!(
            pub fn sync<'a, T: Into<u64>>(mut a: &'a T, (b, c): (u8, u8)) -> Result<u64, E>
            where
                T: Copy,
            {
                #![allow(x)]
                Ok((*a).into())
            }
        ),
        quote!(
            async fn later(
                #[audit(mask(keep_last = 4))] a: &str,
                #[cfg(x)] b: u8,
            ) -> impl Iterator<Item = u8> {
                [a.len() as u8].into_iter()
            }
        ),
        quote!(
            unsafe extern "C" fn c(r#match: u8) -> ! {
                loop {}
            }
        ),
        quote!(
            #[track_caller]
            pub(crate) fn method(
                self: Box<Self>,
                whole @ (a, _): (u8, u8),
            ) -> Box<dyn Fn(impl A) -> u8> {
                x
            }
        ),
        quote!(
            fn returned(a: &str) -> Pin<Box<dyn Future<Output = Result<u8, E>> + Send + '_>> {
                ::std::boxed::Box::pin(async move { Ok(a.len() as u8) })
            }
        ),
        quote!(
            #[async_trait]
            unsafe impl<'a, T: B<{ 1 }>> A for &'a [T]
            where
                T: C,
            {
                #![allow(x)]
                const D: u8 = { 1 };
                type E = u8;
                made! { x }
                #[cfg(x)]
                #[audited(type = "READ", off = "no")]
                pub async fn b(&self, #[audit(hash)] a: u8) -> Result<u8, E> {
                    x?
                }
                #[not_audited(reason = "y")]
                pub const fn c() {}
            }
        ),
        quote!(
            const fn nothing();
        ),
    ]
}

/// The shapes of tests/shapes: what stands in the attribute, and the item under it.
fn matrix() -> Vec<(TokenStream, TokenStream)> {
    let sources = [
        include_str!("../../../tests/shapes/functions.rs"),
        include_str!("../../../tests/shapes/returns.rs"),
        include_str!("../../../tests/shapes/futures.rs"),
        include_str!("../../../tests/shapes/methods.rs"),
        include_str!("../../../tests/shapes/surroundings.rs"),
    ];
    let mut found = Vec::new();
    for source in sources {
        let tokens: TokenStream = source.parse().expect("Rust");
        let modules = source.matches("\nmod ").count();
        let before = found.len();
        collect(tokens, &mut found);
        assert!(found.len() - before >= modules, "a shape was not found");
    }
    found
}

/// Each `#[audited(...)]` with what follows it to the end of the next braces, at any depth.
fn collect(tokens: TokenStream, found: &mut Vec<(TokenStream, TokenStream)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let inside: Vec<TokenTree> = group.stream().into_iter().collect();
        match inside.as_slice() {
            [TokenTree::Ident(name), TokenTree::Group(arguments)] if name == "audited" => {
                let rest = tokens.iter().skip(at + 1);
                let end = rest.clone().position(|token| {
                    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                });
                let len = end.map_or(0, |end| end + 1);
                found.push((arguments.stream(), rest.take(len).cloned().collect()));
            }
            _ => collect(group.stream(), found),
        }
    }
}

#[test]
fn half_typed_items_never_panic_and_come_back() {
    let others = shapes()
        .into_iter()
        .map(|shape| (quote!(category = "AUTH", skip(a)), shape));
    let mut prefixes = 0;
    for (arguments, shape) in matrix().into_iter().chain(others) {
        for item in every_prefix(shape) {
            prefixes += 1;
            let out = audited(arguments.clone(), item.clone()).to_string();
            let name = item
                .to_string()
                .split("fn ")
                .nth(1)
                .map(|rest| rest.split(' ').next().unwrap_or("").to_owned());
            if let Some(name) = name {
                assert!(out.contains(&format!("fn {name}")), "{item}\n{out}");
            }
            // Where nothing was made of it, it is there as it was, but for what is ours.
            let dense = |text: &str| text.split_whitespace().collect::<String>();
            let (item, out) = (dense(&item.to_string()), dense(&out));
            if out.contains("compile_error") && !item.contains("#[audit") {
                assert!(out.contains(&item), "{item}\n{out}");
            }
        }
    }
    assert!(prefixes > 3_000, "only {prefixes} beginnings were tried");
}

#[test]
fn half_typed_arguments_never_panic_and_leave_the_function() {
    let arguments = quote!(
        category = "AUTH", type = QUERY, operation = "x", actor = f::<A, B>(), skip(a, b), only(self), skip_all,
        fields(a = %b, "c.d" = ?e, f.g, h), result(with = a::b), err(type), ok_if = |x| x.is_ok(), err_if = Option::is_none,
        when = a > b, slow = "250ms", event = ev, future = "auto", delivery = "durable", overflow = "deny", off = "why", crate = a::vigil, unknown(x), unknown = y
    );
    let item = quote!(
        fn call(a: u8, b: u8) -> Result<u8, u8> {
            Ok(a + b)
        }
    );
    for arguments in every_prefix(arguments) {
        let out = audited(arguments.clone(), item.clone()).to_string();
        assert!(
            out.contains("fn call (a : u8 , b : u8)"),
            "{arguments}\n{out}"
        );
    }
}

#[test]
fn a_body_that_does_not_parse_is_kept_as_it_is() {
    let out = audited(
        quote!(category = "AUTH"),
        quote!(fn typing(a: u8) -> u8 { if 1 let x. }),
    );
    let out = out.to_string();
    assert!(
        out.contains("if 1 let x .") && !out.contains("compile_error"),
        "{out}"
    );
}

#[test]
fn attributes_of_ours_are_taken_off_the_signature() {
    for arguments in [quote!(category = "AUTH"), quote!(category = 5)] {
        let out = audited(
            arguments,
            quote!(
                fn f(
                    #[audit(hash)] a: u8,
                    #[cfg(x)]
                    #[audit(keep)]
                    b: u8,
                ) {
                }
            ),
        )
        .to_string();
        assert!(!out.contains("audit ("), "{out}");
        assert!(out.contains("# [cfg (x)] b : u8"), "{out}");
    }
}

#[test]
fn a_sync_function_expands_to_this() {
    let out = audited(
        quote!(category = "DATABASE", type = "QUERY", slow = "250ms"),
        quote! {
            pub fn run(sql: &str, #[audit(hash)] user: u64) -> Result<usize, Error> {
                Ok(sql.len())
            }
        },
    );
    snapshot("audited/snapshots/sync.rs", out);
}

#[test]
fn an_async_function_with_a_word_of_the_crate_expands_to_this() {
    let out = audited(
        quote!(
            category = "BILLING",
            crate = my::vigil,
            result,
            ok_if = Result::is_ok
        ),
        quote! {
            async fn charge() -> Result<u64, Error> {
                Ok(1)
            }
        },
    );
    snapshot("audited/snapshots/async.rs", out);
}

#[test]
fn functions_that_return_futures_expand_to_this() {
    let out = [
        quote! {
            fn opaque() -> impl Future<Output = Result<impl Iterator<Item = u8>, E>> + Send {
                ready(Err(E))
            }
        },
        quote! {
            fn boxed() -> Pin<Box<dyn Future<Output = u8> + Send>> {
                if early {
                    return Box::pin(ready(1));
                }
                Box::pin(async { 2 })
            }
        },
        quote! {
            fn block(&self) -> Pin<Box<dyn Future<Output = u8> + Send>> {
                Box::pin(async move { 2 })
            }
        },
    ];
    let out = out.map(|item| audited(quote!(category = "DATA"), item));
    snapshot("audited/snapshots/returned.rs", out.into_iter().collect());
}

#[test]
fn functions_that_can_be_refused_expand_to_this() {
    let out = [
        quote! {
            fn sync() -> Result<u8, E> {
                Ok(1)
            }
        },
        quote! {
            async fn later() -> Result<u8, E> {
                Ok(1)
            }
        },
        quote! {
            fn opaque() -> impl Future<Output = Result<u8, E>> {
                ready(Ok(1))
            }
        },
    ];
    let out = out.map(|item| audited(quote!(category = "DATA", delivery = "required"), item));
    snapshot("audited/snapshots/refusable.rs", out.into_iter().collect());
}

#[test]
fn a_block_expands_to_this() {
    let out = audited(
        quote!(category = "DATA", fields(self.id), skip(pool)),
        quote! {
            impl<T> Store<T> {
                pub fn new(pool: Pool) -> Self {
                    Self
                }

                #[audited(type = "READ", skip(key), when = key > 0)]
                pub(crate) fn get(&self, pool: &Pool, key: u8) {}

                fn private(&self) {}

                #[not_audited(reason = "a constant")]
                pub const fn id() {}
            }
        },
    );
    snapshot("audited/snapshots/block.rs", out);
}
