//! What an audited call does: it asks the filters, writes its sanitized arguments, runs, tells its outcome, and hands
//! the event over.

mod abort;
mod active;
mod ambient;
mod call;
mod context;
mod delivery;
mod error_name;
mod future;
mod handle;
mod inline;
mod members;
mod notes;
pub mod outcome;
mod panic;
mod pool;
mod returned;
mod safe_scope;
mod scope;
mod tap;

pub use active::Active;
pub use call::Call;
pub use context::{Context, Entered, WithContext};
pub use delivery::{Refusable, admitted, admitted_later, refused, returned_durably};
pub use future::Audited;
pub use handle::Handle;
pub use inline::Inline;
pub use returned::{Concluded, make_future, returned};
pub use safe_scope::{DurableScope, RequiredScope};
pub use scope::Scope;
pub(crate) use tap::{Records, Tap};
