//! SHA-256 (FIPS 180-4) of many texts. Hashing is most of what the proof of a trail costs, and the texts are there by the
//! thousand, so they are hashed side by side.

#[cfg(target_arch = "x86_64")]
mod constants;
#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod message;
#[cfg(target_arch = "x86_64")]
mod pair;
#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use super::hash::Hash;

/// The hash of a text behind this byte.
pub(super) fn one(prefix: u8, text: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([prefix]);
    hasher.update(text);
    hasher.finalize().into()
}

/// The hashes of texts, each behind this byte, in their places.
pub(super) fn each(prefix: u8, texts: &[&[u8]], hashes: &mut [Hash]) {
    // Where nothing is optimized, each instruction is a call.
    let how = if cfg!(debug_assertions) {
        How::OneByOne
    } else {
        How::best_for(texts.len())
    };
    how.hash(prefix, texts, hashes);
}

/// By which of the processor's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Those for sixteen numbers at a time.
    #[cfg(target_arch = "x86_64")]
    Lanes,
    /// Those for SHA-256.
    #[cfg(target_arch = "x86_64")]
    Pairs,
    /// As the crate `sha2` knows.
    OneByOne,
}

impl How {
    fn best_for(count: usize) -> Self {
        #[cfg(target_arch = "x86_64")]
        match count {
            lanes::FEW.. if lanes::is_known() => return Self::Lanes,
            2.. if pair::is_known() => return Self::Pairs,
            _ => {}
        }
        _ = count;
        Self::OneByOne
    }

    #[cfg_attr(
        target_arch = "x86_64",
        expect(unsafe_code, reason = "there is no other way to call such functions")
    )]
    fn hash(self, prefix: u8, texts: &[&[u8]], hashes: &mut [Hash]) {
        match self {
            // SAFETY: `best_for` names it only where the processor has said that it knows the instructions that the
            // function is compiled to.
            #[cfg(target_arch = "x86_64")]
            Self::Lanes => unsafe { lanes::each(prefix, texts, hashes) },
            #[cfg(target_arch = "x86_64")]
            Self::Pairs => {
                let (pairs, last) = texts.as_chunks::<2>();
                let (hashes, last_hash) = hashes.as_chunks_mut::<2>();
                for (texts, hashes) in pairs.iter().zip(hashes) {
                    // SAFETY: likewise.
                    *hashes = unsafe { pair::both(prefix, *texts) };
                }
                Self::OneByOne.hash(prefix, last, last_hash);
            }
            Self::OneByOne => {
                for (text, hash) in texts.iter().zip(hashes) {
                    *hash = one(prefix, text);
                }
            }
        }
    }
}
