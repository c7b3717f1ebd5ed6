//! Functions that make a future and return it.

use std::future::{Future, ready};
use std::pin::Pin;

use async_trait::async_trait;
use serde_json::{Value, json};
use vigil::{Sanitize, audited};

use super::run;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[audited(category = "DATA", result)]
fn returns_block(a: u8) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + Send {
    async move { Ok(a + "1".parse::<u8>()?) }
}

#[audited(category = "DATA")]
fn returns_ready(text: &str) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + use<> {
    ready(text.parse())
}

#[audited(category = "DATA")]
fn returns_borrowing<'a>(a: &'a str, b: &str) -> impl Future<Output = &'a str> + use<'a> {
    let longer = a.len() > b.len();
    async move { if longer { a } else { "" } }
}

#[audited(category = "DATA")]
fn returns_generic<T: Sanitize + Send>(value: T) -> impl Future<Output: Send> + Send {
    async move { value }
}

#[audited(category = "DATA")]
fn returns_early(a: u8) -> Pin<Box<dyn Future<Output = Option<u8>> + Send>> {
    if a == 0 {
        return Box::pin(ready(None));
    }
    Box::pin(async move { Some(a) })
}

#[audited(category = "DATA")]
fn returns_box(a: &str) -> std::pin::Pin<Box<dyn Future<Output = Result<usize, String>> + '_>> {
    Box::pin(async move { Err(a.to_owned()) })
}

#[audited(category = "DATA", future = "returned", ok_if = |a: &u8| *a > 1)]
fn returns_alias(a: u8) -> Boxed<'static, u8> {
    let doubled = a * 2;
    Box::pin(async move { doubled })
}

#[audited(category = "DATA")]
fn returns_iterator(n: u8) -> impl Future<Output = impl Iterator<Item = u8>> {
    async move { 0..n }
}

#[audited(category = "DATA", future = "off")]
fn makes_future(a: u8) -> impl Future<Output = Result<u8, String>> {
    ready(if a > 0 { Ok(a) } else { Err("none".to_owned()) })
}

trait Native {
    #[audited(category = "DATA")]
    fn returned_default(&self, a: u8) -> impl Future<Output = u8> + Send {
        async move { a }
    }

    fn returned_native(&self, a: u8) -> impl Future<Output = u8> + Send;
}

struct Store {
    sum: u8,
}

impl Native for Store {
    #[audited(category = "DATA")]
    fn returned_native(&self, a: u8) -> impl Future<Output = u8> + Send {
        let sum = self.sum + a;
        async move { sum }
    }
}

#[async_trait]
trait Boxing {
    async fn below_async_trait(&mut self, key: &str, values: Vec<u8>) -> Result<u8, String>;

    #[audited(category = "DATA")]
    async fn default_below_async_trait(&self, #[audit(rename = "n")] a: u8) -> u8
    where
        Self: Sync,
    {
        a
    }

    async fn nothing_below_async_trait(self: Box<Self>, a: &str);
}

#[async_trait]
impl Boxing for Store {
    #[audited(category = "DATA", fields(self.sum))]
    async fn below_async_trait(&mut self, key: &str, mut values: Vec<u8>) -> Result<u8, String> {
        values.push(self.sum);
        self.sum = values.iter().sum();
        ready(()).await;
        if key.is_empty() {
            return Err("no key".to_owned());
        }
        Ok(self.sum)
    }

    #[audited(category = "DATA", skip(a))]
    async fn nothing_below_async_trait(self: Box<Self>, a: &str) {
        let _ = a;
    }
}

fn is_send<F: Future + Send>(future: F) -> F {
    future
}

pub(super) fn expected() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("returns_block", "SUCCESS", json!({"a": 1})),
        ("returns_ready", "FAILURE", json!({"text": "x"})),
        ("returns_borrowing", "SUCCESS", json!({"a": "ab", "b": "c"})),
        ("returns_generic", "SUCCESS", json!({"value": 7})),
        ("returns_early", "SUCCESS", json!({"a": 0})),
        ("returns_box", "FAILURE", json!({"a": "none"})),
        ("returns_alias", "FAILURE", json!({"a": 0})),
        ("returns_iterator", "SUCCESS", json!({"n": 3})),
        ("makes_future", "SUCCESS", json!({"a": 0})),
        ("returned_default", "SUCCESS", json!({"a": 1})),
        ("returned_native", "SUCCESS", json!({"a": 1})),
        (
            "below_async_trait",
            "FAILURE",
            json!({"key": "", "values": "<1 bytes>", "self.sum": 1}),
        ),
        ("default_below_async_trait", "SUCCESS", json!({"n": 2})),
        ("nothing_below_async_trait", "SUCCESS", json!({})),
    ]
}

pub(super) fn call_functions_that_return_futures() {
    assert_eq!(run(is_send(returns_block(1))), Ok(2));
    assert!(run(is_send(returns_ready("x"))).is_err());
    assert_eq!(run(returns_borrowing("ab", "c")), "ab");
    run(is_send(returns_generic(7_u8)));
    assert_eq!(run(is_send(returns_early(0))), None);
    assert_eq!(run(returns_box("none")), Err("none".to_owned()));
    assert_eq!(run(is_send(returns_alias(0))), 0);
    assert_eq!(run(returns_iterator(3)).count(), 3);
    assert!(run(makes_future(0)).is_err());
    let mut store = Store { sum: 1 };
    assert_eq!(run(is_send(store.returned_default(1))), 1);
    assert_eq!(run(is_send(store.returned_native(1))), 2);
    assert!(run(is_send(store.below_async_trait("", vec![4]))).is_err());
    assert_eq!(run(is_send(store.default_below_async_trait(2))), 2);
    run(is_send(Box::new(store).nothing_below_async_trait("x")));
}
