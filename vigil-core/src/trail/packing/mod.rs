//! How closed segments are kept: compressed, and encrypted to those who may read them.
//!
//! A segment that is sealed is never written to again, and its lines are much like each other. Nothing of what is signed
//! speaks of the file that they stand in: the root is over the lines. So the file can be made anew at any time, by us or by
//! `zstd`, `gzip` and `age`; beside the seal, `stored` says which file it is now.
//!
//! A file is made under a temporary name, synced, read back and held against the seal; then it gets its name, the seal
//! tells of it, and only then does the one before go. Whenever the process dies, the lines are there, and the next run goes
//! on from what it finds.

#[cfg_attr(feature = "encryption", path = "with_age.rs")]
#[cfg_attr(not(feature = "encryption"), path = "without_age.rs")]
mod age;
mod encode;
mod keys;
#[cfg(test)]
#[cfg(unix)]
mod killed;
mod mend;
mod options;
mod publish;
mod run;
#[cfg(test)]
mod tests;
mod unfinished;
mod unpack;

pub(in crate::trail) use encode::hash_of;
pub use keys::Identities;
pub(crate) use keys::{check_recipient, is_locked, secret};
pub(crate) use options::Packing;
pub use options::{Compression, PackOptions};
pub(crate) use run::{Needed, has_work, run};
pub use run::{Packed, pack};
pub use unpack::{Unpacked, unpack};
