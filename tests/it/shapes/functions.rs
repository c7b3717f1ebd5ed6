//! Plain functions: what they take, what they return, how they end.

use std::borrow::Cow;
use std::fmt::Display;

use vigil::{Sanitize, audited};

use super::{caught, run};

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

pub(super) fn call_synchronous_functions() {
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
}

pub(super) fn call_asynchronous_functions() {
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
}
