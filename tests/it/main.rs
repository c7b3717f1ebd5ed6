//! The promises of Vigil, a module each, and the parts that none of them covers.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

vigil::categories! {
    #[mandatory]
    HEALTH,
}

mod catalogue;
mod configuration;
mod context;
mod corpus;
mod delivery;
mod examples;
mod handle;
mod host_first;
mod no_secret;
mod nothing_lost;
mod outcomes;
mod returned_futures;
mod rotation;
mod schema;
mod scope;
mod shapes;
mod testing;
mod ui;
