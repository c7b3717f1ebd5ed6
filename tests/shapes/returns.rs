//! What functions return and how they end.

/// early `return`
mod early_return {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn early_return(a: u8) -> u8 {
        if a > 0 {
            return 7;
        }
        a
    }

    pub(super) fn run() {
        assert_eq!(early_return(1), 7);
    }

    pub(super) const EVENTS: crate::Events = &[("early_return", "SUCCESS", r#"{"a":1}"#)];
}

/// `?`
mod question_mark {
    use std::num::ParseIntError;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn question_mark(text: &str) -> Result<u8, ParseIntError> {
        let number: u8 = text.parse()?;
        Ok(number)
    }

    pub(super) fn run() {
        assert_eq!(question_mark("1"), Ok(1));
        assert!(question_mark("x").is_err());
    }

    pub(super) const EVENTS: crate::Events = &[
        ("question_mark", "SUCCESS", r#"{"text":"1"}"#),
        ("question_mark", "FAILURE", r#"{"text":"x"}"#),
    ];
}

/// `?`, `async`
mod question_mark_later {
    use crate::support::complete;
    use std::num::ParseIntError;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn question_mark_later(text: &str) -> Result<u8, ParseIntError> {
        let number: u8 = std::future::ready(text.parse()).await?;
        Ok(number)
    }

    pub(super) fn run() {
        assert!(complete(question_mark_later("x")).is_err());
    }

    pub(super) const EVENTS: crate::Events =
        &[("question_mark_later", "FAILURE", r#"{"text":"x"}"#)];
}

/// `type Result<T> = ...`
mod own_result {
    use vigil::audited;

    type Result<T> = std::result::Result<T, std::fmt::Error>;

    #[audited(category = "DATA")]
    fn own_result(a: u8) -> Result<u8> {
        if a == 0 { Err(std::fmt::Error) } else { Ok(a) }
    }

    pub(super) fn run() {
        assert!(own_result(0).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("own_result", "FAILURE", r#"{"a":0}"#)];
}

/// alias of `Result` by another name
mod alias_of_result {
    use vigil::audited;

    type Res<T> = Result<T, std::fmt::Error>;

    #[audited(category = "DATA")]
    fn alias_of_result(a: u8) -> Res<u8> {
        if a == 0 { Err(std::fmt::Error) } else { Ok(a) }
    }

    pub(super) fn run() {
        assert!(alias_of_result(0).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("alias_of_result", "FAILURE", r#"{"a":0}"#)];
}

/// `io::Result`
mod io_result {
    use std::io;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn io_result(a: u8) -> io::Result<u8> {
        if a == 0 {
            return Err(io::Error::other("zero"));
        }
        Ok(a)
    }

    pub(super) fn run() {
        assert!(io_result(0).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("io_result", "FAILURE", r#"{"a":0}"#)];
}

/// `Box<dyn Error>`
mod boxed_error {
    use std::error::Error;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn boxed_error(text: &str) -> Result<u8, Box<dyn Error>> {
        let number: u8 = text.parse()?;
        if number == 0 {
            return Err("zero".into());
        }
        Ok(number)
    }

    pub(super) fn run() {
        assert!(boxed_error("0").is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_error", "FAILURE", r#"{"text":"0"}"#)];
}

/// error that cannot be sent, in a future that can
mod error_not_send {
    use crate::support::{complete, sent};
    use std::error::Error;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn error_not_send(text: &str) -> Result<u8, Box<dyn Error>> {
        let text = std::future::ready(text).await;
        Ok(text.parse()?)
    }

    pub(super) fn run() {
        assert!(complete(sent(error_not_send("x"))).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("error_not_send", "FAILURE", r#"{"text":"x"}"#)];
}

/// `Option` with `?`
mod option {
    use vigil::audited;

    #[audited(category = "DATA", ok_if = Option::is_some)]
    fn option(list: &[u8]) -> Option<u8> {
        let first = list.first()?;
        Some(*first)
    }

    pub(super) fn run() {
        assert_eq!(option(&[]), None);
    }

    pub(super) const EVENTS: crate::Events = &[("option", "FAILURE", r#"{"list":"<0 bytes>"}"#)];
}

/// `impl Iterator`
mod impl_return {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn impl_return(a: u8) -> impl Iterator<Item = u8> {
        (0..a).map(|n| n + 1)
    }

    pub(super) fn run() {
        assert_eq!(impl_return(3).count(), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("impl_return", "SUCCESS", r#"{"a":3}"#)];
}

/// `Result<impl Iterator, E>`
mod impl_in_result {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn impl_in_result(a: u8) -> Result<impl Iterator<Item = u8>, String> {
        if a == 0 {
            return Err("zero".to_owned());
        }
        Ok(0..a)
    }

    pub(super) fn run() {
        assert_eq!(impl_in_result(3).map(Iterator::count), Ok(3));
    }

    pub(super) const EVENTS: crate::Events = &[("impl_in_result", "SUCCESS", r#"{"a":3}"#)];
}

/// `Result<impl Iterator, E>`, `async`
mod impl_in_result_later {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn impl_in_result_later(a: u8) -> Result<impl Iterator<Item = u8>, String> {
        if std::future::ready(a).await == 0 {
            return Err("zero".to_owned());
        }
        Ok(0..a)
    }

    pub(super) fn run() {
        assert!(complete(impl_in_result_later(0)).is_err());
    }

    pub(super) const EVENTS: crate::Events = &[("impl_in_result_later", "FAILURE", r#"{"a":0}"#)];
}

/// closure as a value
mod returns_closure {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn returns_closure(a: u8) -> impl Fn(u8) -> u8 {
        move |b| a + b
    }

    pub(super) fn run() {
        assert_eq!(returns_closure(1)(2), 3);
    }

    pub(super) const EVENTS: crate::Events = &[("returns_closure", "SUCCESS", r#"{"a":1}"#)];
}

/// `&mut` out of an argument
mod mut_of_argument {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn mut_of_argument(list: &mut Vec<u8>) -> &mut u8 {
        list.push(1);
        &mut list[0]
    }

    pub(super) fn run() {
        let mut list = Vec::new();
        *mut_of_argument(&mut list) = 5;
        assert_eq!(list, [5]);
    }

    pub(super) const EVENTS: crate::Events =
        &[("mut_of_argument", "SUCCESS", r#"{"list":"<0 bytes>"}"#)];
}

/// `Result` of `&mut` out of an argument, `async`
mod mut_of_argument_later {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn mut_of_argument_later(list: &mut [u8]) -> Result<&mut u8, String> {
        std::future::ready(()).await;
        list.first_mut().ok_or_else(|| "empty".to_owned())
    }

    pub(super) fn run() {
        assert_eq!(complete(mut_of_argument_later(&mut [4])), Ok(&mut 4));
    }

    pub(super) const EVENTS: crate::Events = &[(
        "mut_of_argument_later",
        "SUCCESS",
        r#"{"list":"<1 bytes>"}"#,
    )];
}

/// `Box<dyn Trait>`
mod boxed_trait {
    use std::fmt::Display;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn boxed_trait(a: u8) -> Box<dyn Display> {
        if a > 0 {
            return Box::new("text");
        }
        Box::new(a)
    }

    pub(super) fn run() {
        assert_eq!(boxed_trait(1).to_string(), "text");
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_trait", "SUCCESS", r#"{"a":1}"#)];
}

/// `Result<Box<dyn Trait>, E>`
mod boxed_trait_in_result {
    use std::fmt::Display;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn boxed_trait_in_result(a: u8) -> Result<Box<dyn Display>, std::fmt::Error> {
        if a > 0 {
            return Ok(Box::new("text"));
        }
        Ok(Box::new(a))
    }

    pub(super) fn run() {
        assert!(boxed_trait_in_result(0).is_ok());
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_trait_in_result", "SUCCESS", r#"{"a":0}"#)];
}

/// `Result<Box<dyn Trait>, E>`, `async`
mod boxed_trait_in_result_later {
    use crate::support::complete;
    use std::fmt::Display;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn boxed_trait_in_result_later(a: u8) -> Result<Box<dyn Display>, std::fmt::Error> {
        if std::future::ready(a).await > 0 {
            return Ok(Box::new("text"));
        }
        Err(std::fmt::Error)
    }

    pub(super) fn run() {
        assert!(complete(boxed_trait_in_result_later(0)).is_err());
    }

    pub(super) const EVENTS: crate::Events =
        &[("boxed_trait_in_result_later", "FAILURE", r#"{"a":0}"#)];
}

/// `.collect()`, inferred from the return type
mod collected {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn collected(n: u8) -> Result<Vec<u8>, std::num::TryFromIntError> {
        (0..u32::from(n)).map(u8::try_from).collect()
    }

    pub(super) fn run() {
        assert_eq!(collected(2), Ok(vec![0, 1]));
    }

    pub(super) const EVENTS: crate::Events = &[("collected", "SUCCESS", r#"{"n":2}"#)];
}

/// `-> !`
mod never {
    use crate::support::panics;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn never(a: u8) -> ! {
        panic!("never {a}")
    }

    pub(super) fn run() {
        panics(|| never(1));
    }

    pub(super) const EVENTS: crate::Events = &[("never", "PANIC", r#"{"a":1}"#)];
}

/// `-> !`, `async`
mod never_later {
    use crate::support::{complete, panics};
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn never_later(a: u8) -> ! {
        let a = std::future::ready(a).await;
        panic!("never {a}")
    }

    pub(super) fn run() {
        panics(|| complete(never_later(1)));
    }

    pub(super) const EVENTS: crate::Events = &[("never_later", "PANIC", r#"{"a":1}"#)];
}

/// panic
mod panicking {
    use crate::support::panics;
    use vigil::audited;

    #[audited(category = "DATA")]
    fn panicking(list: &[u8]) -> u8 {
        list[0]
    }

    pub(super) fn run() {
        panics(|| {
            panicking(&[]);
        });
    }

    pub(super) const EVENTS: crate::Events = &[("panicking", "PANIC", r#"{"list":"<0 bytes>"}"#)];
}

/// panic, `async`
mod panicking_later {
    use crate::support::{complete, panics};
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn panicking_later(list: &[u8]) -> u8 {
        std::future::ready(list).await[0]
    }

    pub(super) fn run() {
        panics(|| {
            complete(panicking_later(&[]));
        });
    }

    pub(super) const EVENTS: crate::Events =
        &[("panicking_later", "PANIC", r#"{"list":"<0 bytes>"}"#)];
}

/// future that is dropped before its end
mod cancelled {
    use std::future::{Future, pending};
    use std::pin::pin;
    use std::task::{Context, Waker};
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn cancelled(a: u8) -> u8 {
        pending::<()>().await;
        a
    }

    pub(super) fn run() {
        let future = pin!(cancelled(1));
        let polled = future.poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    }

    pub(super) const EVENTS: crate::Events = &[("cancelled", "CANCELLED", r#"{"a":1}"#)];
}

pub(crate) const ALL: &[crate::Shape] = shapes![
    early_return,
    question_mark,
    question_mark_later,
    own_result,
    alias_of_result,
    io_result,
    boxed_error,
    error_not_send,
    option,
    impl_return,
    impl_in_result,
    impl_in_result_later,
    returns_closure,
    mut_of_argument,
    mut_of_argument_later,
    boxed_trait,
    boxed_trait_in_result,
    boxed_trait_in_result_later,
    collected,
    never,
    never_later,
    panicking,
    panicking_later,
    cancelled,
];
