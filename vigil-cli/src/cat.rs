//! `vigil cat`: all lines of a trail.

use std::io::Write;
use std::path::{Path, PathBuf};

use vigil_core::trail::subjects::SubjectKeys;
use vigil_core::trail::{Identities, NoteKind, TrailReader};

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Where, failed};

/// Writes all lines of a trail in their order, from compressed segments as well, and with --identity from encrypted ones.
///
/// Nothing is verified; `vigil verify` does that. Segments that are missing, or whose lines retention has removed, are told
/// on the standard error.
///
/// Exit codes: 0 done, 1 something cannot be read, written or decrypted, 2 bad arguments, there is no such trail, or no
/// identity opens it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    #[command(flatten)]
    decrypt: Decrypt,
}

/// What was encrypted under keys of subjects.
#[derive(Debug, clap::Args)]
struct Decrypt {
    /// Shows what was encrypted for subjects and not erased. The trail tells of it as audit_decrypted. Such lines are not
    /// what was hashed
    #[arg(long, requires = "subject_keys")]
    decrypt: bool,

    /// The directory of the keys, as trail.subject_keys says
    #[arg(long, value_name = "DIR", requires = "decrypt")]
    subject_keys: Option<PathBuf>,

    /// Only what was encrypted for this subject
    #[arg(long, value_name = "ID", requires = "decrypt")]
    subject: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.trail.dir;
    let identities = arguments.identity.read()?;
    let keys = match &arguments.decrypt.subject_keys {
        Some(keys) => Some(SubjectKeys::open(keys).map_err(failed)?),
        None => None,
    };
    let kind = match keys {
        Some(_) => NoteKind::Decrypted,
        None => NoteKind::Read,
    };
    let mut reading = Reading::begin_as(kind, &arguments.audit, dir, "cat")?;
    let subject = arguments.decrypt.subject.as_deref();
    if keys.is_some() {
        // Not whom: the trail is not to name who is encrypted in it.
        reading.detail("subjects", if subject.is_some() { "one" } else { "all" });
    }
    let show = Show {
        keys: keys.as_ref(),
        subject,
    };
    let written = write_all(dir, &identities, &mut reading, &show);
    reading.end(written)
}

/// How lines are shown.
struct Show<'a> {
    keys: Option<&'a SubjectKeys>,
    subject: Option<&'a str>,
}

impl Show<'_> {
    /// Writes a block of lines; gives back how many values could not be decrypted that should have been.
    fn write(&self, block: &[u8], out: &mut impl Write) -> Result<u64, Failure> {
        let writing = |error| Failure::writing(&error);
        let Some(keys) = self.keys else {
            out.write_all(block).map_err(writing)?;
            return Ok(0);
        };
        let mut refused = 0;
        for line in block.split(|byte| *byte == b'\n') {
            if line.is_empty() {
                continue;
            }
            let revealed = keys.reveal(line, self.subject).map_err(failed)?;
            for why in &revealed.refused {
                tell(&format!("cannot decrypt {why}"));
            }
            refused += revealed.refused.len() as u64;
            out.write_all(&revealed.line).map_err(writing)?;
            out.write_all(b"\n").map_err(writing)?;
        }
        Ok(refused)
    }
}

fn write_all(
    dir: &Path,
    identities: &Identities,
    reading: &mut Reading,
    show: &Show<'_>,
) -> Result<(), Failure> {
    let mut refused = 0;
    let mut lines = TrailReader::open_with(dir, identities).map_err(failed)?;
    let mut out = std::io::stdout().lock();
    while let Some(block) = lines.next_lines().map_err(failed)? {
        reading.count(memchr::memchr_iter(b'\n', block).count() as u64);
        refused += show.write(block, &mut out)?;
    }
    tell_missing(&lines);
    out.flush().map_err(|error| Failure::writing(&error))?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::Surroundings(format!(
            "{refused} values could not be decrypted; they stand there as they are"
        ))),
    }
}

/// What is not there is not passed over in silence.
pub(crate) fn tell_missing(lines: &TrailReader) {
    match lines.purged() {
        [] => {}
        [only] => tell(&format!(
            "retention has removed the lines of {only}; `vigil verify` says by which event"
        )),
        [first, .., last] => tell(&format!(
            "retention has removed the lines of {} segments, {first} to {last}; `vigil verify` says by which events",
            lines.purged().len()
        )),
    }
    for segment in lines.missing() {
        tell(&format!(
            "the segment {segment} is missing, and its events with it"
        ));
    }
}

fn tell(what: &str) {
    // Who cannot be told has closed the standard error.
    let _ = writeln!(std::io::stderr(), "vigil: {what}");
}
