//! What an attribute says beyond the shape of its function: fields, treatments, forms, verdicts.

use std::future::{Future, ready};
use std::rc::Rc;

use async_trait::async_trait;
use vigil::audited;

use super::run;

/// Not `Sanitize`, not `Debug`.
struct Pool;

#[audited(category = "DATA", fields(total = a + b, "user.name" = "jane", pool.size, kind = ?Some(1), shown = %a))]
fn with_fields(a: u8, b: u8, #[audit(opaque)] pool: &Sized16) -> u8 {
    let _ = pool;
    a + b
}

struct Sized16 {
    size: u16,
}

#[audited(category = "DATA")]
fn treated(
    #[audit(mask(keep_last = 2))] iban: &str,
    #[audit(redact = "gone")] pool: Pool,
    #[audit(rename = "n", display)] number: std::num::NonZeroU8,
    #[audit(with = upper)] text: String,
    #[audit(truncate = 3)] long: &str,
    #[audit(rename = "shown")] password: &str,
    #[audit(keep)] token: &str,
) {
    let _ = (iban, pool, number, text, long, password, token);
}

fn upper(text: &str, out: &mut vigil::sanitize::Writer<'_>) {
    out.str(&text.to_uppercase());
}

#[audited(category = "DATA", ok_if = Option::is_some, result)]
fn option(list: &[u8]) -> Option<u8> {
    list.first().copied()
}

#[audited(category = "DATA", err_if = |code| *code > 0, result(with = |code: &u8, out| out.bool(*code > 0)))]
fn exit_code(code: u8) -> u8 {
    code
}

#[audited(category = "DATA", err(debug), result(debug))]
fn with_debug(a: u8) -> Result<Option<u8>, Vec<u8>> {
    if a == 0 { Err(vec![a]) } else { Ok(Some(a)) }
}

#[audited(category = "DATA", result)]
fn returns_block(a: u8) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + Send {
    async move { Ok(a + "1".parse::<u8>()?) }
}

#[audited(category = "DATA", future = "off")]
fn makes_future(a: u8) -> impl Future<Output = Result<u8, String>> {
    ready(if a > 0 { Ok(a) } else { Err("none".to_owned()) })
}

#[async_trait]
trait Boxing {
    #[audited(category = "DATA")]
    async fn renamed_below_async_trait(&self, #[audit(rename = "n")] a: u8) -> u8
    where
        Self: Sync,
    {
        a
    }

    async fn fields_below_async_trait(&mut self, key: &str, pair: (String, u8));
}

struct Store {
    sum: u8,
}

#[async_trait]
impl Boxing for Store {
    #[audited(category = "DATA", fields(self.sum), skip(b))]
    async fn fields_below_async_trait(&mut self, key: &str, (mut password, b): (String, u8)) {
        password.push_str(key);
        self.sum += b;
    }
}

macro_rules! made {
    ($vis:vis $name:ident, $category:expr, $arg:ident: $ty:ty, $body:block) => {
        #[audited(category = $category, type = "READ", fields(twice = $arg * 2))]
        $vis fn $name($arg: $ty) -> $ty $body
    };
}
made!(pub(crate) made_by_macro, "API", a: u8, { a });

mod shadowed {
    #![allow(non_camel_case_types, non_snake_case, dead_code)]
    struct Option;
    struct Result;
    struct Box;
    struct String;
    struct str;
    struct bool;
    mod core {}
    mod std {}
    mod vigil {}
    fn Some() {}
    fn None() {}
    fn Ok() {}
    fn Err() {}
    #[::vigil::audited(category = "DATA", slow = 5, when = 1 > 0, ok_if = |_| true, result)]
    pub(super) fn no_prelude(a: u8) -> u8 {
        a
    }

    #[::vigil::audited(category = "DATA", err(display))]
    pub(super) async fn no_prelude_later(a: u8) -> ::core::result::Result<u8, u8> {
        ::core::result::Result::Ok(a)
    }

    #[derive(::vigil::Sanitize)]
    pub(super) enum Derived<T> {
        #[allow(dead_code, reason = "only the other variant is made")]
        Unit,
        Struct {
            a: T,
        },
    }
}

pub(super) fn call() {
    assert_eq!(with_fields(1, 2, &Sized16 { size: 16 }), 3);
    treated(
        "DE1234",
        Pool,
        std::num::NonZeroU8::MIN,
        "abc".to_owned(),
        "abcdef",
        "canary",
        "kept",
    );
    assert_eq!(option(&[]), None);
    assert_eq!(exit_code(2), 2);
    assert!(with_debug(0).is_err());
    assert_eq!(run(returns_block(1)), Ok(2));
    assert!(run(makes_future(0)).is_err());
    let mut store = Store { sum: 1 };
    assert_eq!(run(store.renamed_below_async_trait(2)), 2);
    run(store.fields_below_async_trait("k", ("canary".to_owned(), 1)));
    assert_eq!(made_by_macro(3), 3);
    assert_eq!(shadowed::no_prelude(1), 1);
    assert_eq!(run(shadowed::no_prelude_later(1)), Ok(1));
    assert_eq!(
        vigil::sanitize::to_json(&shadowed::Derived::Struct { a: Rc::new(1) }),
        r#"{"Struct":{"a":1}}"#
    );
}
