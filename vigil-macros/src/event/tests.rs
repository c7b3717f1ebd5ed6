use quote::quote;

use super::{audit, scope};
use crate::testing::every_prefix;

#[test]
fn half_typed_events_never_panic_and_are_expressions() {
    let inputs = [
        quote!(category = "AUTH", operation = "x", type = "LOGIN", actor = a, resource = ("b", 1), fields(a = %b, c), outcome = err(e), when = x, crate = a::b, unknown = 1),
        quote!("AUTH", "login", user = ?user, "a.b" = 1, c.d),
    ];
    for input in inputs {
        for tokens in every_prefix(input) {
            let out = audit(tokens.clone());
            assert!(
                syn::parse2::<syn::Expr>(out.clone()).is_ok(),
                "{tokens}\n{out}"
            );
        }
    }
    let input = quote!("EXPORT", category = "FILE", type = READ, actor = a, fields(a = 1), slow = 5, when = x);
    for tokens in every_prefix(input) {
        let out = scope(tokens.clone());
        assert!(
            syn::parse2::<syn::Expr>(out.clone()).is_ok(),
            "{tokens}\n{out}"
        );
    }
}
