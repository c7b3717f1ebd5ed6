//! An event as it is read back from a line of the trail: the reader to the composer in [`crate::trail`].
//!
//! Members that a later version adds are passed over, so an old reader reads a newer trail. What the composer leaves
//! out is `None` here, and is left out again when an event is serialized.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{EventId, Status};

/// One event of the trail.
///
/// # Examples
///
/// ```
/// use vigil::Event;
///
/// let line = r#"{"event_id":"01934f3c-6a1b-7def-8123-456789abcdef","timestamp":"2026-11-23T20:01:57.963017Z",
///     "version":"1.0.0","seq":7,"actor":{"type":"user","id":"u-17"},
///     "action":{"type":"CREATE","category":"AUTH","operation":"register","parameters":{"plan":"basic"},
///         "result":{"status":"SUCCESS"}},
///     "performance":{"duration_ms":0.512,"slow_query":false},
///     "system":{"service":"shop","host":{"os":"Linux"},"runtime":{"rust_version":"1.95.0","process_id":7}},
///     "source":{"module":"shop::auth","file":"src/auth.rs","line":12}}"#;
/// let event = Event::parse(line)?;
/// assert_eq!(event.action.operation, "register");
/// assert_eq!(event.actor.id.as_deref(), Some("u-17"));
/// assert!(event.error.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Unique, and sorted by the time the call began.
    pub event_id: EventId,
    /// When the call began: RFC 3339 in UTC, with microseconds.
    pub timestamp: String,
    /// The version of the event format.
    pub version: String,
    /// The event's place in its trail, counted from 0 without gaps over all files.
    pub seq: u64,
    /// Who did it.
    pub actor: Actor,
    /// What was done, with what outcome.
    pub action: Action,
    /// To what it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// How long it took.
    pub performance: Performance,
    /// Where it ran.
    pub system: System,
    /// Where it stands in the code.
    pub source: Source,
    /// What the program has added.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
    /// How many values each rule has protected.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub redactions: Map<String, Value>,
    /// So many events this line stands for, where those that say the same are folded: beside the one that it repeats,
    /// which has a line of its own. Their last is described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated: Option<u64>,
    /// When the first of them began, in the form of `timestamp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_timestamp: Option<String>,
    /// When the last of them began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_timestamp: Option<String>,
    /// The event that they repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_of: Option<EventId>,
}

/// Who did it: `actor`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// `anonymous`, `user`, `service` or `system`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id by which the system knows the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The address, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The network address that the actor came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The session of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The roles in which the actor acted.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "texts"
    )]
    pub roles: Vec<String>,
}

/// What was done: `action`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Action {
    /// What kind of action it was, `QUERY` for example.
    #[serde(rename = "type")]
    pub kind: String,
    /// What part of the system it concerned, `DATABASE` for example.
    pub category: String,
    /// What the program calls it, usually the name of the function.
    pub operation: String,
    /// The sanitized arguments.
    pub parameters: Map<String, Value>,
    /// How it ended.
    pub result: Outcome,
    /// What it changed, as far as the program tells: by name, the value before and the value after. Where a line had
    /// to be shortened, a name may have a mark instead, which is passed over here.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "changes"
    )]
    pub changes: BTreeMap<String, Change>,
}

/// What became of one value: an entry of `action.changes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The sanitized value before.
    pub old: Value,
    /// The sanitized value after.
    pub new: Value,
}

/// How the call ended: `action.result`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outcome {
    /// In one word.
    pub status: Status,
    /// The sanitized return value, where the program asks for it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub value: Option<Value>,
}

/// To what it was done: `resource`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resource {
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What went wrong: `error`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// The type of the error, or `panic`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The sanitized message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The sanitized error itself, where it is more than a text.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub details: Option<Value>,
    /// File, line and column of a panic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The functions that were running at a panic, innermost first.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "texts"
    )]
    pub backtrace: Vec<String>,
}

/// What the call was part of: `context`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Context {
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The distributed trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The span within the trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// The event of the audited call around this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<EventId>,
    /// The event that announced this call before its body ran, where the call asked for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<EventId>,
    /// The tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// How long the call took: `performance`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Performance {
    /// Milliseconds, exact to the microsecond.
    pub duration_ms: f64,
    /// Whether that is at least the threshold.
    pub slow_query: bool,
    /// How far it had come when. A mark for those that did not fit is passed over here.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "checkpoints"
    )]
    pub checkpoints: Vec<Checkpoint>,
}

/// A point that the call has passed: an element of `performance.checkpoints`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checkpoint {
    /// What the program calls it.
    pub name: String,
    /// Milliseconds from the beginning of the call, exact to the microsecond.
    pub at_ms: f64,
}

/// Where the call ran: `system`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct System {
    /// The service, by its configured name.
    pub service: String,
    /// The machine.
    pub host: Host,
    /// The process.
    pub runtime: Runtime,
}

/// The machine: `system.host`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Host {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Its operating system.
    pub os: String,
}

/// The process: `system.runtime`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Runtime {
    /// The compiler that built Vigil.
    pub rust_version: String,
    /// The id of the process.
    pub process_id: u32,
    /// The name of the thread that the call began on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
}

/// Where the call stands in the code: `source`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Source {
    /// The path of the module.
    pub module: String,
    /// The file.
    pub file: String,
    /// The line of the attribute or macro; in an audited `impl` block, of the function.
    pub line: u32,
    /// The fingerprint of what the program says of this place; see [`catalogue`](mod@crate::catalogue).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

impl Event {
    /// Reads a line of the trail, with or without its newline.
    ///
    /// # Errors
    ///
    /// If the line is no JSON, or JSON that is no event.
    pub fn parse(line: &str) -> Result<Self, ParseEventError> {
        serde_json::from_str(line).map_err(ParseEventError)
    }
}

/// A `null` that stands there is a value too: a function may have returned it.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A list that was too long ends with a mark that is an object; it becomes its text.
fn texts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let items = Vec::<Value>::deserialize(deserializer)?;
    Ok(items
        .into_iter()
        .map(|item| match item {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect())
}

fn changes<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Change>, D::Error> {
    let changes = Map::<String, Value>::deserialize(deserializer)?;
    Ok(changes
        .into_iter()
        .filter_map(|(name, change)| Some((name, serde_json::from_value(change).ok()?)))
        .collect())
}

fn checkpoints<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Checkpoint>, D::Error> {
    let checkpoints = Vec::<Value>::deserialize(deserializer)?;
    Ok(checkpoints
        .into_iter()
        .filter_map(|checkpoint| serde_json::from_value(checkpoint).ok())
        .collect())
}

/// The line is not an event.
#[derive(Debug)]
pub struct ParseEventError(serde_json::Error);

impl fmt::Display for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an audit event: {}", self.0)
    }
}

impl std::error::Error for ParseEventError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
