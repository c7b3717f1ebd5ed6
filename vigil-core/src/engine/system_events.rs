//! The events that Vigil itself writes, under reserved operations of the category `SYSTEM`.

use serde_json::{Value, json};

use crate::event::record::{self, Header, Section};
use crate::event::{Callsite, EventId, Status};
use crate::journal::Loss;
use crate::trail::{EVENTS_LOST, stamp};

/// The engine has started.
pub(super) static STARTED: Callsite = Callsite::reserved("audit_started");
/// The engine has been shut down; what is missing behind this is missing because nobody recorded it.
pub(super) static STOPPED: Callsite = Callsite::reserved("audit_stopped");
/// Something could not be written for some time.
pub(super) static FAILURE: Callsite = Callsite::reserved("audit_failure");
/// What a crash had left was written.
pub(super) static RECOVERED: Callsite = Callsite::reserved("audit_recovered");
/// Events were lost here.
pub(super) static LOST: Callsite = Callsite::reserved(EVENTS_LOST);

/// Gives all of them numbers.
pub(super) fn register() {
    for callsite in [&STARTED, &STOPPED, &FAILURE, &RECOVERED, &LOST] {
        callsite.id();
    }
}

/// The record of an event of `callsite` with these parameters, a JSON object.
pub(super) fn record(callsite: &'static Callsite, unix_nanos: u64, parameters: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    Header {
        callsite: callsite.id(),
        status: Status::Success,
        slow: false,
        id: EventId::new(unix_nanos),
        parent: None,
        started_unix_nanos: unix_nanos,
        took_nanos: 0,
    }
    .write(&mut out);
    record::push_section(&mut out, Section::Actor, br#"{"type":"system"}"#);
    let object = parameters.to_string();
    let members = object
        .strip_prefix('{')
        .and_then(|object| object.strip_suffix('}'))
        .unwrap_or_default();
    record::push_section(&mut out, Section::Parameters, members.as_bytes());
    out
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
