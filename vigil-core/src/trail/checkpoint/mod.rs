//! What is signed: how large the trail was and what its root was, as a C2SP checkpoint in a C2SP signed note, which
//! independent programs read.
//!
//! Formats: <https://c2sp.org/signed-note> and <https://c2sp.org/tlog-checkpoint>. Nothing in here reads or writes a file.

pub(crate) mod base64;
mod body;
mod note;
#[cfg(test)]
mod tests;
mod vkey;

pub(crate) use body::{Checkpoint, check_origin};
pub(crate) use note::{Note, NoteError, Signature, sign};
pub(crate) use vkey::{KeyId, VerifierKey, check_key_name};
