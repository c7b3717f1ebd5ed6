//! Reading the configuration again while the engine runs: checked as a whole, as at the start, and then followed; or,
//! where anything is wrong with it, not at all.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::builder::Setting;
use super::in_force::InForce;
use super::sinks::Roster;
use super::system_events::{self, CONFIG_CHANGED};
use super::writer::{OnError, report};
use super::{Policies, obligations, policy, set_slow_threshold};
use crate::config::{Changes, Config, Environment, SanitizeSection, Source};
use crate::error::Error;
use crate::event::{Callsite, Status};
use crate::filter::{self, Filters};
use crate::journal::{self, JOURNAL};
use crate::sanitize::{self, Pattern, PseudonymKey, Rules, SanitizeConfig};

/// Of the engine that runs.
static RELOADER: Mutex<Option<Reloader>> = Mutex::new(None);

/// How a configuration is read, each time.
pub(super) struct Reading {
    pub(super) source: Source,
    pub(super) directory: PathBuf,
    /// What the program says, over file and variables.
    pub(super) settings: Vec<Setting>,
}

impl Reading {
    pub(super) fn read(&self) -> Result<Config, Error> {
        let environment = Environment::of_process_in(self.directory.clone());
        let mut config = self.source.read(&environment)?;
        for setting in &self.settings {
            setting(&mut config);
        }
        config.validate()?;
        Ok(config)
    }
}

/// What a reload needs.
pub(super) struct Reloader {
    pub(super) reading: Reading,
    pub(super) roster: Roster,
    pub(super) in_force: Arc<InForce>,
    pub(super) on_error: OnError,
}

/// What has asked for a reload.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    /// The program, by [`reload`].
    Program,
    /// A change of the file.
    File,
    /// The signal SIGHUP.
    Signal,
}

impl By {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::File => "file",
            Self::Signal => "sighup",
        }
    }
}

/// What a [`reload`] has changed.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// let _vigil = vigil::builder().config_text("").trail(dir.path()).init()?;
/// let reloaded = vigil::reload()?;
/// assert!(reloaded.changed.is_empty(), "the text is the same");
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloaded {
    /// The keys whose new values are followed from now on, such as `sampling.rate`.
    pub changed: Vec<&'static str>,
    /// The keys whose new values are followed when the engine is started again.
    pub needs_restart: Vec<&'static str>,
}

impl fmt::Display for Reloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.changed[..] {
            [] => f.write_str("nothing changed")?,
            changed => write!(f, "changed: {}", changed.join(", "))?,
        }
        match &self.needs_restart[..] {
            [] => Ok(()),
            keys => write!(f, "; needs a restart: {}", keys.join(", ")),
        }
    }
}

/// Reads the configuration again, as [`init`](crate::init) has, and follows it from the next event on.
///
/// The file is looked for where it was at the start; `VIGIL_*` variables go before it, and what the program set by
/// [`builder`](crate::builder()) before both. All of it is checked as at the start, and where anything is wrong, all
/// stays as it was. Most keys are followed at once; those that need a restart (see the
/// [page on configuration](https://docs.rs/vigil)) are told, and the others followed. Either way the trail says so, as
/// `audit_config_changed` of the category `SYSTEM`, if anything has changed.
///
/// A change of the file does this by itself unless `reload.watch` is off, and SIGHUP if `reload.sighup` is on.
///
/// # Errors
///
/// [`Error::is_config`] for a fault in the configuration. [`Builder::on_error`](crate::Builder::on_error) is told of it
/// as well. [`Error::is_stopped`] if no engine runs, also where it was not started because of `enabled: false`.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let file = dir.join("vigil.yaml");
/// std::fs::write(&file, "sampling:\n  rate: 1\n").unwrap();
/// let vigil = vigil::builder().config_file(&file).trail(dir.join("audit")).init()?;
///
/// std::fs::write(&file, "sampling:\n  rate: 0.1\n").unwrap();
/// assert_eq!(vigil::reload()?.changed, ["sampling.rate"]);
///
/// std::fs::write(&file, "sampling:\n  rate: lots\n").unwrap();
/// assert!(vigil::reload().unwrap_err().is_config(), "and a tenth is recorded still");
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn reload() -> Result<Reloaded, Error> {
    reload_by(By::Program)
}

pub(super) fn reload_by(by: By) -> Result<Reloaded, Error> {
    let reloader = lock();
    let Some(reloader_armed) = reloader.as_ref().filter(|_| !journal::is_child()) else {
        return Err(Error::stopped(
            "there is no running engine whose configuration could be read again; call vigil::init() first",
        ));
    };
    let on_error = Arc::clone(&reloader_armed.on_error);
    let result = reloader_armed.reload(by);
    // The callback may want to reload as well.
    drop(reloader);
    match &result {
        Err(error) => report(
            &on_error,
            &Error::config(format!(
                "the configuration was not reloaded, and what was in force stays so:\n{error}"
            )),
        ),
        Ok(reloaded) if !reloaded.needs_restart.is_empty() => report(
            &on_error,
            &Error::config(format!(
                "the configuration was reloaded, but a change of {} needs a restart of the program",
                reloaded.needs_restart.join(", ")
            )),
        ),
        Ok(_) => {}
    }
    result
}

impl Reloader {
    /// The event is handed over before the next reload can begin, so that the trail has them in their order.
    fn reload(&self, by: By) -> Result<Reloaded, Error> {
        match self.follow() {
            Ok(Changes { now, at_start }) => {
                let reloaded = Reloaded {
                    changed: now,
                    needs_restart: at_start,
                };
                if reloaded != Reloaded::default() {
                    system_events::submit(&CONFIG_CHANGED, Status::Success, &said(by, &reloaded));
                }
                Ok(reloaded)
            }
            Err(error) => {
                let parameters = said(by, &Reloaded::default());
                system_events::submit_failed(&CONFIG_CHANGED, "ConfigError", &error, &parameters);
                Err(error)
            }
        }
    }

    fn follow(&self) -> Result<Changes, Error> {
        let mut config = self.reading.read()?;
        self.roster.feeds(&config)?;
        let rules = check(&config)?;
        let (_, old) = self.in_force.get();
        let changes = old.changes(&mut config);
        if changes.now.is_empty() {
            return Ok(changes);
        }
        // First what takes more out, then what lets more through.
        install(&config, rules);
        if config.enabled != old.enabled {
            filter::set_enabled(config.enabled);
        }
        self.in_force.replace(config);
        Ok(changes)
    }
}

/// The parameters of [`CONFIG_CHANGED`].
fn said(by: By, reloaded: &Reloaded) -> Value {
    let mut parameters = json!({
        "by": by.as_str(),
        "changed": reloaded.changed,
        "enabled": filter::is_enabled(),
    });
    if !reloaded.needs_restart.is_empty() {
        parameters["needs_restart"] = json!(reloaded.needs_restart);
    }
    parameters
}

/// Switches recording on or off, by the program, and tells the trail.
pub(super) fn switch(enabled: bool) {
    // One at a time, and none during a reload: the trail has the switches in their order.
    let _reloader = lock();
    if filter::is_enabled() == enabled {
        return;
    }
    // Everything between the two events is missing, and nothing else.
    if !enabled {
        filter::set_enabled(false);
    }
    if JOURNAL.live().is_some() {
        let mut mandatory: Vec<&str> = Callsite::linked()
            .iter()
            .filter(|callsite| callsite.category.is_mandatory())
            .map(|callsite| callsite.category.as_str())
            .collect();
        mandatory.sort_unstable();
        mandatory.dedup();
        let mut parameters = json!({
            "by": By::Program.as_str(),
            "changed": ["enabled"],
            "enabled": enabled,
        });
        if !mandatory.is_empty() {
            parameters["mandatory"] = json!(mandatory);
        }
        system_events::submit(&CONFIG_CHANGED, Status::Success, &parameters);
    }
    if enabled {
        filter::set_enabled(true);
    }
}

/// From now on there is an engine that can be told to reload.
pub(super) fn arm(reloader: Reloader) {
    *lock() = Some(reloader);
}

/// From now on there is none.
pub(super) fn disarm() {
    *lock() = None;
}

fn lock() -> MutexGuard<'static, Option<Reloader>> {
    RELOADER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the code demands of a configuration, and what comes to light only when its rules are made.
pub(super) fn check(config: &Config) -> Result<Rules, Error> {
    obligations::check(config, &Callsite::linked())?;
    Rules::new(&sanitizing(&config.sanitize)).map_err(|error| Error::config(error.to_string()))
}

/// Puts in force what callers go by, but for whether anything is recorded at all.
pub(super) fn install(config: &Config, rules: Rules) {
    sanitize::install_rules(rules);
    filter::install(filters(config));
    set_slow_threshold(config.slow_threshold);
    policy::install(policies(config));
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

fn sanitizing(section: &SanitizeSection) -> SanitizeConfig {
    let mut config = SanitizeConfig {
        // The configuration has been validated: the profile is one of those there are.
        profile: section.profile.parse().unwrap_or_default(),
        keys: section.keys.clone(),
        exempt: section.exempt_keys.clone(),
        pseudonym_key: section
            .pseudonym_key
            .as_ref()
            .map(|key| PseudonymKey::new(key.expose())),
        ..SanitizeConfig::default()
    };
    for section in &section.patterns {
        let mut pattern = Pattern::new(&section.name, &section.regex);
        pattern.replacement.clone_from(&section.replacement);
        config.patterns.push(pattern);
    }
    config
}
