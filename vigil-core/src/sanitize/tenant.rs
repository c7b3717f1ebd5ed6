//! For whom the program works at the moment: pseudonyms of different tenants must not be joined.
//!
//! Who knows it stands later in the way of an event than the sanitizer, so it hands over a function to ask, once there
//! is a tenant at all; a program without tenants never asks.

use std::sync::{Arc, OnceLock};

/// Gives the tenant in force on this thread.
pub(crate) type Source = fn() -> Option<Arc<str>>;

static SOURCE: OnceLock<Source> = OnceLock::new();

/// From now on this function is asked.
pub(crate) fn learn_from(source: Source) {
    let _ = SOURCE.set(source);
}

/// The tenant in force on this thread.
pub(super) fn current() -> Option<Arc<str>> {
    SOURCE.get().and_then(|source| source())
}
