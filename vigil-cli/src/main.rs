//! The program `vigil`, a file or folder a command.
//!
//! Exit codes: 0 done, 1 the surroundings failed (a file, the disk), 2 bad input, arguments or configuration. The commands
//! that judge (`verify`, `check-proof`, `consistency`) end with 0 where all is as it should be and with 1 where something
//! was changed. All of them stand in `vigil/docs/cli.md`, which a test holds against `--help`.

mod anchor;
mod cat;
mod check_proof;
mod checkpoint;
mod completions;
mod consistency;
mod decrypt;
mod erase;
mod export_tlog;
mod failure;
mod hold;
mod input;
mod keys;
mod man;
mod prove;
mod reading;
mod recover;
mod retention;
mod sanitize;
mod seal;
mod stats;
mod tail;
mod trail;
mod verify;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Works with Vigil, the audit toolkit.
#[derive(Debug, Parser)]
#[command(name = "vigil", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(verify::Arguments),
    Prove(prove::Arguments),
    CheckProof(check_proof::Arguments),
    Consistency(consistency::Arguments),
    Checkpoint(checkpoint::Arguments),
    Anchor(anchor::Arguments),
    Keys(keys::Arguments),
    ExportTlog(export_tlog::Arguments),
    Retention(retention::Arguments),
    Hold(hold::Arguments),
    Erase(erase::Arguments),
    Rewrap(erase::Rewrap),
    Cat(cat::Arguments),
    Tail(tail::Arguments),
    Stats(stats::Arguments),
    Seal(seal::Arguments),
    Decrypt(decrypt::Arguments),
    Recover(recover::Arguments),
    Sanitize(sanitize::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

fn main() -> ExitCode {
    let done = |()| ExitCode::SUCCESS;
    let ended = match Arguments::parse().command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments).map(done),
        Command::CheckProof(arguments) => check_proof::run(&arguments),
        Command::Consistency(arguments) => consistency::run(&arguments),
        Command::Checkpoint(arguments) => checkpoint::run(&arguments).map(done),
        Command::Anchor(arguments) => anchor::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments).map(done),
        Command::ExportTlog(arguments) => export_tlog::run(&arguments).map(done),
        Command::Retention(arguments) => retention::run(&arguments).map(done),
        Command::Hold(arguments) => hold::run(&arguments).map(done),
        Command::Erase(arguments) => erase::run(&arguments).map(done),
        Command::Rewrap(arguments) => erase::rewrap(&arguments).map(done),
        Command::Cat(arguments) => cat::run(&arguments).map(done),
        Command::Tail(arguments) => tail::run(&arguments).map(done),
        Command::Seal(arguments) => seal::run(&arguments),
        Command::Decrypt(arguments) => decrypt::run(&arguments).map(done),
        Command::Recover(arguments) => recover::run(&arguments).map(done),
        Command::Stats(arguments) => stats::run(&arguments).map(done),
        Command::Completions(arguments) => completions::run(&arguments).map(done),
        Command::Man(arguments) => man::run(&arguments).map(done),
        Command::Sanitize(arguments) => sanitize::run(&arguments).map(done),
    };
    match ended {
        Ok(code) => code,
        Err(failure) => {
            if let Some(message) = failure.message() {
                // Nobody is left to be told if this fails.
                let _ = writeln!(std::io::stderr(), "vigil: {message}");
            }
            failure.code()
        }
    }
}
