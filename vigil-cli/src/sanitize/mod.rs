//! `vigil sanitize`: what Vigil would hide in these texts.

mod jsonl;
mod lines;

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use vigil_core::sanitize::{Profile, SanitizeConfig, Sanitizer};

use crate::failure::Failure;
use crate::input;

/// Hides secrets and personal data in text, as an audited program would.
///
/// Reads lines of text and writes them with what was found in them replaced. A private key that runs over several lines
/// is found too.
///
/// Exit codes: 0 done, whether or not something was hidden; 1 something cannot be read or written, 2 bad arguments or
/// configuration, or the input is not what it should be.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Files to read; the standard input if there are none, or for `-`
    files: Vec<PathBuf>,

    /// Reads a JSON object a line, {"id": any, "key": "name of the field, if any", "text": "..."}, and writes
    /// {"id", "out", "redactions": {"rule": count}}
    #[arg(long)]
    jsonl: bool,

    /// How strictly: default, gdpr, hipaa, pci, allow-list
    #[arg(long, value_name = "NAME")]
    profile: Option<Profile>,

    /// Takes the section `sanitize` of this file; without it the file that VIGIL_CONFIG names, or vigil.yaml in the
    /// working directory, if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Tells after each line what was hidden in it: the bytes, the rule, and why; never the value. With --jsonl a member
    /// "explain" does
    #[arg(long)]
    explain: bool,

    /// Takes bytes that are no UTF-8 for replacement characters, where they would end the run
    #[arg(long, conflicts_with = "jsonl")]
    lossy: bool,
}

const EXAMPLES: &str = "\
Examples:
  journalctl -u shop | vigil sanitize
  vigil sanitize --profile hipaa notes.txt
  echo '{\"id\":1,\"key\":\"db_password\",\"text\":\"horse\"}' | vigil sanitize --jsonl";

/// Written in blocks of this size.
const BLOCK: usize = 256 << 10;

/// Runs the command.
///
/// # Errors
///
/// If the configuration or the input cannot be used, or reading or writing fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let sanitizer = sanitizer(arguments)?;
    let mut out = BufWriter::with_capacity(BLOCK, std::io::stdout().lock());
    let done = input::each(&arguments.files, |lines| {
        if arguments.jsonl {
            jsonl::run(lines, &sanitizer, arguments.explain, &mut out)
        } else {
            lines::run(lines, &sanitizer, arguments, &mut out)
        }
    });
    // What was made of the lines before a bad one is not lost.
    let flushed = out.flush().map_err(|error| Failure::writing(&error));
    done.and(flushed)
}

fn sanitizer(arguments: &Arguments) -> Result<Sanitizer, Failure> {
    let mut config = match &arguments.config {
        Some(path) => SanitizeConfig::from_file(path),
        None => SanitizeConfig::load(),
    }
    .map_err(|error| Failure::input(error.to_string()))?;
    if let Some(profile) = arguments.profile {
        config.profile = profile;
    }
    Sanitizer::new(&config).map_err(|error| Failure::input(error.to_string()))
}
