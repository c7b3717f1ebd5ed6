//! The program `vigil`, a file or folder a command.
//!
//! Exit codes: 0 done, 1 the surroundings failed (a file, the disk), 2 bad input, arguments or configuration.

mod failure;
mod input;
mod sanitize;

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
    Sanitize(sanitize::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Sanitize(arguments) => sanitize::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                // Nobody is left to be told if this fails.
                let _ = writeln!(std::io::stderr(), "vigil: {message}");
            }
            failure.code()
        }
    }
}
