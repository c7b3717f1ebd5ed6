//! `vigil checkpoint`: the newest signed checkpoint.

use std::io::Write;

use vigil_core::trail::newest_checkpoint;

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Prints the newest signed checkpoint of a trail, to be kept elsewhere.
///
/// Kept where the owner of the machine cannot change it, it shows later whether the trail was rolled back or rewritten:
/// `vigil verify --kept FILE`.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let note = newest_checkpoint(&arguments.trail.dir).map_err(failed)?;
    std::io::stdout()
        .write_all(note.as_bytes())
        .map_err(|error| Failure::writing(&error))
}
