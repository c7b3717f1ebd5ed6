//! Cosignatures of witnesses (<https://c2sp.org/tlog-cosignature>): that one has seen a checkpoint at some time, and no
//! other history before.

use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::trail::checkpoint::{KeyId, Note, NoteError, Signature, base64, check_key_name};

/// The algorithm's number in keys: 4 is a cosignature by Ed25519, with its time.
const COSIGNATURE: u8 = 0x04;

/// Checks cosignatures of a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WitnessKey {
    name: String,
    id: KeyId,
    key: VerifyingKey,
}

impl WitnessKey {
    /// Reads `<name>+<key id>+<base 64 of 0x04 and the key>`.
    pub(crate) fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = |what: &str| NoteError::malformed(format!("the witness key has {what}"));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("not three parts with + in between"));
        };
        check_key_name(name).map_err(NoteError::malformed)?;
        let key =
            base64::decode(key).ok_or_else(|| malformed("a last part that is not base 64"))?;
        let bytes: [u8; 32] = match key.split_first() {
            Some((&COSIGNATURE, key)) => key
                .try_into()
                .map_err(|_| malformed("another length than 32 bytes"))?,
            Some((0x01, _)) => {
                return Err(malformed(
                    "the algorithm 1, which signs a trail and is not that of cosignatures (4): it is a key of a trail",
                ));
            }
            _ => {
                return Err(malformed(
                    "another algorithm than 4, cosignatures by Ed25519",
                ));
            }
        };
        let key = VerifyingKey::from_bytes(&bytes)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or_else(|| malformed("bytes that are not an Ed25519 public key"))?;
        let mut hasher = Sha256::new();
        hasher.update(name);
        hasher.update([b'\n', COSIGNATURE]);
        hasher.update(bytes);
        let hash = hasher.finalize();
        let own = [hash[0], hash[1], hash[2], hash[3]];
        if id != format!("{:08x}", u32::from_be_bytes(own)) {
            return Err(malformed("an id that is not that of its name and key"));
        }
        Ok(Self {
            name: name.to_owned(),
            id: own,
            key,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a line bears its name and key.
    pub(crate) fn is_of(&self, line: &Signature<'_>) -> bool {
        line.name == self.name && line.key_id == self.id
    }

    /// When the witness has cosigned a note; `None` if it has not.
    ///
    /// # Errors
    ///
    /// If a line bears its name and key, and is not its signature.
    pub(crate) fn time_of(&self, note: &Note<'_>) -> Result<Option<Timestamp>, NoteError> {
        let mut latest = None;
        for line in &note.signatures {
            if !self.is_of(line) {
                continue;
            }
            let wrong = || NoteError::WrongSignature(self.name.clone());
            let (time, signature) = line.signature.split_first_chunk::<8>().ok_or_else(wrong)?;
            let seconds = u64::from_be_bytes(*time);
            let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| wrong())?;
            let signed = format!("cosignature/v1\ntime {seconds}\n{}", note.text);
            self.key
                .verify_strict(signed.as_bytes(), &signature)
                .map_err(|_| wrong())?;
            let time = i64::try_from(seconds)
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or_else(wrong)?;
            latest = latest.max(Some(time));
        }
        Ok(latest)
    }
}
