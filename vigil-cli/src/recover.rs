//! `vigil recover`: what the start of a program does for its trail, without the program.

use std::io::Write;

use vigil_core::{RecoverOptions, recover};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Mends what a crash has left of a trail, as the next start of the program that writes it would.
///
/// Cuts a torn line, makes hashes again, writes what the journal holds and the trail does not, and the notes of other
/// programs, seals closed segments, and signs. It says what it has done. Run it as the user that the program runs as.
///
/// Exit codes: 0 done, or nothing to do; 1 something cannot be read or written; 2 bad arguments, no such trail, or one that
/// is not touched, as it says.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    /// Says what would be done, and changes nothing
    #[arg(long)]
    dry_run: bool,

    /// Moves a trail that is not what was signed to .vigil/aside-1, and begins a new one; otherwise it is not touched
    #[arg(long)]
    set_aside: bool,

    /// Writes what was done as a JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  vigil recover --dry-run
  sudo -u shop vigil recover /var/log/shop";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let options = RecoverOptions::new()
        .dry_run(arguments.dry_run)
        .set_aside(arguments.set_aside);
    let recovery = recover(&arguments.trail.dir, &options).map_err(failed)?;
    let mut out = std::io::stdout().lock();
    let written = if arguments.json {
        serde_json::to_writer(&mut out, &recovery)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else if recovery.done.is_empty() {
        writeln!(out, "there is nothing to recover")
    } else {
        let would = if recovery.dry_run {
            "nothing was changed; it would be done: "
        } else {
            ""
        };
        recovery
            .done
            .iter()
            .try_for_each(|done| writeln!(out, "{would}{done}"))
    };
    written.map_err(|error| Failure::writing(&error))
}
