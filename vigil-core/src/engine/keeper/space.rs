//! How much room is left on the disk of the trail.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::condition::{Condition, Edge};
use crate::config::DiskSection;
use crate::engine::now;
use crate::engine::writer::{OnError, report};
use crate::error::Error;

/// The bytes that this process may still write on the file system of a directory; `None` where nobody can say.
#[cfg(unix)]
pub(super) fn free(dir: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(dir).ok()?;
    // A file system that knows no size, such as some that lie in a network, says 0 of 0.
    if space.f_blocks == 0 {
        return None;
    }
    space.f_bavail.checked_mul(space.f_frsize)
}

#[cfg(not(unix))]
pub(super) fn free(_dir: &Path) -> Option<u64> {
    None
}

/// Whether there is less room than each of the limits.
#[derive(Debug, Default)]
pub(super) struct SpaceWatch {
    warn: Condition,
    fail: Condition,
}

impl SpaceWatch {
    pub(super) fn look(
        &mut self,
        free: Option<u64>,
        limits: DiskSection,
        dir: &Path,
        on_error: &OnError,
    ) {
        let Some(free) = free else { return };
        let limits = [
            (&mut self.warn, limits.warn_below, "disk.warn_below"),
            (&mut self.fail, limits.fail_below, "disk.fail_below"),
        ];
        for (condition, limit, key) in limits {
            let at = (Instant::now(), now().1);
            let Some(edge) = observe(condition, free, limit, at) else {
                continue;
            };
            let limit = limit.unwrap_or(0);
            if edge == Edge::Began {
                report(on_error, &Error::space(dir, free, limit, key));
            }
            tell(edge, free, limit, key);
        }
    }
}

/// Below the limit it begins, and a tenth above it ends: in between nothing changes.
fn observe(
    condition: &mut Condition,
    free: u64,
    limit: Option<u64>,
    at: (Instant, u64),
) -> Option<Edge> {
    let limit = limit.unwrap_or(0);
    let is_low = match condition.is_told() {
        false => free < limit,
        true => free < limit.saturating_add(limit / 10),
    };
    condition.observe(is_low, Duration::ZERO, Duration::ZERO, at)
}

fn tell(edge: Edge, free: u64, limit: u64, key: &str) {
    let parameters = json!({
        "condition": key,
        "free": free,
        "limit": limit,
    });
    edge.tell(
        parameters,
        "the disk of the trail is nearly full",
        "the disk of the trail has room again",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_that_goes_up_and_down_around_the_limit_is_told_once() {
        let mut condition = Condition::default();
        let mut at = |free: u64, limit: Option<u64>| {
            observe(&mut condition, free, limit, (Instant::now(), 7))
        };
        assert_eq!(at(1000, Some(1000)), None);
        assert_eq!(at(999, Some(1000)), Some(Edge::Began));
        for free in [1001, 999, 1099] {
            assert_eq!(at(free, Some(1000)), None);
        }
        assert_eq!(at(1100, Some(1000)), Some(Edge::Ended { since: 7 }));
        assert_eq!(at(0, None), None);
        assert_eq!(at(0, Some(1)), Some(Edge::Began));
        // Switched off by a reload, it is over.
        assert_eq!(at(0, None), Some(Edge::Ended { since: 7 }));
    }

    #[cfg(unix)]
    #[test]
    fn the_room_of_a_directory_is_known() {
        let dir = tempfile::tempdir().unwrap();
        assert!(free(dir.path()).is_some_and(|bytes| bytes > 0));
        assert_eq!(free(&dir.path().join("none")), None);
    }
}
