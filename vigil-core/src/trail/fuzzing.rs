//! What the fuzzing targets ask of the readers of foreign files beyond the public interface; see `fuzz/` and `tests/fuzz`.
//!
//! Each of them panics where a reader breaks its promise. Who cannot sign must not make anything up: what is accepted is
//! what was signed, however the bytes around it were changed.

use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};

use super::checkpoint::{Checkpoint, Note, VerifierKey, sign};
use super::evidence::{SEAL_VERSION, Seal, SealFile, Sidecar, split_notes};
use super::keys::{SignError, Signer};
use super::proof::{Proof, check_proof};
use super::tree::{Hash, Peaks, leaf_hash};

const ORIGIN: &str = "fuzz.example/audit";

struct Key(SigningKey);

impl Signer for Key {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.try_sign(message)?.to_bytes())
    }
}

fn key() -> Key {
    Key(SigningKey::from_bytes(&[7; 32]))
}

fn verifier() -> VerifierKey {
    VerifierKey::new(ORIGIN, &key().public_key()).expect("a good key")
}

fn event(index: u64) -> Vec<u8> {
    format!("{{\"seq\":{index}}}").into_bytes()
}

fn tree(size: u64) -> Peaks {
    let mut peaks = Peaks::default();
    for index in 0..size {
        peaks.push(leaf_hash(&event(index)));
    }
    peaks
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: tree(size).root(),
    }
}

/// A note that is signed, over a checkpoint of so many events.
#[must_use]
pub fn signed_note(size: u64) -> String {
    sign(&checkpoint(size).text(), &[&key()]).expect("a signature")
}

/// Reads a list of notes, of which nothing gets lost.
pub fn read_notes(text: &str) {
    let (notes, rest) = split_notes(text);
    // With the empty line behind each, which separates it from the next.
    let listed: String = notes.iter().map(|note| format!("{note}\n")).collect();
    assert_eq!(listed + rest, text);
}

/// Reads a note; one that is accepted says what [`signed_note`] of this size says.
pub fn read_note(text: &str, size: u64) {
    if let Ok(note) = Note::parse(text) {
        if let Ok(checkpoint) = Checkpoint::parse(note.text) {
            assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint));
        }
        if note.verify(&[verifier()]).is_ok() {
            assert_eq!(note.text, checkpoint(size).text());
        }
    }
}

/// Reads a verifier key, which is written as it is read.
pub fn read_verifier_key(text: &str) {
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key));
    }
}

/// The key that signs here.
#[must_use]
pub fn verifier_key() -> String {
    verifier().to_string()
}

/// The file of a seal that is signed, over a segment of so many events.
#[must_use]
pub fn signed_seal(count: u64) -> String {
    let tree = tree(count);
    let seal = Seal {
        version: SEAL_VERSION,
        origin: ORIGIN.to_owned(),
        segment: "audit_audit_2026-11-23.log".to_owned(),
        first: 0,
        count,
        first_time: Some("2026-11-23T20:01:57.963017Z".to_owned()),
        last_time: None,
        size: 100,
        root: tree.root(),
        peaks: tree.hashes().to_vec(),
        previous: Some([3; 32]),
        lost: [("DATA".to_owned(), 7)].into(),
        categories: [("API".to_owned(), 5)].into(),
        keys: vec![verifier_key()],
    };
    let mut file = SealFile::new(seal).expect("a seal");
    file.sign(&[&key()]).expect("a signature");
    file.to_text().expect("JSON")
}

/// Reads the file of a seal; one that is accepted says what [`signed_seal`] of this size says.
pub fn read_seal(text: &str, count: u64) {
    let Ok(file) = SealFile::parse(text) else {
        return;
    };
    let again = SealFile::parse(&file.to_text().expect("JSON")).expect("what was read before");
    assert_eq!(again.seal, file.seal);
    let _ = (file.seal.end(), file.seal.tree(), file.hash());
    if file.verify(&[verifier()]).is_ok() {
        let original = SealFile::parse(&signed_seal(count)).expect("a seal");
        assert_eq!(file.seal, original.seal);
    }
}

/// Reads the hashes beside a segment: each whole one, and nothing else.
pub fn read_sidecar(path: &Path, bytes: &[u8], order: &[u16]) {
    std::fs::write(path, bytes).expect("a file");
    let mut sidecar = Sidecar::open(path).expect("a sidecar");
    let leaves: Vec<Hash> = bytes
        .chunks_exact(32)
        .map(|chunk| chunk.try_into().expect("32 bytes"))
        .collect();
    assert_eq!(sidecar.count(), leaves.len() as u64);
    for index in order.iter().copied().chain(0..leaves.len() as u16 + 1) {
        let leaf = sidecar.leaf(u64::from(index)).expect("a readable file");
        assert_eq!(leaf.as_ref(), leaves.get(usize::from(index)));
    }
    assert_eq!(sidecar.leaf(u64::MAX).expect("a readable file"), None);
}

/// The proof of an event in a trail of so many, and the event.
#[must_use]
pub fn signed_proof(index: u64, size: u64) -> (String, Vec<u8>) {
    let leaves: Vec<Hash> = (0..size).map(|index| leaf_hash(&event(index))).collect();
    let proof = Proof::of(index, &leaves, signed_note(size), event(index));
    (proof.to_string(), event(index))
}

/// Checks a proof; one that is accepted is of that event at that place.
pub fn read_proof(text: &str, event_bytes: &[u8], size: u64) {
    if let Ok(proved) = check_proof(text, event_bytes, &[verifier_key()]) {
        assert_eq!(proved.size, size);
        assert!(proved.index < size);
        let line = event_bytes.strip_suffix(b"\n").unwrap_or(event_bytes);
        assert_eq!(line, event(proved.index));
    }
}

/// Reads a note for the trail. What it would make an event say is JSON, and holds no raw secret.
pub fn read_inbox_note(bytes: &[u8]) {
    super::inbox::fuzzing::read(bytes);
}

/// Reads the name of a note for the trail, which is written as it is read.
pub fn read_inbox_name(name: &str) {
    super::inbox::fuzzing::read_name(name);
}

/// A note for the trail, to begin with.
#[must_use]
pub fn inbox_note() -> Vec<u8> {
    super::inbox::fuzzing::note()
}

/// Reads the answer of a time-stamping authority; one that is accepted says what [`timestamp_reply`] says.
#[cfg(feature = "anchors-http")]
pub fn read_timestamp(bytes: &[u8]) {
    super::anchor::timestamp::made_up::read(bytes);
}

/// An answer that is accepted.
#[cfg(feature = "anchors-http")]
#[must_use]
pub fn timestamp_reply() -> &'static [u8] {
    super::anchor::timestamp::made_up::REPLY
}
