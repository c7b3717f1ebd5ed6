//! `vigil decrypt`: the lines of encrypted segments, for whoever has the key.

use std::io::Write;
use std::path::{Path, PathBuf};

use vigil_core::trail::unpack;

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, failed};

/// Writes the lines of an encrypted or compressed segment, or of all encrypted ones of a trail, into plain files.
///
/// The trail itself is not changed, and nothing is verified: `vigil verify --identity` does that.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or no identity opens it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file of a segment, or the directory of a trail
    #[arg(value_name = "FILE|TRAIL")]
    from: PathBuf,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    /// The directory of the plain files; by default this one
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    output: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  vigil decrypt audit_audit_2026-11-23.log.zst.age --identity auditor.key
  vigil decrypt /var/log/shop --identity auditor.key -o plain";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let from = &arguments.from;
    let identities = arguments.identity.read()?;
    let trail = match from.parent() {
        _ if from.is_dir() => from,
        // Of a bare name it is an empty path.
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut reading = Reading::begin(&arguments.audit, trail, "decrypt")?;
    reading.detail("from", from.display().to_string());
    let unpacked = unpack(from, &arguments.output, &identities).map_err(failed);
    if let Ok(unpacked) = &unpacked {
        reading.count(unpacked.events);
    }
    let unpacked = reading.end(unpacked)?;
    let mut out = std::io::stdout().lock();
    for file in &unpacked.files {
        writeln!(out, "{}", file.display()).map_err(|error| Failure::writing(&error))?;
    }
    Ok(())
}
