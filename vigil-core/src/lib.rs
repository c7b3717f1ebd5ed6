//! The engine of the Vigil audit toolkit: events, sanitizing, capture, journal, trail and configuration.
//!
//! Applications depend on the `vigil` crate, which re-exports what they need of this one together with the macros.
//! Sinks and integrations depend on this crate.
//!
//! An event goes one way only:
//!
//! ```text
//! capture (the calling thread) → journal → trail (the writer thread) → sinks
//! ```

mod capture;
mod clock;
mod config;
mod error;
mod event;
mod filter;
mod journal;
mod random;
pub mod sanitize;
mod sink;
mod suggest;
mod trail;

pub use capture::{Context, Entered, Scope, WithContext};
pub use clock::{Clock, SystemClock};
pub use engine::{
    Builder, CategoryStats, Guard, Stats, builder, flush, init, is_enabled, set_enabled, stats,
};
pub use error::Error;
pub use event::{
    ActionType, Callsite, Category, Event, EventId, ParseEventError, ParseEventIdError, Status,
};
pub use trail::Daily;
