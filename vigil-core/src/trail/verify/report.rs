//! What the check of a trail has to say.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::anchor_report::AnchorReport;

/// What the check of a trail has found.
///
/// It is made to be kept: serialized, it is one JSON object that says what was checked, by which keys, and what was
/// wrong.
///
/// # Examples
///
/// ```
/// use vigil::trail::{Verdict, VerifyOptions, verify};
/// # let dir = tempfile::tempdir().unwrap();
/// # std::fs::write(dir.path().join("audit_audit_2026-11-23.log"), "{\"seq\":0}\n").unwrap();
///
/// let report = verify(dir.path(), &VerifyOptions::new())?;
/// // Nobody has signed anything here, so nothing is proved.
/// assert_eq!(report.verdict, Verdict::Incomplete);
/// for finding in &report.findings {
///     println!("{finding}");
/// }
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct VerifyReport {
    /// What it comes to.
    pub verdict: Verdict,
    /// The directory that was checked.
    pub directory: String,
    /// Which trail it is, as its checkpoints and seals say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The events that stand in it: whole lines that were read or, where a segment was passed over, that its seal counts.
    pub events: u64,
    /// Besides these, the events whose lines retention has removed, as the trail itself says; their hashes are there.
    pub purged: u64,
    /// The events that say so, the oldest first, each with what it speaks of.
    pub purges: Vec<PurgeReport>,
    /// The bytes of the lines that were read, decompressed, with their newlines.
    pub bytes: u64,
    /// So many events, from the first on, are covered by the newest checkpoint or seal of the trail that is signed.
    pub covered: u64,
    /// The root of the tree over the covered events, in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The segments, oldest first.
    pub segments: Vec<SegmentReport>,
    /// The signed checkpoints that fit.
    pub checkpoints: u64,
    /// The signed seals that fit.
    pub seals: u64,
    /// Whether the keys were given by the caller. If not they are those that lie beside the trail, and the check proves
    /// that the trail agrees with itself, not who wrote it: whoever can write the trail could have put them there.
    pub pinned: bool,
    /// The verifier keys that signatures were checked by.
    pub keys: Vec<String>,
    /// The size of the largest checkpoint from elsewhere that the trail agrees with: one given by the caller, cosigned by a
    /// witness whose key the caller has given, or stamped by an authority whose certificates he trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchored: Option<u64>,
    /// The latest time at which somebody else has seen such a checkpoint, as far as that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchored_at: Option<String>,
    /// By whom the trail is anchored, and up to where.
    pub anchors: Vec<AnchorReport>,
    /// By category, the events that the trail itself declares lost.
    pub lost: BTreeMap<String, u64>,
    /// Calls that were announced before they ran, and of whose outcome nothing is said.
    pub unfinished: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is worth knowing and is not wrong.
    pub notes: Vec<String>,
}

/// What the check of a trail comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// All that is covered by a signature is as it was when it was signed.
    Intact,
    /// Something was changed.
    Altered,
    /// Nothing was found to be changed, and not everything could be checked.
    Incomplete,
    /// Intact, and not held against a checkpoint from elsewhere as the caller demanded.
    NotAnchored,
}

/// Something that is wrong with a trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of change it is.
    pub kind: Kind,
    /// The number of the first event that it concerns: its place in the trail, from 0 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Where the place cannot be told exactly: the first bad event stands before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// The file that it concerns, from the directory of the trail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of that event in its file, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// A sentence.
    pub message: String,
}

/// The kinds of change that are told from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A line is another than the one that was signed.
    Edited,
    /// Lines are missing within a segment.
    Deleted,
    /// Lines stand there that were never signed.
    Inserted,
    /// Lines stand in another order.
    Reordered,
    /// A line stands there more than once.
    Duplicated,
    /// The end is missing: of the trail, or of a segment.
    Cut,
    /// A whole segment is missing.
    SegmentMissing,
    /// No line of a segment is what was signed.
    SegmentReplaced,
    /// A compressed segment cannot be decompressed.
    StoredDamaged,
    /// The events are as signed; the hashes beside them are not theirs.
    HashesAltered,
    /// The seal of a closed segment is missing.
    SealMissing,
    /// A seal is not one of this trail at this place, or contradicts a checkpoint.
    SealAltered,
    /// The list of checkpoints has something in it that is none, or in the wrong order.
    CheckpointsAltered,
    /// Something was signed by a known key in other words.
    SignatureWrong,
    /// Something is not signed by any of the keys that it should be signed by.
    SignedByOthers,
    /// A seal or a checkpoint belongs to another trail.
    OtherOrigin,
    /// Two checkpoints that are both signed contradict each other.
    Forked,
    /// The trail ends before a checkpoint that was kept elsewhere.
    RolledBack,
    /// The trail agrees with itself, and not with a checkpoint that was kept elsewhere: it was rewritten and signed anew.
    HistoryRewritten,
    /// There are no signed checkpoints and no seals.
    NoEvidence,
    /// There are no keys to check signatures by.
    NoKeys,
    /// The hashes beside a segment are missing. They can be made again from its lines.
    HashesMissing,
    /// What stands before a segment is missing, so that nothing proves it.
    Unproven,
    /// A segment is encrypted, and was not read.
    Encrypted,
    /// A file is a symbolic link, a directory or a device, and was not read.
    NotAFile,
    /// A file is of a format that this program does not know yet.
    UnknownVersion,
    /// A file could not be read.
    Unreadable,
}

/// What retention has removed, as an event of the trail says that is signed like all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PurgeReport {
    /// The number of the event `audit_retention_purged`.
    pub event: u64,
    /// Its time.
    pub time: String,
    /// The rule that it names.
    pub policy: String,
    /// Who had it done, as it says.
    pub operator: String,
    /// The number of the first event that is gone.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// So many events are gone. Between the first and the last there may be others that are not.
    pub events: u64,
    /// The segments that are gone.
    pub segments: Vec<String>,
    /// How old the last event of the youngest of them was then, in whole days, by the times in their seals and in the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub youngest_days: Option<i64>,
}

impl fmt::Display for PurgeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event,
            time,
            policy,
            operator,
            events,
            segments,
            ..
        } = self;
        write!(f, "{events} events of ")?;
        match &segments[..] {
            [] => {}
            [only] => write!(f, "segment {only}")?,
            [first, .., last] => write!(f, "segments {first} to {last}")?,
        }
        write!(
            f,
            " purged by retention on {time}, authorised by event {event} ({policy}; {operator}"
        )?;
        if let Some(days) = self.youngest_days {
            write!(f, "; the youngest was {days} days old")?;
        }
        write!(f, ")")
    }
}

/// What was found of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SegmentReport {
    /// The name of its file as it was written.
    pub name: String,
    /// The number of its first event.
    pub first: u64,
    /// The number of its events, as far as there is a file of it, or else as its seal says.
    pub count: u64,
    /// What became of it.
    pub state: SegmentState,
    /// Whether a signed seal speaks of it.
    pub sealed: bool,
}

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SegmentState {
    /// All of its lines are as they were when they were signed.
    Intact,
    /// As far as checkpoints go; the lines behind are not signed yet.
    Open,
    /// Something was changed.
    Altered,
    /// There is no file of it.
    Missing,
    /// Retention has removed its lines, and an event that is signed says so; its hashes and its seal were checked.
    Purged,
    /// It could not be read, or nothing proves it.
    Unproven,
    /// It lies outside of the time that was asked for; its seal was checked.
    PassedOver,
}

impl Kind {
    /// Whether it is a change, and not just something that keeps from checking.
    #[must_use]
    pub fn is_change(self) -> bool {
        self < Self::NoEvidence
    }

    /// As it stands in the serialized report, with spaces.
    fn words(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Inserted => "inserted",
            Self::Reordered => "reordered",
            Self::Duplicated => "duplicated",
            Self::Cut => "cut",
            Self::SegmentMissing => "segment missing",
            Self::SegmentReplaced => "segment replaced",
            Self::StoredDamaged => "stored damaged",
            Self::HashesAltered => "hashes altered",
            Self::SealMissing => "seal missing",
            Self::SealAltered => "seal altered",
            Self::CheckpointsAltered => "checkpoints altered",
            Self::SignatureWrong => "signature wrong",
            Self::SignedByOthers => "signed by others",
            Self::OtherOrigin => "other origin",
            Self::Forked => "forked",
            Self::RolledBack => "rolled back",
            Self::HistoryRewritten => "history rewritten",
            Self::NoEvidence => "no evidence",
            Self::NoKeys => "no keys",
            Self::HashesMissing => "hashes missing",
            Self::Unproven => "unproven",
            Self::Encrypted => "encrypted",
            Self::NotAFile => "not a file",
            Self::UnknownVersion => "unknown version",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A line for people: kind, event, file and line, and what it is about.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        match (self.index, self.before) {
            (Some(index), Some(before)) if before > index + 1 => {
                write!(f, ", one of the events {index} to {}", before - 1)?;
            }
            (Some(index), _) => write!(f, ", event {index}")?,
            (None, _) => {}
        }
        if let Some(file) = &self.file {
            write!(f, ", {file}")?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
        }
        write!(f, ": {}", self.message)
    }
}

impl Finding {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            index: None,
            before: None,
            file: None,
            line: None,
            message: message.into(),
        }
    }

    pub(super) fn event(mut self, index: u64) -> Self {
        self.index = Some(index);
        self
    }

    pub(super) fn before(mut self, before: u64) -> Self {
        self.before = Some(before);
        self
    }

    pub(super) fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    pub(super) fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl VerifyReport {
    /// The first thing that was changed: the one with the lowest event, or the first of those that concern none; where
    /// nothing was changed, the first that keeps from checking.
    #[must_use]
    pub fn first(&self) -> Option<&Finding> {
        let place =
            |finding: &&Finding| (!finding.kind.is_change(), finding.index.unwrap_or(u64::MAX));
        self.findings.iter().min_by_key(place)
    }

    /// The events behind the newest signature: nothing here proves them yet.
    #[must_use]
    pub fn uncovered(&self) -> u64 {
        (self.events + self.purged).saturating_sub(self.covered)
    }
}
