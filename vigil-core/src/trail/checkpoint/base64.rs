//! Base 64 as notes and checkpoints have it: the standard alphabet, padded, one way to write each value.

use base64ct::{Base64, Encoding as _};

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// `None` also for what decodes and would be written otherwise.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}
