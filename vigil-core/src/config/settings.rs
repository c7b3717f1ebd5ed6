//! The configuration as the engine reads it, with the defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::event::{Delivery, Overflow};
use crate::filter::dedup::Windows;
use crate::retention::Retention;
use crate::sanitize::{Detector, Profile, Treatment, Validator};
use crate::sink::SinkOptions;
use crate::trail::TrailConfig;
use crate::trail::packing::Packing;

/// Everything that can be configured. What each key means is said in `vigil/docs/configuration.md`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    pub(crate) enabled: bool,
    pub(crate) service: String,
    pub(crate) trail: TrailConfig,
    /// Where the keys of subjects lie.
    pub(crate) subject_keys: Option<PathBuf>,
    /// How closed segments are kept.
    pub(crate) packing: Packing,
    /// How long the trail is kept.
    pub(crate) retention: Retention,
    /// Who gets its checkpoints, by their names.
    pub(crate) anchors: BTreeMap<String, AnchorSection>,
    /// By name; a category that is not in it is on.
    pub(crate) categories: BTreeMap<String, bool>,
    pub(crate) sampling: Sampling,
    /// `None`: nothing is slow.
    pub(crate) slow_threshold: Option<Duration>,
    pub(crate) sanitize: SanitizeSection,
    pub(crate) delivery: PerCategory<Delivery>,
    pub(crate) overflow: PerCategory<Overflow>,
    /// Which events are folded that say the same.
    pub(crate) dedup: Windows,
    pub(crate) journal: JournalSection,
    pub(crate) disk: DiskSection,
    /// Whether lines are repeated on standard output.
    pub(crate) stdout: bool,
    /// How sinks are fed, by their names.
    pub(crate) sinks: BTreeMap<String, SinkOptions>,
    pub(crate) reload: ReloadSection,
    /// How long a shutdown waits for sinks.
    pub(crate) shutdown_timeout: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampling {
    /// For the categories that have none of their own.
    pub(crate) rate: f64,
    pub(crate) categories: BTreeMap<String, f64>,
    /// For single operations, before those of their category.
    pub(crate) operations: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SanitizeSection {
    /// One of [`PROFILES`].
    pub(crate) profile: &'static str,
    /// Further words that make the name of a key sensitive.
    pub(crate) keys: Vec<String>,
    /// Keys that are not sensitive although their name says so.
    pub(crate) exempt_keys: Vec<String>,
    /// Optional detectors that are on.
    pub(crate) detectors: Vec<Detector>,
    /// What the profile `allow-list` lets through.
    pub(crate) allow: Vec<String>,
    /// Three-digit ZIP areas; `None` for those of the census.
    pub(crate) sparse_zip3: Option<Vec<String>>,
    pub(crate) patterns: Vec<PatternSection>,
    pub(crate) pseudonym_key: Option<Secret>,
}

pub(crate) const PROFILES: [&str; 5] = Profile::NAMES;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PatternSection {
    pub(crate) name: String,
    pub(crate) regex: String,
    pub(crate) replacement: Option<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) validator: Option<Validator>,
    pub(crate) method: Treatment,
}

/// Something that single categories may have of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PerCategory<T> {
    pub(crate) default: T,
    pub(crate) categories: BTreeMap<String, T>,
}

impl<T> PerCategory<T> {
    const fn all(default: T) -> Self {
        Self {
            default,
            categories: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JournalSection {
    /// Bytes of events that may wait to be written.
    pub(crate) capacity: u64,
    /// How long a call waits for room before its event is dropped and counted.
    pub(crate) overflow_timeout: Duration,
    /// How long a call waits for its event to be on disk, where it has to be.
    pub(crate) durable_timeout: Duration,
    /// How often what was appended to the trail is made safe from a power failure where nobody waits for it.
    pub(crate) sync_interval: Duration,
}

/// How little space may be free on the disk of the trail; `None`: nobody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DiskSection {
    /// Below so many bytes the operator is warned.
    pub(crate) warn_below: Option<u64>,
    /// Below so many bytes the program counts as failing.
    pub(crate) fail_below: Option<u64>,
}

/// What makes a running engine read its configuration again, besides the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReloadSection {
    /// A change of the file.
    pub(crate) watch: bool,
    /// The signal SIGHUP.
    pub(crate) sighup: bool,
}

/// A place that gets checkpoints of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnchorSection {
    /// As [`anchor_to`](crate::trail::anchor_to) reads it.
    pub(crate) to: String,
    pub(crate) every: Duration,
    /// That of a witness.
    pub(crate) key: Option<String>,
    /// The file of the certificates that vouch for a time-stamping authority.
    pub(crate) ca: Option<PathBuf>,
}

impl Default for AnchorSection {
    fn default() -> Self {
        Self {
            to: String::new(),
            every: Duration::from_secs(600),
            key: None,
            ca: None,
        }
    }
}

/// A text that no message, log or `Debug` shows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            service: name_of_executable().unwrap_or_else(|| "unknown".to_owned()),
            trail: TrailConfig::default(),
            subject_keys: None,
            packing: Packing::default(),
            retention: Retention::default(),
            anchors: BTreeMap::new(),
            categories: BTreeMap::new(),
            sampling: Sampling {
                rate: 1.0,
                categories: BTreeMap::new(),
                operations: BTreeMap::new(),
            },
            slow_threshold: Some(Duration::from_secs(1)),
            sanitize: SanitizeSection {
                profile: PROFILES[0],
                keys: Vec::new(),
                exempt_keys: Vec::new(),
                detectors: Vec::new(),
                allow: Vec::new(),
                sparse_zip3: None,
                patterns: Vec::new(),
                pseudonym_key: None,
            },
            delivery: PerCategory::all(Delivery::Journaled),
            overflow: PerCategory::all(Overflow::Block),
            dedup: Windows::default(),
            journal: JournalSection {
                capacity: 64 << 20,
                overflow_timeout: Duration::from_secs(1),
                durable_timeout: Duration::from_secs(10),
                sync_interval: Duration::from_secs(1),
            },
            disk: DiskSection {
                warn_below: Some(256 << 20),
                fail_below: Some(64 << 20),
            },
            stdout: false,
            sinks: BTreeMap::new(),
            reload: ReloadSection {
                watch: true,
                sighup: false,
            },
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}

fn name_of_executable() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let name = path.file_stem()?.to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}
