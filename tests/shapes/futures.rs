//! Futures and streams, made and returned.

/// `impl Future`, `async move` at the end
mod returns_block {
    use crate::support::{complete, sent};
    use std::future::Future;
    use std::num::ParseIntError;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returns_block(a: u8) -> impl Future<Output = Result<u8, ParseIntError>> + Send {
        async move { Ok(a + "1".parse::<u8>()?) }
    }

    pub(super) fn run() {
        assert_eq!(complete(sent(returns_block(1))), Ok(2));
    }

    pub(super) const EVENTS: crate::Events = &[("returns_block", "SUCCESS", r#"{"a":1}"#)];
}

/// `impl Future`, anything at the end
mod returns_ready {
    use crate::support::complete;
    use std::future::{Future, ready};
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returns_ready(a: u8) -> impl Future<Output = Result<u8, String>> {
        ready(Err(a.to_string()))
    }

    pub(super) fn run() {
        assert!(complete(returns_ready(1)).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("returns_ready", "FAILURE", r#"{"a":1}"#)];
}

/// `impl Future + use<'a>`
mod returns_borrowing {
    use crate::support::complete;
    use std::future::Future;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returns_borrowing<'a>(a: &'a str, b: &str) -> impl Future<Output = &'a str> + use<'a> {
        let longer = a.len() > b.len();
        async move { if longer { a } else { "" } }
    }

    pub(super) fn run() {
        assert_eq!(complete(returns_borrowing("ab", "c")), "ab");
    }

    pub(super) const EVENTS: crate::Events =
        &[("returns_borrowing", "SUCCESS", r#"{"a":"ab","b":"c"}"#)];
}

/// `impl Future<Output = impl Iterator>`
mod returns_iterator_later {
    use crate::support::complete;
    use std::future::Future;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returns_iterator_later(n: u8) -> impl Future<Output = impl Iterator<Item = u8>> {
        async move { 0..n }
    }

    pub(super) fn run() {
        assert_eq!(complete(returns_iterator_later(3)).count(), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("returns_iterator_later", "SUCCESS", r#"{"n":3}"#)];
}

/// `impl Future` that is dropped before it is polled
mod returned_and_dropped {
    use std::future::{Future, pending};
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returned_and_dropped(a: u8) -> impl Future<Output = u8> {
        async move {
            pending::<()>().await;
            a
        }
    }

    pub(super) fn run() {
        drop(returned_and_dropped(1));
    }

    pub(super) const EVENTS: crate::Events = &[("returned_and_dropped", "CANCELLED", r#"{"a":1}"#)];
}

/// `Pin<Box<dyn Future>>`, `Box::pin(async move ...)` at the end
mod boxed_block {
    use crate::support::{complete, sent};
    use std::future::Future;
    use std::pin::Pin;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn boxed_block(a: &str) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send + '_>> {
        Box::pin(async move { Err(a.to_owned()) })
    }

    pub(super) fn run() {
        assert!(complete(sent(boxed_block("a"))).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_block", "FAILURE", r#"{"a":"a"}"#)];
}

/// `Pin<Box<dyn Future>>`, several ends
mod boxed_early {
    use crate::support::complete;
    use std::future::{Future, ready};
    use std::pin::Pin;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn boxed_early(a: u8) -> Pin<Box<dyn Future<Output = Option<u8>> + Send>> {
        if a == 0 {
            return Box::pin(ready(None));
        }
        Box::pin(async move { Some(a) })
    }

    pub(super) fn run() {
        assert_eq!(complete(boxed_early(0)), None);
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_early", "SUCCESS", r#"{"a":0}"#)];
}

/// alias of `Pin<Box<dyn Future>>`
mod boxed_alias {
    use crate::support::complete;
    use std::future::Future;
    use std::pin::Pin;
    use vigil::audited;

    type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

    #[audited(category = "DATA", future = "returned")]
    fn boxed_alias(a: u8) -> Task<Result<u8, String>> {
        let doubled = a * 2;
        Box::pin(async move { Err(doubled.to_string()) })
    }

    pub(super) fn run() {
        assert!(complete(boxed_alias(1)).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_alias", "FAILURE", r#"{"a":1}"#)];
}

/// `async fn` whose future stays `Send`
mod stays_send {
    use crate::support::{complete, sent};
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn stays_send(a: String) -> usize {
        std::future::ready(()).await;
        a.len()
    }

    pub(super) fn run() {
        assert_eq!(complete(sent(stays_send("abc".to_owned()))), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("stays_send", "SUCCESS", r#"{"a":"abc"}"#)];
}

/// `async fn` that becomes one that returns a future
mod desugared {
    use crate::support::{complete, sent};
    use vigil::audited;

    struct Store<'a, T>(&'a T);

    impl<'a, T: Clone + Sync> Store<'a, T> {
        #[audited(category = "DATA", future = "desugar")]
        async fn desugared(&mut self, mut key: &str, (a, b): (u8, u8)) -> Result<&'a T, String> {
            std::future::ready(()).await;
            key = key.trim();
            if key.is_empty() {
                return Err("no key".to_owned());
            }
            (a + b > 0).then_some(self.0).ok_or_else(|| key.to_owned())
        }
    }

    pub(super) fn run() {
        let mut store = Store(&7_u8);
        assert_eq!(complete(sent(store.desugared("k", (1, 2)))), Ok(&7));
        assert!(complete(store.desugared("", (1, 2))).is_err());
        drop(store.desugared("k", (0, 0)));
    }

    pub(super) const EVENTS: crate::Events = &[
        ("desugared", "SUCCESS", r#"{"key":"k","a":1,"b":2}"#),
        ("desugared", "FAILURE", r#"{"key":"","a":1,"b":2}"#),
        ("desugared", "CANCELLED", r#"{"key":"k","a":0,"b":0}"#),
    ];
}

/// `#[async_trait]`, in an `impl`
mod async_trait_impl {
    use crate::support::{complete, sent};
    use async_trait::async_trait;
    use vigil::audited;

    #[async_trait]
    trait Store {
        async fn get(&mut self, key: &str) -> Result<u8, String>;
    }

    struct Memory(u8);

    #[async_trait]
    impl Store for Memory {
        #[audited(category = "DATA")]
        async fn get(&mut self, key: &str) -> Result<u8, String> {
            self.0 += 1;
            std::future::ready(()).await;
            if key.is_empty() {
                return Err("no key".to_owned());
            }
            Ok(self.0)
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(sent(Memory(1).get("a"))), Ok(2));
        assert!(complete(Memory(1).get("")).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[
        ("get", "SUCCESS", r#"{"key":"a"}"#),
        ("get", "FAILURE", r#"{"key":""}"#),
    ];
}

/// `#[async_trait]`, body in the trait
mod async_trait_default {
    use crate::support::complete;
    use async_trait::async_trait;
    use vigil::audited;

    #[async_trait]
    trait Store: Sync {
        #[audited(category = "DATA")]
        async fn get(&self, key: u8) -> u8 {
            std::future::ready(key).await
        }
    }

    struct Memory;

    impl Store for Memory {}

    pub(super) fn run() {
        assert_eq!(complete(Memory.get(1)), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"key":1}"#)];
}

/// `#[async_trait]`, `Box<Self>`
mod async_trait_box {
    use crate::support::complete;
    use async_trait::async_trait;
    use vigil::audited;

    #[async_trait]
    trait Store {
        async fn close(self: Box<Self>, reason: &str) -> usize;
    }

    struct Memory;

    #[async_trait]
    impl Store for Memory {
        #[audited(category = "DATA")]
        async fn close(self: Box<Self>, reason: &str) -> usize {
            reason.len()
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(Box::new(Memory).close("done")), 4);
    }

    pub(super) const EVENTS: crate::Events = &[("close", "SUCCESS", r#"{"reason":"done"}"#)];
}

/// `#[async_trait]`, parameters that are patterns
mod async_trait_patterns {
    use crate::support::complete;
    use async_trait::async_trait;
    use vigil::audited;

    #[async_trait]
    trait Store {
        async fn put(&self, pair: (u8, u8), rest: [u8; 2]) -> u8;
    }

    struct Memory;

    #[async_trait]
    impl Store for Memory {
        #[audited(category = "DATA")]
        async fn put(&self, (a, b): (u8, u8), [c, _]: [u8; 2]) -> u8 {
            a + b + c
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(Memory.put((1, 2), [3, 4])), 6);
    }

    pub(super) const EVENTS: crate::Events = &[("put", "SUCCESS", r#"{"a":1,"b":2,"c":3}"#)];
}

/// native `async fn` in an `impl`
mod native_async {
    use crate::support::complete;
    use vigil::audited;

    trait Store {
        async fn get(&self, key: u8) -> Result<u8, String>;
    }

    struct Memory;

    impl Store for Memory {
        #[audited(category = "DATA")]
        async fn get(&self, key: u8) -> Result<u8, String> {
            std::future::ready(Err(key.to_string())).await
        }
    }

    pub(super) fn run() {
        assert!(complete(Memory.get(1)).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("get", "FAILURE", r#"{"key":1}"#)];
}

/// native `async fn`, body in the trait
mod native_async_default {
    use crate::support::complete;
    use vigil::audited;

    trait Store {
        #[audited(category = "DATA")]
        async fn get(&self, key: u8) -> u8 {
            std::future::ready(key).await
        }
    }

    struct Memory;

    impl Store for Memory {}

    pub(super) fn run() {
        assert_eq!(complete(Memory.get(1)), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"key":1}"#)];
}

/// `-> impl Future` of a trait, refined by `async fn`
mod refined_by_async {
    use crate::support::{complete, sent};
    use std::future::Future;
    use vigil::audited;

    trait Store {
        fn get(&self, key: u8) -> impl Future<Output = u8> + Send;
    }

    struct Memory;

    impl Store for Memory {
        #[audited(category = "DATA")]
        async fn get(&self, key: u8) -> u8 {
            std::future::ready(key).await
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(sent(Memory.get(1))), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"key":1}"#)];
}

/// `-> impl Future` of a trait, body in the trait
mod returned_by_trait {
    use crate::support::{complete, sent};
    use std::future::Future;
    use vigil::audited;

    trait Store {
        #[audited(category = "DATA")]
        fn get(&self, key: u8) -> impl Future<Output = u8> + Send {
            async move { key }
        }
    }

    struct Memory;

    impl Store for Memory {}

    pub(super) fn run() {
        assert_eq!(complete(sent(Memory.get(1))), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"key":1}"#)];
}

/// stream by `async_stream::stream!`
mod stream {
    use futures_core::Stream;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use vigil::audited;

    #[audited(category = "DATA")]
    fn stream(n: u8) -> impl Stream<Item = u8> {
        async_stream::stream! {
            for i in 0..n {
                yield i;
            }
        }
    }

    pub(super) fn run() {
        let mut items = pin!(stream(1));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(items.as_mut().poll_next(&mut context), Poll::Ready(Some(0)));
        assert_eq!(items.as_mut().poll_next(&mut context), Poll::Ready(None));
    }

    pub(super) const EVENTS: crate::Events = &[("stream", "SUCCESS", r#"{"n":1}"#)];
}

/// `async fn` that takes a closure of futures
mod async_closure_argument {
    use crate::support::complete;
    use std::future::Future;
    use vigil::audited;

    #[audited(category = "DATA", skip(f))]
    async fn async_closure_argument<F, R>(a: u8, f: F) -> u8
    where
        F: FnOnce(u8) -> R,
        R: Future<Output = u8>,
    {
        f(a).await
    }

    pub(super) fn run() {
        assert_eq!(
            complete(async_closure_argument(1, |a| async move { a + 1 })),
            2
        );
    }

    pub(super) const EVENTS: crate::Events = &[("async_closure_argument", "SUCCESS", r#"{"a":1}"#)];
}

pub(crate) const ALL: &[crate::Shape] = shapes![
    returns_block,
    returns_ready,
    returns_borrowing,
    returns_iterator_later,
    returned_and_dropped,
    boxed_block,
    boxed_early,
    boxed_alias,
    stays_send,
    desugared,
    async_trait_impl,
    async_trait_default,
    async_trait_box,
    async_trait_patterns,
    native_async,
    native_async_default,
    refined_by_async,
    returned_by_trait,
    stream,
    async_closure_argument,
];
