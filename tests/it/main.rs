//! The promises of Vigil, a module each, and the parts that none of them covers.

mod configuration;
mod context;
mod examples;
mod host_first;
mod no_secret;
mod nothing_lost;
mod outcomes;
mod rotation;
mod schema;
mod scope;
// mod shapes;
// mod ui;
