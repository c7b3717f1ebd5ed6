//! Who signs: a key in a file beside the trail, or a device of the user's.

#[allow(dead_code, reason = "the writer is about to use it")]
mod file;
mod signer;
#[cfg(test)]
mod tests;

#[allow(unused_imports, reason = "the writer is about to use it")]
pub(crate) use file::FileSigner;
pub use signer::{SignError, Signer};
