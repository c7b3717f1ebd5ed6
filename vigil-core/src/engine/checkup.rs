//! How the engine is doing, in one word and with reasons: for a `/health` endpoint, and for who is called at night.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Serialize, Serializer};

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

/// How the engine is doing, in one word: the worst of its [`reasons`](Health::reasons).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum HealthState {
    /// Nothing to be done.
    #[default]
    Ok,
    /// Events are kept, but somebody has to look after something before that changes.
    Degraded,
    /// Events are not kept, or will not be soon.
    Failing,
}

impl HealthState {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }
}

impl fmt::Display for HealthState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a [`Health`] is not ok.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// How bad it is.
    pub state: HealthState,
    /// The condition in a word for programs, such as `trail_unwritable`; `vigil/docs/operating.md` lists them.
    pub code: &'static str,
    /// What is the matter and what to do, in a sentence.
    pub message: String,
}

/// How full the journal is, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JournalFill {
    /// Bytes that wait to be in the trail, safe on disk.
    pub used: u64,
    /// Bytes that there are in all: `journal.capacity`.
    pub capacity: u64,
}

/// The room on the disk of the trail, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Disk {
    /// So much was free when it was last looked at, at most some seconds ago.
    pub free: u64,
    /// `disk.warn_below` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_below: Option<u64>,
    /// `disk.fail_below` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_below: Option<u64>,
}

/// By what others can check the trail; `vigil/docs/trail-format.md` says how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Proof {
    /// The name of the trail in its checkpoints.
    pub origin: String,
    /// The public key, as C2SP writes it (<https://c2sp.org/signed-note>): publish it where who owns this machine cannot
    /// change it.
    pub verifier_key: String,
    /// Over so many events, from the first, there is a signed checkpoint.
    pub signed: u64,
}

/// How the engine is doing; see [`health`].
///
/// It is `Serialize`: as JSON it has members of the same names, with times in milliseconds (`last_turn_ms`, `last_sync_ms`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// The worst of the reasons.
    pub state: HealthState,
    /// What is the matter, the worst first; empty where all is well.
    pub reasons: Vec<Reason>,
    /// Whether events are being recorded; see [`set_enabled`](crate::set_enabled).
    pub recording: bool,
    /// How full the journal is.
    pub journal: JournalFill,
    /// Events that were lost since the process started; see [`CategoryStats::dropped`](crate::CategoryStats::dropped).
    pub dropped: u64,
    /// How long ago the writer of the trail last came by; some milliseconds where all is well.
    #[serde(rename = "last_turn_ms", serialize_with = "as_millis")]
    pub last_turn: Duration,
    /// How long ago what was written last got onto the disk. It grows while there is nothing to write.
    #[serde(rename = "last_sync_ms", serialize_with = "as_millis")]
    pub last_sync: Duration,
    /// The room on the disk of the trail, where the system tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<Disk>,
    /// By what others can check the trail; absent where it is not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// How each sink is doing, by its name.
    pub sinks: BTreeMap<String, SinkStats>,
    /// What the start of the engine found and mended: for example events that a crash had left in the journal.
    pub recovery: Vec<String>,
}

fn as_millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

impl Health {
    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.state == HealthState::Ok
    }

    /// Whether events are not kept, or will not be soon: what a load balancer should know.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.state == HealthState::Failing
    }

    fn because(&mut self, state: HealthState, code: &'static str, message: impl Into<String>) {
        self.state = self.state.max(state);
        self.reasons.push(Reason {
            state,
            code,
            message: message.into(),
        });
    }
}

impl fmt::Display for Health {
    /// The state, then each reason on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)?;
        for reason in &self.reasons {
            write!(f, "\n{}: {}", reason.code, reason.message)?;
        }
        Ok(())
    }
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
        let page = include_str!("../../../vigil/docs/operating.md");
        // The code of a reason stands between its state and its sentence, here as in `because`.
        let code = include_str!("checkup.rs");
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
