//! `vigil man`: the pages of the manual.

use std::io::Write;
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::failure::Failure;

/// Writes the pages of the manual, one for the program and one for each command.
///
/// Without a directory, prints the page of the program. They are made of what --help says, and set by man or mandoc.
///
/// Exit codes: 0 done, 1 a page cannot be written, 2 bad arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Writes vigil.1, vigil-verify.1 and so on into this directory, which is made if need be
    #[arg(value_name = "DIR")]
    into: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  vigil man | man -l -
  vigil man /usr/local/share/man/man1";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut command = crate::Arguments::command();
    command.build();
    let Some(into) = &arguments.into else {
        return std::io::stdout()
            .write_all(&page(command))
            .map_err(|error| Failure::writing(&error));
    };
    let failed = |path: &PathBuf, error| {
        Failure::Surroundings(format!("cannot write {}: {error}", path.display()))
    };
    std::fs::create_dir_all(into).map_err(|error| failed(into, error))?;
    let mut left = vec![("vigil".to_owned(), command)];
    while let Some((name, command)) = left.pop() {
        let commands = command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help");
        left.extend(commands.map(|sub| (format!("{name}-{}", sub.get_name()), sub.clone())));
        let path = into.join(format!("{name}.1"));
        std::fs::write(&path, page(command.display_name(name)))
            .map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Vec<u8> {
    let mut page = Vec::new();
    // What it writes into cannot fail.
    let _ = Man::new(command).manual("Vigil").render(&mut page);
    page
}
