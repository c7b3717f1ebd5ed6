//! `vigil cat`: all lines of a trail.

use std::io::Write;
use std::path::Path;

use vigil_core::trail::{Identities, TrailReader};

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Where, failed};

/// Writes all lines of a trail in their order, from compressed segments as well, and with --identity from encrypted ones.
///
/// Nothing is verified; `vigil verify` does that. Segments that are missing, or whose lines retention has removed, are told
/// on the standard error.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.trail.dir;
    let identities = arguments.identity.read()?;
    let mut reading = Reading::begin(&arguments.audit, dir, "cat")?;
    let written = write_all(dir, &identities, &mut reading);
    reading.end(written)
}

fn write_all(dir: &Path, identities: &Identities, reading: &mut Reading) -> Result<(), Failure> {
    let mut lines = TrailReader::open_with(dir, identities).map_err(failed)?;
    let mut out = std::io::stdout().lock();
    while let Some(block) = lines.next_lines().map_err(failed)? {
        reading.count(memchr::memchr_iter(b'\n', block).count() as u64);
        out.write_all(block)
            .map_err(|error| Failure::writing(&error))?;
    }
    tell_missing(&lines);
    out.flush().map_err(|error| Failure::writing(&error))
}

/// What is not there is not passed over in silence.
pub(crate) fn tell_missing(lines: &TrailReader) {
    match lines.purged() {
        [] => {}
        [only] => tell(&format!(
            "retention has removed the lines of {only}; `vigil verify` says by which event"
        )),
        [first, .., last] => tell(&format!(
            "retention has removed the lines of {} segments, {first} to {last}; `vigil verify` says by which events",
            lines.purged().len()
        )),
    }
    for segment in lines.missing() {
        tell(&format!(
            "the segment {segment} is missing, and its events with it"
        ));
    }
}

fn tell(what: &str) {
    // Who cannot be told has closed the standard error.
    let _ = writeln!(std::io::stderr(), "vigil: {what}");
}
