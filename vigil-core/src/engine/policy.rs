//! What the configuration says of the delivery of events, by category, joined with what the code says of a callsite.
//!
//! Each callsite remembers the answer of an epoch, so the rules themselves are read once a callsite.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::event::{Callsite, Delivery, Overflow};

/// The rules for all callsites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policies {
    pub(crate) delivery: Delivery,
    pub(crate) deliveries: BTreeMap<String, Delivery>,
    pub(crate) overflow: Overflow,
    pub(crate) overflows: BTreeMap<String, Overflow>,
    /// How long a caller waits for room.
    pub(crate) overflow_timeout: Duration,
    /// How long a caller waits for its event to be on disk.
    pub(crate) durable_timeout: Duration,
}

/// What holds for one callsite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) delivery: Delivery,
    pub(crate) overflow: Overflow,
}

struct Rules {
    epoch: u32,
    policies: Policies,
}

const DEFAULT: Policies = Policies {
    delivery: Delivery::Journaled,
    deliveries: BTreeMap::new(),
    overflow: Overflow::Block,
    overflows: BTreeMap::new(),
    overflow_timeout: Duration::from_secs(1),
    durable_timeout: Duration::from_secs(10),
};

static EPOCH: AtomicU32 = AtomicU32::new(1);
static RULES: RwLock<Rules> = RwLock::new(Rules {
    epoch: 1,
    policies: DEFAULT,
});

impl Default for Policies {
    fn default() -> Self {
        DEFAULT
    }
}

impl Policies {
    /// The stronger of what the code says and what the configuration does: none of them can weaken the other.
    pub(crate) fn of(&self, callsite: &Callsite) -> Policy {
        let category = callsite.category.as_str();
        let delivery = *self.deliveries.get(category).unwrap_or(&self.delivery);
        let overflow = callsite
            .overflow
            .or_else(|| self.overflows.get(category).copied())
            .unwrap_or(self.overflow);
        let delivery = match callsite.delivery {
            Some(said) if callsite.is_future && said < Delivery::Durable => said,
            // How a future waits is compiled into it: where its code does not say, it would block its thread.
            None if callsite.is_future => Delivery::Journaled,
            Some(said) => said.max(delivery),
            None => delivery,
        };
        Policy {
            delivery,
            // Only what a call can tell its caller can be denied.
            overflow: match overflow {
                Overflow::Drop if callsite.category.is_mandatory() => Overflow::Block,
                Overflow::Deny if !callsite.is_refusable() => Overflow::Block,
                overflow => overflow,
            },
        }
    }
}

/// What holds for a callsite now.
#[inline]
pub(crate) fn policy(callsite: &'static Callsite) -> Policy {
    let known = callsite.policy.load(Relaxed);
    if known >> 8 == EPOCH.load(Relaxed) {
        unpack(known)
    } else {
        ask(callsite)
    }
}

#[cold]
fn ask(callsite: &'static Callsite) -> Policy {
    let rules = RULES.read().unwrap_or_else(PoisonError::into_inner);
    let policy = rules.policies.of(callsite);
    callsite.policy.store(pack(rules.epoch, policy), Relaxed);
    policy
}

/// Puts rules in force; every callsite asks them anew.
pub(super) fn install(policies: Policies) {
    let mut rules = RULES.write().unwrap_or_else(PoisonError::into_inner);
    rules.policies = policies;
    // 24 bits beside a policy; 0 is what a callsite has that never asked.
    rules.epoch = (rules.epoch % 0x00ff_ffff) + 1;
    EPOCH.store(rules.epoch, Relaxed);
}

/// How long a caller waits for room, and for its event to be on disk.
pub(super) fn timeouts() -> (Duration, Duration) {
    let rules = RULES.read().unwrap_or_else(PoisonError::into_inner);
    let Policies {
        overflow_timeout,
        durable_timeout,
        ..
    } = rules.policies;
    (overflow_timeout, durable_timeout)
}

const DELIVERIES: [Delivery; 3] = [Delivery::Journaled, Delivery::Durable, Delivery::Required];
const OVERFLOWS: [Overflow; 3] = [Overflow::Drop, Overflow::Block, Overflow::Deny];

const fn pack(epoch: u32, policy: Policy) -> u32 {
    epoch << 8 | (policy.delivery as u32) << 4 | policy.overflow as u32
}

fn unpack(known: u32) -> Policy {
    Policy {
        delivery: DELIVERIES[(known as usize >> 4 & 15).min(2)],
        overflow: OVERFLOWS[(known as usize & 15).min(2)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionType, Category};

    const fn bare() -> Callsite {
        Callsite::__new(
            Category::PAYMENT,
            ActionType::CREATE,
            "pay",
            ("shop", "src/lib.rs", 1),
            None,
            &[],
        )
    }

    #[test]
    fn code_and_configuration_can_strengthen_each_other_and_not_weaken() {
        let mut policies = Policies::default();
        let durable = bare().__delivery(Delivery::Durable);
        assert_eq!(policies.of(&bare()).delivery, Delivery::Journaled);
        assert_eq!(policies.of(&durable).delivery, Delivery::Durable);
        policies
            .deliveries
            .insert("PAYMENT".to_owned(), Delivery::Durable);
        assert_eq!(policies.of(&bare()).delivery, Delivery::Durable);
        let required = bare().__delivery(Delivery::Required);
        assert_eq!(policies.of(&required).delivery, Delivery::Required);
    }

    #[test]
    fn a_future_waits_only_if_its_code_says_so() {
        let policies = Policies {
            delivery: Delivery::Durable,
            ..Policies::default()
        };
        let future = bare().__future();
        assert_eq!(policies.of(&bare()).delivery, Delivery::Durable);
        assert_eq!(policies.of(&future).delivery, Delivery::Journaled);
        let durable = future.__delivery(Delivery::Durable);
        assert_eq!(policies.of(&durable).delivery, Delivery::Durable);
    }

    #[test]
    fn the_code_says_what_happens_without_room_before_the_category_does() {
        let mut policies = Policies::default();
        policies
            .overflows
            .insert("PAYMENT".to_owned(), Overflow::Drop);
        assert_eq!(policies.of(&bare()).overflow, Overflow::Drop);
        let block = bare().__overflow(Overflow::Block);
        assert_eq!(policies.of(&block).overflow, Overflow::Block);
    }

    #[test]
    fn a_policy_is_unpacked_as_it_was_packed() {
        for delivery in DELIVERIES {
            for overflow in OVERFLOWS {
                let policy = Policy { delivery, overflow };
                assert_eq!(unpack(pack(7, policy)), policy);
            }
        }
    }
}
