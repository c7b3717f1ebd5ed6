//! What an anchor hands over: the newest checkpoint, and that it holds an earlier one.

use std::path::Path;

use super::leaves::{Leaves, Subtrees};
use super::{checkpoint_of, consistency_of};
use crate::Error;
use crate::trail::checkpoint::Checkpoint;
use crate::trail::packing::Identities;
use crate::trail::tree::Hash;

/// The newest checkpoint, the whole note and what it says.
pub(in crate::trail) fn newest_signed(dir: &Path) -> Result<(String, Checkpoint), Error> {
    let signed = checkpoint_of(dir, &[])?;
    Ok((signed.note, signed.checkpoint))
}

/// The proof that the first `new` events hold the first `old` unchanged. Whoever gets it checks it by the signed root.
pub(in crate::trail) fn proof_of_growth(
    dir: &Path,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, Error> {
    let leaves = Leaves::of_trail(dir, new, &Identities::none())?;
    if leaves.size() < new {
        return Err(Error::trail(format!(
            "there are the hashes of {} events, and the checkpoint is over {new}; `verify` says what happened",
            leaves.size()
        )));
    }
    consistency_of(old, new, &mut Subtrees::of(&leaves))?.ok_or_else(|| {
        Error::trail(format!(
            "the checkpoint over {new} events cannot hold one over {old}"
        ))
    })
}
