//! The event and its parts: the type everything else speaks.

mod actor;
mod argument;
mod callsite;
mod delivery;
mod id;
mod linked;
pub(crate) mod model;
pub(crate) mod record;
mod schema;
mod site;
mod status;
mod vocabulary;

pub use actor::{Actor, Id, Resource};
pub use argument::Argument;
pub(crate) use argument::{InWords, Written};
pub use callsite::Callsite;
pub use delivery::{Delivery, Overflow};
pub use id::{EventId, ParseEventIdError};
pub use model::{Event, ParseEventError};
pub(crate) use site::{SiteText, push_literal};
pub use status::Status;
pub use vocabulary::{ActionType, Category, Word};
