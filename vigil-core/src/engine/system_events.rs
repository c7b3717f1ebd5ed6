//! The events that Vigil itself writes, under reserved operations of the category `SYSTEM`.

use serde_json::{Value, json};

use super::{now, overflow};
use crate::error::Error;
use crate::event::record::{self, Header, Section};
use crate::event::{Callsite, EventId, Status};
use crate::journal::{JOURNAL, Loss};
use crate::sanitize;
use crate::trail::inbox::{Said, Taken};
use crate::trail::{EVENTS_LOST, NoteKind, stamp};

/// The engine has started.
pub(super) static STARTED: Callsite = Callsite::reserved("audit_started");
/// The engine has been shut down; what is missing behind this is missing because nobody recorded it.
pub(super) static STOPPED: Callsite = Callsite::reserved("audit_stopped");
/// The configuration was changed while the engine ran, or could not be.
pub(super) static CONFIG_CHANGED: Callsite = Callsite::reserved("audit_config_changed");
/// Something is in trouble, or was.
pub(super) static FAILURE: Callsite = Callsite::reserved("audit_failure");
/// What a crash had left was written.
pub(super) static RECOVERED: Callsite = Callsite::reserved("audit_recovered");
/// The trail is signed by another key from here on.
pub(super) static KEY_ROTATED: Callsite = Callsite::reserved("audit_key_rotated");
/// Nothing has happened for some time, and Vigil was there to record it.
pub(super) static HEARTBEAT: Callsite = Callsite::reserved("audit_heartbeat");
/// Retention is about to remove segments.
pub(super) static RETENTION_PURGED: Callsite =
    Callsite::reserved(crate::trail::evidence::RETENTION_PURGED);
/// A legal hold is in force.
pub(super) static HOLD_ADDED: Callsite = Callsite::reserved("audit_hold_added");
/// And is not any more.
pub(super) static HOLD_REMOVED: Callsite = Callsite::reserved("audit_hold_removed");
/// Events were lost here.
pub(super) static LOST: Callsite = Callsite::reserved(EVENTS_LOST);

/// Of what other programs leave as notes; see [`NoteKind`].
static NOTED: [Callsite; NoteKind::ALL.len()] = {
    const fn noted(index: usize) -> Callsite {
        Callsite::reserved(NoteKind::ALL[index].operation())
    }
    [noted(0), noted(1), noted(2)]
};

static OF_THE_ENGINE: [&Callsite; 11] = [
    &STARTED,
    &STOPPED,
    &CONFIG_CHANGED,
    &FAILURE,
    &RECOVERED,
    &KEY_ROTATED,
    &HEARTBEAT,
    &RETENTION_PURGED,
    &HOLD_ADDED,
    &HOLD_REMOVED,
    &LOST,
];

fn all() -> impl Iterator<Item = &'static Callsite> {
    OF_THE_ENGINE.into_iter().chain(&NOTED)
}

/// Gives all of them numbers.
pub(super) fn register() {
    for callsite in all() {
        callsite.id();
    }
}

/// The record of an event of `callsite` with these parameters, a JSON object.
pub(super) fn record(callsite: &'static Callsite, unix_nanos: u64, parameters: &Value) -> Vec<u8> {
    record_of(callsite, Status::Success, unix_nanos, parameters)
}

/// As [`record`], with another outcome.
pub(super) fn record_of(
    callsite: &'static Callsite,
    status: Status,
    unix_nanos: u64,
    parameters: &Value,
) -> Vec<u8> {
    compose_object(
        (EventId::new(unix_nanos), unix_nanos),
        callsite,
        status,
        parameters,
    )
}

fn compose_object(
    at: (EventId, u64),
    callsite: &'static Callsite,
    status: Status,
    parameters: &Value,
) -> Vec<u8> {
    let object = parameters.to_string();
    let members = object
        .strip_prefix('{')
        .and_then(|object| object.strip_suffix('}'))
        .unwrap_or_default();
    compose(callsite, status, at, r#"{"type":"system"}"#, members)
}

/// `actor` is an object, `parameters` are members, sanitized both.
fn compose(
    callsite: &'static Callsite,
    status: Status,
    (id, unix_nanos): (EventId, u64),
    actor: &str,
    parameters: &str,
) -> Vec<u8> {
    let mut out = Vec::new();
    Header {
        callsite: callsite.id(),
        status,
        slow: false,
        id,
        parent: None,
        started_unix_nanos: unix_nanos,
        took_nanos: 0,
    }
    .write(&mut out);
    record::push_section(&mut out, Section::Actor, actor.as_bytes());
    record::push_section(&mut out, Section::Parameters, parameters.as_bytes());
    out
}

/// The record of the event that a note becomes. It has the time at which the note was taken, for the trail is in that
/// order; when the note was left stands among the parameters, which are what its author says.
pub(super) fn of_note(note: &Taken, unix_nanos: u64) -> (&'static Callsite, Vec<u8>) {
    let Said {
        kind,
        outcome,
        actor,
        parameters,
    } = &note.said;
    let callsite = NOTED
        .iter()
        .find(|callsite| callsite.operation == kind.operation())
        .unwrap_or(&FAILURE);
    let at = (note.id(), unix_nanos);
    let record = compose(callsite, *outcome, at, actor, parameters);
    (callsite, record)
}

/// Hands an event to the journal, where it stands in line with those of the program. From any thread but the writer,
/// which composes its lines itself.
pub(super) fn submit(callsite: &'static Callsite, status: Status, parameters: &Value) {
    hand_over(callsite, &record_of(callsite, status, now().1, parameters));
}

/// As [`submit`], of an event by whose id it is looked for afterwards.
pub(super) fn submit_as(id: EventId, callsite: &'static Callsite, parameters: &Value) {
    let record = compose_object((id, now().1), callsite, Status::Success, parameters);
    hand_over(callsite, &record);
}

/// As [`submit`], of something that failed with an error.
pub(super) fn submit_failed(
    callsite: &'static Callsite,
    kind: &str,
    error: &Error,
    parameters: &Value,
) {
    let mut record = record_of(callsite, Status::Failure, now().1, parameters);
    let message = sanitize::to_json(error.to_string().as_str());
    let members = format!("\"type\":\"{kind}\",\"message\":{message}");
    record::push_section(&mut record, Section::Error, members.as_bytes());
    hand_over(callsite, &record);
}

fn hand_over(callsite: &'static Callsite, record: &[u8]) {
    // Also from the thread of a sink, whose own events are left out: these are not of its making.
    if let Err(refused) = JOURNAL.push(record) {
        overflow::overflow(callsite, record, refused);
    }
}

/// A text that comes from outside, such as an error of a sink's, as it may stand in the trail.
pub(super) fn sanitized(text: &str) -> Value {
    serde_json::from_str(&sanitize::to_json(text)).unwrap_or_default()
}

/// The parameters of [`FAILURE`] where something in the inbox was no note; with the first of the sentences about it.
pub(super) fn refused(sentences: &[String]) -> Value {
    const MOST: usize = 8;
    let what: Vec<_> = sentences
        .iter()
        .take(MOST)
        .map(|what| sanitized(what))
        .collect();
    json!({
        "condition": "note_refused",
        "what": what,
        "count": sentences.len(),
    })
}

/// The parameters of [`LOST`].
pub(super) fn lost(losses: &[Loss]) -> Value {
    let sum: u64 = losses.iter().map(|loss| loss.count).sum();
    let first = losses.iter().map(|loss| loss.first).min();
    let last = losses.iter().map(|loss| loss.last).max();
    let kinds: Vec<_> = losses
        .iter()
        .map(|loss| {
            json!({
                "category": loss.category,
                "reason": loss.reason.as_str(),
                "count": loss.count,
            })
        })
        .collect();
    json!({
        "count": sum,
        "first": stamp(first.unwrap_or_default()),
        "last": stamp(last.unwrap_or_default()),
        "losses": kinds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_of_each() {
        let page = include_str!("../../../vigil/docs/event-format.md");
        for callsite in all() {
            let row = format!("\n| `{}` |", callsite.operation);
            assert!(page.contains(&row), "event-format.md: {row}");
        }
    }
}
