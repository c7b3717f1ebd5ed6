//! `vigil check-proof`: whether a proof proves something.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use vigil_core::trail::check_proof;

use crate::failure::Failure;
use crate::trail::{Keys, bytes_of, text_of};

/// Checks a proof that an event stands in a trail, without the trail.
///
/// Exit codes: 0 it is proved, 1 it is not, 2 the files cannot be read or no key was given.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The proof, a .tlog-proof file
    proof: PathBuf,

    /// The line of the event, exactly as it stands in the trail
    event: PathBuf,

    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let keys = arguments.keys.read()?;
    if keys.is_empty() {
        return Err(Failure::input(
            "a proof is checked by the verifier key of the trail: give it with --key",
        ));
    }
    let proof = text_of(&arguments.proof)?;
    let event = bytes_of(&arguments.event)?;
    let mut out = std::io::stdout().lock();
    let (written, code) = match check_proof(&proof, &event, &keys) {
        Ok(proved) => (
            writeln!(
                out,
                "proved: this is event {} of the trail {}, which had {} events when {} signed that",
                proved.index,
                proved.origin,
                proved.size,
                proved.signed_by.join(", ")
            ),
            0,
        ),
        Err(error) => (writeln!(out, "NOT PROVED: {error}"), 1),
    };
    written.map_err(|error| Failure::writing(&error))?;
    Ok(ExitCode::from(code))
}
