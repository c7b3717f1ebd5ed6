//! The engine of Vigil. Applications depend on the `vigil` crate; sinks and integrations on this one.

mod clock;
mod config;
mod error;
pub mod event;
pub mod sanitize;
mod sink;
mod suggest;
mod trail;

pub use clock::{Clock, SystemClock};
pub use error::Error;
pub use event::{
    ActionType, Callsite, Category, Event, EventId, ParseEventError, ParseEventIdError, Status,
};
pub use trail::Daily;
