//! `impl` blocks that are audited as a whole.

use std::fmt::{Display, Formatter};

use async_trait::async_trait;
use serde_json::{Value, json};
use vigil::{audit_scope, audited, not_audited};

use super::run;

/// Not `Sanitize`, not `Debug`.
struct Pool;

struct Ledger<'a, T> {
    owner: &'a str,
    sums: Vec<T>,
}

#[audited(category = "PAYMENT", type = "UPDATE", actor = self.owner, skip(pool), fields(self.owner))]
#[audit_scope]
impl<'a, T: Copy + Into<u64>> Ledger<'a, T> {
    #![allow(
        dead_code,
        unreachable_pub,
        reason = "an inner attribute is part of the shape"
    )]

    pub(crate) const LIMIT: [u8; 2] = { [1, 2] };

    pub fn open(owner: &'a str) -> Self {
        Self {
            owner,
            sums: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, #[audit(opaque)] sum: T, pool: &Pool) -> &mut T {
        let _ = pool;
        self.sums.push(sum);
        self.sums.last_mut().unwrap()
    }

    #[audited(
        type = "READ",
        operation = "ledger_total",
        actor = "auditor",
        skip(rounded),
        result
    )]
    pub async fn total(&self, pool: Pool, rounded: bool) -> u64 {
        let _ = (pool, rounded);
        self.sums.iter().map(|sum| (*sum).into()).sum()
    }

    #[audited(category = "ADMIN", only(n))]
    fn private_but_asked_for(&self, n: u8, pool: &Pool) -> u8 {
        let _ = pool;
        n
    }

    fn private(pool: Pool) -> usize {
        let _ = pool;
        Self::LIMIT.len()
    }

    #[not_audited(reason = "a constant")]
    #[must_use]
    pub const fn limit() -> usize {
        2
    }

    #[audited(off = "called in a loop")]
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    #[cfg(not(test))]
    pub fn absent(&self, pool: NoSuchType) -> Pool {
        pool
    }

    #[cfg(test)]
    pub extern "C" fn r#try(&self) -> bool {
        self.sums.is_empty()
    }
}

struct Celsius(u8);

#[audited(category = "DATA", skip_all)]
impl Display for Celsius {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} °C", self.0)
    }
}

#[async_trait]
trait Repository {
    async fn load(&self, id: u8) -> Result<u8, String>;
    async fn save(&mut self, id: u8, value: u8);
}

struct Above(u8);

#[audited(category = "DATABASE")]
#[async_trait]
impl Repository for Above {
    async fn load(&self, id: u8) -> Result<u8, String> {
        if id == 0 {
            return Err("no id".to_owned());
        }
        Ok(self.0)
    }

    #[audited(type = "UPDATE")]
    async fn save(&mut self, id: u8, value: u8) {
        let _ = id;
        self.0 = value;
    }
}

struct Below(u8);

#[async_trait]
#[audited(category = "DATABASE")]
impl Repository for Below {
    async fn load(&self, id: u8) -> Result<u8, String> {
        Ok(id + self.0)
    }

    #[not_audited(reason = "the caller is audited")]
    async fn save(&mut self, id: u8, value: u8) {
        self.0 = id + value;
    }
}

pub(super) fn expected() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("Ledger::open", "SUCCESS", json!({"owner": "jane"})),
        (
            "Ledger::add",
            "SUCCESS",
            json!({"sum": "<u32>", "self.owner": "jane"}),
        ),
        ("ledger_total", "SUCCESS", json!({"self.owner": "jane"})),
        (
            "Ledger::private_but_asked_for",
            "SUCCESS",
            json!({"n": 3, "self.owner": "jane"}),
        ),
        ("Ledger::try", "SUCCESS", json!({"self.owner": "jane"})),
        ("Celsius::fmt", "SUCCESS", json!({})),
        ("Above::load", "FAILURE", json!({"id": 0})),
        ("Above::save", "SUCCESS", json!({"id": 1, "value": 2})),
        ("Below::load", "SUCCESS", json!({"id": 1})),
    ]
}

pub(super) fn call_functions_of_blocks() {
    let mut ledger = Ledger::<u32>::open("jane");
    assert_eq!(*ledger.add(7, &Pool), 7);
    assert_eq!(run(ledger.total(Pool, true)), 7);
    assert_eq!(ledger.private_but_asked_for(3, &Pool), 3);
    assert_eq!(Ledger::<u32>::private(Pool), 2);
    assert_eq!((Ledger::<u32>::limit(), ledger.len()), (2, 1));
    assert!(!ledger.r#try());
    assert_eq!(Celsius(20).to_string(), "20 °C");
    let mut above = Above(1);
    assert!(run(above.load(0)).is_err());
    run(above.save(1, 2));
    let mut below = Below(1);
    assert_eq!(run(below.load(1)), Ok(2));
    run(below.save(1, 2));
}
