//! The trail: lines of JSON in files that rotate, appended to whole and by one process at a time.
//!
//! The problem is not writing a line, it is what happens around it. A disk fills in the middle of a line, somebody
//! moves the file, a second process starts on the same directory, the machine dies and leaves half a line, the clock is
//! stepped back over midnight. Each of these has its place here: [`line`] composes, [`store`] appends and rotates,
//! [`segment`] knows one file, [`tail`] mends its end, [`lock`] keeps others out, [`follow`] reads along.
//!
//! And the trail proves itself: [`tree`] hashes the lines, [`checkpoint`] says and signs what they were, [`keys`] signs,
//! [`evidence`] keeps the files of all that.

mod calendar;
pub(crate) mod checkpoint;
mod digits;
mod elide;
pub(crate) mod evidence;
pub(crate) mod follow;
pub(crate) mod keys;
mod line;
mod lock;
mod name;
mod sealing;
mod segment;
mod since;
mod store;
mod system;
mod tail;
#[cfg(test)]
mod tests;
mod tree;
mod unsynced;

pub(crate) use digits::stamp;
pub use keys::{SignError, Signer};
pub(crate) use line::Composer;
pub(crate) use name::check_trail_name;
pub use sealing::OnDamage;
pub(crate) use sealing::{Closed, Damage, Integrity, Signing, Tree};
pub(crate) use since::{EVENTS_LOST, Since};
pub use store::Daily;
pub(crate) use store::{Trail, TrailConfig};
pub(crate) use system::System;
pub(crate) use unsynced::Unsynced;

/// A line of the trail has at most this many bytes, its newline not counted.
pub(crate) const MAX_LINE: usize = 65_535;
