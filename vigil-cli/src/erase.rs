//! `vigil erase`: makes what a trail holds of a person unreadable; `vigil rewrap`: what copies of the keys still hold.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use vigil_core::trail::Left;
use vigil_core::trail::subjects::{Erased, Erasure, SubjectKeys, erase};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Makes what a trail holds of a subject unreadable, by destroying the key that it was encrypted under.
///
/// No line is changed: all hashes, signatures and proofs stay as they are. The trail tells of it as audit_subject_erased,
/// without the name of the subject, whether or not a program writes the trail. Later events of the subject get a new key.
/// A legal hold on the subject refuses it.
///
/// Exit codes: 0 done, 1 something cannot be read or written: then call it again, 2 bad arguments, a legal hold, or there
/// is no such trail, store or subject.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    /// Whose data, as the program names the subject
    #[arg(long, value_name = "ID")]
    subject: String,

    /// The directory of the keys, as trail.subject_keys says
    #[arg(long, value_name = "DIR")]
    subject_keys: PathBuf,

    /// On which legal basis; it stands in the trail
    #[arg(long)]
    basis: String,

    /// By what the request is known; it stands in the trail
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,

    /// Who decided it; the user of this process stands in the trail in any case
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,

    /// How many days copies of the keys are kept: then the erasure is complete
    #[arg(long, value_name = "N", default_value_t = 30)]
    backup_days: u32,

    /// Writes the certificate, a C2SP tlog-proof, into this file, and the event that it proves beside it, with .json
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  vigil erase --subject u-17 --subject-keys /var/lib/shop/keys --basis 'GDPR Art. 17(1)(b)' --request-id R-118 \\
      --certificate R-118.tlog-proof /var/log/shop
  vigil check-proof R-118.tlog-proof R-118.tlog-proof.json --key shop.vkey";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut erasure = Erasure::new(&arguments.basis).backup_days(arguments.backup_days);
    if let Some(id) = &arguments.request_id {
        erasure = erasure.request_id(id);
    }
    if let Some(operator) = &arguments.operator {
        erasure = erasure.operator(operator);
    }
    let erased = erase(
        &arguments.trail.dir,
        &arguments.subject_keys,
        &arguments.subject,
        &erasure,
    );
    let erased = erased.map_err(failed)?;
    tell(&erased).map_err(|error| Failure::writing(&error))?;
    match (&erased.certificate, &arguments.certificate) {
        (Some(proof), Some(path)) => {
            write_file(path, proof.to_string().as_bytes())?;
            let mut line = path.clone().into_os_string();
            line.push(".json");
            write_file(Path::new(&line), &[proof.event.as_slice(), b"\n"].concat())
        }
        (None, Some(_)) => Err(Failure::Surroundings(format!(
            "it is erased, and no checkpoint covers the event yet; get the certificate later by `vigil prove {}`",
            erased.event
        ))),
        (_, None) => Ok(()),
    }
}

fn tell(erased: &Erased) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "erased:    {}, {} events", erased.kid, erased.events)?;
    if erased.unread > 0 {
        writeln!(
            out,
            "unread:    {} events more, in segments that are encrypted; what they hold under the key is erased as well",
            erased.unread
        )?;
    }
    writeln!(out, "effective: {}", erased.effective)?;
    writeln!(out, "complete:  {}", erased.complete)?;
    writeln!(out, "event:     {}", erased.event)?;
    if let Left::Waiting(why) = &erased.left {
        writeln!(
            out,
            "the trail tells of it when the program that writes it has started again: {why}"
        )?;
    }
    out.flush()
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes)
        .map_err(|error| Failure::Surroundings(format!("cannot write {}: {error}", path.display())))
}

/// Wraps all keys of subjects by a new key-encryption key, and destroys the old one.
///
/// Copies of the store from before then hold nothing that can be read, so this makes erasures complete at once, and should
/// be done now and then. A copy of the new key-encryption key is to be made after it. Programs that write need not stop.
///
/// Exit codes: 0 done, 1 something cannot be read or written: then call it again, 2 bad arguments, or there is no such
/// store.
#[derive(Debug, clap::Args)]
pub(crate) struct Rewrap {
    /// The directory of the keys, as trail.subject_keys says
    #[arg(long, value_name = "DIR")]
    subject_keys: PathBuf,
}

pub(crate) fn rewrap(arguments: &Rewrap) -> Result<(), Failure> {
    let keys = SubjectKeys::open(&arguments.subject_keys).map_err(failed)?;
    let kept = keys.rewrap().map_err(failed)?;
    writeln!(std::io::stdout(), "{kept} keys are wrapped anew")
        .map_err(|error| Failure::writing(&error))
}
