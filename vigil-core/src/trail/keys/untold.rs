//! A change of keys of which the trail has not told yet: kept in a file until it has, so that a process that dies in between
//! is followed by one that does.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::disk::{is_missing, replace_file};
use crate::trail::checkpoint::VerifierKey;
use crate::trail::evidence::Places;

/// From one key to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Untold {
    old: String,
    new: String,
    size: u64,
}

impl Untold {
    pub(crate) fn new(old: &VerifierKey, new: &VerifierKey, size: u64) -> Self {
        Self {
            old: old.to_string(),
            new: new.to_string(),
            size,
        }
    }

    /// Before the new key is known to anybody.
    pub(crate) fn keep(&self, places: &Places) -> io::Result<()> {
        replace_file(&places.untold_rotation(), &serde_json::to_vec(self)?)
    }

    /// What a process has left that has changed the key. One that has died before the change is none.
    pub(crate) fn found(places: &Places, epochs: &[VerifierKey]) -> Option<Self> {
        let text = fs::read_to_string(places.untold_rotation()).ok()?;
        let untold: Self = serde_json::from_str(&text).ok()?;
        let has_taken_over = epochs.iter().any(|key| key.to_string() == untold.new);
        has_taken_over.then_some(untold)
    }

    /// The parameters of `audit_key_rotated`.
    pub(crate) fn parameters(&self) -> Value {
        json!({
            "old": self.old,
            "new": self.new,
            "handover": true,
            "size": self.size,
        })
    }

    /// The trail tells of it, and that stays.
    pub(crate) fn is_told(places: &Places) -> io::Result<()> {
        match fs::remove_file(places.untold_rotation()) {
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }
}
