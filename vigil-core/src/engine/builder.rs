//! From configuration to a running engine.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::guard::{self, Guard, RUNNING};
use super::stats::set_sinks;
use super::writer::{OnError, Writer, report};
use super::{Policies, Role, obligations, policy, recovery, set_clock, set_slow_threshold};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Environment, PatternSection};
use crate::error::Error;
use crate::event::Callsite;
use crate::filter::{self, Filters};
use crate::journal::{self, JOURNAL};
use crate::sanitize::{self, Profile, Rules};
use crate::sink::{Forwarders, Progress, Registered, Sink, SinkOptions, Stdout, check_sink_name};
use crate::suggest::closest;
use crate::trail::{Daily, Trail};

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
        source: Source::Default,
        settings: Vec::new(),
        sinks: Vec::new(),
        clock: None,
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
    source: Source,
    settings: Vec<Setting>,
    sinks: Vec<(Box<dyn Sink>, SinkOptions)>,
    clock: Option<Arc<dyn Clock>>,
    on_error: OnError,
}

/// What a builder call changes in the configuration that was read.
type Setting = Box<dyn FnOnce(&mut Config) + Send>;

enum Source {
    /// `VIGIL_CONFIG`, else `vigil.yaml`, else nothing.
    Default,
    File(PathBuf),
    Text(String),
}

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

    fn set(mut self, setting: impl FnOnce(&mut Config) + Send + 'static) -> Self {
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
        self.set(move |config| config.service = name)
    }

    /// The directory of the trail; created if need be.
    pub fn trail(self, dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        self.set(move |config| config.trail.dir = dir)
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
            config.categories.insert(name, enabled);
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
            config.sampling.operations.insert(operation, rate);
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
        self.set(move |config| config.sanitize.keys.push(word))
    }

    /// A further pattern that is redacted wherever it occurs in text.
    pub fn pattern(self, name: impl Into<String>, regex: impl Into<String>) -> Self {
        let (name, regex) = (name.into(), regex.into());
        self.set(move |config| {
            config.sanitize.patterns.push(PatternSection {
                name,
                regex,
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

    /// Whether each line is also written to the standard output, by the sink [`Stdout`].
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
        // The lock is held to the end, so that of two threads one gets the engine and the other the error.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if journal::is_child() {
            // The engine that runs is that of the process from which this one was forked.
            JOURNAL.begin_anew();
            *running = false;
        }
        if *running {
            return Err(Error::already_running(
                "an engine is running in this process; shut it down before starting another",
            ));
        }
        let environment = Environment::of_process();
        let mut config = match &self.source {
            Source::Default => Config::load_in(&environment)?,
            Source::File(path) => Config::from_file(path, &environment)?,
            Source::Text(yaml) => Config::from_yaml(yaml, "the configuration text", &environment)?,
        };
        for setting in self.settings {
            setting(&mut config);
        }
        config.validate()?;
        obligations::check(&config, &Callsite::linked())?;
        let sinks = register(self.sinks, &config)?;
        let rules = Rules::new(&config.sanitize.to_config())
            .map_err(|error| Error::config(error.to_string()))?;

        if !config.enabled {
            filter::set_enabled(false);
            JOURNAL.discard();
            return Ok(Guard::new(None, config.trail.dir, self.on_error));
        }

        let clock = self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock));
        set_clock(self.clock);
        let mut trail = Trail::open(config.trail.clone(), clock)?;
        let start = recovery::start(&mut trail, config.journal.capacity, &config.service)?;
        for note in &start.notes {
            report(&self.on_error, &Error::trail(note.clone()));
        }
        let progress = Arc::new(Progress::new(trail.next_seq()));
        let on_error = Arc::clone(&self.on_error);
        let sinks = Arc::new(Forwarders::start(
            sinks,
            &config.trail,
            Arc::clone(&progress),
            Arc::new(move |error| report(&on_error, error)),
            |begins| if begins { Role::Sink } else { Role::Caller }.take(),
        )?);

        sanitize::install_rules(rules);
        filter::install(filters(&config));
        filter::set_enabled(true);
        set_slow_threshold(config.slow_threshold);
        policy::install(policies(&config));
        let live = JOURNAL.open(start.journal, start.mark.position);
        let writer = Writer {
            live,
            trail,
            composer: start.composer,
            progress,
            on_error: Arc::clone(&self.on_error),
            sync_interval: config.journal.sync_interval,
            mark: start.mark,
            open_attempts: HashMap::new(),
        };
        let thread = thread::Builder::new()
            .name("vigil-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| {
                JOURNAL.close();
                sinks.stop(Instant::now());
                let what = "cannot start the writer thread for";
                Error::io(what, &config.trail.dir, error)
            })?;
        set_sinks(Arc::clone(&sinks));
        *running = true;
        let engine = guard::Engine {
            process: std::process::id(),
            live,
            thread,
            sinks,
            shutdown_timeout: config.shutdown_timeout,
        };
        Ok(Guard::new(Some(engine), config.trail.dir, self.on_error))
    }
}

/// The sinks that the program and the configuration name, each with its options.
fn register(
    mut sinks: Vec<(Box<dyn Sink>, SinkOptions)>,
    config: &Config,
) -> Result<Vec<Registered>, Error> {
    if config.stdout {
        sinks.push((Box::new(Stdout::new()), SinkOptions::new()));
    }
    let mut registered: Vec<Registered> = Vec::with_capacity(sinks.len());
    let mut problems = Vec::new();
    for (sink, options) in sinks {
        let name = sink.name().to_owned();
        if let Err(expected) = check_sink_name(&name) {
            problems.push(format!(
                "a sink is called {name:?}: expected {expected}; correct what its name() gives back"
            ));
            continue;
        }
        if registered.iter().any(|other| other.name == name) {
            problems.push(format!(
                "two sinks are called {name:?}; give one of them another name"
            ));
            continue;
        }
        let file = config.sinks.get(&name).copied().unwrap_or_default();
        match options.or(file).or(sink.options()).resolve() {
            Ok(feed) => registered.push(Registered { name, sink, feed }),
            Err((key, expected)) => {
                problems.push(format!("sinks.{name}.{key}: expected {expected}"))
            }
        }
    }
    // Options for a sink that is not there are a misspelt name, unless it is merely switched off.
    let mut names: Vec<&str> = registered.iter().map(|sink| sink.name.as_str()).collect();
    names.push("stdout");
    for name in config.sinks.keys() {
        if !names.contains(&name.as_str()) {
            let meant = closest(name, &names)
                .map_or_else(String::new, |meant| format!("; did you mean {meant:?}?"));
            problems.push(format!(
                "sinks.{name}: this program has no sink of that name{meant}"
            ));
        }
    }
    if problems.is_empty() {
        Ok(registered)
    } else {
        Err(Error::config(problems.join("\n")))
    }
}

fn policies(config: &Config) -> Policies {
    Policies {
        delivery: config.delivery.default,
        deliveries: config.delivery.categories.clone(),
        overflow: config.overflow.default,
        overflows: config.overflow.categories.clone(),
        overflow_timeout: config.journal.overflow_timeout,
        durable_timeout: config.journal.durable_timeout,
    }
}

fn filters(config: &Config) -> Filters {
    let off = config.categories.iter().filter(|(_, enabled)| !**enabled);
    Filters {
        off: off.map(|(category, _)| category.clone()).collect(),
        rate: config.sampling.rate,
        categories: config.sampling.categories.clone(),
        operations: config.sampling.operations.clone(),
    }
}
