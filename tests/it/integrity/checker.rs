//! A verifier of trails, after `vigil/docs/trail-format.md` and not after Vigil's code: notes and tree are checked by crates
//! that others have written.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use signed_note::{Note, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::tlog;
use vigil_tests::trail_files;

/// What was proved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proved {
    /// Lines of the trail.
    pub(crate) events: u64,
    /// Of these, so many are covered by the latest checkpoint.
    pub(crate) signed: u64,
    /// All checkpoints.
    pub(crate) checkpoints: usize,
    pub(crate) seals: usize,
    pub(crate) keys: usize,
}

struct Stored(Vec<tlog::Hash>);

impl tlog::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[*index as usize])
            .collect())
    }
}

/// A checkpoint that verifies.
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    root: tlog::Hash,
    pub(crate) signatures: usize,
}

/// The keys of all epochs.
pub(crate) fn keys(dir: &Path) -> Vec<String> {
    let text = fs::read_to_string(dir.join(".vigil/keys/epochs")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn verify(text: &str, keys: &[String]) -> Option<Checkpoint> {
    let verifier =
        |key: &String| -> Box<dyn Verifier> { Box::new(StandardVerifier::new(key).unwrap()) };
    let known = VerifierList::new(keys.iter().map(verifier).collect());
    let note = Note::from_bytes(text.as_bytes()).ok()?;
    // The others are by a key that a process was about to begin with when it was killed.
    let (verified, _) = note.verify(&known).ok()?;
    let body = String::from_utf8(note.text().to_vec()).unwrap();
    let lines: Vec<&str> = body.lines().collect();
    let [origin, size, root] = lines[..] else {
        return None;
    };
    Some(Checkpoint {
        origin: origin.to_owned(),
        size: size.parse().ok()?,
        root: tlog::Hash::parse_hash(root).ok()?,
        signatures: verified.len(),
    })
}

/// All checkpoints of the trail, each of which must verify; a torn one at the end is left out.
pub(crate) fn checkpoints(dir: &Path) -> Vec<Checkpoint> {
    let keys = keys(dir);
    let text = fs::read_to_string(dir.join(".vigil/checkpoints")).unwrap();
    let mut checkpoints = Vec::new();
    let parts: Vec<&str> = text.split("\n\n").collect();
    for pair in parts.chunks(2) {
        if let [body, signatures] = pair
            && !signatures.is_empty()
        {
            let note = format!("{body}\n\n{signatures}\n");
            checkpoints.push(verify(&note, &keys).unwrap_or_else(|| panic!("{note}")));
        }
    }
    checkpoints
}

/// Checks the trail in `dir`, which nobody writes to, by tools of others; and that ours says the same.
pub(crate) fn prove(dir: &Path) -> Proved {
    let report = vigil::trail::verify(dir, &vigil::trail::VerifyOptions::new()).unwrap();
    let keys = keys(dir);
    let inner = dir.join(".vigil");
    let origin = fs::read_to_string(inner.join("origin")).unwrap();
    let mut stored = Stored(Vec::new());
    let mut size = 0;
    let (mut seals, mut previous) = (0, None);
    let files = trail_files(dir);
    for (at, path) in files.iter().enumerate() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(path).unwrap();
        assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "{name}");
        let first = size;
        let mut leaves = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let leaf = tlog::record_hash(&line[..line.len() - 1]);
            let more = tlog::stored_hashes_for_record_hash(size, leaf, &stored).unwrap();
            stored.0.extend(more);
            leaves.extend(leaf.0);
            size += 1;
        }
        let sidecar = fs::read(inner.join("hashes").join(name)).unwrap_or_default();
        assert!(sidecar == leaves, "the sidecar of {name}");
        if at + 1 < files.len() {
            let text =
                fs::read_to_string(inner.join("seals").join(format!("{name}.json"))).unwrap();
            let raw = text.strip_prefix("{\"seal\":").unwrap();
            let (raw, _) = raw.split_once(",\"signatures\":").unwrap();
            let all: Value = serde_json::from_str(&text).unwrap();
            let seal = &all["seal"];
            let signatures = all["signatures"].as_array().unwrap();
            let lines = signatures
                .iter()
                .map(|line| format!("{}\n", line.as_str().unwrap()));
            let note = format!("{raw}\n\n{}", lines.collect::<String>());
            assert!(note_verifies(&note, &keys), "the seal of {name}");
            assert_eq!(seal["origin"], origin.trim_end());
            assert_eq!(seal["segment"], name);
            assert_eq!(
                (&seal["first"], &seal["count"]),
                (&first.into(), &(size - first).into())
            );
            assert_eq!(seal["size"], bytes.len());
            assert_eq!(
                seal["root"],
                hex(&tlog::tree_hash(size, &stored).unwrap().0)
            );
            assert_eq!(
                seal.get("previous").and_then(Value::as_str),
                previous.as_deref()
            );
            let event = |line: Option<&[u8]>| {
                line.map(|line| serde_json::from_slice::<Value>(line).unwrap()["timestamp"].clone())
            };
            let mut lines = bytes
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty());
            assert_eq!(seal.get("first_time"), event(lines.next()).as_ref());
            assert_eq!(
                seal.get("last_time"),
                event(
                    lines.next_back().or(bytes
                        .split(|byte| *byte == b'\n')
                        .next()
                        .filter(|line| !line.is_empty()))
                )
                .as_ref()
            );
            previous = Some(hex(&Sha256::digest(raw)));
            seals += 1;
        }
    }
    let checkpoints = checkpoints(dir);
    let mut signed = 0;
    for checkpoint in &checkpoints {
        assert_eq!(checkpoint.origin, origin.trim_end());
        assert!(
            checkpoint.size >= signed,
            "signed below a size signed before"
        );
        assert!(
            checkpoint.size <= size,
            "signed over {} events, and there are {size}",
            checkpoint.size
        );
        let root = tlog::tree_hash(checkpoint.size, &stored).unwrap();
        assert!(
            root == checkpoint.root,
            "the root over {} events",
            checkpoint.size
        );
        signed = checkpoint.size;
    }
    let latest = fs::read_to_string(inner.join("checkpoint")).unwrap();
    let latest = verify(&latest, &keys).unwrap();
    assert!(
        checkpoints
            .iter()
            .any(|checkpoint| checkpoint.size == latest.size)
    );
    assert_eq!(report.verdict, vigil::trail::Verdict::Intact, "{report:#?}");
    assert_eq!((report.events, report.covered), (size, signed));
    assert_eq!(report.seals as usize, seals);
    assert_eq!(report.checkpoints as usize, checkpoints.len());
    Proved {
        events: size,
        signed,
        checkpoints: checkpoints.len(),
        seals,
        keys: keys.len(),
    }
}

fn note_verifies(note: &str, keys: &[String]) -> bool {
    let verifier =
        |key: &String| -> Box<dyn Verifier> { Box::new(StandardVerifier::new(key).unwrap()) };
    let known = VerifierList::new(keys.iter().map(verifier).collect());
    Note::from_bytes(note.as_bytes()).is_ok_and(|note| note.verify(&known).is_ok())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
