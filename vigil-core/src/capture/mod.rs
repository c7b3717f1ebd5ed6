//! What an audited call does: it asks the filters, writes its sanitized arguments, runs, tells its outcome, and hands
//! the event over.

mod ambient;
mod call;
mod context;
mod future;
mod inline;
pub mod outcome;
mod panic;
mod pool;
mod returned;
mod scope;
mod tap;

pub use call::{Active, Call};
pub use context::{Context, Entered, WithContext};
pub use future::Audited;
pub use inline::Inline;
pub use returned::{Concluded, make_future, returned};
pub use scope::Scope;
pub(crate) use tap::{Records, Tap};
