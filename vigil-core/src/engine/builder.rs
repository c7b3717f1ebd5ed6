//! Settings for an engine that are made in code.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::anchoring::Planned;
use super::guard::Guard;
use super::sinks::Given;
use super::start;
use super::writer::OnError;
use crate::clock::Clock;
use crate::config::{Config, PatternSection, Source};
use crate::error::Error;
use crate::retention::Retention;
use crate::sanitize::Profile;
use crate::sink::{Sink, SinkOptions};
use crate::trail::{Anchor, Compression, Daily, OnDamage, Signer};

/// Starts the engine as the configuration says: the file that `VIGIL_CONFIG` names, else `vigil.yaml` in the working
/// directory, else the defaults; then `VIGIL_*` variables.
///
/// Events recorded before are written first. The engine stops when the guard is dropped.
///
/// # Errors
///
/// [`Error::is_config`] for a fault in the configuration, [`Error::is_io`] if the trail's directory cannot be used,
/// [`Error::is_already_running`] if this or another process already writes there.
///
/// # Examples
///
/// ```no_run
/// let _vigil = vigil::init()?;
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn init() -> Result<Guard, Error> {
    builder().init()
}

/// Starts the engine with settings made in code, which go before those of file and environment.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let vigil = vigil::builder().service("shop").trail(dir).init()?;
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn builder() -> Builder {
    Builder {
        source: Source::Surroundings,
        settings: Vec::new(),
        sinks: Vec::new(),
        clock: None,
        signer: None,
        #[cfg(feature = "subject-keys")]
        wrapper: None,
        anchors: Vec::new(),
        has_schedule: true,
        on_error: Arc::new(|error| eprintln!("vigil: {error}")),
    }
}

/// Settings for an engine; made by [`builder`].
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use vigil::{Daily, sanitize::Profile};
///
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let vigil = vigil::builder()
///     .service("shop")
///     .trail(dir)
///     .daily(Daily::Utc)
///     .max_size(64 << 20)
///     .category("NETWORK", false)
///     .sampling(0.5)
///     .slow_threshold(Duration::from_millis(200))
///     .profile(Profile::Gdpr)
///     .sensitive_key("badge_number")
///     .pattern("badge", r"\bBDG-\d{6}\b")
///     .journal(16 << 20, Duration::from_millis(50))
///     .on_error(|error| eprintln!("audit trail: {error}"))
///     .init()?;
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
#[must_use = "a builder starts nothing until init is called"]
pub struct Builder {
    pub(super) source: Source,
    pub(super) settings: Vec<Setting>,
    pub(super) sinks: Vec<Given>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) signer: Option<Arc<dyn Signer>>,
    #[cfg(feature = "subject-keys")]
    pub(super) wrapper: Option<Arc<dyn crate::trail::subjects::KeyWrapper>>,
    pub(super) anchors: Vec<Planned>,
    /// Whether retention has a schedule and answers others; not where an engine runs for the sake of one look.
    pub(super) has_schedule: bool,
    pub(super) on_error: OnError,
}

/// What a builder call changes in the configuration that was read, also when it is read again.
pub(super) type Setting = Box<dyn Fn(&mut Config) + Send>;

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

impl Builder {
    /// Reads this configuration file in place of `VIGIL_CONFIG` and `vigil.yaml`. It must exist.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.source = Source::File(path.into());
        self
    }

    /// Takes this YAML in place of a configuration file.
    pub fn config_text(mut self, yaml: impl Into<String>) -> Self {
        self.source = Source::Text(yaml.into());
        self
    }

    fn set(mut self, setting: impl Fn(&mut Config) + Send + 'static) -> Self {
        self.settings.push(Box::new(setting));
        self
    }

    /// Whether anything is recorded at all. Switched off, nothing is created on disk.
    pub fn enabled(self, enabled: bool) -> Self {
        self.set(move |config| config.enabled = enabled)
    }

    /// The name of the service, in every event.
    pub fn service(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.set(move |config| config.service.clone_from(&name))
    }

    /// The directory of the trail; created if need be.
    pub fn trail(self, dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        self.set(move |config| config.trail.dir.clone_from(&dir))
    }

    /// What the trail is called, in the names of its files.
    pub(super) fn trail_name(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.set(move |config| config.trail.name.clone_from(&name))
    }

    /// When a new file of the day begins.
    pub fn daily(self, daily: Daily) -> Self {
        self.set(move |config| config.trail.rotation.daily = daily)
    }

    /// From how many bytes on a new file begins.
    pub fn max_size(self, bytes: u64) -> Self {
        self.set(move |config| config.trail.rotation.max_size = Some(bytes))
    }

    /// Switches a category on or off.
    pub fn category(self, name: impl Into<String>, enabled: bool) -> Self {
        let name = name.into();
        self.set(move |config| {
            config.categories.insert(name.clone(), enabled);
        })
    }

    /// The share of calls that is recorded, from 0 to 1. The calls of one request are kept or left out together.
    pub fn sampling(self, rate: f64) -> Self {
        self.set(move |config| config.sampling.rate = rate)
    }

    /// The share of calls of one operation that is recorded, from 0 to 1, whatever that of its category is.
    pub fn sampling_of(self, operation: impl Into<String>, rate: f64) -> Self {
        let operation = operation.into();
        self.set(move |config| {
            config.sampling.operations.insert(operation.clone(), rate);
        })
    }

    /// From how long on a call is marked slow, where it does not say so itself.
    pub fn slow_threshold(self, threshold: Duration) -> Self {
        self.set(move |config| config.slow_threshold = Some(threshold))
    }

    /// How much the sanitizer takes out.
    pub fn profile(self, profile: Profile) -> Self {
        self.set(move |config| config.sanitize.profile = profile.as_str())
    }

    /// A further word that makes a key sensitive: `badge`, or a pair of words as in `badge_number`.
    pub fn sensitive_key(self, word: impl Into<String>) -> Self {
        let word = word.into();
        self.set(move |config| config.sanitize.keys.push(word.clone()))
    }

    /// A further pattern that is redacted wherever it occurs in text.
    pub fn pattern(self, name: impl Into<String>, regex: impl Into<String>) -> Self {
        let (name, regex) = (name.into(), regex.into());
        self.set(move |config| {
            config.sanitize.patterns.push(PatternSection {
                name: name.clone(),
                regex: regex.clone(),
                ..PatternSection::default()
            });
        })
    }

    /// How many bytes of records may wait for the writer, and how long a caller waits for room before its event is
    /// dropped and counted.
    pub fn journal(self, capacity: u64, overflow_timeout: Duration) -> Self {
        self.set(move |config| {
            config.journal.capacity = capacity;
            config.journal.overflow_timeout = overflow_timeout;
        })
    }

    /// Folds events that say the same: the first is written at once, those that follow within `window` become one line
    /// with their number. 10 ms to 1 h. Never folded are mandatory categories and events that a call waits for.
    pub fn dedup(self, window: Duration) -> Self {
        self.set(move |config| config.dedup.every = Some(window))
    }

    /// As [`Builder::dedup`], for one category; `None`: its events are not folded.
    pub fn dedup_of(self, category: impl Into<String>, window: Option<Duration>) -> Self {
        let category = category.into();
        self.set(move |config| {
            config.dedup.categories.insert(category.clone(), window);
        })
    }

    /// From how few free bytes on the disk of the trail on the operator is warned, and from how few on the program counts
    /// as failing; see [`health`](crate::health()). `None`: nobody looks.
    pub fn disk(self, warn_below: Option<u64>, fail_below: Option<u64>) -> Self {
        self.set(move |config| {
            config.disk.warn_below = warn_below;
            config.disk.fail_below = fail_below;
        })
    }

    /// Whether the configuration file is watched, and read again when it changes; see [`reload`](crate::reload).
    pub fn watch(self, watch: bool) -> Self {
        self.set(move |config| config.reload.watch = watch)
    }

    /// Whether the configuration is read again at the signal SIGHUP, where the system has it. This puts a handler in
    /// place, which calls the one that was there before.
    pub fn sighup(self, sighup: bool) -> Self {
        self.set(move |config| config.reload.sighup = sighup)
    }

    /// Whether each line is also written to the standard output, by the sink [`Stdout`](crate::sink::Stdout).
    pub fn stdout(self, echo: bool) -> Self {
        self.set(move |config| config.stdout = echo)
    }

    /// A further place for events to go, in a thread of its own.
    pub fn sink(self, sink: impl Sink) -> Self {
        self.sink_with(sink, SinkOptions::new())
    }

    /// As [`Builder::sink`], with options that go before those of the configuration.
    pub fn sink_with(mut self, sink: impl Sink, options: SinkOptions) -> Self {
        self.sinks.push((Box::new(sink), options));
        self
    }

    /// How long a shutdown waits for sinks. What they have not got by then stays in the trail.
    pub fn shutdown_timeout(self, timeout: Duration) -> Self {
        self.set(move |config| config.shutdown_timeout = timeout)
    }

    /// Whether the trail proves itself: hashed into a tree, and signed. On by default.
    pub fn integrity(self, integrity: bool) -> Self {
        self.set(move |config| config.trail.integrity.enabled = integrity)
    }

    /// Who signs the trail, in place of a key in a file beside it.
    pub fn signer(mut self, signer: impl Signer) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    /// Where the keys of subjects lie, under which values are encrypted: a directory of its own, apart from the trail. Needs
    /// the feature `subject-keys`.
    pub fn subject_keys(self, dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        self.set(move |config| config.subject_keys = Some(dir.clone()))
    }

    /// What wraps the keys of subjects, such as a KMS, in place of a key in a file beside them.
    #[cfg(feature = "subject-keys")]
    pub fn key_wrapper(mut self, wrapper: impl crate::trail::subjects::KeyWrapper) -> Self {
        self.wrapper = Some(Arc::new(wrapper));
        self
    }

    /// The name of the trail in its checkpoints, which no other trail may have; by default made of host, service and name
    /// of the trail. A trail that has one keeps it.
    pub fn origin(self, origin: impl Into<String>) -> Self {
        let origin = origin.into();
        self.set(move |config| config.trail.integrity.origin = Some(origin.clone()))
    }

    /// A checkpoint is signed `interval` after the one before, and as soon as there are `every` new events.
    pub fn checkpoints(self, interval: Duration, every: u64) -> Self {
        self.set(move |config| {
            config.trail.integrity.checkpoint_interval = interval;
            config.trail.integrity.checkpoint_every = every;
        })
    }

    /// Without events for so long, an `audit_heartbeat` is written; `None`: never.
    pub fn heartbeat(self, heartbeat: Option<Duration>) -> Self {
        self.set(move |config| config.trail.integrity.heartbeat = heartbeat)
    }

    /// What the start does with a trail that is not what was signed.
    pub fn on_damage(self, on_damage: OnDamage) -> Self {
        self.set(move |config| config.trail.integrity.on_damage = on_damage)
    }

    /// How closed segments are compressed. By default they are not.
    pub fn compression(self, compression: Compression) -> Self {
        self.set(move |config| config.packing.compression = compression)
    }

    /// To whom closed segments are encrypted: `age1…` recipients, each of whom can read them by the identity that belongs to
    /// it. The process itself cannot. Needs the feature `encryption`; none by default.
    pub fn encryption<R: Into<String>>(self, recipients: impl IntoIterator<Item = R>) -> Self {
        let recipients: Vec<String> = recipients.into_iter().map(Into::into).collect();
        self.set(move |config| config.packing.recipients = recipients.clone())
    }

    /// How long the trail is kept. By default nothing is ever removed.
    pub fn retention(self, retention: Retention) -> Self {
        self.set(move |config| config.retention = retention.clone())
    }

    /// A place that gets the newest checkpoint of the trail at the start, each `every`, and at the end; see
    /// [`Anchor`](crate::trail::Anchor). What it says is kept under `name`, 1 to 64 letters, digits, `-` and `_`, beside the
    /// trail. Goes for trails that are signed.
    pub fn anchor(mut self, name: impl Into<String>, anchor: impl Anchor, every: Duration) -> Self {
        self.anchors.push(Planned {
            name: name.into(),
            every,
            anchor: Box::new(anchor),
        });
        self
    }

    /// The clock that stamps events and turns the day.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Called on Vigil's own threads with each trouble they have: a full disk, an unwritable file, lost events, a failing
    /// sink. Without it a line goes to the standard error.
    pub fn on_error(mut self, callback: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        self.on_error = Arc::new(callback);
        self
    }

    /// Starts the engine.
    ///
    /// # Errors
    ///
    /// As [`init`].
    pub fn init(self) -> Result<Guard, Error> {
        start::start(self)
    }
}
