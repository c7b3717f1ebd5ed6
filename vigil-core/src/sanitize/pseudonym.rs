//! Keyed pseudonyms. A bare hash of a phone number or an address is reversed by trying them all; a keyed one is not,
//! and the key's id in the output says which key it was, so that keys can be changed.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::vault::Scope;

/// The secret key of pseudonyms. `Debug` does not show it.
///
/// # Examples
///
/// Finding what the trail holds of somebody, under the key of today and that of last year:
///
/// ```
/// use vigil_core::sanitize::{PseudonymKey, Scope};
///
/// let today = PseudonymKey::new(*b"32 bytes from a secret store.....");
/// let before = PseudonymKey::new(*b"32 bytes that were used before...");
/// let scope = Scope::new("email").tenant("acme");
/// let wanted = [&today, &before].map(|key| key.pseudonym(scope, "jane@example.com"));
/// assert!(wanted[0].starts_with(&format!("hmac:{}:", today.id())));
/// assert_eq!(format!("{today:?}"), "PseudonymKey(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymKey(Box<[u8]>);

impl PseudonymKey {
    /// A key of these bytes; 32 random ones are right.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    /// What names the key in its pseudonyms: eight hexadecimal digits that tell nothing of the key.
    #[must_use]
    pub fn id(&self) -> String {
        id_of(&self.0)
    }

    /// The pseudonym that the trail holds for this value.
    #[must_use]
    pub fn pseudonym(&self, scope: Scope<'_>, value: &str) -> String {
        let mut out = Vec::new();
        if let Some(pseudonym) = Pseudonym::with(&self.0, "") {
            pseudonym.write(scope, value.as_bytes(), &mut out);
        }
        String::from_utf8(out).unwrap_or_default()
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(***)")
    }
}

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

/// Before everything else in the code of a value.
const DOMAIN: &[u8] = b"vigil pseudonym v1\0";

/// Bytes of a value that go into its pseudonym; of a longer one its length goes in as well.
pub(super) const HASHED: usize = 1 << 16;

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Pseudonym {
    /// With the configured key; `None` if the key is empty, which would be no key.
    pub(crate) fn new(key: &PseudonymKey) -> Option<Self> {
        if key.0.is_empty() {
            return None;
        }
        Self::with(&key.0, "")
    }

    /// With a key that this process has drawn and nobody knows. Its id begins with `process-`.
    pub(crate) fn of_process() -> Option<Self> {
        static KEY: OnceLock<[u8; 32]> = OnceLock::new();
        Self::with(KEY.get_or_init(draw_key), "process-")
    }

    fn with(key: &[u8], origin: &str) -> Option<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        let prefix = format!("hmac:{origin}{}:", id_of(key));
        Some(Self {
            mac,
            prefix: prefix.into_boxed_str(),
        })
    }

    /// Appends the pseudonym of these bytes. 128 bits of the code: enough that no two values meet.
    ///
    /// Kind and tenant go in with their lengths, so that no two scopes can be read as one.
    pub(crate) fn write(&self, scope: Scope<'_>, value: &[u8], out: &mut Vec<u8>) {
        let mut mac = self.mac.clone();
        mac.update(DOMAIN);
        for part in [scope.kind, scope.tenant.unwrap_or_default()] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        match value.get(..HASHED) {
            Some(begin) if value.len() > HASHED => {
                mac.update(begin);
                mac.update(&(value.len() as u64).to_le_bytes());
            }
            _ => mac.update(value),
        }
        out.extend_from_slice(self.prefix.as_bytes());
        hex(mac.finalize().into_bytes().iter().take(16), out);
    }
}

/// Whether this is a pseudonym already, of whatever key: another one of it would be found by nobody who looks for the
/// value, and a text may pass two services.
pub(crate) fn is_pseudonym(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("hmac:") else {
        return false;
    };
    let rest = rest.strip_prefix("process-").unwrap_or(rest);
    let is_hex = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|byte| HEX.contains(&byte))
    };
    rest.split_once(':')
        .is_some_and(|(id, code)| is_hex(id, 8) && is_hex(code, 32))
}

fn id_of(key: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(KEY_ID_DOMAIN);
    digest.update(key);
    let mut id = Vec::new();
    hex(digest.finalize().iter().take(4), &mut id);
    String::from_utf8(id).unwrap_or_default()
}

fn hex<'b>(bytes: impl Iterator<Item = &'b u8>, out: &mut Vec<u8>) {
    for byte in bytes {
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 15)]);
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

    fn key(text: &str) -> PseudonymKey {
        PseudonymKey::new(text)
    }

    /// Computed by another implementation: `hmac.new(b"Jefe", domain + lengths and parts, "sha256")` in Python.
    #[test]
    fn the_pseudonym_is_the_code_of_rfc_2104_with_the_key_named() {
        let text = key("Jefe").pseudonym(Scope::new("email").tenant("acme"), "jane@example.com");
        assert_eq!(
            text,
            format!("hmac:{}:de81b894ddcd90357598b17877fe5030", key("Jefe").id())
        );
        assert_eq!(key("Jefe").id(), "0c55204f");
    }

    #[test]
    fn equal_values_are_equal_within_key_kind_and_tenant_only() {
        let email = Scope::new("email");
        let one = key("one").pseudonym(email, "a");
        assert_eq!(one, key("one").pseudonym(email, "a"));
        for other in [
            key("one").pseudonym(email, "b"),
            key("two").pseudonym(email, "a"),
            key("one").pseudonym(Scope::new("phone"), "a"),
            key("one").pseudonym(email.tenant("acme"), "a"),
            // The parts cannot be shifted into one another.
            key("one").pseudonym(Scope::new("emaila"), ""),
            key("one").pseudonym(Scope::new("email").tenant("a"), ""),
        ] {
            assert_ne!(one, other);
        }
        assert!(Pseudonym::new(&key("")).is_none());
    }

    #[test]
    fn a_pseudonym_is_known_again() {
        let made = key("Jefe").pseudonym(Scope::new("email"), "jane@example.com");
        assert!(is_pseudonym(&made));
        for other in [
            "hmac:",
            "4155550118",
            &made[1..],
            &made[..made.len() - 1],
            &made.to_uppercase(),
            &format!("{made}0"),
        ] {
            assert!(!is_pseudonym(other), "{other}");
        }
    }

    #[test]
    fn a_key_of_the_process_says_so() {
        let mut out = Vec::new();
        Pseudonym::of_process()
            .unwrap()
            .write(Scope::new("value"), b"a", &mut out);
        assert!(out.starts_with(b"hmac:process-"));
        assert!(is_pseudonym(std::str::from_utf8(&out).unwrap()));
    }
}
