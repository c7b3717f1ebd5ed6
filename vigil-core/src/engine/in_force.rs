//! The configuration that the running engine follows: read by its threads, replaced by a reload.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, PoisonError, RwLock};

use crate::config::Config;

#[derive(Debug)]
pub(super) struct InForce {
    config: RwLock<Arc<Config>>,
    /// Counts replacements, so that who looks often takes no lock.
    generation: AtomicU32,
}

impl InForce {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config: RwLock::new(Arc::new(config)),
            generation: AtomicU32::new(0),
        }
    }

    #[inline]
    pub(super) fn generation(&self) -> u32 {
        self.generation.load(Acquire)
    }

    /// The configuration, and which it is.
    pub(super) fn get(&self) -> (u32, Arc<Config>) {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        (self.generation(), Arc::clone(&config))
    }

    pub(super) fn replace(&self, config: Config) {
        let mut place = self.config.write().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::new(config);
        self.generation.fetch_add(1, Release);
    }
}
