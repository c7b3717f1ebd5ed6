//! `vigil anchor`: hands the newest checkpoint to places elsewhere.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use vigil_core::trail::{SignedCheckpoint, anchor, anchor_to};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Hands the newest signed checkpoint of a trail to places that the owner of the machine does not control.
///
/// What they say is kept beside the trail, in .vigil/anchors, where verify finds it. A place that knows another history of
/// the trail refuses. The trail may be in use; a program can do the same by itself, see trail.anchors.
///
/// Exit codes: 0 done, 1 a place has not taken it, or something cannot be read or written; 2 bad arguments, or there is no
/// such trail.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    /// Where to: copy:DIRECTORY, which must exist, witness:URL, or timestamp:URL. May be given several times
    #[arg(long, value_name = "ANCHOR", required = true)]
    to: Vec<String>,

    /// The keys of the witnesses among these, in their order: <name>+<key id>+<base 64>
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,

    /// The files of the certificates, in PEM, that vouch for the time-stamping authorities among these, in their order
    #[arg(long, value_name = "FILE")]
    timestamp_ca: Vec<PathBuf>,

    /// Under which name the receipts are kept; copy, witness or timestamp otherwise, with a number from the second on
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  vigil anchor /var/log/shop --to copy:/mnt/auditor/shop
  vigil anchor /var/log/shop --to witness:https://witness.example --witness witness.example/w1+0fdd2a1b+BP...
  vigil anchor /var/log/shop --to timestamp:http://tsa.example --timestamp-ca tsa-ca.pem";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let dir = &arguments.trail.dir;
    let mut keys = arguments.witness.iter();
    let mut authorities = arguments.timestamp_ca.iter();
    let mut anchors = Vec::new();
    for (number, to) in arguments.to.iter().enumerate() {
        let (kind, _) = to.split_once(':').unwrap_or((to, ""));
        let key = if kind == "witness" { keys.next() } else { None };
        let ca = if kind == "timestamp" {
            authorities.next()
        } else {
            None
        };
        let same = arguments.to[..number]
            .iter()
            .filter(|other| other.split(':').next() == Some(kind))
            .count();
        let name = match arguments.name.get(number) {
            Some(name) => name.clone(),
            None if same == 0 => kind.to_owned(),
            None => format!("{kind}-{}", same + 1),
        };
        let made =
            anchor_to(to, key.map(String::as_str), ca.map(PathBuf::as_path)).map_err(failed)?;
        anchors.push((to, name, made));
    }
    if let Some(key) = keys.next() {
        return Err(Failure::input(format!(
            "--witness {key}: there is no witness:URL for this key"
        )));
    }
    if let Some(file) = authorities.next() {
        return Err(Failure::input(format!(
            "--timestamp-ca {}: there is no timestamp:URL for these certificates",
            file.display()
        )));
    }
    // That there is no trail is no fault of the places.
    SignedCheckpoint::newest(dir).map_err(failed)?;
    let mut out = std::io::stdout().lock();
    let mut all = true;
    for (to, name, mut made) in anchors {
        match anchor(dir, &name, &mut *made) {
            Ok(checkpoint) => writeln!(
                out,
                "anchored: the first {} events of {}, by {to}",
                checkpoint.size(),
                checkpoint.origin()
            )
            .map_err(|error| Failure::writing(&error))?,
            Err(error) if error.is_config() => return Err(failed(error)),
            Err(error) => {
                all = false;
                // Nobody is left to be told if this fails.
                let _ = writeln!(std::io::stderr(), "vigil: not anchored by {to}: {error}");
            }
        }
    }
    Ok(ExitCode::from(u8::from(!all)))
}
