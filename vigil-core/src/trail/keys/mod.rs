//! Who signs: a key in a file beside the trail, or a device of the user's; and who has signed.

mod file;
mod init;
mod ring;
mod signer;
#[cfg(test)]
mod tests;
mod untold;

pub(crate) use file::FileSigner;
pub(crate) use file::destroy;
pub use init::init_keys;
pub(crate) use ring::Keys;
pub use signer::{SignError, Signer};
pub(crate) use untold::Untold;
