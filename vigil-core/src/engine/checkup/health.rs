//! What a look at the engine gives back.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::sink::SinkStats;

/// How the engine is doing, in one word: the worst of its [`reasons`](Health::reasons).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum HealthState {
    /// Nothing to be done.
    #[default]
    Ok,
    /// Events are kept, but somebody has to look after something before that changes.
    Degraded,
    /// Events are not kept, or will not be soon.
    Failing,
}

impl HealthState {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }
}

impl fmt::Display for HealthState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a [`Health`] is not ok.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// How bad it is.
    pub state: HealthState,
    /// The condition in a word for programs, such as `trail_unwritable`; `vigil/docs/operating.md` lists them.
    pub code: &'static str,
    /// What is the matter and what to do, in a sentence.
    pub message: String,
}

/// How full the journal is, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JournalFill {
    /// Bytes that wait to be in the trail, safe on disk.
    pub used: u64,
    /// Bytes that there are in all: `journal.capacity`.
    pub capacity: u64,
}

/// The room on the disk of the trail, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Disk {
    /// So much was free when it was last looked at, at most some seconds ago.
    pub free: u64,
    /// `disk.warn_below` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_below: Option<u64>,
    /// `disk.fail_below` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_below: Option<u64>,
}

/// By what others can check the trail; `vigil/docs/trail-format.md` says how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Proof {
    /// The name of the trail in its checkpoints.
    pub origin: String,
    /// The public key, as C2SP writes it (<https://c2sp.org/signed-note>): publish it where who owns this machine cannot
    /// change it.
    pub verifier_key: String,
    /// Over so many events, from the first, there is a signed checkpoint.
    pub signed: u64,
}

/// How an anchor of the trail is doing; see [`Anchor`](crate::trail::Anchor).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AnchorStats {
    /// The largest checkpoint that it has taken covers so many events, from the first on; 0 if there is none.
    pub size: u64,
    /// So often in a row it has failed; 0 where it works.
    pub failures: u64,
    /// It knows another history than the trail tells.
    pub refused: bool,
    /// Why it has failed the last time, while it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// How the engine is doing; see [`health`](crate::health()).
///
/// It is `Serialize`: as JSON it has members of the same names, with times in milliseconds (`last_turn_ms`, `last_sync_ms`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// The worst of the reasons.
    pub state: HealthState,
    /// What is the matter, the worst first; empty where all is well.
    pub reasons: Vec<Reason>,
    /// Whether events are being recorded; see [`set_enabled`](crate::set_enabled).
    pub recording: bool,
    /// How full the journal is.
    pub journal: JournalFill,
    /// Events that were lost since the process started; see [`CategoryStats::dropped`](crate::CategoryStats::dropped).
    pub dropped: u64,
    /// How long ago the writer of the trail last came by; some milliseconds where all is well.
    #[serde(rename = "last_turn_ms", serialize_with = "as_millis")]
    pub last_turn: Duration,
    /// How long ago what was written last got onto the disk. It grows while there is nothing to write.
    #[serde(rename = "last_sync_ms", serialize_with = "as_millis")]
    pub last_sync: Duration,
    /// The room on the disk of the trail, where the system tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<Disk>,
    /// By what others can check the trail; absent where it is not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// How each anchor is doing, by its name.
    pub anchors: BTreeMap<String, AnchorStats>,
    /// How each sink is doing, by its name.
    pub sinks: BTreeMap<String, SinkStats>,
    /// What the start of the engine found and mended: for example events that a crash had left in the journal.
    pub recovery: Vec<String>,
}

fn as_millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

impl Health {
    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.state == HealthState::Ok
    }

    /// Whether events are not kept, or will not be soon: what a load balancer should know.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.state == HealthState::Failing
    }

    pub(super) fn because(
        &mut self,
        state: HealthState,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.state = self.state.max(state);
        self.reasons.push(Reason {
            state,
            code,
            message: message.into(),
        });
    }
}

impl fmt::Display for Health {
    /// The state, then each reason on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)?;
        for reason in &self.reasons {
            write!(f, "\n{}: {}", reason.code, reason.message)?;
        }
        Ok(())
    }
}
