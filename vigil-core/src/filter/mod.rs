//! Filters that decide, on the calling thread and before anything is captured: the kill switch, categories switched
//! off, sampling. A filtered call costs two relaxed loads, a switched-off program one.
//!
//! Each callsite remembers what the rules of an epoch said of it, so the rules themselves are read once a callsite.

#[cfg_attr(not(test), expect(dead_code, reason = "the writer does not fold yet"))]
pub(crate) mod dedup;

use std::collections::BTreeMap;
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
    /// The share of calls recorded where `rates` says nothing else, from 0 to 1.
    pub(crate) rate: f64,
    /// The share for single categories; 0 switches a category off.
    pub(crate) rates: BTreeMap<String, f64>,
}

impl Filters {
    fn threshold(&self, category: &str) -> u32 {
        let rate = self.rates.get(category).copied().unwrap_or(self.rate);
        // Saturating, so 1.0 is ALWAYS exactly and anything at or below 0 NEVER.
        (rate * f64::from(u32::MAX)) as u32
    }
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
        let threshold = rules.filters.as_ref().map_or(ALWAYS, |filters| {
            filters.threshold(callsite.category.as_str())
        });
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
