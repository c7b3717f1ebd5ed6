//! How the engine is doing, in one word and with reasons: for a `/health` endpoint, and for who is called at night.

mod health;

use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use health::{AnchorStats, Disk, Health, HealthState, JournalFill, Proof, Reason};

use super::in_force::InForce;
use super::monitor::Monitor;
use crate::event::Callsite;
use crate::filter;
use crate::journal::{self, Live};
use crate::sink::{Forwarders, SinkState, SinkStats};

/// The writer comes by at least every few seconds, also where it cannot write.
const STUCK: Duration = Duration::from_secs(10);
/// A disk may take seconds for a sync under load, but not this long.
const SLOW_SYNC: Duration = Duration::from_secs(30);
/// A sink that fails now and then is no trouble.
const FAILURES: u32 = 3;

/// What is looked at.
pub(super) enum Subject {
    /// No engine has been started.
    Nothing,
    /// The configuration said `enabled: false` when one was to be started.
    SwitchedOff,
    Running(Arc<Running>),
    Stopped,
}

/// A running engine, as far as it is looked at.
pub(super) struct Running {
    pub(super) live: &'static Live,
    pub(super) monitor: Arc<Monitor>,
    pub(super) sinks: Arc<Forwarders>,
    pub(super) in_force: Arc<InForce>,
    pub(super) dir: PathBuf,
}

static SUBJECT: Mutex<Subject> = Mutex::new(Subject::Nothing);

/// From now on this is what is looked at.
pub(super) fn look_at(subject: Subject) {
    *SUBJECT.lock().unwrap_or_else(PoisonError::into_inner) = subject;
}

/// How the engine is doing: one state, and for each thing that is the matter a sentence that says what to do.
///
/// Cheap enough to be asked every second: it reads what the engine's threads have noted, and neither calls the operating
/// system nor waits for them.
///
/// # Examples
///
/// For a `/health` endpoint; `examples/health.rs` is a whole one:
///
/// ```
/// let health = vigil::health();
/// let status = if health.is_failing() { 503 } else { 200 };
/// let body = serde_json::to_string(&health)?;
/// # assert_eq!(status, 503);
/// # assert!(body.starts_with(r#"{"state":"failing","reasons":[{"state":"failing","code":"not_running","message":""#), "{body}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn health() -> Health {
    let mut health = Health {
        recording: filter::is_enabled(),
        dropped: Callsite::reached()
            .iter()
            .map(|callsite| callsite.counters.dropped.load(Relaxed))
            .sum(),
        ..Health::default()
    };
    let running = {
        let subject = SUBJECT.lock().unwrap_or_else(PoisonError::into_inner);
        match &*subject {
            _ if journal::is_child() => Err((
                HealthState::Failing,
                "not_running",
                "this process was forked from the one whose engine runs: call vigil::init() here, on a directory of \
                 its own",
            )),
            Subject::Running(running) => Ok(Arc::clone(running)),
            Subject::Nothing => Err((
                HealthState::Failing,
                "not_running",
                "no engine is running: call vigil::init() at the start of the program",
            )),
            Subject::Stopped => Err((
                HealthState::Failing,
                "not_running",
                "the engine has been shut down, and what happens now is not recorded",
            )),
            Subject::SwitchedOff => Err((
                HealthState::Degraded,
                "switched_off",
                "nothing is recorded: the configuration said enabled: false when the program started; change it and \
                 restart",
            )),
        }
    };
    match running {
        Ok(running) => running.examine(&mut health),
        Err((state, code, message)) => health.because(state, code, message),
    }
    // Stable: of those that are as bad the order stays.
    health
        .reasons
        .sort_by_key(|reason| std::cmp::Reverse(reason.state));
    health
}

impl Running {
    fn examine(&self, health: &mut Health) {
        use HealthState::Degraded;
        let monitor = &self.monitor;
        health.last_turn = monitor.since_turn();
        health.last_sync = monitor.since_sync();
        health.recovery.clone_from(&monitor.recovery);
        health.proof = monitor.proof().map(|(proof, signed)| Proof {
            origin: proof.origin,
            verifier_key: proof.verifier_key,
            signed,
        });
        self.examine_writer(health);
        self.examine_signing(health);
        self.examine_journal(health);
        self.examine_disk(health);
        self.examine_retention(health);
        self.examine_packing(health);
        self.examine_anchors(health);
        if !health.recording {
            health.because(
                Degraded,
                "switched_off",
                "nothing is recorded: enabled is false in the configuration, or the program has called \
                 vigil::set_enabled(false)",
            );
        }
        health.sinks = self.sinks.stats();
        for (name, stats) in &health.sinks.clone() {
            if let Some(message) = trouble_of(name, stats) {
                health.because(Degraded, "sink", message);
            }
        }
    }

    fn examine_writer(&self, health: &mut Health) {
        use HealthState::Failing;
        let (monitor, dir) = (&self.monitor, self.dir.display());
        if !monitor.writer_lives() {
            health.because(
                Failing,
                "writer_ended",
                "the writer of the trail has come to an unforeseen end, and what happens now stays in the journal \
                 until that is full: restart the program, and report this as a bug in vigil",
            );
        } else if monitor.since_turn() > STUCK {
            health.because(
                Failing,
                "writer_stuck",
                format!(
                    "the writer of the trail has not come back for {} s: look whether the disk of {dir} answers, and \
                     whether the on_error callback returns",
                    monitor.since_turn().as_secs()
                ),
            );
        }
        if let Some((since, error)) = monitor.trail.last() {
            health.because(
                Failing,
                "trail_unwritable",
                format!(
                    "the trail has not been written for {} s ({error}): make room, or mend the directory; events wait \
                     in the journal meanwhile",
                    since.as_secs()
                ),
            );
        }
        let sync = monitor.sync.last();
        let since = monitor.since_sync_was_asked();
        if let Some((since, error)) = sync {
            health.because(
                Failing,
                "not_synced",
                format!(
                    "what is written has not been made safe from a power failure for {} s ({error}): look after the \
                     disk of {dir}",
                    since.as_secs()
                ),
            );
        } else if since > SLOW_SYNC {
            health.because(
                Failing,
                "not_synced",
                format!(
                    "the disk of {dir} has been at a sync for {} s: look whether it answers",
                    since.as_secs()
                ),
            );
        }
    }

    fn examine_signing(&self, health: &mut Health) {
        if let Some((since, error)) = self.monitor.signing.last() {
            health.because(
                HealthState::Degraded,
                "not_signed",
                format!(
                    "the trail has not been signed for {} s ({error}): events go on into it, and the next checkpoint \
                     will cover them; until then it could be changed unnoticed",
                    since.as_secs()
                ),
            );
        }
    }

    fn examine_packing(&self, health: &mut Health) {
        if let Some((_, what)) = self.monitor.packing.last() {
            let message = format!("closed segments are not compressed or encrypted: {what}");
            health.because(HealthState::Degraded, "packing_failed", message);
        }
    }

    fn examine_retention(&self, health: &mut Health) {
        if let Some((_, what)) = self.monitor.retention.last() {
            let message = format!("what is due by trail.retention is not removed: {what}");
            health.because(HealthState::Degraded, "retention_blocked", message);
        }
        if let Some((_, what)) = self.monitor.holds.last() {
            health.because(HealthState::Degraded, "hold_unreadable", what);
        }
    }

    fn examine_anchors(&self, health: &mut Health) {
        health.anchors = self.monitor.anchors();
        for (name, stats) in &health.anchors.clone() {
            let Some(error) = &stats.last_error else {
                continue;
            };
            let size = stats.size;
            let (code, what) = if stats.refused {
                (
                    "anchor_refused",
                    "look whether the trail was rewritten, with `vigil verify`",
                )
            } else {
                (
                    "not_anchored",
                    "events go on into the trail; what comes behind could be rewritten unnoticed until then",
                )
            };
            let message =
                format!("the anchor {name} has the first {size} events ({error}): {what}");
            health.because(HealthState::Degraded, code, message);
        }
    }

    fn examine_journal(&self, health: &mut Health) {
        let (used, capacity) = self.live.fill();
        health.journal = JournalFill { used, capacity };
        let percent = used.saturating_mul(100) / capacity.max(1);
        let state = match percent {
            90.. => HealthState::Failing,
            50.. => HealthState::Degraded,
            _ => HealthState::Ok,
        };
        if state > HealthState::Ok {
            health.because(
                state,
                "journal_filling",
                format!(
                    "the journal is {percent} % full: the trail is not written as fast as events come; see the other \
                     reasons, or raise journal.capacity"
                ),
            );
        }
        if self.live.owes(u64::MAX - 1) {
            health.because(
                HealthState::Degraded,
                "events_lost",
                "events were lost for want of room in the journal, and the trail does not say so yet; it will when \
                 it can be written",
            );
        }
    }

    fn examine_disk(&self, health: &mut Health) {
        let Some(free) = self.monitor.free() else {
            return;
        };
        let limits = self.in_force.get().1.disk;
        health.disk = Some(Disk {
            free,
            warn_below: limits.warn_below,
            fail_below: limits.fail_below,
        });
        let is_below = |limit: Option<u64>| limit.is_some_and(|limit| free < limit);
        let (state, key) = match limits {
            _ if is_below(limits.fail_below) => (HealthState::Failing, "disk.fail_below"),
            _ if is_below(limits.warn_below) => (HealthState::Degraded, "disk.warn_below"),
            _ => return,
        };
        health.because(
            state,
            "disk_space",
            format!(
                "{} MiB are free on the disk of {}, fewer than {key} says: make room, for example by moving closed \
                 files of the trail elsewhere",
                free >> 20,
                self.dir.display()
            ),
        );
    }
}

/// What is the matter with a sink.
fn trouble_of(name: &str, stats: &SinkStats) -> Option<String> {
    let error = stats.last_error.as_deref().unwrap_or("for no reason given");
    let what = match stats.state {
        SinkState::Hanging => "does not come back from a call".to_owned(),
        SinkState::Failed => format!("refuses what it is given ({error})"),
        SinkState::Retrying if stats.consecutive_failures >= FAILURES => format!(
            "has failed {} times in a row ({error})",
            stats.consecutive_failures
        ),
        SinkState::Running | SinkState::Stopped | SinkState::Retrying => return None,
    };
    Some(format!(
        "sink {name} {what}, and is {} events behind: mend what it writes to; it catches up from the trail",
        stats.lag
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_the_worst_of_the_reasons() {
        let mut health = Health::default();
        assert!(health.is_ok());
        health.because(HealthState::Degraded, "sink", "a");
        health.because(HealthState::Failing, "disk_space", "b");
        health.because(HealthState::Degraded, "sink", "c");
        assert!(health.is_failing());
        assert_eq!(
            health.to_string(),
            "failing\nsink: a\ndisk_space: b\nsink: c"
        );
    }

    #[test]
    fn the_page_lists_every_code() {
        let page = include_str!("../../../../vigil/docs/operating.md");
        // The code of a reason stands between its state and its sentence, here as in `because`.
        let code = include_str!("mod.rs");
        let (code, _) = code.split_once("mod tests").unwrap();
        let code: String = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        let words = code.split('"').skip(1).step_by(2);
        let codes: Vec<_> = words
            .filter(|word| word.contains('_') || *word == "sink")
            .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            .filter(|word| !word.ends_with("_ms") && *word != "as_millis")
            .collect();
        assert!(codes.len() >= 10, "{codes:?}");
        for code in codes {
            assert!(page.contains(&format!("`{code}`")), "operating.md: {code}");
        }
    }

    #[test]
    fn a_sink_that_failed_once_is_no_trouble() {
        let mut stats = SinkStats {
            state: SinkState::Retrying,
            consecutive_failures: 1,
            ..SinkStats::default()
        };
        assert_eq!(trouble_of("search", &stats), None);
        stats.consecutive_failures = 3;
        stats.last_error = Some("connection refused".to_owned());
        let trouble = trouble_of("search", &stats).unwrap();
        assert!(
            trouble.contains("search has failed 3 times in a row (connection refused)"),
            "{trouble}"
        );
    }
}
