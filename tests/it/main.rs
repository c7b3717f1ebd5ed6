//! The promises of Vigil, a module each, and the parts that none of them covers.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

vigil::categories! {
    #[mandatory]
    HEALTH,
    /// For what a configuration says of single categories, see `delivery::configured`.
    VAULT,
    LEDGER,
}

mod abort;
mod anchors;
mod arguments;
mod catalogue;
mod configuration;
mod context;
mod corpus;
#[cfg(target_os = "linux")]
mod crashes;
mod delivery;
mod erasure;
mod examples;
mod folding;
mod future_size;
mod handle;
mod health;
mod host_first;
mod inbox;
mod integrity;
mod no_secret;
mod nothing_lost;
mod outcomes;
mod packing;
mod reload;
mod retention;
mod returned_futures;
mod rotation;
mod schema;
mod scope;
mod sinks;
mod testing;
mod treatments;
mod ui;
