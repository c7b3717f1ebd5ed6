//! `vigil seal`: closed segments compressed, and encrypted to those who may read them.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use vigil_core::trail::{Compression, PackOptions, Packed, pack};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Compresses the closed segments of a trail now, and encrypts them if there are recipients.
///
/// Each is read back and held against what was signed of it before its source is removed. The trail may be in use. What is
/// compressed already stays so; what a sink or the next start of the program still has to read is not encrypted yet.
///
/// Exit codes: 0 done, 1 something cannot be read or written, or a segment is not what was signed and was left as it is,
/// 2 bad arguments, or there is no such trail, it belongs to another user, or somebody else is at it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    /// Encrypts to this recipient, as age-keygen prints it. May be given several times: each of them can read all
    #[arg(long, value_name = "AGE1")]
    recipient: Vec<String>,

    /// Encrypts to the recipients in this file, a line each. May be given several times
    #[arg(long, value_name = "FILE")]
    recipients_file: Vec<PathBuf>,

    /// How what is not compressed yet is compressed
    #[arg(long, value_name = "HOW", default_value = "zstd")]
    compression: How,

    /// Writes what was done as a JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum How {
    Zstd,
    Gzip,
    None,
}

const EXAMPLES: &str = "\
Examples:
  vigil seal
  vigil seal /var/log/shop --recipients-file auditors.txt";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut options = PackOptions::new().compression(match arguments.compression {
        How::Zstd => Compression::Zstd,
        How::Gzip => Compression::Gzip,
        How::None => Compression::None,
    });
    for recipient in &arguments.recipient {
        options = options
            .recipient(recipient)
            .map_err(|error| failed(error).of("--recipient"))?;
    }
    for file in &arguments.recipients_file {
        options = options
            .recipients_file(file)
            .map_err(|error| failed(error).of("--recipients-file"))?;
    }
    let packed = pack(&arguments.trail.dir, &options).map_err(failed)?;
    let mut out = std::io::stdout().lock();
    let written = if arguments.json {
        serde_json::to_writer(&mut out, &packed)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        tell(&packed, &mut out)
    };
    written.map_err(|error| Failure::writing(&error))?;
    Ok(ExitCode::from(u8::from(!packed.altered.is_empty())))
}

fn tell(packed: &Packed, out: &mut impl Write) -> std::io::Result<()> {
    for made in &packed.made {
        writeln!(out, "{made}")?;
    }
    writeln!(
        out,
        "{} files made, {} bytes in place of {}",
        packed.made.len(),
        packed.after,
        packed.before
    )?;
    for mended in &packed.mended {
        writeln!(out, "mended: {mended}")?;
    }
    for waiting in &packed.waiting {
        writeln!(out, "waiting: {waiting}")?;
    }
    for altered in &packed.altered {
        writeln!(out, "ALTERED: {altered}")?;
    }
    Ok(())
}
