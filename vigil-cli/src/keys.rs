//! `vigil keys`: the verifier keys of a trail.

use std::io::Write;

use clap::Subcommand;
use vigil_core::trail::verifier_keys;

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Tells by which keys a trail is signed. They are public.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists all keys that have signed the trail, the first one first
    ///
    /// Exit codes: 0 done, 1 nothing can be written, 2 bad arguments, or there is no such trail.
    List(Where),
    /// Prints the key that signs now, to be given to those who verify
    ///
    /// Exit codes: 0 done, 1 nothing can be written, 2 bad arguments, or there is no such trail.
    Public(Where),
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (Command::List(trail) | Command::Public(trail)) = &arguments.command;
    let keys = verifier_keys(&trail.dir).map_err(failed)?;
    let shown = match arguments.command {
        Command::List(_) => keys.as_slice(),
        Command::Public(_) => keys.last().map_or(&[][..], std::slice::from_ref),
    };
    let mut out = std::io::stdout().lock();
    shown
        .iter()
        .try_for_each(|key| writeln!(out, "{key}"))
        .map_err(|error| Failure::writing(&error))
}
