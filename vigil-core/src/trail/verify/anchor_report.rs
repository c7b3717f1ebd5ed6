//! By whom a trail is anchored.

use serde::Serialize;

/// Who has checkpoints of a trail, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AnchorReport {
    /// The name of the witness, of the time-stamping authority (as in its certificate), that of the anchor whose receipts lie
    /// beside the trail, or `given`.
    pub name: String,
    /// Which of these it is.
    pub kind: AnchorKind,
    /// So many checkpoints agree with the trail.
    pub checkpoints: u64,
    /// So many could not be compared, because of what is missing or was passed over before them.
    pub uncompared: u64,
    /// The size of the largest that agrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When that one was seen, as far as this is said: by the witness, the authority, or the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The size of the smallest that agrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_size: Option<u64>,
    /// When that one was seen: since then its events are what they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_time: Option<String>,
    /// Why time stamps count for nothing, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchecked: Option<String>,
}

/// What vouches for a checkpoint, besides the trail's own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnchorKind {
    /// The caller, who has kept it elsewhere.
    Given,
    /// A witness, by its signature.
    Witness,
    /// A time-stamping authority (RFC 3161), whose signature was checked against certificates that the caller trusts.
    Timestamp,
    /// Nobody: a time stamp that was not checked, because the caller has given no certificates that vouch for it. Whom and
    /// when it names is what it says of itself.
    UncheckedTimestamp,
    /// Nobody: it is a receipt that lies beside the trail, where whoever writes the trail can write it as well. If it does
    /// not agree, something was changed; if it does, that proves nothing.
    Receipt,
}

impl AnchorKind {
    /// Whether it counts.
    #[must_use]
    pub fn is_trusted(self) -> bool {
        !matches!(self, Self::Receipt | Self::UncheckedTimestamp)
    }
}
