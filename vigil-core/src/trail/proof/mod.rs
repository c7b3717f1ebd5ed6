//! Proofs from a trail: that an event stands in it, that it holds an earlier one unchanged, and the whole of it in the
//! form in which other tools check it.
//!
//! A proof is made of the hashes beside the segments, which nobody has signed. So each is checked before it is handed out:
//! it leads to a signed root, or there is none.

mod export;
mod find;
mod growth;
mod leaves;
mod near;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;

use serde::Serialize;

use crate::trail::checkpoint::{Checkpoint, Note, VerifierKey};
use crate::trail::evidence::{Checkpoints, Places, split_notes};
use crate::trail::packing::Identities;
use crate::trail::tree::{
    check_consistency, check_inclusion, consistency as consistency_of, inclusion, leaf_hash,
    root_of,
};
use crate::trail::verify::{own_keys, small_text};
use crate::{Error, EventId};
use leaves::{Leaves, Subtrees};

pub use export::{Exported, export_tlog, export_tlog_with};
pub(in crate::trail) use growth::{newest_signed, proof_of_growth};
pub use text::Proof;

/// An event of a trail.
///
/// # Examples
///
/// ```
/// use vigil::trail::Which;
///
/// assert_eq!(Which::from(17), Which::Index(17));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Which {
    /// The one with this number, its `seq`.
    Index(u64),
    /// The one with this id, its `event_id`.
    Id(EventId),
}

impl From<u64> for Which {
    fn from(index: u64) -> Self {
        Self::Index(index)
    }
}

impl From<EventId> for Which {
    fn from(id: EventId) -> Self {
        Self::Id(id)
    }
}

/// What a proof has proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Proved {
    /// Which trail the event stands in.
    pub origin: String,
    /// The number of the event in it.
    pub index: u64,
    /// The trail had so many events when the checkpoint was signed.
    pub size: u64,
    /// The keys that have signed it, of those that were given.
    pub signed_by: Vec<String>,
}

/// How a trail stands to an earlier checkpoint of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Consistency {
    /// The size of the earlier one.
    pub old: u64,
    /// The size of the newest.
    pub new: u64,
    /// Whether the trail holds all of the events of the earlier one, unchanged.
    pub holds: bool,
    /// The proof of it (RFC 9162, section 2.1.4), in base 64; empty if it does not hold.
    pub proof: Vec<String>,
    /// The newest checkpoint, a whole note.
    pub checkpoint: String,
}

/// Proves to somebody who has no other event of it that an event stands in a trail, under the newest checkpoint.
///
/// # Errors
///
/// If there is no such event, if no checkpoint covers it yet, or if the trail is not what was signed.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{check_proof, prove};
///
/// let proof = prove("logs/audit", 1041)?;
/// let key = std::fs::read_to_string("shop.vkey").unwrap();
/// let proved = check_proof(&proof.to_string(), &proof.event, &[key])?;
/// assert_eq!(proved.index, 1041);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn prove(dir: impl AsRef<Path>, which: impl Into<Which>) -> Result<Proof, Error> {
    prove_with(dir, which, &Identities::none())
}

/// As [`prove`], and reads encrypted segments by these.
///
/// # Errors
///
/// As [`prove`].
pub fn prove_with(
    dir: impl AsRef<Path>,
    which: impl Into<Which>,
    identities: &Identities,
) -> Result<Proof, Error> {
    let dir = dir.as_ref();
    let signed = checkpoint_of(dir, &[])?;
    let leaves = Leaves::of_trail(dir, signed.checkpoint.size, identities)?;
    if leaves.size() < signed.checkpoint.size {
        return Err(signed.shorter(leaves.size()));
    }
    let which = which.into();
    if let Which::Index(index) = which
        && let Some(gone) = leaves.gone(index)
    {
        return prove_gone(&signed, &leaves, index, gone);
    }
    if let Some(event) = near::near(&leaves, which)
        && let Ok(proof) = prove_event(&signed, &leaves, event)
    {
        return Ok(proof);
    }
    let event = match which {
        Which::Index(index) => find::by_index(&leaves, index)?,
        Which::Id(id) => find::by_id(&leaves, id)?,
    };
    prove_event(&signed, &leaves, event)
}

/// The event of this id, looked for from an event on, with its number, if a signed checkpoint covers it; `None` if it is
/// not in the trail.
pub(crate) fn find_covered(
    dir: &Path,
    id: EventId,
    from: u64,
) -> Result<Option<(u64, Vec<u8>)>, Error> {
    let signed = checkpoint_of(dir, &[])?;
    let leaves = Leaves::of_trail(dir, signed.checkpoint.size, &Identities::none())?;
    match find::by_id_from(&leaves, id, from)? {
        Some(event) => prove_event(&signed, &leaves, event.clone()).map(|_| Some(event)),
        None => Ok(None),
    }
}

/// Whether this line is the event of this number, under a signed checkpoint.
pub(crate) fn is_covered(dir: &Path, index: u64, line: &[u8]) -> Result<bool, Error> {
    let signed = checkpoint_of(dir, &[])?;
    let Checkpoint { size, root, .. } = signed.checkpoint;
    let leaves = Leaves::of_trail(dir, size, &Identities::none())?;
    if index >= size || leaves.size() < size {
        return Ok(false);
    }
    let hashes = inclusion(index, size, &mut Subtrees::of(&leaves))?.unwrap_or_default();
    Ok(check_inclusion(
        &hashes,
        &leaf_hash(line),
        index,
        size,
        &root,
    ))
}

fn prove_event(
    signed: &Signed,
    leaves: &Leaves,
    (index, event): (u64, Vec<u8>),
) -> Result<Proof, Error> {
    let Checkpoint { size, root, .. } = signed.checkpoint;
    if index >= size {
        return Err(Error::trail(format!(
            "event {index} is not covered by a checkpoint yet: the newest covers {size} events"
        )));
    }
    let hashes = inclusion(index, size, &mut Subtrees::of(leaves))?.unwrap_or_default();
    if !check_inclusion(&hashes, &leaf_hash(&event), index, size, &root) {
        return Err(signed.differs());
    }
    Ok(Proof {
        index,
        hashes,
        checkpoint: signed.note.clone(),
        event,
        gone: None,
    })
}

/// Of an event whose line retention has removed, the hash is there.
fn prove_gone(signed: &Signed, leaves: &Leaves, index: u64, gone: String) -> Result<Proof, Error> {
    let Checkpoint { size, root, .. } = signed.checkpoint;
    let mut leaf = None;
    leaves.each(index, index + 1, |hash| {
        leaf = Some(hash);
        Ok(())
    })?;
    let leaf = leaf.unwrap_or_default();
    let hashes = inclusion(index, size, &mut Subtrees::of(leaves))?.unwrap_or_default();
    if !check_inclusion(&hashes, &leaf, index, size, &root) {
        return Err(signed.differs());
    }
    let hex: String = leaf.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Proof {
        index,
        hashes,
        checkpoint: signed.note.clone(),
        event: Vec::new(),
        gone: Some(format!(
            "the line of event {index} is gone: {gone}. What is proved is its hash, {hex}; the proof serves who still has \
             the line"
        )),
    })
}

/// Checks a proof, the text of a `.tlog-proof` file, of an event, its line with or without the newline, by verifier keys.
///
/// # Errors
///
/// If it proves nothing: it is no proof, the checkpoint in it is not signed by any of the keys, or it does not lead from
/// this event to that checkpoint.
pub fn check_proof(proof: &str, event: &[u8], keys: &[String]) -> Result<Proved, Error> {
    let keys = parse_keys(keys)?;
    let parsed = text::parse(proof)?;
    let refused = |error| Error::trail(format!("the checkpoint of the proof: {error}"));
    let note = Note::parse(parsed.checkpoint).map_err(refused)?;
    let Checkpoint { origin, size, root } = Checkpoint::parse(note.text).map_err(refused)?;
    let signed_by = note.verify(&keys).map_err(refused)?;
    let leaf = leaf_hash(event.strip_suffix(b"\n").unwrap_or(event));
    if !check_inclusion(&parsed.hashes, &leaf, parsed.index, size, &root) {
        return Err(Error::trail(format!(
            "the proof does not lead from this event to the checkpoint over {size} events: one of the two was changed, \
             or the proof is of another event"
        )));
    }
    Ok(Proved {
        origin,
        index: parsed.index,
        size,
        signed_by: signed_by.iter().map(ToString::to_string).collect(),
    })
}

/// Whether a trail holds all events of an earlier checkpoint of it unchanged, with the proof.
///
/// The checkpoint, a whole note, must be signed by one of the keys, or by one of those beside the trail if none are given.
///
/// # Errors
///
/// If the earlier checkpoint is none, is of another trail or is not signed; if the trail is not what its own newest
/// checkpoint says.
pub fn consistency(
    dir: impl AsRef<Path>,
    earlier: &str,
    keys: &[String],
) -> Result<Consistency, Error> {
    let dir = dir.as_ref();
    let keys = match keys {
        [] => own_keys(&Places::of_trail(dir)).0,
        keys => parse_keys(keys)?,
    };
    let refused = |error| Error::trail(format!("the earlier checkpoint: {error}"));
    let note = Note::parse(earlier).map_err(refused)?;
    let old = Checkpoint::parse(note.text).map_err(refused)?;
    note.verify(&keys).map_err(refused)?;
    let signed = checkpoint_of(dir, &keys)?;
    let new = &signed.checkpoint;
    if old.origin != new.origin {
        return Err(Error::trail(format!(
            "the earlier checkpoint is of the trail {}, and this is {}",
            old.origin, new.origin
        )));
    }
    let mut consistency = Consistency {
        old: old.size,
        new: new.size,
        holds: false,
        proof: Vec::new(),
        checkpoint: signed.note.clone(),
    };
    let leaves = Leaves::of_trail(dir, signed.checkpoint.size, &Identities::none())?;
    if leaves.size() < new.size {
        return Err(signed.shorter(leaves.size()));
    }
    let mut subtrees = Subtrees::of(&leaves);
    if root_of(new.size, &mut subtrees)? != new.root {
        return Err(signed.differs());
    }
    let Some(proof) = consistency_of(old.size, new.size, &mut subtrees)? else {
        return Ok(consistency);
    };
    if check_consistency(&proof, old.size, &old.root, new.size, &new.root) {
        use base64ct::Encoding as _;
        consistency.holds = true;
        let encoded = proof
            .iter()
            .map(|hash| base64ct::Base64::encode_string(hash));
        consistency.proof = encoded.collect();
    }
    Ok(consistency)
}

/// The newest signed checkpoint of a trail, a whole note.
///
/// # Errors
///
/// If it has none, or none that one of the keys beside it has signed.
pub fn checkpoint(dir: impl AsRef<Path>) -> Result<String, Error> {
    Ok(checkpoint_of(dir.as_ref(), &[])?.note)
}

/// The verifier keys that lie beside a trail, a line each: all that have signed it, the first one first, the one that signs
/// now last.
///
/// # Errors
///
/// If they cannot be read.
pub fn keys(dir: impl AsRef<Path>) -> Result<Vec<String>, Error> {
    let dir = dir.as_ref();
    let (keys, findings) = own_keys(&Places::of_trail(dir));
    if let Some(finding) = findings.first() {
        return Err(Error::trail(format!("{}: {finding}", dir.display())));
    }
    if keys.is_empty() {
        return Err(Error::trail(format!(
            "there are no verifier keys beside the trail in {}",
            dir.display()
        )));
    }
    Ok(keys.iter().map(ToString::to_string).collect())
}

/// The newest checkpoint of a trail.
struct Signed {
    note: String,
    checkpoint: Checkpoint,
}

impl Signed {
    fn shorter(&self, size: u64) -> Error {
        Error::trail(format!(
            "the trail has {size} events, and its newest checkpoint says {}; `verify` says what happened",
            self.checkpoint.size
        ))
    }

    fn differs(&self) -> Error {
        Error::trail(format!(
            "the trail is not what its newest checkpoint over {} events says, so nothing can be proved of it; `verify` \
             says what happened",
            self.checkpoint.size
        ))
    }
}

fn checkpoint_of(dir: &Path, keys: &[VerifierKey]) -> Result<Signed, Error> {
    let places = Places::of_trail(dir);
    let failed = |error: std::io::Error| Error::io("cannot read", &places.checkpoints(), error);
    let latest = small_text(&places.checkpoint())
        .map_err(|finding| Error::trail(format!(".vigil/checkpoint: {finding}")))?;
    let note = match latest {
        Some(note) => note,
        // A crash may have kept it from being put there.
        None => {
            let all = Checkpoints::new(&places).all().map_err(failed)?;
            let last = split_notes(&all).0.last().map(|note| (*note).to_owned());
            last.ok_or_else(|| {
                Error::trail(format!(
                    "there is no signed checkpoint of a trail in {}",
                    dir.display()
                ))
            })?
        }
    };
    let refused = |error| {
        Error::trail(format!(
            "the newest checkpoint in {}: {error}",
            places.checkpoint().display()
        ))
    };
    let own;
    let keys = match keys {
        [] => {
            own = own_keys(&places).0;
            &own
        }
        keys => keys,
    };
    let parsed = Note::parse(&note).map_err(refused)?;
    let checkpoint = Checkpoint::parse(parsed.text).map_err(refused)?;
    parsed.verify(keys).map_err(refused)?;
    Ok(Signed { note, checkpoint })
}

fn parse_keys(keys: &[String]) -> Result<Vec<VerifierKey>, Error> {
    if keys.is_empty() {
        return Err(Error::trail("no verifier key was given to check by"));
    }
    let parse = |key: &String| {
        VerifierKey::parse(key.trim())
            .map_err(|error| Error::trail(format!("{error}: {}", key.trim())))
    };
    keys.iter().map(parse).collect()
}
