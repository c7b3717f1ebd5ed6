//! Who signs: a key in a file beside the trail, or a device of the user's; and who has signed.

mod file;
mod ring;
mod signer;
#[cfg(test)]
mod tests;

pub(crate) use file::FileSigner;
pub(crate) use file::destroy;
pub(crate) use ring::Keys;
pub use signer::{SignError, Signer};
