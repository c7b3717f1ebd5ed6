//! Names, macros and attributes that get in the way of generated code.

use std::rc::Rc;

use vigil::audited;

use super::run;

/// Not `Sanitize`, not `Debug`.
struct Pool;

#[audited(category = "DATA")]
fn conditional(
    #[cfg(not(test))] absent: Pool,
    a: u8,
    #[cfg(test)] present: u8,
    #[cfg(not(test))] absent_too: Pool,
    last: u8,
) -> u8 {
    a + present + last
}

#[audited(category = "DATA")]
fn r#match(r#type: u8) -> u8 {
    r#type
}

#[audited(category = "DATA", operation = "renamed")]
fn names_of_ours(call: u8, ret: u8, active: u8, edge: u8, error: u8, value: u8, body: u8) -> u8 {
    call + ret + active + edge + error + value + body
}

#[audited(category = "DATA")]
async fn names_of_ours_later(call: u8, ret: u8, active: u8, edge: u8, error: u8, never: u8) -> u8 {
    call + ret + active + edge + error + never
}

#[audited(category = "DATA")]
fn inner_attribute(a: u8) -> u8 {
    #![allow(unused_variables, reason = "the inner attribute is the shape")]
    let unused = 1;
    a
}

#[audited(category = "DATA")]
fn recursive(n: u8) -> u8 {
    if n == 0 { 0 } else { recursive(n - 1) }
}

#[audited(category = "DATA")]
#[track_caller]
fn tracked(a: u8) -> u32 {
    if a > 200 {
        return 0;
    }
    std::panic::Location::caller().line()
}

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

pub(super) fn call_odd_functions() {
    assert_eq!(conditional(1, 2, 3), 6);
    assert_eq!(r#match(1), 1);
    assert_eq!(names_of_ours(1, 2, 3, 4, 5, 6, 7), 28);
    assert_eq!(inner_attribute(1), 1);
    assert_eq!(tracked(1), line!());
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
    assert_eq!(made_by_macro(3), 3);
    assert_eq!(shadowed::no_prelude(1), 1);
    assert_eq!(
        vigil::sanitize::to_json(&shadowed::Derived::Struct { a: Rc::new(1) }),
        r#"{"Struct":{"a":1}}"#
    );
    assert_eq!(run(names_of_ours_later(1, 2, 3, 4, 5, 6)), 21);
    assert_eq!(run(shadowed::no_prelude_later(1)), Ok(1));
    assert_eq!(recursive(2), 0);
}
