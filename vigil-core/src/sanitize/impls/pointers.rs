//! References, boxes and the like: the value they lead to. Optional values and results.

use std::borrow::Cow;
use std::ops::{
    Bound, ControlFlow, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use crate::sanitize::{Key, Leaf, Sanitize, Treatment, Writer};

macro_rules! pointers {
    ($($(#[$why:meta])* $type:ty),* $(,)?) => {$(
        $(#[$why])*
        impl<T: Sanitize + ?Sized> Sanitize for $type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                out.through_pointer(|out| (**self).sanitize(out));
            }

            fn leaf(&self) -> Option<Leaf<'_>> {
                (**self).leaf()
            }
        }
    )*};
}

pointers! { &T, &mut T, Box<T>, Rc<T>, Arc<T> }

impl<T: Sanitize + ToOwned + ?Sized> Sanitize for Cow<'_, T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        (**self).sanitize(out);
    }
}

impl<P: std::ops::Deref<Target: Sanitize>> Sanitize for Pin<P> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.through_pointer(|out| (**self).sanitize(out));
    }
}

impl<T: Sanitize> Sanitize for Option<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Some(value) => value.sanitize(out),
            None => out.null(),
        }
    }
}

static OK: Key = Key::new("Ok");
static ERR: Key = Key::new("Err");

/// `{"Ok":...}` or `{"Err":...}`
impl<T: Sanitize, E: Sanitize> Sanitize for Result<T, E> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Ok(value) => out.object().field(&OK, Treatment::Default, value).end(),
            Err(error) => out.object().field(&ERR, Treatment::Default, error).end(),
        }
    }
}

static CONTINUE: Key = Key::new("Continue");
static BREAK: Key = Key::new("Break");

impl<B: Sanitize, C: Sanitize> Sanitize for ControlFlow<B, C> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Self::Continue(value) => out
                .object()
                .field(&CONTINUE, Treatment::Default, value)
                .end(),
            Self::Break(value) => out.object().field(&BREAK, Treatment::Default, value).end(),
        }
    }
}

static START: Key = Key::new("start");
static END: Key = Key::new("end");

/// The ends that a range has; an inclusive one is told by `last` instead of `end`.
macro_rules! ranges {
    ($($type:ident { $($key:ident: $get:expr),* })*) => {$(
        impl<T: Sanitize> Sanitize for $type<T> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                let mut object = out.object();
                $(
                    let get: fn(&Self) -> &T = $get;
                    object.field(&$key, Treatment::Default, get(self));
                )*
                object.end();
            }
        }
    )*};
}

static LAST: Key = Key::new("last");

ranges! {
    Range { START: |range| &range.start, END: |range| &range.end }
    RangeInclusive { START: |range| range.start(), LAST: |range| range.end() }
    RangeFrom { START: |range| &range.start }
    RangeTo { END: |range| &range.end }
    RangeToInclusive { LAST: |range| &range.end }
}

impl Sanitize for RangeFull {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.name("..");
    }
}

static INCLUDED: Key = Key::new("Included");
static EXCLUDED: Key = Key::new("Excluded");

impl<T: Sanitize> Sanitize for Bound<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Self::Included(value) => out
                .object()
                .field(&INCLUDED, Treatment::Default, value)
                .end(),
            Self::Excluded(value) => out
                .object()
                .field(&EXCLUDED, Treatment::Default, value)
                .end(),
            Self::Unbounded => out.name("Unbounded"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn a_pointer_is_what_it_leads_to() {
        let mut seven = 7;
        assert_eq!(to_json(&&&seven), "7");
        assert_eq!(to_json(&&mut seven), "7");
        assert_eq!(to_json(&Box::new(7)), "7");
        assert_eq!(to_json(&Rc::new("x")), r#""x""#);
        let dynamic: Arc<dyn Sanitize> = Arc::new(true);
        assert_eq!(to_json(&dynamic), "true");
        let slice: Box<[i32]> = Box::new([1, 2]);
        assert_eq!(to_json(&slice), "[1,2]");
        assert_eq!(to_json(&Cow::Borrowed("x")), r#""x""#);
        assert_eq!(to_json(&Pin::new(&7)), "7");
    }

    #[test]
    fn optional_values_and_results() {
        assert_eq!(to_json(&Some(Some(1))), "1");
        assert_eq!(to_json(&None::<i32>), "null");
        assert_eq!(to_json(&Ok::<_, ()>(1)), r#"{"Ok":1}"#);
        assert_eq!(to_json(&Err::<(), _>("no")), r#"{"Err":"no"}"#);
        let go: ControlFlow<i32> = ControlFlow::Break(1);
        assert_eq!(to_json(&go), r#"{"Break":1}"#);
    }

    #[test]
    fn ranges_tell_their_ends() {
        assert_eq!(to_json(&(1..3)), r#"{"start":1,"end":3}"#);
        assert_eq!(to_json(&(1..=3)), r#"{"start":1,"last":3}"#);
        assert_eq!(to_json(&(1..)), r#"{"start":1}"#);
        assert_eq!(to_json(&(..3)), r#"{"end":3}"#);
        assert_eq!(to_json(&(..=3)), r#"{"last":3}"#);
        assert_eq!(to_json(&(..)), r#""..""#);
        assert_eq!(to_json(&Bound::Included(1)), r#"{"Included":1}"#);
    }

    /// Nothing but pointers, so no object or array counts the depth.
    struct Chain(Option<Box<Chain>>);

    impl Sanitize for Chain {
        fn sanitize(&self, out: &mut Writer<'_>) {
            self.0.sanitize(out);
        }
    }

    #[test]
    fn a_long_chain_of_pointers_ends() {
        let mut chain = Chain(None);
        for _ in 0..1_000 {
            chain = Chain(Some(Box::new(chain)));
        }
        assert_eq!(to_json(&chain), r#""***REDACTED***""#);
    }
}
