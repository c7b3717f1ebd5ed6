//! How an encrypted value stands in a line, and what it is bound to. `docs/event-format.md` describes the same for readers.

use std::fmt::Write as _;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64ct::{Base64, Encoding as _};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::SecretKey;
use crate::event::EventId;

/// How each envelope begins, in a line as Vigil has written it.
pub(super) const BEGINNING: &[u8] = b"{\"$enc\":1,\"kid\":\"k_";
const NONCE: usize = 12;

/// A value as it stands in a line.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "$enc")]
    version: u32,
    pub(super) kid: String,
    n: String,
    c: String,
}

/// A key of a subject, made ready. The schedule is zeroized when it is dropped.
pub(super) struct DataKey {
    pub(super) kid: String,
    cipher: Aes256Gcm,
}

impl DataKey {
    pub(super) fn new(kid: &str, key: &SecretKey) -> Self {
        Self {
            kid: kid.to_owned(),
            cipher: Aes256Gcm::new(key.as_bytes().into()),
        }
    }

    /// Appends the envelope of a value; `None` if the system gives no random bytes.
    pub(super) fn seal(
        &self,
        event: EventId,
        path: &str,
        json: &str,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let aad = bound_to(event, path, &self.kid);
        let payload = Payload {
            msg: json.as_bytes(),
            aad: aad.as_bytes(),
        };
        let sealed = self.cipher.encrypt(&nonce.into(), payload).ok()?;
        let mut text = String::with_capacity(112 + sealed.len() * 4 / 3);
        let (n, c) = (
            Base64::encode_string(&nonce),
            Base64::encode_string(&sealed),
        );
        let _ = write!(
            text,
            "{{\"$enc\":1,\"kid\":\"{}\",\"n\":\"{n}\",\"c\":\"{c}\"}}",
            self.kid
        );
        out.extend_from_slice(text.as_bytes());
        Some(())
    }

    /// The JSON of the value; `None` if it was not sealed by this key for this event and place.
    pub(super) fn open(
        &self,
        event: EventId,
        path: &str,
        envelope: &Envelope,
    ) -> Option<Zeroizing<Vec<u8>>> {
        if envelope.version != 1 {
            return None;
        }
        let nonce: [u8; NONCE] = Base64::decode_vec(&envelope.n).ok()?.try_into().ok()?;
        let sealed = Base64::decode_vec(&envelope.c).ok()?;
        let aad = bound_to(event, path, &self.kid);
        let payload = Payload {
            msg: &sealed,
            aad: aad.as_bytes(),
        };
        let json = Zeroizing::new(self.cipher.decrypt(&nonce.into(), payload).ok()?);
        // It becomes part of a line.
        serde_json::from_slice::<&serde_json::value::RawValue>(&json).ok()?;
        Some(json)
    }
}

/// No part of the three can hold a zero byte: ids do not, and a control character in a JSON Pointer comes from a name that
/// the sanitizer has escaped.
fn bound_to(event: EventId, path: &str, kid: &str) -> String {
    format!("{event}\0{path}\0{kid}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_moved_cannot_be_opened() {
        let key = DataKey::new("k_1", &SecretKey::new([7; 32]));
        let (here, there) = (EventId::new(1), EventId::new(2));
        let mut out = Vec::new();
        key.seal(here, "/a/b", "\"jane\"", &mut out).unwrap();
        let envelope: Envelope = serde_json::from_slice(&out).unwrap();
        assert_eq!(
            key.open(here, "/a/b", &envelope).unwrap().as_slice(),
            b"\"jane\""
        );
        assert!(key.open(there, "/a/b", &envelope).is_none());
        assert!(key.open(here, "/a/c", &envelope).is_none());
        let renamed = DataKey::new("k_2", &SecretKey::new([7; 32]));
        assert!(renamed.open(here, "/a/b", &envelope).is_none());
        let other = DataKey::new("k_1", &SecretKey::new([8; 32]));
        assert!(other.open(here, "/a/b", &envelope).is_none());
    }
}
