//! The files beside the trail by which it proves itself: hashes, checkpoints, seals, keys. How each is written and how
//! it is read stand side by side; `docs/trail-format.md` describes them for others.

mod checkpoints;
mod hex;
mod places;
mod purges;
mod seal;
mod sidecar;
#[cfg(test)]
mod tests;

pub(crate) use checkpoints::{Checkpoints, split_notes};
pub(crate) use places::Places;
pub(crate) use purges::{MOST_SEGMENTS, Purge, Purged, PurgedSegment, Purges, RETENTION_PURGED};
pub(crate) use seal::Stored;
pub(crate) use seal::{SEAL_VERSION, Seal, SealError, SealFile};
pub(crate) use sidecar::{Sidecar, SidecarWriter};
