//! The event and its parts: the type everything else speaks.

mod actor;
mod callsite;
mod id;
pub(crate) mod model;
pub(crate) mod record;
mod status;
mod vocabulary;

pub use actor::{Actor, Id, Resource};
pub use callsite::Callsite;
pub use id::{EventId, ParseEventIdError};
pub use model::{Event, ParseEventError};
pub use status::Status;
pub use vocabulary::{ActionType, Category};
