//! What is measured: each of them records every call of one function as a JSON line in a real file.
//!
//! Choices are made in favour of the others: buffers of 64 KiB where they take a writer, the quick way to make an id,
//! the variant that loses nothing beside the one that is default, the outcome always `Ok`.

mod bare;
mod fastrace;
mod logforth;
mod naive;
mod slog;
mod spdlog;
mod tracing;
mod vigil;

use std::error::Error;
use std::path::Path;

use crate::work::Returned;

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) call: fn(&str, u64, &str) -> Returned,
    /// Gets ready to write below a directory.
    pub(crate) start: fn(&Path) -> Result<Stop, Box<dyn Error>>,
    /// So slow flat out that it is given a tenth of the events.
    pub(crate) slow: bool,
}

/// Its own clean shutdown, after which all that it is going to write is in its file.
pub(crate) type Stop = Box<dyn FnOnce()>;

/// What all others are compared with.
pub(crate) const BARE: &str = bare::PEER.name;
pub(crate) const NAIVE: &str = naive::PEER.name;
pub(crate) const VIGIL: &str = vigil::ENABLED.name;
pub(crate) const UNSEALED: &str = vigil::UNSEALED.name;
pub(crate) const DISABLED: &str = vigil::DISABLED.name;
pub(crate) use vigil::RING_BYTES;

pub(crate) static PEERS: [Peer; 15] = [
    bare::PEER,
    vigil::DISABLED,
    vigil::ENABLED,
    vigil::UNSEALED,
    naive::PEER,
    naive::FLUSHED,
    naive::SYNCED,
    fastrace::PEER,
    logforth::PEER,
    slog::DROPPING,
    slog::BLOCKING,
    spdlog::PEER,
    tracing::EVENT,
    tracing::INSTRUMENT,
    tracing::INSTRUMENT_LOSSLESS,
];
