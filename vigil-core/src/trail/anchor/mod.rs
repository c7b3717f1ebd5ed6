//! Checkpoints in places that the owner of the machine does not control.
//!
//! Who owns the machine owns the key in its file, and can write the trail anew and sign it. No file beside the trail shows
//! that; a checkpoint that somebody else has seen does. An [`Anchor`] hands the newest one to such a place from time to
//! time, and what the place says to it is kept as a receipt beside the trail, where `verify` finds it.

mod copy;
mod cosignature;
mod error;
#[cfg(feature = "anchors-http")]
mod http;
mod receipts;
mod signed;
mod stamps;
mod target;
#[cfg(feature = "anchors-http")]
pub(in crate::trail) mod timestamp;
#[cfg(feature = "anchors-http")]
mod witness;

use std::path::Path;

pub use copy::CopyAnchor;
pub(crate) use cosignature::WitnessKey;
pub use error::AnchorError;
pub(crate) use receipts::{Receipts, check_name};
pub use signed::SignedCheckpoint;
pub(crate) use stamps::{STAMP, STAMPED, Stamps};
pub use target::anchor_to;
pub(crate) use target::{TARGETS, is_target};
#[cfg(feature = "anchors-http")]
pub(crate) use timestamp::{Flaw, granted};
#[cfg(feature = "anchors-http")]
pub use timestamp::{TimestampAnchor, TimestampCa};
#[cfg(feature = "anchors-http")]
pub use witness::WitnessAnchor;

use crate::Error;
use crate::trail::evidence::Places;

/// A place that keeps checkpoints of a trail, or says that it has seen them.
///
/// It is called on a thread of its own, so it may take its time; while it fails it is tried again, after pauses that
/// become longer. [`Builder::anchor`](crate::Builder::anchor) adds one to an engine.
///
/// # Examples
///
/// ```
/// use vigil::trail::{Anchor, AnchorError, Receipt, SignedCheckpoint};
///
/// /// Sends each checkpoint to a mailbox of the auditor's.
/// struct Mailbox(std::sync::mpsc::Sender<String>);
///
/// impl Anchor for Mailbox {
///     fn anchor(&mut self, checkpoint: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
///         let sent = self.0.send(checkpoint.note().to_owned());
///         sent.map_err(|error| AnchorError::new(error.to_string()))?;
///         Ok(Receipt::new())
///     }
/// }
/// ```
pub trait Anchor: Send + 'static {
    /// Hands over a checkpoint. It covers more events than the one before, if there was one.
    ///
    /// # Errors
    ///
    /// If the place has not got it, or does not want it.
    fn anchor(&mut self, checkpoint: &SignedCheckpoint) -> Result<Receipt, AnchorError>;
}

/// What a place says to a checkpoint that it has got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    cosignatures: String,
    #[cfg(feature = "anchors-http")]
    timestamps: Vec<Vec<u8>>,
}

impl Receipt {
    /// It has it, and says nothing more.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// It has signed it as well: the line of a signature as in the note (<https://c2sp.org/tlog-cosignature>), with or
    /// without its newline. What is no such line is refused when the receipt is kept.
    #[must_use]
    pub fn cosigned(mut self, line: &str) -> Self {
        self.cosignatures.push_str(line.trim_end_matches('\n'));
        self.cosignatures.push('\n');
        self
    }

    /// It has stamped it with the time: a whole `TimeStampResp` (RFC 3161, section 2.4.2) in DER, over the bytes of the note.
    /// One that is none, or of something else, is refused when the receipt is kept.
    #[cfg(feature = "anchors-http")]
    #[must_use]
    pub fn timestamp(mut self, response: &[u8]) -> Self {
        self.timestamps.push(response.to_owned());
        self
    }
}

/// Hands the newest checkpoint of the trail in a directory to a place now, and keeps the receipt under `name` beside the
/// trail. Gives back the checkpoint.
///
/// # Errors
///
/// If there is no signed checkpoint, if `name` is no name, if the place does not take it, or if the receipt cannot be kept.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let elsewhere = tempfile::tempdir().unwrap();
/// # let (dir, elsewhere) = (dir.path(), elsewhere.path());
/// # vigil::builder().config_text("").trail(dir).init()?.shutdown()?;
/// use vigil::trail::{CopyAnchor, anchor};
///
/// let anchored = anchor(dir, "offsite", &mut CopyAnchor::new(elsewhere))?;
/// assert!(anchored.size() > 0);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn anchor(
    dir: impl AsRef<Path>,
    name: &str,
    anchor: &mut dyn Anchor,
) -> Result<SignedCheckpoint, Error> {
    let dir = dir.as_ref();
    check_name(name).map_err(|what| Error::config(format!("the name of an anchor is {what}")))?;
    let checkpoint = SignedCheckpoint::newest(dir)?;
    hand_over(
        &Receipts::of(&Places::of_trail(dir), name),
        &checkpoint,
        anchor,
    )
    .map_err(|error| Error::trail(format!("the anchor {name}: {error}")))?;
    Ok(checkpoint)
}

/// Hands over a checkpoint and keeps the receipt.
pub(crate) fn hand_over(
    receipts: &Receipts,
    checkpoint: &SignedCheckpoint,
    anchor: &mut dyn Anchor,
) -> Result<(), AnchorError> {
    // Nobody else must have seen what a power failure takes away here: it would look as if it had been rolled back.
    receipts.sync_trail()?;
    let receipt = anchor.anchor(checkpoint)?;
    receipts.keep(checkpoint, &receipt)
}
