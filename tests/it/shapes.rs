//! Promise 6 and the macro surface: every shape of function compiles under the strictest lints, runs, and is recorded.
#![deny(warnings, clippy::pedantic)]
// The shapes are what is under test, not their style.
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::extra_unused_lifetimes,
    clippy::needless_lifetimes
)]

use std::borrow::Cow;
use std::fmt::Display;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde_json::{Value, json};
use vigil::{Sanitize, audited};
use vigil_tests::{events, isolated, only, start};

type Res<T> = Result<T, std::num::ParseIntError>;

#[derive(Sanitize, Clone, Copy)]
struct Point {
    x: u8,
    y: u8,
}

/// Not `Sanitize`, not `Debug`.
struct Pool;

struct Unit;

#[audited(category = "DATA")]
fn one_expression(a: u8) -> u8 {
    a + 1
}

#[audited(category = "DATA")]
fn returns_nothing(a: u8) {
    let _ = a;
}

#[audited(category = "DATA")]
fn empty() {}

#[audited(category = "DATA")]
async fn asynchronous(a: u8) -> u8 {
    std::future::ready(a).await
}

#[audited(category = "DATA")]
async fn asynchronous_nothing(a: &str) {
    std::future::ready(a).await;
}

#[audited(category = "DATA")]
fn generic<T, const N: usize>(value: T, bytes: [u8; N]) -> u64
where
    T: Sanitize + Into<u64> + Clone,
{
    value.clone().into() + N as u64 + bytes.len() as u64
}

#[audited(category = "DATA")]
fn lifetimes<'a, 'b: 'a>(a: &'a str, b: &'b str) -> &'a str {
    if a.is_empty() { b } else { a }
}

#[audited(category = "DATA")]
async fn async_lifetimes<'a>(a: &'a str, b: &str) -> Cow<'a, str> {
    if b.is_empty() {
        Cow::Borrowed(a)
    } else {
        Cow::Owned(b.to_owned())
    }
}

#[audited(category = "DATA")]
fn impl_argument(
    a: impl Sanitize + Display,
    #[audit(skip)] f: impl FnOnce(String) -> usize,
) -> usize {
    f(a.to_string())
}

#[audited(category = "DATA")]
fn impl_return(a: u8) -> impl Iterator<Item = u8> + use<> {
    std::iter::repeat_n(a, 2)
}

#[audited(category = "DATA")]
fn impl_in_result(a: u8) -> Result<impl Iterator<Item = u8>, String> {
    if a == 0 {
        return Err("zero".to_owned());
    }
    Ok(std::iter::repeat_n(a, 2))
}

#[audited(category = "DATA")]
async fn async_impl_in_result(a: u8) -> Result<impl Iterator<Item = u8>, String> {
    if a == 0 {
        return Err("zero".to_owned());
    }
    Ok(std::iter::repeat_n(a, 2))
}

#[audited(category = "DATA", skip(b))]
fn destructured(
    (a, b): (u8, u8),
    Point { x, y: z }: Point,
    [first, .., last]: [u8; 3],
    _: Pool,
    _ignored: Pool,
) -> u8 {
    a + b + x + z + first + last
}

#[audited(category = "DATA")]
fn at_pattern(whole @ (a, _): (u8, u8), Unit: Unit, &r: &u8) -> u8 {
    whole.1 + a + r
}

#[audited(category = "DATA")]
fn mutable(mut a: u8, mut list: Vec<u8>) -> usize {
    a += 1;
    list.push(a);
    list.len()
}

#[audited(category = "DATA")]
async fn mutable_later(mut a: u8) -> u8 {
    a += 1;
    a
}

#[audited(category = "DATA", skip(_pool))]
extern "C" fn c_call(a: u8, _pool: &Pool) -> u8 {
    a
}

#[audited(category = "DATA")]
fn never(a: u8) -> ! {
    panic!("never {a}")
}

#[audited(category = "DATA")]
async fn never_later(a: u8) -> ! {
    let a = std::future::ready(a).await;
    panic!("never {a}")
}

#[audited(category = "DATA")]
fn early(a: u8) -> u8 {
    if a > 0 {
        return 7;
    }
    a
}

#[audited(category = "DATA")]
fn question_mark(text: &str) -> Res<u8> {
    let number: u8 = text.parse()?;
    Ok(number)
}

#[audited(category = "DATA")]
async fn question_mark_later(text: &str) -> Res<u8> {
    let number: u8 = text.parse()?;
    Ok(number)
}

#[audited(category = "DATA", ok_if = Option::is_some, result)]
fn option(list: &[u8]) -> Option<u8> {
    let first = list.first()?;
    Some(*first)
}

#[audited(category = "DATA", err_if = |code| *code > 0, result(with = |code: &u8, out| out.bool(*code > 0)))]
fn exit_code(code: u8) -> u8 {
    code
}

#[audited(category = "DATA", err(debug), result(debug))]
fn with_debug(a: u8) -> Result<Option<u8>, Vec<u8>> {
    if a == 0 { Err(vec![a]) } else { Ok(Some(a)) }
}

#[audited(category = "DATA")]
fn mut_out(list: &mut Vec<u8>) -> &mut u8 {
    list.push(1);
    let last = list.len() - 1;
    &mut list[last]
}

#[audited(category = "DATA")]
async fn mut_out_later(list: &mut [u8]) -> Option<&mut u8> {
    list.first_mut()
}

#[audited(category = "DATA")]
fn boxed_trait(a: u8) -> Box<dyn Display> {
    if a > 0 {
        return Box::new("text");
    }
    Box::new(a)
}

#[audited(category = "DATA")]
fn boxed_trait_in_result(a: u8) -> Result<Box<dyn Display>, Box<dyn std::error::Error>> {
    if a > 0 {
        return Ok(Box::new("text"));
    }
    Err(Box::new(std::fmt::Error))
}

#[audited(category = "DATA")]
async fn boxed_trait_in_result_later(
    a: u8,
) -> Result<Box<dyn Display>, Box<dyn std::error::Error + Send>> {
    if a > 0 {
        return Ok(Box::new("text"));
    }
    Err(Box::new(std::fmt::Error))
}

#[audited(category = "DATA")]
fn collected(n: u8) -> Result<Vec<u8>, std::num::TryFromIntError> {
    (0..u32::from(n)).map(u8::try_from).collect()
}

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
    #![allow(unused_variables)]
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
        #[allow(dead_code)]
        Unit,
        Struct {
            a: T,
        },
    }
}

struct Service {
    id: u8,
}

impl Service {
    #[audited(category = "DATA")]
    fn by_ref(&self, a: u8) -> u8 {
        self.id + a
    }

    #[audited(category = "DATA", only(self, a))]
    fn by_mut(&mut self, a: u8, b: u8) -> &mut u8 {
        self.id += a + b;
        &mut self.id
    }

    #[audited(category = "DATA", fields(self.id))]
    fn by_value(mut self) -> u8 {
        self.id += 1;
        self.id
    }

    #[audited(category = "DATA")]
    fn boxed(self: Box<Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    async fn shared(self: Arc<Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    fn pinned(self: Pin<&mut Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    fn associated() -> Self {
        Self { id: 1 }
    }
}

impl Sanitize for Service {
    fn sanitize(&self, out: &mut vigil::sanitize::Writer<'_>) {
        out.u64(u64::from(self.id));
    }
}

trait Default_ {
    type Item: Sanitize + Copy;

    #[audited(category = "DATA")]
    fn default_body(&self, item: Self::Item) -> Self::Item {
        item
    }

    async fn native(&self, item: Self::Item) -> Self::Item;
}

impl Default_ for Service {
    type Item = u8;

    #[audited(category = "DATA")]
    async fn native(&self, item: u8) -> u8 {
        item
    }
}

/// Runs a future that is ready whenever it is asked.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
    }
}

fn caught(f: impl FnOnce() + std::panic::UnwindSafe) {
    assert!(std::panic::catch_unwind(f).is_err());
}

fn call_synchronous_functions() {
    assert_eq!(one_expression(1), 2);
    returns_nothing(1);
    empty();
    assert_eq!(generic(4_u8, [0; 3]), 10);
    assert_eq!(lifetimes("", "b"), "b");
    assert_eq!(impl_argument("abc", |text| text.len()), 3);
    assert_eq!(impl_return(3).count(), 2);
    assert_eq!(impl_in_result(3).map(Iterator::count), Ok(2));
    assert_eq!(
        destructured((1, 2), Point { x: 3, y: 4 }, [5, 6, 7], Pool, Pool),
        22
    );
    assert_eq!(at_pattern((1, 2), Unit, &3), 6);
    assert_eq!(mutable(1, Vec::new()), 1);
    assert_eq!(c_call(9, &Pool), 9);
    caught(|| never(1));
    assert_eq!(early(1), 7);
    assert!(question_mark("x").is_err());
    assert_eq!(option(&[]), None);
    assert_eq!(exit_code(2), 2);
    assert!(with_debug(0).is_err());
    let mut list = Vec::new();
    *mut_out(&mut list) = 5;
    assert_eq!(list, [5]);
    assert_eq!(boxed_trait(1).to_string(), "text");
    assert!(boxed_trait_in_result(0).is_err());
    assert_eq!(collected(2), Ok(vec![0, 1]));
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
}

fn call_methods() {
    let mut service = Service::associated();
    assert_eq!(service.by_ref(1), 2);
    assert_eq!(*service.by_mut(1, 1), 3);
    assert_eq!(service.default_body(3), 3);
    assert_eq!(run(service.native(4)), 4);
    assert_eq!(Pin::new(&mut service).pinned(), 3);
    assert_eq!(service.by_value(), 4);
    assert_eq!(Box::new(Service { id: 5 }).boxed(), 5);
    assert_eq!(run(Arc::new(Service { id: 6 }).shared()), 6);
}

fn call_asynchronous_functions() {
    assert_eq!(run(asynchronous(1)), 1);
    run(asynchronous_nothing("a"));
    assert_eq!(run(async_lifetimes("a", "")), "a");
    assert_eq!(run(async_impl_in_result(3)).map(Iterator::count), Ok(2));
    assert_eq!(run(mutable_later(1)), 2);
    caught(|| run(never_later(1)));
    assert!(run(question_mark_later("x")).is_err());
    assert_eq!(run(mut_out_later(&mut [4])), Some(&mut 4));
    assert_eq!(
        run(boxed_trait_in_result_later(1))
            .map(|shown| shown.to_string())
            .ok(),
        Some("text".to_owned())
    );
    assert_eq!(run(names_of_ours_later(1, 2, 3, 4, 5, 6)), 21);
    assert_eq!(run(shadowed::no_prelude_later(1)), Ok(1));
}

/// Operation, outcome, parameters.
fn expected() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("one_expression", "SUCCESS", json!({"a": 1})),
        ("returns_nothing", "SUCCESS", json!({"a": 1})),
        ("empty", "SUCCESS", json!({})),
        ("asynchronous", "SUCCESS", json!({"a": 1})),
        ("asynchronous_nothing", "SUCCESS", json!({"a": "a"})),
        (
            "generic",
            "SUCCESS",
            json!({"value": 4, "bytes": "<3 bytes>"}),
        ),
        ("lifetimes", "SUCCESS", json!({"a": "", "b": "b"})),
        ("async_lifetimes", "SUCCESS", json!({"a": "a", "b": ""})),
        ("impl_argument", "SUCCESS", json!({"a": "abc"})),
        ("impl_return", "SUCCESS", json!({"a": 3})),
        ("impl_in_result", "SUCCESS", json!({"a": 3})),
        ("async_impl_in_result", "SUCCESS", json!({"a": 3})),
        (
            "destructured",
            "SUCCESS",
            json!({"a": 1, "x": 3, "z": 4, "first": 5, "last": 7}),
        ),
        ("at_pattern", "SUCCESS", json!({"whole": [1, 2], "r": 3})),
        ("mutable", "SUCCESS", json!({"a": 1, "list": "<0 bytes>"})),
        ("mutable_later", "SUCCESS", json!({"a": 1})),
        ("c_call", "SUCCESS", json!({"a": 9})),
        ("never", "PANIC", json!({"a": 1})),
        ("never_later", "PANIC", json!({"a": 1})),
        ("early", "SUCCESS", json!({"a": 1})),
        ("question_mark", "FAILURE", json!({"text": "x"})),
        ("question_mark_later", "FAILURE", json!({"text": "x"})),
        ("option", "FAILURE", json!({"list": "<0 bytes>"})),
        ("exit_code", "FAILURE", json!({"code": 2})),
        ("with_debug", "FAILURE", json!({"a": 0})),
        ("mut_out", "SUCCESS", json!({"list": "<0 bytes>"})),
        ("mut_out_later", "SUCCESS", json!({"list": "<1 bytes>"})),
        ("boxed_trait", "SUCCESS", json!({"a": 1})),
        ("boxed_trait_in_result", "FAILURE", json!({"a": 0})),
        ("boxed_trait_in_result_later", "SUCCESS", json!({"a": 1})),
        ("collected", "SUCCESS", json!({"n": 2})),
        (
            "conditional",
            "SUCCESS",
            json!({"a": 1, "present": 2, "last": 3}),
        ),
        ("match", "SUCCESS", json!({"type": 1})),
        (
            "renamed",
            "SUCCESS",
            json!({"call": 1, "ret": 2, "active": 3, "edge": 4, "error": 5, "value": 6, "body": 7}),
        ),
        (
            "names_of_ours_later",
            "SUCCESS",
            json!({"call": 1, "ret": 2, "active": 3, "edge": 4, "error": 5, "never": 6}),
        ),
        ("inner_attribute", "SUCCESS", json!({"a": 1})),
        ("tracked", "SUCCESS", json!({"a": 1})),
        (
            "with_fields",
            "SUCCESS",
            json!({"a": 1, "b": 2, "pool": "<&Sized16>", "total": 3, "user.name": "jane", "pool.size": 16, "kind": "Some(1)", "shown": "1"}),
        ),
        (
            "treated",
            "SUCCESS",
            json!({"iban": "****34", "pool": "gone", "n": "1", "text": "ABC", "long": "abc…$truncated(+3 bytes)", "shown": "***REDACTED***", "token": "kept"}),
        ),
        ("made_by_macro", "SUCCESS", json!({"a": 3, "twice": 6})),
        ("no_prelude", "SUCCESS", json!({"a": 1})),
        ("no_prelude_later", "SUCCESS", json!({"a": 1})),
        ("associated", "SUCCESS", json!({})),
        ("by_ref", "SUCCESS", json!({"a": 1})),
        ("by_mut", "SUCCESS", json!({"self": 1, "a": 1})),
        ("by_value", "SUCCESS", json!({"self.id": 3})),
        ("boxed", "SUCCESS", json!({})),
        ("shared", "SUCCESS", json!({})),
        ("pinned", "SUCCESS", json!({})),
        ("default_body", "SUCCESS", json!({"item": 3})),
        ("native", "SUCCESS", json!({"item": 4})),
    ]
}

isolated! {
    fn every_shape_runs_and_is_recorded(dir) {
        let vigil = start(dir);
        call_synchronous_functions();
        call_methods();
        call_asynchronous_functions();
        assert_eq!(recursive(2), 0);
        vigil.shutdown().unwrap();
        let events = events(dir);
        let mut wrong = Vec::new();
        for (operation, status, parameters) in expected() {
            let action = &only(&events, operation)["action"];
            if action["result"]["status"] != status || action["parameters"] != parameters {
                wrong.push(format!("{operation}: {action}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(events.iter().filter(|event| event["action"]["operation"] == "recursive").count(), 3);
        assert_eq!(only(&events, "exit_code")["action"]["result"]["value"], true);
        assert_eq!(only(&events, "made_by_macro")["action"]["category"], "API");
    }
}
