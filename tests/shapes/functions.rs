//! What functions take and how they are written.

/// one expression
mod one_expression {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn one_expression(a: u8) -> u8 {
        a + 1
    }

    pub(super) fn run() {
        assert_eq!(one_expression(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("one_expression", "SUCCESS", r#"{"a":1}"#)];
}

/// no argument, no value
mod nothing {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn nothing() {}

    pub(super) fn run() {
        nothing();
    }

    pub(super) const EVENTS: crate::Events = &[("nothing", "SUCCESS", "{}")];
}

/// `async fn`
mod asynchronous {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn asynchronous(a: u8) -> u8 {
        std::future::ready(a).await
    }

    pub(super) fn run() {
        assert_eq!(complete(asynchronous(1)), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("asynchronous", "SUCCESS", r#"{"a":1}"#)];
}

/// `async fn` without a value
mod asynchronous_nothing {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn asynchronous_nothing(a: &str) {
        std::future::ready(a).await;
    }

    pub(super) fn run() {
        complete(asynchronous_nothing("a"));
    }

    pub(super) const EVENTS: crate::Events = &[("asynchronous_nothing", "SUCCESS", r#"{"a":"a"}"#)];
}

/// type parameters
mod generic {
    use vigil::{Sanitize, audited};

    #[audited(category = "DATA")]
    fn generic<T: Sanitize + Into<u64> + std::fmt::Debug + Copy>(value: T) -> u64 {
        value.into()
    }

    pub(super) fn run() {
        assert_eq!(generic(4_u8), 4);
    }

    pub(super) const EVENTS: crate::Events = &[("generic", "SUCCESS", r#"{"value":4}"#)];
}

/// `where` clause
mod where_clause {
    use vigil::{Sanitize, audited};

    #[audited(category = "DATA")]
    fn where_clause<T>(value: T) -> String
    where
        T: Sanitize + std::fmt::Debug + Clone,
        String: From<T>,
    {
        value.clone().into()
    }

    pub(super) fn run() {
        assert_eq!(where_clause("a"), "a");
    }

    pub(super) const EVENTS: crate::Events = &[("where_clause", "SUCCESS", r#"{"value":"a"}"#)];
}

/// constant parameters
mod constant_parameter {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn constant_parameter<const N: usize>(bytes: [u8; N]) -> usize {
        bytes.len() + N
    }

    pub(super) fn run() {
        assert_eq!(constant_parameter([1, 2, 3]), 6);
    }

    pub(super) const EVENTS: crate::Events =
        &[("constant_parameter", "SUCCESS", r#"{"bytes":"<3 bytes>"}"#)];
}

/// lifetimes
mod lifetimes {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn lifetimes<'a, 'b: 'a>(a: &'a str, b: &'b str) -> &'a str {
        if a.is_empty() { b } else { a }
    }

    pub(super) fn run() {
        assert_eq!(lifetimes("", "b"), "b");
    }

    pub(super) const EVENTS: crate::Events = &[("lifetimes", "SUCCESS", r#"{"a":"","b":"b"}"#)];
}

/// lifetimes, `async`
mod lifetimes_later {
    use crate::support::complete;
    use std::borrow::Cow;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn lifetimes_later<'a>(a: &'a str, b: &str) -> Cow<'a, str> {
        if b.is_empty() {
            Cow::Borrowed(a)
        } else {
            Cow::Owned(b.to_owned())
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(lifetimes_later("a", "")), "a");
    }

    pub(super) const EVENTS: crate::Events =
        &[("lifetimes_later", "SUCCESS", r#"{"a":"a","b":""}"#)];
}

/// `impl Trait` argument
mod impl_argument {
    use vigil::{Sanitize, audited};

    #[audited(category = "DATA")]
    fn impl_argument(a: impl Sanitize + std::fmt::Debug + ToString) -> String {
        a.to_string()
    }

    pub(super) fn run() {
        assert_eq!(impl_argument(7), "7");
    }

    pub(super) const EVENTS: crate::Events = &[("impl_argument", "SUCCESS", r#"{"a":7}"#)];
}

/// closure argument
mod closure_argument {
    use vigil::audited;

    #[audited(category = "DATA", skip(f))]
    fn closure_argument(a: u8, f: impl FnOnce(u8) -> u8) -> u8 {
        f(a)
    }

    pub(super) fn run() {
        assert_eq!(closure_argument(1, |a| a + 1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("closure_argument", "SUCCESS", r#"{"a":1}"#)];
}

/// `&dyn Fn` argument with a lifetime of its own
mod dynamic_argument {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn dynamic_argument(a: &str, #[audit(skip)] f: &dyn for<'x> Fn(&'x str) -> &'x str) -> usize {
        f(a).len()
    }

    pub(super) fn run() {
        assert_eq!(dynamic_argument("abc", &|text| &text[1..]), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("dynamic_argument", "SUCCESS", r#"{"a":"abc"}"#)];
}

/// argument that is not `Debug`
mod not_debug {
    use vigil::audited;

    struct Pool(u8);

    #[audited(category = "DATA")]
    fn not_debug(#[audit(opaque)] pool: &Pool, a: u8) -> u8 {
        pool.0 + a
    }

    pub(super) fn run() {
        assert_eq!(not_debug(&Pool(1), 1), 2);
    }

    pub(super) const EVENTS: crate::Events =
        &[("not_debug", "SUCCESS", r#"{"pool":"<&Pool>","a":1}"#)];
}

/// tuple pattern
mod tuple_pattern {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn tuple_pattern((a, b): (u8, u8)) -> u8 {
        a + b
    }

    pub(super) fn run() {
        assert_eq!(tuple_pattern((1, 2)), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("tuple_pattern", "SUCCESS", r#"{"a":1,"b":2}"#)];
}

/// struct pattern
mod struct_pattern {
    use vigil::audited;

    struct Point {
        x: u8,
        y: u8,
    }

    #[audited(category = "DATA")]
    fn struct_pattern(Point { x, y: z }: Point) -> u8 {
        x + z
    }

    pub(super) fn run() {
        assert_eq!(struct_pattern(Point { x: 1, y: 2 }), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("struct_pattern", "SUCCESS", r#"{"x":1,"z":2}"#)];
}

/// slice pattern
mod slice_pattern {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn slice_pattern([first, .., last]: [u8; 3]) -> u8 {
        first + last
    }

    pub(super) fn run() {
        assert_eq!(slice_pattern([1, 2, 3]), 4);
    }

    pub(super) const EVENTS: crate::Events =
        &[("slice_pattern", "SUCCESS", r#"{"first":1,"last":3}"#)];
}

/// reference pattern
mod reference_pattern {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn reference_pattern(&a: &u8) -> u8 {
        a
    }

    pub(super) fn run() {
        assert_eq!(reference_pattern(&1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("reference_pattern", "SUCCESS", r#"{"a":1}"#)];
}

/// `_` and `_name`
mod ignored {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn ignored(a: u8, _: u8, _later: u8) -> u8 {
        a
    }

    pub(super) fn run() {
        assert_eq!(ignored(1, 2, 3), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("ignored", "SUCCESS", r#"{"a":1}"#)];
}

/// `whole @ (a, b)`
mod at_pattern {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn at_pattern(whole @ (a, b): (u8, u8)) -> u8 {
        whole.0 + a + b
    }

    pub(super) fn run() {
        assert_eq!(at_pattern((1, 2)), 4);
    }

    pub(super) const EVENTS: crate::Events = &[("at_pattern", "SUCCESS", r#"{"whole":[1,2]}"#)];
}

/// `mut` argument
mod mutable {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn mutable(mut a: u8) -> u8 {
        a += 1;
        a
    }

    pub(super) fn run() {
        assert_eq!(mutable(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("mutable", "SUCCESS", r#"{"a":1}"#)];
}

/// `mut` argument, `async`
mod mutable_later {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn mutable_later(mut a: u8) -> u8 {
        a += std::future::ready(1).await;
        a
    }

    pub(super) fn run() {
        assert_eq!(complete(mutable_later(1)), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("mutable_later", "SUCCESS", r#"{"a":1}"#)];
}

/// `unsafe fn`
mod unsafe_fn {
    use vigil::audited;

    #[audited(category = "DATA")]
    unsafe fn unsafe_fn(a: u8) -> u8 {
        a
    }

    pub(super) fn run() {
        // SAFETY: it asks for nothing.
        assert_eq!(unsafe { unsafe_fn(1) }, 1);
    }

    pub(super) const EVENTS: crate::Events = &[("unsafe_fn", "SUCCESS", r#"{"a":1}"#)];
}

/// `async unsafe fn`
mod async_unsafe_fn {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async unsafe fn async_unsafe_fn(a: u8) -> u8 {
        std::future::ready(a).await
    }

    pub(super) fn run() {
        // SAFETY: it asks for nothing.
        assert_eq!(complete(unsafe { async_unsafe_fn(1) }), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("async_unsafe_fn", "SUCCESS", r#"{"a":1}"#)];
}

/// `extern "C" fn`
mod c_call {
    use vigil::audited;

    #[audited(category = "DATA")]
    extern "C" fn c_call(a: u8) -> u8 {
        a
    }

    pub(super) fn run() {
        let pointer: extern "C" fn(u8) -> u8 = c_call;
        assert_eq!(pointer(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("c_call", "SUCCESS", r#"{"a":1}"#)];
}

/// recursion
mod recursion {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn recursion(n: u8) -> u8 {
        if n == 0 { 0 } else { recursion(n - 1) + 1 }
    }

    pub(super) fn run() {
        assert_eq!(recursion(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[
        ("recursion", "SUCCESS", r#"{"n":0}"#),
        ("recursion", "SUCCESS", r#"{"n":1}"#),
    ];
}

/// boxed recursion, `async`
mod recursion_later {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn recursion_later(n: u8) -> u8 {
        if n == 0 {
            0
        } else {
            Box::pin(recursion_later(n - 1)).await + 1
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(recursion_later(1)), 1);
    }

    pub(super) const EVENTS: crate::Events = &[
        ("recursion_later", "SUCCESS", r#"{"n":0}"#),
        ("recursion_later", "SUCCESS", r#"{"n":1}"#),
    ];
}

/// function in a function
mod nested {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn nested(a: u8) -> u8 {
        #[audited(category = "DATA")]
        fn inner(a: u8) -> u8 {
            a + 1
        }
        inner(a)
    }

    pub(super) fn run() {
        assert_eq!(nested(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[
        ("inner", "SUCCESS", r#"{"a":1}"#),
        ("nested", "SUCCESS", r#"{"a":1}"#),
    ];
}

pub(crate) const ALL: &[crate::Shape] = shapes![
    one_expression,
    nothing,
    asynchronous,
    asynchronous_nothing,
    generic,
    where_clause,
    constant_parameter,
    lifetimes,
    lifetimes_later,
    impl_argument,
    closure_argument,
    dynamic_argument,
    not_debug,
    tuple_pattern,
    struct_pattern,
    slice_pattern,
    reference_pattern,
    ignored,
    at_pattern,
    mutable,
    mutable_later,
    unsafe_fn,
    async_unsafe_fn,
    c_call,
    recursion,
    recursion_later,
    nested,
];
