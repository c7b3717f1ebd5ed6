//! A trouble that is told when it begins and when it ends, once each, however often somebody looks.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::engine::now;
use crate::engine::system_events::{self, FAILURE};
use crate::event::Status;
use crate::trail::stamp;

#[derive(Debug, Default)]
pub(super) struct Condition {
    /// Whether its beginning has been told, and when that was by the clock of events.
    told: Option<u64>,
    /// Since when things are the other way round than told.
    other_since: Option<Instant>,
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Edge {
    Began,
    /// With when it began, in nanoseconds since the Unix epoch.
    Ended {
        since: u64,
    },
}

impl Edge {
    /// Tells the trail of it, with these parameters, an object: `what` is said when it begins, `over` when it ends.
    pub(in crate::engine) fn tell(self, parameters: Value, what: &str, over: &str) {
        let mut parameters = parameters;
        let status = match self {
            Self::Began => {
                parameters["phase"] = "began".into();
                parameters["what"] = what.into();
                Status::Failure
            }
            Self::Ended { since } => {
                parameters["phase"] = "ended".into();
                parameters["what"] = over.into();
                parameters["since"] = stamp(since).into();
                parameters["until"] = stamp(now().1).into();
                Status::Success
            }
        };
        system_events::submit(&FAILURE, status, &parameters);
    }
}

impl Condition {
    /// Notes how things are. The trouble begins when it has been there for `begins_after`, and ends when it has not been
    /// there for `ends_after`.
    pub(super) fn observe(
        &mut self,
        is_bad: bool,
        begins_after: Duration,
        ends_after: Duration,
        (now, unix_nanos): (Instant, u64),
    ) -> Option<Edge> {
        if is_bad == self.told.is_some() {
            self.other_since = None;
            return None;
        }
        let since = *self.other_since.get_or_insert(now);
        let patience = if is_bad { begins_after } else { ends_after };
        if now.saturating_duration_since(since) < patience {
            return None;
        }
        self.other_since = None;
        match self.told.take() {
            Some(since) => Some(Edge::Ended { since }),
            None => {
                self.told = Some(unix_nanos);
                Some(Edge::Began)
            }
        }
    }

    pub(super) fn is_told(&self) -> bool {
        self.told.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edge_is_told_once_and_what_passes_quickly_not_at_all() {
        let start = Instant::now();
        let mut condition = Condition::default();
        let mut at = |seconds: u64, is_bad: bool| {
            let now = (start + Duration::from_secs(seconds), seconds);
            condition.observe(is_bad, Duration::from_secs(10), Duration::from_secs(5), now)
        };
        assert_eq!(at(0, false), None);
        assert_eq!(at(1, true), None);
        assert_eq!(at(5, false), None, "it has passed");
        assert_eq!(at(6, true), None);
        assert_eq!(at(15, true), None);
        assert_eq!(at(16, true), Some(Edge::Began));
        assert_eq!(at(17, true), None);
        assert_eq!(at(20, false), None);
        assert_eq!(at(21, true), None, "it is back at once");
        assert_eq!(at(30, false), None);
        assert_eq!(at(35, false), Some(Edge::Ended { since: 16 }));
        assert_eq!(at(36, false), None);
    }
}
