//! `vigil consistency`: whether a trail holds an earlier one unchanged.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use vigil_core::trail::consistency;

use crate::failure::Failure;
use crate::trail::{Keys, Of, text_of, undecided};

/// Tells whether a trail holds all events of an earlier checkpoint of it, unchanged.
///
/// Exit codes: 0 it does, 1 it does not: it was rolled back or rewritten; 2 it cannot be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The earlier checkpoint
    #[arg(value_name = "OLD_CHECKPOINT")]
    old: PathBuf,

    #[command(flatten)]
    trail: Of,

    #[command(flatten)]
    keys: Keys,

    /// Writes the proof (RFC 9162, section 2.1.4) with the newest checkpoint as a JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let old = text_of(&arguments.old)?;
    let keys = arguments.keys.read()?;
    let told = consistency(&arguments.trail.dir, &old, &keys).map_err(undecided)?;
    let mut out = std::io::stdout().lock();
    let written = if arguments.json {
        serde_json::to_writer(&mut out, &told)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else if told.holds {
        writeln!(
            out,
            "consistent: the {} events of then are the first of the {} of now",
            told.old, told.new
        )
    } else if told.old > told.new {
        writeln!(
            out,
            "NOT CONSISTENT: the trail had {} events, and now has {}: it was rolled back",
            told.old, told.new
        )
    } else {
        writeln!(
            out,
            "NOT CONSISTENT: the first {} events are not those of then: the trail was rewritten",
            told.old
        )
    };
    written.map_err(|error| Failure::writing(&error))?;
    Ok(ExitCode::from(u8::from(!told.holds)))
}
