//! Who reads a trail stands in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vigil_core::leave_note;
use vigil_core::sanitize::Profile;
use vigil_core::trail::{Left, Note, NoteKind, about};

use crate::failure::Failure;

/// Whether the reading is recorded.
#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    /// Does not write into the trail that it was read. Refused where the profile of the trail is pci or hipaa
    #[arg(long, conflicts_with = "evidence_copy")]
    no_audit: bool,

    /// The directory is a copy of a trail, made as evidence: nothing is written there, and who reads it is recorded
    /// elsewhere. Needed for copies of trails whose profile is pci or hipaa
    #[arg(long)]
    evidence_copy: bool,
}

/// A command that reads events, from before it does to the record of it.
#[derive(Debug)]
pub(crate) struct Reading {
    /// `None`: it is not recorded.
    dir: Option<PathBuf>,
    command: &'static str,
    kind: NoteKind,
    is_strict: bool,
    details: Vec<(&'static str, Value)>,
    /// Events that were read; `None` where nobody has counted.
    events: Option<u64>,
}

impl Reading {
    /// Before anything is read: a read that cannot be recorded, and has to be, does not take place.
    pub(crate) fn begin(audit: &Audit, dir: &Path, command: &'static str) -> Result<Self, Failure> {
        Self::begin_as(NoteKind::Read, audit, dir, command)
    }

    /// As [`Reading::begin`], where more is done than to read.
    pub(crate) fn begin_as(
        kind: NoteKind,
        audit: &Audit,
        dir: &Path,
        command: &'static str,
    ) -> Result<Self, Failure> {
        let mut reading = Self {
            dir: None,
            command,
            kind,
            is_strict: false,
            details: Vec::new(),
            events: None,
        };
        let Ok(about) = about(dir) else {
            // Files of a trail, or nothing at all: the command says so. There is no trail that could take a note.
            tell(&format!(
                "{} is not the directory of a trail that can take notes; that it was read is not recorded",
                dir.display()
            ));
            return Ok(reading);
        };
        let shown = dir.display();
        let profile = about.profile.map(Profile::as_str);
        reading.is_strict = matches!(about.profile, Some(Profile::Pci | Profile::Hipaa));
        if audit.no_audit {
            return match profile {
                Some(profile) if reading.is_strict => Err(Failure::input(format!(
                    "--no-audit: {shown} is written under the profile {profile}, by which every access to it is recorded"
                ))),
                Some(_) => Ok(reading),
                None => Err(Failure::input(format!(
                    "--no-audit: {shown} does not say which profile it is written under, and it may be one by which every \
                     access is recorded"
                ))),
            };
        }
        if audit.evidence_copy {
            if about.is_copy || !about.takes_notes && !about.in_use {
                return Ok(reading);
            }
            return Err(Failure::input(format!(
                "--evidence-copy: {shown} is no copy; it is the trail itself, which records who reads it"
            )));
        }
        let why = if about.is_copy {
            "it does not lie where it was written, and seems to be a copy"
        } else if !about.takes_notes {
            "nothing can be written there"
        } else {
            reading.dir = Some(dir.to_owned());
            if reading.is_strict {
                // Whoever ends this command before it has ended has read all the same.
                let begun = reading.note().detail("phase", "began");
                reading.leave(&begun)?;
            }
            return Ok(reading);
        };
        match profile {
            Some(profile) if reading.is_strict => Err(Failure::input(format!(
                "{shown} is written under the profile {profile}, by which every access to it is recorded, and that cannot \
                 be: {why}. If it is a copy that was made as evidence, say so with --evidence-copy, and record who reads \
                 it where the copy is kept"
            ))),
            _ => {
                tell(&format!(
                    "that {shown} was read is not recorded in it: {why}"
                ));
                Ok(reading)
            }
        }
    }

    /// Says what is read: a range, a filter.
    pub(crate) fn detail(&mut self, name: &'static str, value: impl Into<Value>) {
        self.details.push((name, value.into()));
    }

    /// So many events were read.
    pub(crate) fn count(&mut self, events: u64) {
        *self.events.get_or_insert(0) += events;
    }

    /// Records that a command has begun of which nobody knows when it ends.
    pub(crate) fn goes_on(&mut self) -> Result<(), Failure> {
        let begun = self.note().detail("phase", "began");
        self.leave(&begun)
    }

    /// Records it, and hands on how the command has ended.
    pub(crate) fn end<T>(mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        let mut note = self.note();
        if let Some(events) = self.events {
            note = note.detail("events", events);
        }
        if self.is_strict {
            note = note.detail("phase", "ended");
        }
        // Somebody may have got all that there is, and then a full disk.
        if matches!(result, Err(Failure::Input(_) | Failure::Surroundings(_))) {
            note = note.failed();
        }
        let left = self.leave(&note);
        let result = result?;
        left.map(|()| result)
    }

    fn note(&self) -> Note {
        let command = format!("vigil {}", self.command);
        let mut note = Note::new(self.kind, command);
        if let Some(dir) = &self.dir {
            note = note.detail("trail", dir.display().to_string());
        }
        for (name, value) in &self.details {
            note = note.detail(*name, value.clone());
        }
        note
    }

    fn leave(&mut self, note: &Note) -> Result<(), Failure> {
        let Some(dir) = &self.dir else {
            return Ok(());
        };
        match leave_note(dir, note) {
            Ok(Left::Waiting(why)) => {
                tell(&format!(
                    "that {} was read is noted there, and will stand in the trail when the program that writes it has \
                     started again: {why}",
                    dir.display()
                ));
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(error) if self.is_strict => Err(Failure::Surroundings(format!(
                "that the trail was read could not be recorded: {error}"
            ))),
            Err(error) => {
                tell(&format!(
                    "that the trail was read could not be recorded: {error}"
                ));
                self.dir = None;
                Ok(())
            }
        }
    }
}

fn tell(what: &str) {
    let _ = writeln!(std::io::stderr(), "vigil: {what}");
}
