//! The store of keys of subjects while the engine runs: who encrypts, that destroyed keys leave the memory, and that
//! somebody is told when a value was redacted because it could not be encrypted.

#[cfg(feature = "subject-keys")]
use std::path::Path;
#[cfg(feature = "subject-keys")]
use std::sync::Arc;

use super::writer::{OnError, report};
use crate::config::Config;
use crate::error::Error;
use crate::sanitize::sealing;
#[cfg(feature = "subject-keys")]
use crate::subjects::{KeyWrapper, SubjectKeys};

/// Looks after the store.
#[derive(Default)]
pub(super) struct SubjectWatch {
    #[cfg(feature = "subject-keys")]
    keys: Option<Arc<SubjectKeys>>,
    /// What has been told; each is told once.
    told: Vec<String>,
}

/// Opens the store that the configuration names.
#[cfg(feature = "subject-keys")]
pub(super) fn open(
    config: &Config,
    wrapper: Option<Arc<dyn KeyWrapper>>,
) -> Result<SubjectWatch, Error> {
    let mut watch = SubjectWatch::default();
    if let Some(dir) = &config.subject_keys {
        apart(dir, &config.trail.dir)?;
        let keys = match wrapper {
            Some(wrapper) => SubjectKeys::create_with(dir, wrapper),
            None => SubjectKeys::create(dir),
        };
        watch.keys = Some(Arc::new(keys?));
    }
    Ok(watch)
}

#[cfg(not(feature = "subject-keys"))]
pub(super) fn open(config: &Config) -> Result<SubjectWatch, Error> {
    match &config.subject_keys {
        None => Ok(SubjectWatch::default()),
        Some(_) => Err(Error::config(
            "trail.subject_keys is set, and this program was built without encryption: enable the feature `subject-keys` of vigil",
        )),
    }
}

/// Whoever copies or keeps the trail would copy and keep the keys.
#[cfg(feature = "subject-keys")]
fn apart(keys: &Path, trail: &Path) -> Result<(), Error> {
    let full = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.canonicalize().unwrap_or(path)
    };
    if full(keys).starts_with(full(trail)) {
        return Err(Error::config(format!(
            "trail.subject_keys: {} lies inside the trail, and every copy of the trail would hold the keys: put it somewhere else",
            keys.display()
        )));
    }
    Ok(())
}

impl SubjectWatch {
    /// From now on values are encrypted by the store, or, without one, not at all.
    pub(super) fn install(&self) {
        #[cfg(feature = "subject-keys")]
        sealing::install(self.keys.clone().map(|keys| keys as Arc<dyn sealing::Seal>));
        #[cfg(not(feature = "subject-keys"))]
        sealing::install(None);
    }

    pub(super) fn look(&mut self, on_error: &OnError) {
        #[cfg(feature = "subject-keys")]
        if let Some(keys) = &self.keys {
            keys.forget_erased();
        }
        for trouble in sealing::take_troubles() {
            let text = trouble.to_string();
            if !self.told.contains(&text) && self.told.len() < 64 {
                report(on_error, &trouble);
                self.told.push(text);
            }
        }
    }
}
