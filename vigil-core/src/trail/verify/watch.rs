//! What the events say of themselves: what was lost, and what was begun and not finished. No line is parsed but those in
//! which a search has found something.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use memchr::memmem::Finder;
use serde::Deserialize;

use crate::event::{EventId, Status};
use crate::trail::since::EVENTS_LOST;

/// Listens to the lines of a part of the trail.
pub(super) struct Watch {
    losses: Finder<'static>,
    attempts: Finder<'static>,
    outcomes: Finder<'static>,
    pub(super) heard: Heard,
}

/// What was heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// By category.
    pub(super) lost: BTreeMap<String, u64>,
    /// Attempts whose outcome was not heard of.
    open: HashSet<EventId>,
    /// Outcomes whose attempt was not heard of.
    ended: HashSet<EventId>,
}

#[derive(Deserialize)]
struct Line<'a> {
    event_id: EventId,
    #[serde(borrow)]
    action: Action<'a>,
    context: Option<Context>,
}

#[derive(Deserialize)]
struct Action<'a> {
    #[serde(borrow)]
    operation: Cow<'a, str>,
    result: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    status: Status,
}

#[derive(Deserialize)]
struct Context {
    attempt_id: Option<EventId>,
}

#[derive(Deserialize)]
struct Losses {
    action: LossAction,
}

#[derive(Deserialize)]
struct LossAction {
    parameters: LossParameters,
}

#[derive(Deserialize)]
struct LossParameters {
    losses: Vec<Loss>,
}

#[derive(Deserialize)]
struct Loss {
    category: String,
    count: u64,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            losses: Finder::new(EVENTS_LOST),
            attempts: Finder::new("\"status\":\"ATTEMPT\""),
            outcomes: Finder::new("\"attempt_id\":\""),
            heard: Heard::default(),
        }
    }

    /// Listens to whole lines.
    pub(super) fn listen(&mut self, lines: &[u8], count_losses: bool) {
        let Self {
            losses,
            attempts,
            outcomes,
            heard,
        } = self;
        for_each_hit(attempts, lines, |line| {
            if line.action.result.status == Status::Attempt && !heard.ended.remove(&line.event_id) {
                heard.open.insert(line.event_id);
            }
        });
        for_each_hit(outcomes, lines, |line| {
            if let Some(attempt) = line.context.and_then(|context| context.attempt_id)
                && !heard.open.remove(&attempt)
            {
                heard.ended.insert(attempt);
            }
        });
        if count_losses {
            for line in hits(losses, lines) {
                heard.add_losses(line);
            }
        }
    }
}

impl Heard {
    fn add_losses(&mut self, line: &[u8]) {
        let is_ours = serde_json::from_slice::<Line<'_>>(line)
            .is_ok_and(|line| line.action.operation == EVENTS_LOST);
        if is_ours && let Ok(read) = serde_json::from_slice::<Losses>(line) {
            for loss in read.action.parameters.losses {
                let sum = self.lost.entry(loss.category).or_default();
                *sum = sum.saturating_add(loss.count);
            }
        }
    }

    /// Adds what another part of the trail has said.
    pub(super) fn add(&mut self, other: Self) {
        self.add_lost(&other.lost);
        for id in other.open {
            if !self.ended.remove(&id) {
                self.open.insert(id);
            }
        }
        for id in other.ended {
            if !self.open.remove(&id) {
                self.ended.insert(id);
            }
        }
    }

    pub(super) fn add_lost(&mut self, lost: &BTreeMap<String, u64>) {
        for (category, count) in lost {
            let sum = self.lost.entry(category.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
    }

    pub(super) fn unfinished(&self) -> u64 {
        self.open.len() as u64
    }
}

fn for_each_hit(finder: &Finder<'_>, lines: &[u8], mut take: impl FnMut(Line<'_>)) {
    for line in hits(finder, lines) {
        // A value of the program's may look the same; parsed, it does not.
        if let Ok(line) = serde_json::from_slice(line) {
            take(line);
        }
    }
}

/// The lines in which something is found, each once.
fn hits<'l>(finder: &Finder<'_>, lines: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
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
