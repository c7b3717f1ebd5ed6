//! Vigil with its defaults: sanitized, into the mapped journal, and by the writer thread into the trail, which is hashed
//! and signed.

use std::error::Error;
use std::path::Path;

use super::{Peer, Stop};
use crate::work::{Returned, work};

/// The default.
pub(crate) const RING_BYTES: u64 = 64 << 20;

pub(super) const ENABLED: Peer = Peer {
    name: "vigil",
    call: execute_query,
    start,
    slow: false,
};

/// Neither hashed nor signed: what that costs is the difference.
pub(super) const UNSEALED: Peer = Peer {
    name: "vigil unsealed",
    call: execute_query,
    start: |dir| begin(dir, false),
    slow: false,
};

pub(super) const DISABLED: Peer = Peer {
    name: "vigil, disabled",
    call: execute_query,
    start: |dir| {
        let stop = start(dir)?;
        vigil::set_enabled(false);
        Ok(stop)
    },
    slow: false,
};

#[vigil::audited(category = "DATABASE", type = "QUERY")]
#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    work(sql, user_id, password)
}

fn start(dir: &Path) -> Result<Stop, Box<dyn Error>> {
    begin(dir, true)
}

fn begin(dir: &Path, integrity: bool) -> Result<Stop, Box<dyn Error>> {
    let vigil = vigil::builder()
        .config_text("")
        .service("bench")
        .trail(dir)
        .integrity(integrity)
        .init()?;
    Ok(Box::new(move || {
        if let Err(error) = vigil.shutdown() {
            eprintln!("{error}");
        }
    }))
}
