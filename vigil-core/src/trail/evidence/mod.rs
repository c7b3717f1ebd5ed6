//! The files beside the trail by which it proves itself: hashes, checkpoints, seals, keys. How each is written and how
//! it is read stand side by side; `docs/trail-format.md` describes them for others.

#![allow(
    dead_code,
    unused_imports,
    reason = "a part of it is there for those who verify and prove"
)]

mod checkpoints;
mod hex;
mod places;
mod seal;
mod sidecar;
#[cfg(test)]
mod tests;

pub(crate) use checkpoints::{Checkpoints, split_notes};
pub(crate) use places::Places;
pub(crate) use seal::{SEAL_VERSION, Seal, SealError, SealFile, Stored};
pub(crate) use sidecar::{Sidecar, SidecarWriter};
