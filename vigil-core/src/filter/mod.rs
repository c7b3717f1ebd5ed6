//! Filters that decide, on the calling thread and before anything is captured: the kill switch, categories switched
//! off, sampling. A filtered call costs two relaxed loads, a switched-off program one.
//!
//! Each callsite remembers what the rules of an epoch said of it, so the rules themselves are read once a callsite.

pub(crate) mod dedup;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use crate::event::Callsite;
use crate::random;

/// The epoch of the rules in force, or [`OFF`].
static GATE: AtomicU32 = AtomicU32::new(1);
const OFF: u32 = 0;

static RULES: RwLock<Rules> = RwLock::new(Rules {
    epoch: 1,
    filters: None,
});

struct Rules {
    epoch: u32,
    filters: Option<Filters>,
}

/// What is let through.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filters {
    /// Categories that are switched off: nothing of them is let through.
    pub(crate) off: BTreeSet<String>,
    /// The share of calls recorded where nothing else is said, from 0 to 1.
    pub(crate) rate: f64,
    /// The share for single categories.
    pub(crate) categories: BTreeMap<String, f64>,
    /// The share for single operations, before that of their category.
    pub(crate) operations: BTreeMap<String, f64>,
}

impl Filters {
    fn threshold(&self, callsite: &Callsite) -> u32 {
        let category = callsite.category.as_str();
        if callsite.category.is_mandatory() {
            return ALWAYS;
        }
        if self.off.contains(category) {
            return NEVER;
        }
        let rate = self
            .operations
            .get(callsite.operation)
            .or_else(|| self.categories.get(category))
            .unwrap_or(&self.rate);
        // Saturating, so 1.0 is ALWAYS exactly and anything at or below 0 NEVER.
        (rate * f64::from(u32::MAX)) as u32
    }
}

/// The key by which what belongs to one request is sampled alike: from its id, or that of its trace.
///
/// Whatever program, version and machine it comes to, it is the same (FNV-1a, 64 bits), so that services which record
/// the same share keep the same requests, and one that records a smaller share keeps some of the same.
pub(crate) fn sampling_key(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

const NEVER: u32 = 0;
const ALWAYS: u32 = u32::MAX;

/// Whether a call at this place is to be recorded. `key` groups calls that are sampled alike, such as the calls of one
/// request; without one each call is drawn by itself.
#[inline]
pub(crate) fn admits(callsite: &'static Callsite, key: impl FnOnce() -> Option<u64>) -> bool {
    let epoch = GATE.load(Relaxed);
    if epoch == OFF {
        return false;
    }
    let interest = callsite.interest.load(Relaxed);
    if interest == pack(epoch, ALWAYS) {
        return true;
    }
    admits_slowly(callsite, epoch, interest, key)
}

const fn pack(epoch: u32, threshold: u32) -> u64 {
    (epoch as u64) << 32 | threshold as u64
}

#[cold]
fn admits_slowly(
    callsite: &'static Callsite,
    epoch: u32,
    interest: u64,
    key: impl FnOnce() -> Option<u64>,
) -> bool {
    let threshold = if (interest >> 32) as u32 == epoch {
        interest as u32
    } else {
        // Statistics count by callsite, so one that is only ever filtered must be known too.
        callsite.id();
        let rules = RULES.read().unwrap_or_else(PoisonError::into_inner);
        let threshold = rules
            .filters
            .as_ref()
            .map_or(ALWAYS, |filters| filters.threshold(callsite));
        callsite
            .interest
            .store(pack(rules.epoch, threshold), Relaxed);
        threshold
    };
    let admitted = match threshold {
        ALWAYS => true,
        NEVER => false,
        _ => ((key().map_or_else(random::next, random::mix) >> 32) as u32) < threshold,
    };
    if !admitted {
        callsite.counters.filtered.fetch_add(1, Relaxed);
    }
    admitted
}

/// Puts rules in force; every callsite asks them anew.
pub(crate) fn install(filters: Filters) {
    let mut rules = RULES.write().unwrap_or_else(PoisonError::into_inner);
    rules.filters = Some(filters);
    rules.epoch = next(rules.epoch);
    if GATE.load(Relaxed) != OFF {
        GATE.store(rules.epoch, Relaxed);
    }
}

/// The kill switch.
pub(crate) fn set_enabled(enabled: bool) {
    let rules = RULES.read().unwrap_or_else(PoisonError::into_inner);
    GATE.store(if enabled { rules.epoch } else { OFF }, Relaxed);
}

pub(crate) fn is_enabled() -> bool {
    GATE.load(Relaxed) != OFF
}

fn next(epoch: u32) -> u32 {
    match epoch.wrapping_add(1) {
        OFF => 1,
        epoch => epoch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionType, Category};

    static SITE: Callsite = Callsite::__new(
        Category::API,
        ActionType::READ,
        "find_users",
        ("shop", "src/lib.rs", 1),
        None,
        &[],
    );

    #[test]
    fn the_operation_goes_before_its_category_and_a_category_switched_off_before_both() {
        let mut filters = Filters {
            off: BTreeSet::new(),
            rate: 0.0,
            categories: BTreeMap::new(),
            operations: BTreeMap::new(),
        };
        assert_eq!(filters.threshold(&SITE), NEVER);
        filters.categories.insert("API".to_owned(), 0.5);
        assert_eq!(filters.threshold(&SITE), u32::MAX / 2);
        filters.operations.insert("find_users".to_owned(), 1.0);
        assert_eq!(filters.threshold(&SITE), ALWAYS);
        filters.off.insert("API".to_owned());
        assert_eq!(filters.threshold(&SITE), NEVER);
    }

    /// Programs of different versions have to agree on it.
    #[test]
    fn the_key_of_a_request_stays_what_it_is() {
        // The published test vectors of FNV-1a.
        assert_eq!(sampling_key(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(sampling_key("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(sampling_key("foobar"), 0x8594_4171_f739_67e8);
    }
}
