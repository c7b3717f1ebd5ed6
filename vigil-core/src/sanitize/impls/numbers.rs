//! Numbers, truth values, characters, nothing, and what stands for an order.

use std::cmp::{Ordering, Reverse};
use std::marker::{PhantomData, PhantomPinned};
use std::num::{NonZero, Saturating, Wrapping};
use std::sync::atomic;

use crate::sanitize::{Leaf, Sanitize, Writer};

macro_rules! integers {
    ($($type:ty => $method:ident as $wide:ty),* $(,)?) => {$(
        impl Sanitize for $type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                out.$method(*self as $wide);
            }

            fn leaf(&self) -> Option<Leaf<'_>> {
                u64::try_from(*self).ok().map(Leaf::Natural)
            }
        }

        impl Sanitize for NonZero<$type> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                out.$method(self.get() as $wide);
            }
        }
    )*};
}

// Each of these is widened, never cut; `usize` and `isize` have at most 64 bits.
integers! {
    i8 => i64 as i64, i16 => i64 as i64, i32 => i64 as i64, i64 => i64 as i64, isize => i64 as i64,
    u16 => u64 as u64, u32 => u64 as u64, u64 => u64 as u64, usize => u64 as u64,
    i128 => i128 as i128, u128 => u128 as u128,
}

impl Sanitize for u8 {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.u64(u64::from(*self));
    }

    fn sanitize_slice(items: &[Self], out: &mut Writer<'_>) {
        out.bytes(items.len());
    }

    fn is_byte() -> bool {
        true
    }
}

impl Sanitize for NonZero<u8> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.u64(u64::from(self.get()));
    }
}

macro_rules! atomics {
    ($($type:ident)*) => {$(
        impl Sanitize for atomic::$type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                self.load(atomic::Ordering::Relaxed).sanitize(out);
            }
        }
    )*};
}

atomics! {
    AtomicBool AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize
}

impl Sanitize for f64 {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.f64(*self);
    }
}

impl Sanitize for f32 {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.f32(*self);
    }
}

impl Sanitize for bool {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.bool(*self);
    }
}

impl Sanitize for char {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.char(*self);
    }
}

impl Sanitize for () {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.null();
    }
}

impl<T: ?Sized> Sanitize for PhantomData<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.null();
    }
}

impl Sanitize for PhantomPinned {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.null();
    }
}

impl Sanitize for Ordering {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.name(match self {
            Self::Less => "Less",
            Self::Equal => "Equal",
            Self::Greater => "Greater",
        });
    }
}

macro_rules! transparent {
    ($($type:ident)*) => {$(
        impl<T: Sanitize> Sanitize for $type<T> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                self.0.sanitize(out);
            }
        }
    )*};
}

transparent! { Wrapping Saturating Reverse }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn integers_are_numbers_and_strings_beyond_64_bits() {
        assert_eq!(to_json(&i8::MIN), "-128");
        assert_eq!(to_json(&200_u8), "200");
        assert_eq!(to_json(&i64::MIN), "-9223372036854775808");
        assert_eq!(to_json(&(1_u64 << 53 | 1)), "9007199254740993");
        assert_eq!(to_json(&usize::MAX), usize::MAX.to_string());
        assert_eq!(to_json(&i128::from(u64::MAX)), "18446744073709551615");
        assert_eq!(to_json(&u128::MAX), format!("\"{}\"", u128::MAX));
        assert_eq!(to_json(&NonZero::<u8>::MIN), "1");
        assert_eq!(to_json(&NonZero::<i128>::MIN), format!("\"{}\"", i128::MIN));
        assert_eq!(to_json(&atomic::AtomicU16::new(9)), "9");
    }

    #[test]
    fn floats_are_shortest_and_what_is_no_number_is_a_string() {
        for (value, json) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e300, "1e300"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::NAN, "\"NaN\""),
            (f64::INFINITY, "\"Infinity\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ] {
            assert_eq!(to_json(&value), json);
            assert!(serde_json::from_str::<serde_json::Value>(json).is_ok());
        }
        assert_eq!(to_json(&0.1_f32), "0.1");
        assert_eq!(to_json(&f32::NAN), "\"NaN\"");
    }

    #[test]
    fn small_things() {
        assert_eq!(to_json(&true), "true");
        assert_eq!(to_json(&'\n'), r#""\n""#);
        assert_eq!(to_json(&()), "null");
        assert_eq!(to_json(&PhantomData::<Vec<u8>>), "null");
        assert_eq!(to_json(&Ordering::Less), r#""Less""#);
        assert_eq!(to_json(&Wrapping(3)), "3");
        assert_eq!(to_json(&Reverse("x")), r#""x""#);
    }
}
