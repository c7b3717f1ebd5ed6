//! The place in the code that an event comes from: one `static` for each, described once and referred to by number.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use super::linked::Link;
use super::{ActionType, Argument, Category, Delivery, Overflow};
use crate::sanitize::Key;

/// All that is known about an audited place before it runs, and what has been counted there since.
///
/// The macros make one `static` of it for each audited function, scope and `audit!`.
#[derive(Debug)]
pub struct Callsite {
    pub(crate) category: Category,
    pub(crate) action: ActionType,
    pub(crate) operation: &'static str,
    pub(crate) module: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) slow: Option<Duration>,
    /// What is recorded as parameters, in the order in which the macro numbers it.
    pub(crate) arguments: &'static [Argument],
    /// The keys of `arguments`, made at the first call: the compiler would need longer for them than for the call.
    keys: OnceLock<Box<[Key]>>,
    /// The return value, where it is recorded. For the catalogue: a call is told what to record.
    pub(crate) result: Option<Argument>,
    /// What the code says of them; `None`: as the configuration says of the category.
    pub(crate) delivery: Option<Delivery>,
    pub(crate) overflow: Option<Overflow>,
    /// Whether the calls are futures, which must not block the thread that runs them.
    pub(crate) is_future: bool,
    pub(super) link: Link,
    /// 0 until first used; then this callsite's place in the registry, plus one.
    id: AtomicU32,
    /// What the filters said of it, see [`crate::filter`].
    pub(crate) interest: AtomicU64,
    /// What the configuration said of its delivery, see [`crate::engine`].
    pub(crate) policy: AtomicU32,
    pub(crate) counters: Counters,
}

/// What has become of the events of one callsite. Counted here because a counter that all threads and callsites share
/// would cost more than the hand-over itself.
#[derive(Debug)]
pub(crate) struct Counters {
    pub(crate) recorded: AtomicU64,
    pub(crate) filtered: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) late: AtomicU64,
    pub(crate) written: AtomicU64,
}

impl Counters {
    pub(crate) fn are_zero(&self) -> bool {
        let Self {
            recorded,
            filtered,
            dropped,
            refused,
            late,
            written,
        } = self;
        [recorded, filtered, dropped, refused, late, written]
            .iter()
            .all(|counter| counter.load(Relaxed) == 0)
    }
}

/// The module of the callsites of Vigil's own events.
const RESERVED: &str = "vigil";

/// Callsites up to this number are described beside the journal; records of others say themselves what they are of.
static DESCRIBED: AtomicU32 = AtomicU32::new(0);

static REGISTRY: RwLock<Vec<&'static Callsite>> = RwLock::new(Vec::new());

impl Callsite {
    /// For the macros; `location` is module path, file and line.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        category: Category,
        action: ActionType,
        operation: &'static str,
        location: (&'static str, &'static str, u32),
        slow: Option<Duration>,
        arguments: &'static [Argument],
    ) -> Self {
        Self {
            category,
            action,
            operation,
            module: location.0,
            file: location.1,
            line: location.2,
            slow,
            arguments,
            keys: OnceLock::new(),
            result: None,
            delivery: None,
            overflow: None,
            is_future: false,
            link: Link::new(),
            id: AtomicU32::new(0),
            interest: AtomicU64::new(0),
            policy: AtomicU32::new(0),
            counters: Counters {
                recorded: AtomicU64::new(0),
                filtered: AtomicU64::new(0),
                dropped: AtomicU64::new(0),
                refused: AtomicU64::new(0),
                late: AtomicU64::new(0),
                written: AtomicU64::new(0),
            },
        }
    }

    /// For the macros: the return value is recorded.
    #[doc(hidden)]
    #[must_use]
    pub const fn __returning(mut self, result: Argument) -> Self {
        self.result = Some(result);
        self
    }

    /// For the macros: how safe an event is when the call returns.
    #[doc(hidden)]
    #[must_use]
    pub const fn __delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = Some(delivery);
        self
    }

    /// For the macros: what happens to an event that there is no room for.
    #[doc(hidden)]
    #[must_use]
    pub const fn __overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = Some(overflow);
        self
    }

    /// For the macros: the calls are futures.
    #[doc(hidden)]
    #[must_use]
    pub const fn __future(mut self) -> Self {
        self.is_future = true;
        self
    }

    /// Whether its calls can tell their caller that they were refused: the code says so.
    pub(crate) fn is_refusable(&self) -> bool {
        self.delivery == Some(Delivery::Required) || self.overflow == Some(Overflow::Deny)
    }

    /// An argument, and the key that tells what the rules say of it.
    #[inline]
    pub(crate) fn argument(&self, index: usize) -> Option<(&'static Argument, &Key)> {
        let argument = self.arguments.get(index)?;
        let keys = self
            .keys
            .get_or_init(|| self.arguments.iter().map(Argument::key).collect());
        Some((argument, keys.get(index)?))
    }

    /// The number by which records refer to this callsite, given out when it is first asked for.
    pub(crate) fn id(&'static self) -> u32 {
        match self.id.load(Relaxed) {
            0 => self.register(),
            id => id,
        }
    }

    #[cold]
    fn register(&'static self) -> u32 {
        let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been first.
        match self.id.load(Relaxed) {
            0 => {
                registry.push(self);
                let id = u32::try_from(registry.len()).unwrap_or(u32::MAX);
                self.id.store(id, Relaxed);
                id
            }
            id => id,
        }
    }

    /// Whether a reader of the journal knows this callsite by its number.
    #[inline]
    pub(crate) fn is_described(&'static self) -> bool {
        self.id() <= DESCRIBED.load(Relaxed)
    }

    /// From now on the callsites up to this number are described; 0 when none is any more.
    pub(crate) fn set_described(count: u32) {
        DESCRIBED.store(count, Relaxed);
    }

    /// Gives every linked callsite a number, so that all of them can be described beforehand.
    pub(crate) fn register_linked() {
        for callsite in Self::linked() {
            callsite.id();
        }
    }

    /// Whether it is one of Vigil's own, see [`Callsite::reserved`].
    pub(crate) fn is_reserved(&self) -> bool {
        self.module == RESERVED
    }

    /// A callsite of an event that Vigil itself writes. It belongs to no program, so no catalogue lists it.
    pub(crate) const fn reserved(operation: &'static str) -> Self {
        let location = (RESERVED, "vigil", 0);
        Self::__new(
            Category::SYSTEM,
            ActionType::EXECUTE,
            operation,
            location,
            None,
            &[],
        )
    }

    /// Every callsite that has been reached so far, in the order of their numbers, which begin with 1.
    pub(crate) fn reached() -> Vec<&'static Self> {
        REGISTRY
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
