//! The public key of a trail as C2SP writes it: `<name>+<key id>+<base 64 of 0x01 and the key>`.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::base64;
use super::note::NoteError;

/// The algorithm's number in key ids and keys: 1 is Ed25519. Other numbers are other algorithms, which is why it is there.
const ED25519: u8 = 0x01;

/// The first four bytes of a hash over the key and its name.
pub(crate) type KeyId = [u8; 4];

/// Checks signatures of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VerifierKey {
    name: String,
    id: KeyId,
    key: VerifyingKey,
}

impl VerifierKey {
    pub(crate) fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, NoteError> {
        check_key_name(name).map_err(NoteError::malformed)?;
        let key = VerifyingKey::from_bytes(public_key)
            .ok()
            // A key of small order signs anything: nobody has it by accident.
            .filter(|key| !key.is_weak())
            .ok_or_else(|| NoteError::malformed("the bytes are not an Ed25519 public key"))?;
        let mut hasher = Sha256::new();
        hasher.update(name);
        hasher.update([b'\n', ED25519]);
        hasher.update(public_key);
        let hash = hasher.finalize();
        Ok(Self {
            name: name.to_owned(),
            id: [hash[0], hash[1], hash[2], hash[3]],
            key,
        })
    }

    /// Reads a key as it is in `log.vkey`, without the newline.
    pub(crate) fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = |what: &str| NoteError::malformed(format!("the verifier key has {what}"));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("not three parts with + in between"));
        };
        let key =
            base64::decode(key).ok_or_else(|| malformed("a last part that is not base 64"))?;
        let Some((&ED25519, key)) = key.split_first() else {
            return Err(malformed("another algorithm than Ed25519"));
        };
        let key: [u8; 32] = key
            .try_into()
            .map_err(|_| malformed("another length than 32 bytes"))?;
        let parsed = Self::new(name, &key)?;
        if id != hex_id(parsed.id) {
            return Err(malformed("an id that is not that of its name and key"));
        }
        Ok(parsed)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        write!(
            f,
            "{}+{}+{}",
            self.name,
            hex_id(self.id),
            base64::encode(&key)
        )
    }
}

fn hex_id(id: KeyId) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Why this cannot be the name of a key, if so.
pub(crate) fn check_key_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("a key needs a name")
    } else if name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        Err("the name of a key has no spaces, no control characters and no +")
    } else {
        Ok(())
    }
}
