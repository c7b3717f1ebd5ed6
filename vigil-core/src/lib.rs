//! The engine of Vigil. Applications depend on the `vigil` crate; sinks and integrations on this one.

mod clock;
mod error;
pub mod event;
pub mod sanitize;
mod suggest;

pub use clock::{Clock, SystemClock};
pub use error::Error;
pub use event::{ActionType, Callsite, Category, EventId, ParseEventIdError, Status};
pub use sanitize::{
    Key, Limits, Mask, Pattern, Pii, Profile, PseudonymKey, RuleError, Sanitize, SanitizeConfig,
    Treatment, Writer,
};
