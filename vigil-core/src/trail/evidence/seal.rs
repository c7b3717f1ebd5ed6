//! The manifest of a closed segment: what it held, and the seal before it. When the segment itself is gone, its hashes and
//! its seal still carry the proofs.
//!
//! The file is one JSON object, `{"seal":{…},"signatures":["…"],"stored":{…}}`. Signed, and chained to by the next seal,
//! are exactly the bytes of the object behind `"seal":`; the others may be added to later.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::hex;
use crate::trail::checkpoint::{Note, NoteError, Signature, VerifierKey, sign};
use crate::trail::keys::{SignError, Signer};
use crate::trail::tree::{Hash, Peaks};

/// Of the format of seals. A reader that finds another one says so, and does not guess.
pub(crate) const SEAL_VERSION: u32 = 1;

/// What is true of a segment since it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seal {
    pub(crate) version: u32,
    /// Of the trail.
    pub(crate) origin: String,
    /// The name of its file, without the endings of a compressed one.
    pub(crate) segment: String,
    /// The index of its first event.
    pub(crate) first: u64,
    /// The number of its events.
    pub(crate) count: u64,
    /// The timestamps of its first and its last event, as they stand in the lines; absent from an empty segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_time: Option<String>,
    /// The bytes of its lines, with their newlines.
    pub(crate) size: u64,
    /// The root of the tree at its end, over all events of the trail up to there, in hexadecimal digits.
    #[serde(with = "hex")]
    pub(crate) root: Hash,
    /// The roots of the full subtrees from which that root follows, the largest first: with them the tree goes on from
    /// here without the segments before.
    #[serde(with = "hex::list")]
    pub(crate) peaks: Vec<Hash>,
    /// The [hash](SealFile::hash) of the seal before; absent from the first.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hex::option")]
    pub(crate) previous: Option<Hash>,
    /// By category, the events that the segment declares lost.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) lost: BTreeMap<String, u64>,
    /// By category, the number of its lines. Where they do not sum up to `count`, nobody knows of the rest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) categories: BTreeMap<String, u64>,
    /// The verifier keys by which checkpoints of this segment may be signed.
    pub(crate) keys: Vec<String>,
}

/// The file in which a closed segment is kept, if it is not as it was written: compressed, encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) size: u64,
    /// SHA-256 of the file, as `sha256sum` prints it.
    #[serde(with = "hex")]
    pub(crate) sha256: Hash,
    /// SHA-256 of the lines, as `sha256sum` prints it of the file before.
    #[serde(with = "hex")]
    pub(crate) plain_sha256: Hash,
}

/// A seal with what stands around it.
#[derive(Debug, Clone)]
pub(crate) struct SealFile {
    pub(crate) seal: Seal,
    raw: Box<RawValue>,
    /// Lines of signatures as in a signed note.
    pub(crate) signatures: Vec<String>,
    pub(crate) stored: Option<Stored>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    seal: Box<RawValue>,
    signatures: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stored: Option<Stored>,
}

/// Why a file is no seal.
#[derive(Debug)]
pub(crate) enum SealError {
    Malformed(String),
    /// Of a version that is not known here.
    Version(u32),
    Signature(NoteError),
}

impl Seal {
    /// The tree as it is at the end of the segment.
    pub(crate) fn tree(&self) -> Option<Peaks> {
        let size = self.first.checked_add(self.count)?;
        let peaks = Peaks::new(size, self.peaks.clone())?;
        (peaks.root() == self.root).then_some(peaks)
    }

    /// The index behind its last event.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }
}

impl SealFile {
    /// A seal that nobody has signed yet.
    pub(crate) fn new(seal: Seal) -> Result<Self, serde_json::Error> {
        let raw = serde_json::value::to_raw_value(&seal)?;
        Ok(Self {
            seal,
            raw,
            signatures: Vec::new(),
            stored: None,
        })
    }

    /// Adds the signatures of these.
    pub(crate) fn sign(&mut self, signers: &[&dyn Signer]) -> Result<(), SignError> {
        let text = self.text();
        let note = sign(&text, signers)?;
        let note = Note::parse(&note)?;
        let lines = note.signatures.iter().map(ToString::to_string);
        self.signatures.extend(lines);
        Ok(())
    }

    /// Which of these keys have signed it, at least one.
    pub(crate) fn verify<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<Vec<&'k VerifierKey>, SealError> {
        let signatures = self.signatures.iter().map(|line| Signature::parse(line));
        let note = Note {
            text: &self.text(),
            signatures: signatures
                .collect::<Result<_, _>>()
                .map_err(SealError::Signature)?,
        };
        note.verify(keys).map_err(SealError::Signature)
    }

    /// What is signed: the bytes of the seal and a newline.
    fn text(&self) -> String {
        format!("{}\n", self.raw.get())
    }

    /// SHA-256 over the bytes of the seal: what the next one has as `previous`.
    pub(crate) fn hash(&self) -> Hash {
        Sha256::digest(self.raw.get()).into()
    }

    /// The file, a line.
    pub(crate) fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string(&Outer {
            seal: self.raw.clone(),
            signatures: self.signatures.clone(),
            stored: self.stored.clone(),
        })?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a file, strictly: what is not known here is an error. Signatures are not verified.
    pub(crate) fn parse(text: &str) -> Result<Self, SealError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let malformed = |error: serde_json::Error| SealError::Malformed(error.to_string());
        let Outer {
            seal: raw,
            signatures,
            stored,
        } = serde_json::from_str(text).map_err(malformed)?;
        // First: another version may have other members.
        let Version { version } = serde_json::from_str(raw.get()).map_err(malformed)?;
        if version != SEAL_VERSION {
            return Err(SealError::Version(version));
        }
        let seal: Seal = serde_json::from_str(raw.get()).map_err(malformed)?;
        if seal.tree().is_none() {
            let what = "its root does not follow from its peaks and its size";
            return Err(SealError::Malformed(what.to_owned()));
        }
        Ok(Self {
            seal,
            raw,
            signatures,
            stored,
        })
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "it is no seal: {what}"),
            Self::Version(version) => write!(
                f,
                "it is a seal of version {version}, and this program knows version {SEAL_VERSION}"
            ),
            Self::Signature(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealError {}
