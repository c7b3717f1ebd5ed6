//! Which sinks are in trouble for so long that the trail should know.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use super::condition::{Condition, Edge};
use crate::engine::now;
use crate::engine::system_events;
use crate::sink::{SinkState, SinkStats};

/// A sink may be tried again for so long before that counts as a trouble. One that hangs or refuses has had its time.
const RETRYING: Duration = Duration::from_secs(10);
/// And has to work for so long before the trouble counts as over.
const WORKING: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(super) struct SinkWatch {
    sinks: BTreeMap<String, Trouble>,
}

#[derive(Debug, Default)]
struct Trouble {
    condition: Condition,
    error: Option<String>,
}

impl SinkWatch {
    pub(super) fn look(&mut self, stats: &BTreeMap<String, SinkStats>, at: Instant) {
        for (name, stats) in stats {
            let Some((edge, error)) = self.observe(name, stats, (at, now().1)) else {
                continue;
            };
            tell(name, stats, edge, &error);
        }
    }

    fn observe(
        &mut self,
        name: &str,
        stats: &SinkStats,
        at: (Instant, u64),
    ) -> Option<(Edge, String)> {
        if !self.sinks.contains_key(name) {
            self.sinks.insert(name.to_owned(), Trouble::default());
        }
        let trouble = self.sinks.get_mut(name)?;
        let (is_bad, patience) = match stats.state {
            SinkState::Running | SinkState::Stopped => (false, Duration::ZERO),
            SinkState::Retrying => (true, RETRYING),
            SinkState::Failed | SinkState::Hanging => (true, Duration::ZERO),
        };
        if is_bad {
            trouble.error = match stats.state {
                SinkState::Hanging => Some("a call has not come back".to_owned()),
                _ => stats.last_error.clone(),
            };
        }
        let edge = trouble.condition.observe(is_bad, patience, WORKING, at)?;
        Some((edge, trouble.error.clone().unwrap_or_default()))
    }
}

fn tell(name: &str, stats: &SinkStats, edge: Edge, error: &str) {
    let parameters = json!({
        "condition": "sink",
        "sink": name,
        "state": stats.state.as_str(),
        "lag": stats.lag,
        "error": system_events::sanitized(error),
    });
    edge.tell(
        parameters,
        "the sink does not take events; they wait in the trail",
        "the sink takes events again",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sink_that_hangs_is_told_at_once_and_one_that_is_retried_when_that_lasts() {
        let start = Instant::now();
        let mut watch = SinkWatch::default();
        let mut at = |seconds: u64, name: &str, state: SinkState| {
            let stats = SinkStats {
                state,
                last_error: Some("connection refused".to_owned()),
                ..SinkStats::default()
            };
            let at = (start + Duration::from_secs(seconds), seconds);
            watch.observe(name, &stats, at)
        };
        assert_eq!(at(0, "a", SinkState::Running), None);
        let (edge, error) = at(1, "a", SinkState::Hanging).unwrap();
        assert_eq!((edge, &*error), (Edge::Began, "a call has not come back"));
        assert_eq!(at(2, "b", SinkState::Retrying), None);
        assert_eq!(at(11, "b", SinkState::Retrying), None);
        let (edge, error) = at(12, "b", SinkState::Retrying).unwrap();
        assert_eq!((edge, &*error), (Edge::Began, "connection refused"));
        assert_eq!(at(13, "b", SinkState::Failed), None, "it is told already");
        assert_eq!(at(20, "b", SinkState::Running), None);
        let (edge, _) = at(25, "b", SinkState::Running).unwrap();
        assert_eq!(edge, Edge::Ended { since: 12 });
    }
}
