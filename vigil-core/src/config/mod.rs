//! Configuration: defaults, then a file, then the environment, then the builder, each over the one before.
//!
//! A configuration that is half understood audits half of what it should, so nothing is ignored: an unknown key, a
//! value of the wrong kind, a variable that is not set are errors. All of them are told at once, each with file, line
//! and key, and nothing is started before all is right.

mod changes;
mod check;
mod environment;
#[cfg(fuzzing)]
pub mod fuzzing;
mod keys;
mod nested;
mod read;
mod sanitizing;
mod settings;
mod substitute;
mod text;
mod yaml;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::Error;
use environment::FILE_VARIABLE;

pub(crate) use changes::Changes;
pub(crate) use environment::Environment;
pub(crate) use settings::{AnchorSection, Config, DiskSection, PatternSection, SanitizeSection};

const FILE: &str = "vigil.yaml";
/// So many problems are told; more would bury the first.
const MOST_PROBLEMS: usize = 30;

/// Where a configuration is read from, before the `VIGIL_*` variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// The file named by `VIGIL_CONFIG`, else `vigil.yaml` in the working directory if there is one.
    Surroundings,
    File(PathBuf),
    Text(String),
}

impl Source {
    /// The file that is read, as messages name it; `None` if none is.
    pub(crate) fn file(&self, environment: &Environment) -> Result<Option<PathBuf>, Error> {
        match self {
            Self::File(path) => return Ok(Some(path.clone())),
            Self::Text(_) => return Ok(None),
            Self::Surroundings => {}
        }
        let named = environment
            .variable(FILE_VARIABLE)
            .map_err(Error::config)?
            .filter(|path| !path.is_empty());
        if named.is_some() {
            return Ok(named.map(PathBuf::from));
        }
        match environment.directory.join(FILE).try_exists() {
            Ok(false) => Ok(None),
            // A file that cannot be looked at is there.
            Ok(true) | Err(_) => Ok(Some(PathBuf::from(FILE))),
        }
    }

    /// What it says, with the `VIGIL_*` variables over it.
    pub(crate) fn read(&self, environment: &Environment) -> Result<Config, Error> {
        if let Self::Text(yaml) = self {
            return Config::from_yaml(yaml, "the configuration text", environment);
        }
        match self.file(environment)? {
            Some(path) => Config::from_file(&path, environment),
            None => Config::from_yaml("", FILE, environment),
        }
    }
}

impl Config {
    /// The file at `path`, then the `VIGIL_*` variables.
    pub(crate) fn from_file(path: &Path, environment: &Environment) -> Result<Self, Error> {
        let name = path.display().to_string();
        let bytes = read_bounded(&environment.directory.join(path)).map_err(|error| {
            Error::config(format!("cannot read the configuration {name}: {error}"))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let before = error.as_bytes().iter().take(good);
            let line = 1 + before.filter(|byte| **byte == b'\n').count();
            Error::config(format!("{name}:{line}: not UTF-8"))
        })?;
        Self::from_yaml(&text, &name, environment)
    }

    /// `text`, which messages call `file`, then the `VIGIL_*` variables.
    pub(crate) fn from_yaml(
        text: &str,
        file: &str,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let mut config = Self::default();
        let mut problems = Vec::new();
        match yaml::parse(text) {
            Ok(root) => read::apply(root, file, environment, &mut config, &mut problems),
            Err(fault) => problems.push(format!("{file}:{}: {}", fault.line, fault.message)),
        }
        environment.apply(&mut config, &mut problems);
        if problems.is_empty() {
            return Ok(config);
        }
        // A file that is something else altogether has thousands.
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if more > 0 {
            problems.push(format!("{file}: and {more} more"));
        }
        Err(Error::config(problems.join("\n")))
    }
}

/// The file, or so much of it that it is seen to be too large: somebody may name a device.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(yaml::LARGEST as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
