//! How the type of a return value says what became of the call.
//!
//! The expansion calls a method on `&&&Returned(&value)`, and method resolution picks the first of four traits whose
//! bound the type meets: `Result<_, E: Sanitize>`, `Result<_, E: Display>`, any `Result`, anything. It decides by type,
//! so every alias of `Result` is seen through. The order rests on the number of references: a trait implemented for
//! more of them is tried first.

use std::fmt::Display;

use super::active::Active;
use crate::sanitize::{Displayed, Sanitize};

/// A reference to what the audited function returned.
#[derive(Debug)]
pub struct Returned<'a, R>(pub &'a R);

impl<R> Clone for Returned<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Returned<'_, R> {}

/// A `Result` whose error is sanitized: its details are recorded.
pub trait ConcludeSanitize {
    /// Tells the call how it ended.
    fn conclude(&self, call: &mut Active);
}

impl<T, E: Sanitize> ConcludeSanitize for &&Returned<'_, Result<T, E>> {
    fn conclude(&self, call: &mut Active) {
        if let Err(error) = self.0 {
            call.fail_with(std::any::type_name::<E>(), Some(error));
        }
    }
}

/// A `Result` whose error can be displayed: its text is recorded, after the value detectors have been over it.
pub trait ConcludeDisplay {
    /// Tells the call how it ended.
    fn conclude(&self, call: &mut Active);
}

impl<T, E: Display> ConcludeDisplay for &Returned<'_, Result<T, E>> {
    fn conclude(&self, call: &mut Active) {
        if let Err(error) = self.0 {
            call.fail_with(std::any::type_name::<E>(), Some(&Displayed(error)));
        }
    }
}

/// A `Result` of whose error only the type can be told.
pub trait ConcludeResult {
    /// Tells the call how it ended.
    fn conclude(&self, call: &mut Active);
}

impl<T, E> ConcludeResult for Returned<'_, Result<T, E>> {
    fn conclude(&self, call: &mut Active) {
        if self.0.is_err() {
            call.fail_with(std::any::type_name::<E>(), None);
        }
    }
}

/// Anything else: to return is to succeed.
pub trait ConcludeOther {
    /// Tells the call how it ended.
    fn conclude(self, call: &mut Active);
}

impl<R> ConcludeOther for Returned<'_, R> {
    fn conclude(self, call: &mut Active) {
        call.succeed();
    }
}

/// The value of a `Result`, if it is one; called on `&Returned(&value)`.
pub trait ValueOfResult<'a> {
    /// What `result` records.
    type Value;
    /// What `result` records, if there is something.
    fn value(&self) -> Option<&'a Self::Value>;
}

impl<'a, T, E> ValueOfResult<'a> for Returned<'a, Result<T, E>> {
    type Value = T;

    fn value(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// The value of anything else: itself.
pub trait ValueOfOther<'a> {
    /// What `result` records.
    type Value;
    /// What `result` records, if there is something.
    fn value(self) -> Option<&'a Self::Value>;
}

impl<'a, R> ValueOfOther<'a> for Returned<'a, R> {
    type Value = R;

    fn value(self) -> Option<&'a R> {
        Some(self.0)
    }
}

/// The error of a result; for the forms of `err(...)`, which need one.
pub fn err_of<T, E>(result: &Result<T, E>) -> Option<&E> {
    result.as_ref().err()
}

/// The name of a value's type.
pub fn type_name_of<E>(_: &E) -> &'static str {
    std::any::type_name::<E>()
}

/// Calls a closure once. A closure called in place borrows what it returns from its own captures; passed through
/// here, a body may return `&mut` from its arguments.
#[inline(always)]
pub fn call_once<R>(f: impl FnOnce() -> R) -> R {
    f()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Call;
    use crate::event::{ActionType, Callsite, Category, Status};

    struct Opaque;

    macro_rules! concluded {
        ($value:expr) => {{
            static CALLSITE: Callsite = Callsite::__new(
                Category::DATA,
                ActionType::READ,
                "test",
                ("m", "f", 1),
                None,
                &[],
            );
            let mut call = Call::begin(&CALLSITE);
            let value = $value;
            let active = call.active().unwrap();
            (&&&Returned(&value)).conclude(active);
            (
                active.status(),
                String::from_utf8(active.error().to_vec()).unwrap(),
            )
        }};
    }

    #[test]
    fn the_return_type_decides_on_the_outcome() {
        type Aliased = Result<u8, std::num::ParseIntError>;
        assert_eq!(concluded!(7_u8).0, Status::Success);
        assert_eq!(concluded!(None::<u8>).0, Status::Success);
        assert_eq!(concluded!(Ok::<u8, Opaque>(1)).0, Status::Success);
        let aliased: Aliased = "x".parse::<u8>();
        assert_eq!(
            concluded!(aliased),
            (
                Status::Failure,
                r#""type":"ParseIntError","message":"invalid digit found in string""#.to_owned()
            )
        );
        assert_eq!(
            concluded!(Err::<u8, Opaque>(Opaque)),
            (Status::Failure, r#""type":"Opaque""#.to_owned())
        );
        assert_eq!(
            concluded!(Err::<(), String>("no jane@example.com".to_owned())),
            (
                Status::Failure,
                r#""type":"String","message":"no j***@***.***""#.to_owned()
            )
        );
        assert_eq!(
            concluded!(Err::<(), (u8, u8)>((1, 2))),
            (
                Status::Failure,
                r#""type":"(u8, u8)","details":[1,2]"#.to_owned()
            )
        );
    }

    #[test]
    #[allow(
        clippy::needless_borrow,
        reason = "as the expansion writes it: the number of references decides"
    )]
    fn the_value_is_what_ok_holds_or_the_whole() {
        assert_eq!((&Returned(&Ok::<u8, ()>(3))).value(), Some(&3));
        assert_eq!((&Returned(&Err::<u8, ()>(()))).value(), None);
        assert_eq!((&Returned(&Some(3))).value(), Some(&Some(3)));
    }
}
