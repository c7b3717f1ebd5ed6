//! The function by itself.

use super::Peer;
use crate::work::{Returned, work};

pub(super) const PEER: Peer = Peer {
    name: "bare function",
    call: execute_query,
    start: |_| Ok(Box::new(|| {})),
    slow: false,
};

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    work(sql, user_id, password)
}
