//! A signed note: a text, an empty line, and a line for each signature.

use std::fmt;

use super::base64;
use super::vkey::{KeyId, VerifierKey};
use crate::trail::keys::{SignError, Signer};

/// Longer notes are not read: ours have some hundred bytes, seals some thousand.
const MAX_NOTE: usize = 1 << 20;
const MAX_SIGNATURES: usize = 100;
/// The dash that a line of a signature begins with.
const DASH: &str = "\u{2014} ";

/// A note that has been read, and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note<'t> {
    /// What is signed, with the newline at its end.
    pub(crate) text: &'t str,
    pub(crate) signatures: Vec<Signature<'t>>,
}

/// A line with a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature<'t> {
    /// That of the key.
    pub(crate) name: &'t str,
    pub(crate) key_id: KeyId,
    /// Of an algorithm that follows from the key; 64 bytes for Ed25519.
    pub(crate) signature: Vec<u8>,
}

/// Why a note proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoteError {
    /// It is not a note, a checkpoint or a key.
    Malformed(String),
    /// None of the keys has signed it.
    Unsigned,
    /// It names this key, and the signature is not that of the text.
    WrongSignature(String),
}

impl NoteError {
    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }
}

impl<'t> Note<'t> {
    /// Reads a note that is the whole of `note`.
    pub(crate) fn parse(note: &'t str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::malformed("the note is too long"));
        }
        if note.contains(|c: char| c < ' ' && c != '\n') {
            return Err(NoteError::malformed("the note has a control character"));
        }
        // The last empty line: the text may have others.
        let Some(blank) = note.rfind("\n\n") else {
            return Err(NoteError::malformed(
                "the note has no empty line before its signatures",
            ));
        };
        let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
        let Some(signatures) = signatures.strip_suffix('\n') else {
            return Err(NoteError::malformed("the note does not end with a newline"));
        };
        let signatures: Vec<_> = signatures
            .split('\n')
            .map(Signature::parse)
            .collect::<Result<_, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::malformed("the note has too many signatures"));
        }
        Ok(Self { text, signatures })
    }

    /// Which of these keys have signed it, at least one. The signatures of other keys say nothing.
    pub(crate) fn verify<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed_by: Vec<&VerifierKey> = Vec::new();
        for Signature {
            name,
            key_id,
            signature,
        } in &self.signatures
        {
            let named = |key: &&VerifierKey| key.name() == *name && key.id() == *key_id;
            let Some(key) = keys.iter().find(named) else {
                continue;
            };
            if !key.verifies(self.text.as_bytes(), signature) {
                return Err(NoteError::WrongSignature(key.name().to_owned()));
            }
            if !signed_by.contains(&key) {
                signed_by.push(key);
            }
        }
        if signed_by.is_empty() {
            return Err(NoteError::Unsigned);
        }
        Ok(signed_by)
    }
}

impl<'t> Signature<'t> {
    /// Reads a line, without its newline.
    pub(crate) fn parse(line: &'t str) -> Result<Self, NoteError> {
        let malformed = || NoteError::malformed("a line of the note is not a signature");
        let (name, value) = line
            .strip_prefix(DASH)
            .and_then(|line| line.split_once(' '))
            .ok_or_else(malformed)?;
        super::vkey::check_key_name(name).map_err(|_| malformed())?;
        let value = base64::decode(value).ok_or_else(malformed)?;
        let (key_id, signature) = value.split_first_chunk().ok_or_else(malformed)?;
        if signature.is_empty() {
            return Err(malformed());
        }
        Ok(Self {
            name,
            key_id: *key_id,
            signature: signature.to_vec(),
        })
    }
}

/// The line of a signature, without its newline.
impl fmt::Display for Signature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.key_id.to_vec();
        value.extend(&self.signature);
        write!(f, "{DASH}{} {}", self.name, base64::encode(&value))
    }
}

/// Signs a text, which ends with a newline, by each of the signers: the whole note.
pub(crate) fn sign(text: &str, signers: &[&dyn Signer]) -> Result<String, SignError> {
    let mut note = format!("{text}\n");
    for signer in signers {
        let key = VerifierKey::new(signer.name(), &signer.public_key())?;
        let signature = signer.sign(text.as_bytes())?;
        // A broken device, or a fault injected into it, must not get a wrong signature out: together with a right one
        // it may tell the key.
        if !key.verifies(text.as_bytes(), &signature) {
            return Err(
                "the signature that the signer gave is not one by its own public key".into(),
            );
        }
        let signature = Signature {
            name: key.name(),
            key_id: key.id(),
            signature: signature.to_vec(),
        };
        note.push_str(&format!("{signature}\n"));
    }
    Ok(note)
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => f.write_str(what),
            Self::Unsigned => f.write_str("none of the known keys has signed it"),
            Self::WrongSignature(name) => {
                write!(f, "the signature by the key {name} is not one of this text")
            }
        }
    }
}

impl std::error::Error for NoteError {}
