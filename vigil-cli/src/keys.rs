//! `vigil keys`: the keys of a trail.

use std::io::Write;

use clap::Subcommand;
use vigil_core::rotate_key_of;
use vigil_core::trail::{init_keys, verifier_keys};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Tells by which keys a trail is signed, makes the first one, and changes it.
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
    /// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail.
    List(Where),
    /// Prints the key that signs now, to be given to those who verify
    ///
    /// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail.
    Public(Where),
    /// Makes the key of a trail that is to be, before the program starts for the first time, and prints its public part
    ///
    /// So a witness, or whoever verifies, can be told of it before there is anything to sign. What is there is never
    /// overwritten.
    ///
    /// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or the directory holds a trail or a key already.
    Init(Init),
    /// Has the trail signed by a new key from now on, and prints its public part
    ///
    /// The old key signs for the new one, and is destroyed. No process may have the trail open; one that does calls
    /// vigil::rotate_key() itself.
    ///
    /// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, there is no such trail, or it is in use.
    Rotate(Where),
}

#[derive(Debug, clap::Args)]
struct Init {
    #[command(flatten)]
    trail: Where,

    /// The name of the trail in its checkpoints, which no other trail may have: host-1/shop/audit
    #[arg(long)]
    origin: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let newest = |keys: Vec<String>| keys.into_iter().next_back().into_iter().collect();
    let shown: Vec<String> = match &arguments.command {
        Command::List(trail) => verifier_keys(&trail.dir).map_err(failed)?,
        Command::Public(trail) => newest(verifier_keys(&trail.dir).map_err(failed)?),
        Command::Init(init) => vec![init_keys(&init.trail.dir, &init.origin).map_err(failed)?],
        Command::Rotate(trail) => vec![rotate_key_of(&trail.dir).map_err(failed)?],
    };
    let mut out = std::io::stdout().lock();
    shown
        .iter()
        .try_for_each(|key| writeln!(out, "{key}"))
        .map_err(|error| Failure::writing(&error))
}
