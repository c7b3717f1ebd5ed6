//! Receipts beside the trail, in `.vigil/anchors/<name>/`: the files `checkpoint` and `checkpoints` as the trail itself has
//! them, of those checkpoints that were handed over, with what the place has added to them.

use std::io;
use std::path::PathBuf;

use super::{AnchorError, Receipt, SignedCheckpoint, Stamps};
use crate::disk::{create_directory, is_missing, sync_directory};
use crate::trail::checkpoint::{Checkpoint, Note};
use crate::trail::evidence::{Checkpoints, Places};

/// The receipts of one anchor.
#[derive(Debug, Clone)]
pub(crate) struct Receipts {
    all: PathBuf,
    trail: Places,
    places: Places,
}

impl Receipts {
    pub(crate) fn of(trail: &Places, name: &str) -> Self {
        Self {
            all: trail.anchors_dir(),
            trail: trail.clone(),
            places: trail.anchor(name),
        }
    }

    /// The size of the latest checkpoint that was handed over, as far as that is known.
    pub(crate) fn latest(&self) -> Option<u64> {
        let text = Checkpoints::new(&self.places).latest().ok()??;
        let note = Note::parse(&text).ok()?;
        Some(Checkpoint::parse(note.text).ok()?.size)
    }

    /// Makes the checkpoints of the trail itself survive a power failure.
    pub(super) fn sync_trail(&self) -> Result<(), AnchorError> {
        Checkpoints::new(&self.trail).sync().map_err(|error| {
            let path = self.trail.checkpoints();
            AnchorError::new(format!("cannot make {} safe: {error}", path.display()))
        })
    }

    /// When it returns, a power failure no longer takes the receipt away.
    pub(super) fn keep(
        &self,
        checkpoint: &SignedCheckpoint,
        receipt: &Receipt,
    ) -> Result<(), AnchorError> {
        let note = format!("{}{}", checkpoint.note(), receipt.cosignatures);
        if let Err(error) = Note::parse(&note) {
            return Err(AnchorError::new(format!(
                "what it has answered is no signature: {error}"
            )));
        }
        let stamps = self.stamps(checkpoint, receipt)?;
        let kept = || -> io::Result<()> {
            let dir = self.places.inner();
            if !dir.is_dir() {
                create_directory(dir)?;
                sync_directory(&self.all)?;
                self.all.parent().map_or(Ok(()), sync_directory)?;
            }
            // First: what the notes say to be handed over is not handed over again.
            for (name, response) in stamps {
                Stamps::of(&self.places).put(&name, checkpoint.note(), response)?;
            }
            let checkpoints = Checkpoints::new(&self.places);
            // What a crash has torn would hide what is added behind it.
            checkpoints.mend()?;
            checkpoints.add(&note)?;
            checkpoints.sync()
        };
        kept().map_err(|error| {
            AnchorError::new(format!(
                "it has taken the checkpoint, and the receipt cannot be kept in {}: {error}",
                self.places.inner().display()
            ))
        })
    }

    /// The time stamps that there are, by the names of their files.
    #[cfg(feature = "anchors-http")]
    fn stamps<'r>(
        &self,
        checkpoint: &SignedCheckpoint,
        receipt: &'r Receipt,
    ) -> Result<Vec<(String, &'r [u8])>, AnchorError> {
        let one = |response: &'r Vec<u8>| {
            let token = super::granted(response)?;
            token.fits(checkpoint.note().as_bytes())?;
            Ok((Stamps::name(checkpoint.size(), token.time), &response[..]))
        };
        let stamps: Result<_, super::Flaw> = receipt.timestamps.iter().map(one).collect();
        stamps.map_err(|flaw| {
            AnchorError::new(format!("what it has answered is no time stamp: {flaw}"))
        })
    }

    #[cfg(not(feature = "anchors-http"))]
    fn stamps(
        &self,
        _: &SignedCheckpoint,
        _: &Receipt,
    ) -> Result<Vec<(String, &'static [u8])>, AnchorError> {
        Ok(Vec::new())
    }

    /// The names of all anchors that there are receipts of, in their order.
    pub(crate) fn names(trail: &Places) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(trail.anchors_dir()) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            names.extend(name.to_str().map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// What a name has to be, if this is none: it becomes that of a directory.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        return Err("1 to 64 letters, digits, - and _");
    }
    Ok(())
}
