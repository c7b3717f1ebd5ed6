//! What surrounds a configuration: environment variables and the working directory, passed in so that a test has its
//! own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::check;
use super::keys::{KEYS, Takes, variable};
use super::settings::Config;
use super::text::shown;
use crate::suggest::closest;

const PREFIX: &str = "VIGIL_";
pub(super) const FILE_VARIABLE: &str = "VIGIL_CONFIG";
/// Set by our build script; cargo hands it to the tests and examples of this crate as well.
const OF_THE_BUILD: &str = "VIGIL_RUST_VERSION";

/// The environment that a configuration is read in.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    pub(crate) variables: BTreeMap<OsString, OsString>,
    /// Relative paths begin here; empty for the working directory of the process.
    pub(crate) directory: PathBuf,
}

impl Environment {
    /// That of the process, as it is now, with this directory.
    pub(crate) fn of_process_in(directory: PathBuf) -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            directory,
        }
    }

    /// For [`substitute`](super::substitute::substitute).
    pub(super) fn variable(&self, name: &str) -> Result<Option<String>, String> {
        self.variables
            .get(&OsString::from(name))
            .map(|value| {
                value
                    .to_str()
                    .map(str::to_owned)
                    .ok_or_else(|| format!("environment variable {name} is not UTF-8"))
            })
            .transpose()
    }

    /// Puts what the `VIGIL_*` variables say over `config`; `problems` gets what they say wrongly.
    pub(super) fn apply(&self, config: &mut Config, problems: &mut Vec<String>) {
        for (name, value) in &self.variables {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            if [FILE_VARIABLE, OF_THE_BUILD].contains(&name) {
                continue;
            }
            let Some(value) = value.to_str() else {
                let named = name.escape_debug();
                problems.push(format!("environment variable {named} is not UTF-8"));
                continue;
            };
            if let Err(problem) = apply_one(config, name, value) {
                problems.push(problem);
            }
        }
    }
}

fn apply_one(config: &mut Config, name: &str, value: &str) -> Result<(), String> {
    // Whoever reads the message may be a terminal, and a name may have any character.
    let named = name.escape_debug();
    let expected =
        |expected: String| format!("{named}: expected {expected}, found {}", shown(value));
    for entry in KEYS {
        let variable = variable(entry.path);
        let category = name
            .strip_prefix(&variable)
            .and_then(|rest| rest.strip_prefix('_'));
        match (&entry.takes, category) {
            (Takes::Text(set), _) if name == variable => {
                return set(config, value).map_err(expected);
            }
            (Takes::Secret(set), _) if name == variable => {
                return set(config, value)
                    .map_err(|expected| format!("{named}: expected {expected}"));
            }
            (Takes::Texts(check, set), _) if name == variable => {
                let texts: Vec<String> = value
                    .split(',')
                    .map(|text| text.trim().to_owned())
                    .filter(|text| !text.is_empty())
                    .collect();
                for text in &texts {
                    check(text).map_err(expected)?;
                }
                set(config, texts);
                return Ok(());
            }
            (Takes::PerCategory(set), Some(category)) => {
                check::category(category).map_err(|expected| {
                    format!("{named}: expected {expected} behind {variable}_")
                })?;
                return set(config, category, value).map_err(expected);
            }
            (Takes::PerCategory(_), None) if name == variable => {
                return Err(format!(
                    "{name}: add the name of a category, as in {variable}_DATABASE"
                ));
            }
            (takes, _) if takes.is_for_files_only() && name == variable => {
                let what = entry.path.rsplit('.').next().unwrap_or_default();
                return Err(format!("{name}: {what} can only be given in the file"));
            }
            _ => {}
        }
    }
    Err(unknown(name))
}

fn unknown(name: &str) -> String {
    let variables: Vec<String> = KEYS
        .iter()
        .filter(|entry| !entry.takes.is_for_files_only())
        .map(|entry| match entry.takes {
            Takes::PerCategory(_) => format!("{}_<CATEGORY>", variable(entry.path)),
            _ => variable(entry.path),
        })
        .chain([FILE_VARIABLE.to_owned()])
        .collect();
    let names: Vec<&str> = variables.iter().map(String::as_str).collect();
    let meant = closest(name, &names)
        .map_or_else(|| ";".to_owned(), |name| format!("; did you mean {name}?"));
    format!(
        "unknown environment variable {}{meant} valid variables: {}",
        name.escape_debug(),
        names.join(", ")
    )
}
