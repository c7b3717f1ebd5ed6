//! Keeping a trail for as long as it has to be kept, and no longer: which closed segments are due, what keeps them, and
//! how they go without leaving a doubt.
//!
//! Only the lines go. The hashes of a segment and its seal stay, so that what was signed of it, and proofs that somebody
//! has, still verify; and the trail itself tells of each removal, under its own signature.

mod age;
mod compliance;
mod plan;
mod policy;
mod purge;
mod times;

pub use age::Age;
pub(crate) use age::EXPECTED as AGE_EXPECTED;
pub use compliance::Compliance;
pub use plan::{Action, Plan, PlannedSegment, plan};
pub(crate) use plan::{Claim, Now};
pub use policy::{Keep, Retention, RetentionProfile};
pub use purge::Applied;
pub(crate) use purge::{Order, Teller, run};
