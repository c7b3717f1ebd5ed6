use quote::quote;

use super::declare;
use crate::testing::{every_prefix, snapshot};
use crate::words::CATEGORIES;

#[test]
fn half_typed_words_never_panic_and_are_items() {
    let input = quote!(crate = a::vigil; #[doc = "x"] A = "A", #[mandatory] B, auth, A, 5; use other::audit; use x, C = 5);
    for tokens in every_prefix(input) {
        let out = declare(tokens.clone(), &CATEGORIES);
        assert!(
            syn::parse2::<syn::File>(out.clone()).is_ok(),
            "{tokens}\n{out}"
        );
    }
}

#[test]
fn words_expand_to_this() {
    let out = declare(
        quote! {
            /// Money.
            BILLING = "BILLING",
            #[mandatory]
            PHI_ACCESS;
            use shared;
        },
        &CATEGORIES,
    );
    snapshot("vocabulary/snapshots/categories.rs", out);
}
