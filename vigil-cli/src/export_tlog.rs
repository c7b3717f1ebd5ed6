//! `vigil export-tlog`: a trail in the form that tools of others verify.

use std::io::Write;
use std::path::PathBuf;

use vigil_core::trail::export_tlog_with;

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Of, failed};

/// Writes a trail as C2SP tlog-tiles, which programs of others verify.
///
/// The directory then holds the newest checkpoint and the tiles of its tree; the events themselves as well with
/// --entries. Without them, a verifier needs the segments besides.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, there is no such trail, or no
/// identity opens it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A new directory
    #[arg(value_name = "DIR")]
    into: PathBuf,

    #[command(flatten)]
    trail: Of,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    /// Writes the events too
    #[arg(long)]
    entries: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.trail.dir;
    let identities = arguments.identity.read()?;
    let mut reading = Reading::begin(&arguments.audit, dir, "export-tlog")?;
    reading.detail("into", arguments.into.display().to_string());
    reading.detail("entries", arguments.entries);
    let exported =
        export_tlog_with(dir, &arguments.into, arguments.entries, &identities).map_err(failed);
    if let Ok(exported) = &exported {
        reading.count(exported.events);
    }
    let exported = reading.end(exported)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} events, in {} files",
        exported.events, exported.files
    )
    .and_then(|()| match exported.without_entries {
        0 => Ok(()),
        without => writeln!(
            out,
            "{without} of them have no entry, because retention has removed their lines or others of their bundles; their \
             hashes are in the tiles"
        ),
    })
    .map_err(|error| Failure::writing(&error))
}
