//! What the events say of themselves: what was lost, and what was begun and not finished. No line is parsed but those in
//! which a search has found something.

use std::collections::{BTreeMap, HashSet};

use memchr::memmem::Finder;
use serde::Deserialize;

use crate::event::{EventId, Status};
use crate::trail::losses::{EVENTS_LOST, lines_with, told_by};

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
struct Line {
    event_id: EventId,
    action: Action,
    context: Option<Context>,
}

#[derive(Deserialize)]
struct Action {
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
            for lost in lines_with(losses, lines).flat_map(told_by) {
                let sum = heard.lost.entry(lost.category).or_default();
                *sum = sum.saturating_add(lost.count);
            }
        }
    }
}

impl Heard {
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

fn for_each_hit(finder: &Finder<'_>, lines: &[u8], mut take: impl FnMut(Line)) {
    for line in lines_with(finder, lines) {
        // A value of the program's may look the same; parsed, it does not.
        if let Ok(line) = serde_json::from_slice(line) {
            take(line);
        }
    }
}
