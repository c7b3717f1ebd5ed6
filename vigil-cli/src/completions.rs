//! `vigil completions`: for the shell that the program is called from.

use std::io::Write;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::failure::Failure;

/// Prints the completions of a shell for this program.
///
/// Exit codes: 0 done, 1 nothing can be written, 2 bad arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  vigil completions bash > /etc/bash_completion.d/vigil
  vigil completions zsh > ~/.zfunc/_vigil
  vigil completions fish > ~/.config/fish/completions/vigil.fish";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // What it writes into cannot fail; the standard output can.
    let mut script = Vec::new();
    generate(
        arguments.shell,
        &mut crate::Arguments::command(),
        "vigil",
        &mut script,
    );
    std::io::stdout()
        .write_all(&script)
        .map_err(|error| Failure::writing(&error))
}
