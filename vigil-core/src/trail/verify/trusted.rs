//! By what the trail is judged: keys, the list of its checkpoints, and those that were kept elsewhere.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::notes::{Entry, List};
use super::plan::Run;
use super::report::{Finding, Kind};
use crate::disk::is_missing;
use crate::trail::checkpoint::{Checkpoint, Note, VerifierKey};
use crate::trail::evidence::Places;

/// A file of keys, or a single note, is never longer.
const LONGEST: u64 = 1 << 20;

/// The keys that lie beside a trail: all that have ever signed, the first one first.
pub(in crate::trail) fn own_keys(places: &Places) -> (Vec<VerifierKey>, Vec<Finding>) {
    let mut keys: Vec<VerifierKey> = Vec::new();
    let mut findings = Vec::new();
    for (path, shown) in [
        (places.epochs(), ".vigil/keys/epochs"),
        (places.verifier_key(), ".vigil/log.vkey"),
    ] {
        let text = match small_text(&path) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(finding) => {
                findings.push(finding.file(shown));
                continue;
            }
        };
        for (number, line) in text.lines().enumerate() {
            match VerifierKey::parse(line) {
                Ok(key) if keys.contains(&key) => {}
                Ok(key) => keys.push(key),
                Err(error) => {
                    let message = format!("line {}: {error}", number + 1);
                    findings.push(Finding::new(Kind::Unreadable, message).file(shown));
                }
            }
        }
    }
    (keys, findings)
}

/// The text of a small file that others may have put there; `None` if there is none.
pub(in crate::trail) fn small_text(path: &Path) -> Result<Option<String>, Finding> {
    match whole(path, LONGEST) {
        Ok(bytes) => Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            Err(Finding::new(Kind::NotAFile, error.to_string()))
        }
        Err(error) => Err(Finding::new(
            Kind::Unreadable,
            format!("it cannot be read: {error}"),
        )),
    }
}

/// The bytes of a file that is no link and not longer than this; `None` if there is none.
pub(super) fn whole(path: &Path, longest: u64) -> io::Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let what = "it is a link, a directory or a device, and was not read";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        Ok(_) => {}
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(longest + 1).read_to_end(&mut bytes)?,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    if bytes.len() as u64 > longest {
        let what = "it is longer than anything that it could be";
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    Ok(Some(bytes))
}

/// The keys that those given vouch for: a key of the trail that has signed a checkpoint together with one that is trusted
/// already is its successor.
pub(super) fn successors(
    mut trusted: Vec<VerifierKey>,
    own: &[VerifierKey],
    list: Option<&List>,
) -> Vec<VerifierKey> {
    let Some(list) = list else {
        return trusted;
    };
    let mut notes = list.from(0);
    while let Some(entry) = notes.next() {
        let Entry::Note { text, .. } = entry else {
            continue;
        };
        let Ok(note) = Note::parse(text) else {
            continue;
        };
        if note.signatures.len() < 2 || note.verify(&trusted).is_err() {
            continue;
        }
        if let Ok(signers) = note.verify(own) {
            let new = signers.into_iter().filter(|key| !trusted.contains(key));
            let new: Vec<_> = new.cloned().collect();
            trusted.extend(new);
        }
    }
    trusted
}

/// The latest checkpoint, which the trail has in a file of its own.
pub(super) fn latest(places: &Places, findings: &mut Vec<Finding>) -> Option<(String, Checkpoint)> {
    let file = ".vigil/checkpoint";
    match small_text(&places.checkpoint()) {
        Ok(None) => None,
        Ok(Some(text)) => match Note::parse(&text).and_then(|note| Checkpoint::parse(note.text)) {
            Ok(checkpoint) => Some((text, checkpoint)),
            Err(error) => {
                let message = format!("it is no checkpoint: {error}");
                findings.push(Finding::new(Kind::CheckpointsAltered, message).file(file));
                None
            }
        },
        Err(finding) => {
            findings.push(finding.file(file));
            None
        }
    }
}

/// The origin that the list speaks of.
pub(super) fn first_origin(list: Option<&List>) -> Option<String> {
    let mut notes = list?.from(0);
    loop {
        if let Entry::Note { checkpoint, .. } = notes.next()? {
            return Some(checkpoint.origin);
        }
    }
}

/// What the list looks like from afar.
#[derive(Debug, Default)]
pub(super) struct Overview {
    pub(super) checkpoints: u64,
    /// The size of the largest.
    pub(super) newest: u64,
    /// Where each run finds its first.
    pub(super) offsets: Vec<u64>,
    pub(super) findings: Vec<Finding>,
}

/// Reads the list once.
pub(super) fn overlook(list: Option<&List>, runs: &[Run]) -> Overview {
    let mut overview = Overview {
        offsets: Vec::with_capacity(runs.len()),
        ..Overview::default()
    };
    let mut others = 0;
    if let Some(list) = list {
        let mut notes = list.from(0);
        let mut disordered = 0;
        while let Some(entry) = notes.next() {
            let (offset, size) = match entry {
                Entry::Note {
                    offset, checkpoint, ..
                } => (offset, checkpoint.size),
                Entry::Other { offset } => {
                    others += 1;
                    if others == 1 {
                        let message = format!("what stands at byte {offset} is no checkpoint");
                        overview.tell(message);
                    }
                    continue;
                }
                Entry::Torn => continue,
            };
            overview.checkpoints += 1;
            if size < overview.newest {
                disordered += 1;
                if disordered == 1 {
                    let message = format!(
                        "at byte {offset} a checkpoint over {size} events follows one over {}",
                        overview.newest
                    );
                    overview.tell(message);
                }
                continue;
            }
            overview.newest = size;
            while let Some(run) = runs.get(overview.offsets.len())
                && (size > run.first || run.first == 0)
            {
                overview.offsets.push(offset);
            }
        }
    }
    let end = list.map_or(0, List::length);
    overview.offsets.resize(runs.len(), end);
    overview
}

impl Overview {
    fn tell(&mut self, message: String) {
        let finding = Finding::new(Kind::CheckpointsAltered, message).file(".vigil/checkpoints");
        self.findings.push(finding);
    }
}
