//! The signal SIGHUP, by which daemons are told to read their configuration again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::SigId;
use signal_hook::consts::SIGHUP;

/// Sets a flag at each SIGHUP, and calls the handler that was there before. Until it is dropped; the signal does not end
/// the process after that either.
#[derive(Debug)]
pub(super) struct Handler(SigId);

impl Handler {
    pub(super) fn install(asked: &Arc<AtomicBool>) -> io::Result<Self> {
        signal_hook::flag::register(SIGHUP, Arc::clone(asked)).map(Self)
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.0);
    }
}
