//! The trail: lines of JSON in files that rotate, appended to whole and by one process at a time; and the proof that it is
//! still what was written.
//!
//! The problem is not writing a line, it is what happens around it. A disk fills in the middle of a line, somebody
//! moves the file, a second process starts on the same directory, the machine dies and leaves half a line, the clock is
//! stepped back over midnight. And then somebody comes who would rather have another history: every line is a leaf of a
//! Merkle tree, whose root is signed some times a second. [`verify`] checks all of it.
//!
//! Formats and commands for those who check without this library: `docs/verifying.md`.

// Within: `line` composes, `store` appends and rotates, `segment` knows one file, `tail` mends its end, `lock` keeps others
// out, `follow` reads along; `tree` hashes the lines, `checkpoint` says and signs what they were, `keys` signs, `evidence`
// keeps the files of all that, `verify` checks them, `anchor` hands checkpoints to others; `inbox` takes notes from other programs.

pub(crate) mod about;
pub(crate) mod anchor;
mod calendar;
pub(crate) mod checkpoint;
mod closed;
mod digits;
mod elide;
pub(crate) mod evidence;
pub(crate) mod follow;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
pub mod holds;
pub(crate) mod inbox;
pub(crate) mod keys;
mod line;
mod lock;
mod losses;
mod name;
pub(crate) mod packing;
mod proof;
mod quiet;
mod reader;
mod sealing;
mod segment;
mod since;
mod store;
mod system;
mod tail;
#[cfg(test)]
mod tests;
mod tree;
mod unsynced;
mod verify;

pub use about::{TrailAbout, about};
#[cfg(feature = "anchors-http")]
pub use anchor::WitnessAnchor;
pub use anchor::{Anchor, AnchorError, CopyAnchor, Receipt, SignedCheckpoint, anchor, anchor_to};
pub(crate) use closed::{Closed as ClosedTrail, ClosedSegment, files as files_of_segment};
pub(crate) use digits::stamp;
pub use inbox::{Left, Note, NoteKind};
#[cfg(feature = "subject-keys")]
pub(crate) use keys::destroy as destroy_file;
pub use keys::{SignError, Signer, init_keys};
pub(crate) use line::Composer;
pub(crate) use losses::EVENTS_LOST;
pub(crate) use name::check_trail_name;
pub use packing::{Compression, Identities, PackOptions, Packed, Unpacked, pack, unpack};
pub use proof::{
    Consistency, Exported, Proof, Proved, Which, check_proof, checkpoint as newest_checkpoint,
    consistency, export_tlog, export_tlog_with, keys as verifier_keys, prove, prove_with,
};
pub(crate) use proof::{find_covered, is_covered};
pub(crate) use quiet::{Quiet, Unopened};
pub use reader::{TrailReader, TrailTail};
pub use sealing::OnDamage;
pub(crate) use sealing::{Closed, Damage, Grown, Integrity, Signing, Tree};
pub(crate) use since::Since;
pub use store::Daily;
pub(crate) use store::{Trail, TrailConfig};
pub(crate) use system::System;
pub(crate) use unsynced::Unsynced;
pub use verify::{
    AnchorKind, AnchorReport, Finding, Kind, Progress, PurgeReport, RepeatedVerify, SegmentReport,
    SegmentState, Verdict, VerifyOptions, VerifyReport, verify,
};

/// Keeping a trail for as long as it has to be kept, and no longer.
///
/// Closed segments that are due by their age, or because the trail has become too large, lose their lines; their hashes
/// and seals stay, and the trail tells of it as `audit_retention_purged`. `docs/operating.md` says how to go about it.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// # drop(vigil::builder().config_text("").trail(dir).init()?);
/// use vigil::trail::retention::{Age, Retention, plan};
///
/// let plan = plan(dir, &Retention::new().age(Age::months(12)))?;
/// assert_eq!(plan.due().count(), 0, "a trail of today");
/// # Ok::<(), vigil::Error>(())
/// ```
pub mod retention {
    pub use crate::engine::retention::{ApplyOptions, apply};
    pub use crate::retention::{
        Action, Age, Applied, Compliance, Keep, Plan, PlannedSegment, Retention, RetentionProfile,
        plan,
    };
}

/// Values that are encrypted for the person they are of, and erasure by destroying that person's key.
///
/// `docs/erasure.md` says what this does, and what it does not.
#[cfg(feature = "subject-keys")]
pub mod subjects {
    pub use crate::subjects::{
        Erased, Erasure, KeyWrapper, Revealed, SecretKey, SubjectKeys, WrapError, Wrapped, erase,
    };
}

/// A line of the trail has at most this many bytes, its newline not counted.
pub(crate) const MAX_LINE: usize = 65_535;
