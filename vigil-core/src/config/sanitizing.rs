//! The section `sanitize` as the sanitizer takes it.

use std::path::{Path, PathBuf};

use super::{Environment, SanitizeSection, Source};
use crate::Error;
use crate::sanitize::{Pattern, PseudonymKey, SanitizeConfig};

impl SanitizeSection {
    /// What the section says.
    pub(crate) fn to_config(&self) -> SanitizeConfig {
        let mut config = SanitizeConfig {
            // The configuration has been validated: the profile is one of those there are.
            profile: self.profile.parse().unwrap_or_default(),
            keys: self.keys.clone(),
            exempt: self.exempt_keys.clone(),
            detectors: self.detectors.clone(),
            allow: self.allow.clone(),
            sparse_zip3: self.sparse_zip3.clone(),
            pseudonym_key: self
                .pseudonym_key
                .as_ref()
                .map(|key| PseudonymKey::new(key.expose())),
            ..SanitizeConfig::default()
        };
        for section in &self.patterns {
            let mut pattern = Pattern::new(&section.name, &section.regex);
            pattern.replacement.clone_from(&section.replacement);
            pattern.keywords.clone_from(&section.keywords);
            pattern.validator = section.validator;
            pattern.method = section.method;
            config.patterns.push(pattern);
        }
        config
    }
}

impl SanitizeConfig {
    /// What the surroundings say, as for an engine: the file named by `VIGIL_CONFIG`, else `vigil.yaml` in the working
    /// directory if there is one, then the `VIGIL_*` variables. Of these the section `sanitize`.
    ///
    /// # Errors
    ///
    /// If anything in them is wrong, also outside that section; the message says file, line and key.
    pub fn load() -> Result<Self, Error> {
        of(Source::Surroundings)
    }

    /// The section `sanitize` of this file, then the `VIGIL_*` variables.
    ///
    /// # Errors
    ///
    /// As [`SanitizeConfig::load`], and if the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        of(Source::File(path.as_ref().to_owned()))
    }
}

fn of(source: Source) -> Result<SanitizeConfig, Error> {
    let config = source.read(&Environment::of_process_in(PathBuf::new()))?;
    config.validate()?;
    Ok(config.sanitize.to_config())
}
