use quote::quote;

use super::derive;
use crate::testing::{every_prefix, snapshot};

#[test]
fn half_typed_types_never_panic() {
    let types = [
        quote!(
            #[audit(transparent, crate = a::b)]
            pub struct A<T: B, const N: usize>(#[audit(mask(char = 'x'))] T)
            where
                T: C;
        ),
        quote!(
            #[audit(rename_all = "camelCase", bound = "T: X", default = "keep")]
            struct A<'a, T> {
                #[audit(pii = "email")]
                pub a: &'a T,
                b: [T::Item; 3],
            }
        ),
        quote!(
            enum A {
                #[audit(rename = "b")]
                B,
                C(#[audit(redact = "x")] u8, u8),
                D {
                    #[audit(skip)]
                    e: u8,
                    f: u8,
                },
            }
        ),
        quote!(union A { a: u8 }),
    ];
    for tokens in types {
        for tokens in every_prefix(tokens) {
            derive(tokens);
        }
    }
}

#[test]
fn a_struct_expands_to_this() {
    let out = derive(quote! {
        struct Login<T, U> {
            email: T,
            #[audit(redact)]
            raw: U,
            #[audit(skip)]
            cache: U,
            #[audit(rename = "attempts", debug)]
            tries: Option<U>,
        }
    });
    snapshot("sanitize/snapshots/struct.rs", out);
}

#[test]
fn an_enum_expands_to_this() {
    let out = derive(quote! {
        enum Plan {
            Free,
            Paid(#[audit(keep)] u8),
            Custom { months: u8, code: String },
        }
    });
    snapshot("sanitize/snapshots/enum.rs", out);
}

#[test]
fn only_parameters_of_recorded_fields_are_bound() {
    let out = derive(quote! {
        struct A<T, U: Iterator, V, W, X> {
            a: Vec<T>,
            b: U::Item,
            #[audit(opaque)]
            c: V,
            d: PhantomData<W>,
            #[audit(display)]
            e: X,
        }
    });
    let out = out.to_string();
    let bounds = out
        .split("where")
        .nth(1)
        .and_then(|rest| rest.split('{').next())
        .unwrap_or_default();
    let expected = "T : :: vigil :: __private :: Sanitize , U :: Item : :: vigil :: __private :: Sanitize , X : :: vigil :: __private :: core :: fmt :: Display";
    assert_eq!(bounds.trim(), expected);
}
