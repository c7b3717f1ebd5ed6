//! `vigil prove`: that an event stands in a trail, for somebody who does not get the trail.

use std::io::Write;
use std::path::PathBuf;

use vigil_core::EventId;
use vigil_core::trail::{Which, prove_with};

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Of, failed};

/// Proves that an event stands in a trail, to somebody who sees no other event of it.
///
/// Writes a proof in the format of C2SP tlog-proof, which `vigil check-proof` and programs of others check. It goes with
/// the line of the event, which --event writes, and with the verifier key of the trail, which should get to the other side
/// on another way.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, there is no such trail or
/// event, or no identity opens its segment.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The event_id of the event, or its seq
    #[arg(value_name = "EVENT")]
    event: String,

    #[command(flatten)]
    trail: Of,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    /// Writes the line of the event, as it was hashed, into this file
    #[arg(long = "event", value_name = "FILE")]
    line: Option<PathBuf>,

    /// Writes the proof into this file, and not to the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  vigil prove 01995d2c-0000-7000-8000-000000000017 --event event.json -o event.tlog-proof
  vigil check-proof event.tlog-proof event.json --key shop.vkey";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let event = &arguments.event;
    let which = match (event.parse::<u64>(), event.parse::<EventId>()) {
        (Ok(index), _) => Which::Index(index),
        (_, Ok(id)) => Which::Id(id),
        _ => {
            return Err(Failure::input(format!(
                "{event:?} is neither an event_id nor a number"
            )));
        }
    };
    let dir = &arguments.trail.dir;
    let identities = arguments.identity.read()?;
    let mut reading = Reading::begin(&arguments.audit, dir, "prove")?;
    reading.detail("event", event.as_str());
    reading.count(1);
    let proof = reading.end(prove_with(dir, which, &identities).map_err(failed))?;
    if let Some(gone) = &proof.gone {
        if arguments.line.is_some() {
            return Err(Failure::input(format!(
                "{gone}; leave out --event to get the proof"
            )));
        }
        // The proof itself goes to the standard output.
        let _ = writeln!(std::io::stderr(), "vigil: {gone}");
    }
    if let Some(path) = &arguments.line {
        write_file(path, &[proof.event.as_slice(), b"\n"].concat())?;
    }
    let text = proof.to_string();
    match &arguments.output {
        Some(path) => write_file(path, text.as_bytes()),
        None => std::io::stdout()
            .write_all(text.as_bytes())
            .map_err(|error| Failure::writing(&error)),
    }
}

fn write_file(path: &PathBuf, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes)
        .map_err(|error| Failure::Surroundings(format!("cannot write {}: {error}", path.display())))
}
