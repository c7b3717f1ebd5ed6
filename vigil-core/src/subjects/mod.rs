//! Forgetting a person in a trail that cannot be changed.
//!
//! What is personal in an event can be encrypted under a key that belongs to the person. The trail holds the ciphertext,
//! and its hashes and signatures cover that; a store elsewhere holds the key. When the key is destroyed, what was
//! encrypted under it is gone from the trail and all its copies, and not a byte of them has changed.
//!
//! The key of a subject is random and never derived from anything: what can be derived again cannot be destroyed. Its
//! name, the kid, is random as well, so that the trail tells nobody which events are of one person who is named.

mod envelope;
mod erase;
mod files;
mod reveal;
mod store;
#[cfg(test)]
mod tests;
mod wrapper;

use std::io;

pub use erase::{Erased, Erasure, erase};
pub use reveal::Revealed;
pub use store::SubjectKeys;
pub use wrapper::{KeyWrapper, SecretKey, WrapError, Wrapped};

/// A name that says nothing: 128 random bits behind a prefix.
fn random_id(prefix: &str) -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{prefix}{hex}"))
}
