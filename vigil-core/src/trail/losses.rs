//! What lines of the trail tell of events that were lost.

use std::borrow::Cow;

use memchr::memmem::Finder;
use serde::Deserialize;

/// The reserved operation that tells of lost events.
pub(crate) const EVENTS_LOST: &str = "audit_events_lost";

/// So many events of a kind.
#[derive(Debug, Deserialize)]
pub(super) struct Lost {
    pub(super) category: String,
    #[serde(default)]
    pub(super) reason: String,
    pub(super) count: u64,
}

/// What a line tells was lost; nothing if it is another event.
pub(super) fn told_by(line: &[u8]) -> Vec<Lost> {
    #[derive(Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        action: Action<'a>,
    }
    #[derive(Deserialize)]
    struct Action<'a> {
        #[serde(borrow)]
        operation: Cow<'a, str>,
        parameters: Parameters,
    }
    #[derive(Deserialize)]
    struct Parameters {
        losses: Vec<Lost>,
    }
    match serde_json::from_slice::<Line<'_>>(line) {
        Ok(Line { action }) if action.operation == EVENTS_LOST => action.parameters.losses,
        _ => Vec::new(),
    }
}

/// The lines, without their newlines, in which something is found, each once. A value of the program's may look the same.
pub(super) fn lines_with<'l>(
    finder: &Finder<'_>,
    lines: &'l [u8],
) -> impl Iterator<Item = &'l [u8]> {
    let mut rest = lines;
    std::iter::from_fn(move || {
        let at = finder.find(rest)?;
        let start = memchr::memrchr(b'\n', &rest[..at]).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', &rest[at..]).map_or(rest.len(), |newline| at + newline);
        let line = &rest[start..end];
        rest = &rest[end..];
        Some(line)
    })
}
