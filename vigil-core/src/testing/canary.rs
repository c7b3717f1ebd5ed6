//! Values made of canaries: what `#[derive(Sanitize)]` with `#[audit(canary)]` offers to tests.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::Hash;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Captured, canary, capture};
use crate::random;
use crate::sanitize::{Key, Rules, Treatment, with_rules};

/// Types that can be made of canaries: derived by `#[derive(Sanitize)]` with `#[audit(canary)]` on the type.
///
/// Every text and large number that is protected (by an attribute, by the name of its field, or because it is skipped)
/// holds a canary, at any depth; everything else holds something harmless. A type of your own inside is derived
/// likewise, or implements this by hand.
///
/// # Examples
///
/// ```
/// use vigil::testing::{Canary, Nest};
///
/// /// A type that is sanitized by hand, and so made by hand.
/// struct Session(String);
///
/// impl Canary for Session {
///     fn canary(nest: &mut Nest) -> Self {
///         Self(nest.secret())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of canaries: it does not implement `vigil::testing::Canary`",
    note = "add `#[derive(Sanitize)]` with `#[audit(canary)]` to the type, or implement `vigil::testing::Canary` by hand"
)]
pub trait Canary: Sized {
    /// A value for a test.
    fn canary(nest: &mut Nest) -> Self;
}

/// Where the canaries of a value come from, and what is known of the place that is being filled.
#[derive(Debug, Default)]
pub struct Nest {
    planted: Vec<String>,
    guarded: bool,
    /// An attribute `keep` is around, under which no name hides anything.
    kept: bool,
    /// Which of the variants of each enum, and how many there are at most.
    run: usize,
    runs: usize,
}

impl Nest {
    /// A text for this place: a canary if the place is protected.
    pub fn text(&mut self) -> String {
        if self.guarded {
            self.secret()
        } else {
            "nothing of note".to_owned()
        }
    }

    /// A canary, whatever the place: for types that protect their value themselves.
    pub fn secret(&mut self) -> String {
        let canary = canary();
        self.planted.push(canary.clone());
        canary
    }

    /// A number of ten digits for this place if it is protected.
    fn number(&mut self) -> u32 {
        if !self.guarded {
            return 7;
        }
        let number = 1_000_000_000 + (random::next() % 1_000_000_000) as u32;
        self.planted.push(number.to_string());
        number
    }

    /// Which of so many variants is to be made.
    #[doc(hidden)]
    pub fn variant(&mut self, count: usize) -> usize {
        self.runs = self.runs.max(count);
        self.run % count.max(1)
    }

    /// Makes what stands in a field, or under a variant.
    #[doc(hidden)]
    pub fn inside<T>(
        &mut self,
        key: Option<&Key>,
        treatment: Treatment,
        skipped: bool,
        make: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = (self.guarded, self.kept);
        let hides = with_rules(|rules| hides(rules, key, treatment, self.kept));
        self.guarded |= skipped || hides;
        self.kept |= treatment == Treatment::Keep;
        let made = make(self);
        (self.guarded, self.kept) = before;
        made
    }
}

/// Whether nothing of a text, or no more than a mask shows, is written by these rules.
fn hides(rules: &Rules, key: Option<&Key>, treatment: Treatment, kept: bool) -> bool {
    match rules.profile().tightened(treatment) {
        Treatment::Keep | Treatment::Truncate(_) => false,
        Treatment::Default if matches!(treatment, Treatment::Class(_)) => false,
        Treatment::Default => {
            let hidden =
                |key: &Key| rules.profile().treatment(key.kind(rules)) != Treatment::Default;
            !kept && key.is_some_and(hidden)
        }
        _ => true,
    }
}

/// Runs `f` with a value made of canaries, once for each variant of the enums in it, and makes sure that none of them
/// reaches the trail. Gives back what the last run recorded.
///
/// # Panics
///
/// As [`assert_no_leak`](super::assert_no_leak()), and if no place of the value is protected, because then nothing is
/// proved.
///
/// # Examples
///
/// ```
/// use vigil::testing::assert_no_leak_of;
/// use vigil::{Sanitize, audited};
///
/// #[derive(Sanitize)]
/// #[audit(canary)]
/// struct Registration {
///     email: String,
///     password: String,
///     #[audit(hash)]
///     customer: String,
///     address: Option<Address>,
/// }
///
/// #[derive(Sanitize)]
/// #[audit(canary)]
/// struct Address {
///     #[audit(redact)]
///     city: String,
/// }
///
/// #[audited(category = "AUTH")]
/// fn register(form: &Registration) {}
///
/// assert_no_leak_of(|form: Registration| register(&form));
/// ```
///
/// Where a body says more than the type, it is found:
///
/// ```should_panic
/// # use vigil::testing::assert_no_leak_of;
/// # use vigil::{Sanitize, audited};
/// # #[derive(Sanitize)]
/// # #[audit(canary)]
/// # struct Login { password: String }
/// #[audited(category = "AUTH")]
/// fn log_in(form: &Login) -> Result<(), String> {
///     Err(format!("wrong: {}", form.password))
/// }
///
/// assert_no_leak_of(|form: Login| log_in(&form));
/// ```
#[track_caller]
pub fn assert_no_leak_of<T: Canary, R>(mut f: impl FnMut(T) -> R) -> Captured<R> {
    let mut planted = 0;
    let mut run = 0;
    loop {
        let mut nest = Nest {
            run,
            ..Nest::default()
        };
        let value = T::canary(&mut nest);
        let captured = capture(|| f(value));
        planted += nest.planted.len();
        if !nest.planted.is_empty() {
            captured.assert_no_leak(&nest.planted);
        }
        run += 1;
        if run >= nest.runs.clamp(1, MOST_RUNS) {
            assert!(
                planted > 0,
                "nothing is proved, because no field of `{}` is protected",
                std::any::type_name::<T>()
            );
            return captured;
        }
    }
}

/// Enums with more variants than this are not tried in full.
const MOST_RUNS: usize = 64;

impl Canary for String {
    fn canary(nest: &mut Nest) -> Self {
        nest.text()
    }
}

macro_rules! of_text {
    ($($type:ty),*) => {$(
        impl Canary for $type {
            fn canary(nest: &mut Nest) -> Self {
                nest.text().into()
            }
        }
    )*};
}

of_text!(
    Box<str>,
    Arc<str>,
    Rc<str>,
    Cow<'_, str>,
    PathBuf,
    serde_json::Value
);

impl Canary for &str {
    /// Leaks a few bytes of the test's memory.
    fn canary(nest: &mut Nest) -> Self {
        nest.text().leak()
    }
}

macro_rules! of_number {
    ($($type:ty),*) => {$(
        impl Canary for $type {
            fn canary(nest: &mut Nest) -> Self {
                // Ten digits fit into all of these.
                nest.number() as Self
            }
        }
    )*};
}

of_number!(u32, u64, u128, usize, i32, i64, i128, isize);

macro_rules! of_nothing {
    ($($type:ty = $value:expr),* $(,)?) => {$(
        impl Canary for $type {
            fn canary(_: &mut Nest) -> Self {
                $value
            }
        }
    )*};
}

// Too small to hold anything that could be told from anything else.
of_nothing!(
    () = (),
    bool = false,
    char = 'x',
    u8 = 7,
    i8 = 7,
    u16 = 7,
    i16 = 7,
    f32 = 0.5,
    f64 = 0.5,
    Duration = Duration::from_secs(7),
    SystemTime = SystemTime::UNIX_EPOCH,
    IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST),
    Ipv4Addr = Ipv4Addr::LOCALHOST,
);

macro_rules! around {
    ($($type:ty: $make:expr),* $(,)?) => {$(
        impl<T: Canary> Canary for $type {
            fn canary(nest: &mut Nest) -> Self {
                $make(T::canary(nest))
            }
        }
    )*};
}

around!(
    Option<T>: Some,
    Box<T>: Box::new,
    Rc<T>: Rc::new,
    Arc<T>: Arc::new,
    Vec<T>: |one| vec![one],
    VecDeque<T>: |one| VecDeque::from([one]),
);

impl<T> Canary for PhantomData<T> {
    fn canary(_: &mut Nest) -> Self {
        Self
    }
}

impl<T: Canary, const N: usize> Canary for [T; N] {
    fn canary(nest: &mut Nest) -> Self {
        std::array::from_fn(|_| T::canary(nest))
    }
}

impl<K: Canary + Ord, V: Canary> Canary for BTreeMap<K, V> {
    fn canary(nest: &mut Nest) -> Self {
        Self::from([(K::canary(nest), V::canary(nest))])
    }
}

impl<K: Canary + Eq + Hash, V: Canary> Canary for HashMap<K, V> {
    fn canary(nest: &mut Nest) -> Self {
        Self::from([(K::canary(nest), V::canary(nest))])
    }
}

macro_rules! of_tuple {
    ($($name:ident)*) => {
        impl<$($name: Canary),*> Canary for ($($name,)*) {
            fn canary(nest: &mut Nest) -> Self {
                ($($name::canary(nest),)*)
            }
        }
    };
}

of_tuple!(A);
of_tuple!(A B);
of_tuple!(A B C);
of_tuple!(A B C D);
