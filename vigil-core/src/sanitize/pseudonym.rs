//! Keyed pseudonyms. A bare hash of a phone number or an address is reversed by trying them all; a keyed one is not,
//! and the key's id in the output says which key it was, so that keys can be changed.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::config::PseudonymKey;

/// Makes pseudonyms with one key.
#[derive(Clone)]
pub(crate) struct Pseudonym {
    /// With the key already worked in.
    mac: Hmac<Sha256>,
    /// `hmac:<key id>:`
    prefix: Box<str>,
}

/// Before the key in the hash that gives its id, so that the id is good for nothing else.
const KEY_ID_DOMAIN: &[u8] = b"vigil pseudonym key id v1\0";

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Pseudonym {
    /// With the configured key; `None` if the key is empty, which would be no key.
    pub(crate) fn new(key: &PseudonymKey) -> Option<Self> {
        if key.bytes().is_empty() {
            return None;
        }
        Self::with(key.bytes(), "")
    }

    /// With a key that this process has drawn and nobody knows. Its id begins with `process-`.
    pub(crate) fn of_process() -> Option<Self> {
        static KEY: OnceLock<[u8; 32]> = OnceLock::new();
        Self::with(KEY.get_or_init(draw_key), "process-")
    }

    fn with(key: &[u8], origin: &str) -> Option<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        let mut digest = Sha256::new();
        digest.update(KEY_ID_DOMAIN);
        digest.update(key);
        let id = digest.finalize();
        let mut prefix = format!("hmac:{origin}");
        for byte in id.iter().take(4) {
            prefix.push(char::from(HEX[usize::from(byte >> 4)]));
            prefix.push(char::from(HEX[usize::from(byte & 15)]));
        }
        prefix.push(':');
        Some(Self {
            mac,
            prefix: prefix.into_boxed_str(),
        })
    }

    /// Appends the pseudonym of these bytes. 128 bits of the code: enough that no two values meet.
    pub(crate) fn write(&self, value: &[u8], out: &mut Vec<u8>) {
        let mut mac = self.mac.clone();
        mac.update(value);
        out.extend_from_slice(self.prefix.as_bytes());
        for byte in mac.finalize().into_bytes().iter().take(16) {
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

fn draw_key() -> [u8; 32] {
    let mut key = [0; 32];
    if getrandom::fill(&mut key).is_err() {
        // No source of randomness is no reason to fail the host: the standard library's own keys are the next best.
        for chunk in key.chunks_mut(8) {
            let drawn = RandomState::new().hash_one(0);
            chunk.copy_from_slice(&drawn.to_le_bytes());
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonym(key: &Pseudonym, value: &str) -> String {
        let mut out = Vec::new();
        key.write(value.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_pseudonym_is_the_rfc_4231_code_with_the_key_named() {
        let key = Pseudonym::new(&PseudonymKey::new("Jefe")).unwrap();
        let text = pseudonym(&key, "what do ya want for nothing?");
        // RFC 4231, test case 2, first 16 bytes.
        assert!(
            text.ends_with(":5bdcc146bf60754e6a042426089575c7"),
            "{text}"
        );
        assert_eq!(text.len(), "hmac:".len() + 8 + 1 + 32);
    }

    #[test]
    fn equal_values_are_equal_and_keys_differ() {
        let one = Pseudonym::new(&PseudonymKey::new("one")).unwrap();
        let two = Pseudonym::new(&PseudonymKey::new("two")).unwrap();
        assert_eq!(pseudonym(&one, "a"), pseudonym(&one, "a"));
        assert_ne!(pseudonym(&one, "a"), pseudonym(&one, "b"));
        assert_ne!(pseudonym(&one, "a"), pseudonym(&two, "a"));
        assert!(Pseudonym::new(&PseudonymKey::new("")).is_none());
    }

    #[test]
    fn a_key_of_the_process_says_so() {
        let key = Pseudonym::of_process().unwrap();
        assert!(pseudonym(&key, "a").starts_with("hmac:process-"));
    }
}
