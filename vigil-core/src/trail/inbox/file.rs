//! The file of a note: how it is called and what stands in it. Writer and reader stand here side by side.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::note::{Note, NoteKind};
use super::operator::Operator;
use crate::disk::{is_missing, replace_file};
use crate::event::{EventId, Status};
use crate::sanitize;
use crate::trail::stamp;

/// A note has at most so many bytes. Twice as many still make a line of the trail.
pub(super) const MAX_NOTE: usize = 32 * 1024;

const VERSION: u32 = 1;

/// What the members of an event's parameters are called that say who left the note.
const OWN_MEMBERS: [&str; 4] = ["command", "at", "by", "process"];

/// Of a name in the inbox, what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// First, so that names sort by time.
    pub(super) id: EventId,
    /// The number that the event had at least, if the note was taken.
    pub(super) taken: Option<u64>,
}

impl Name {
    pub(super) fn file_name(self) -> String {
        match self.taken {
            None => format!("{}.json", self.id),
            Some(seq) => format!("{}.{seq}.taken", self.id),
        }
    }

    pub(super) fn parse(file_name: &str) -> Option<Self> {
        let (id, rest) = file_name.split_once('.')?;
        let taken = match rest {
            "json" => None,
            rest => Some(rest.strip_suffix(".taken")?.parse().ok()?),
        };
        let name = Self {
            id: id.parse().ok()?,
            taken,
        };
        // Only what stands here: ids may have capitals, and numbers zeros in front.
        (name.file_name() == file_name).then_some(name)
    }

    /// Whether it is that of a note which is being written.
    pub(super) fn is_temporary(file_name: &str) -> bool {
        file_name
            .strip_suffix(".new")
            .is_some_and(|name| Self::parse(name).is_some())
    }
}

/// A note as it stands in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    version: u32,
    /// The operation of the event.
    event: String,
    outcome: Status,
    command: String,
    /// When it was left, by the clock of who left it.
    at: String,
    by: Operator,
    process: LeavingProcess,
    details: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeavingProcess {
    pid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
}

/// What a note makes the event say; all of it has passed the sanitizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) kind: NoteKind,
    pub(crate) outcome: Status,
    /// The value of `actor`.
    pub(crate) actor: String,
    /// The members of `action.parameters`.
    pub(crate) parameters: String,
}

impl Content {
    pub(super) fn of(note: &Note, host: Option<String>, unix_nanos: u64) -> Self {
        // Also on its way no raw value lies in a file.
        let details = sanitize::to_json(&note.details);
        let command = sanitize::to_json(note.command.as_str());
        Self {
            version: VERSION,
            event: note.kind.operation().to_owned(),
            outcome: note.outcome,
            command: serde_json::from_str(&command).unwrap_or_default(),
            at: stamp(unix_nanos),
            by: Operator::of_this_process(),
            process: LeavingProcess {
                pid: std::process::id(),
                host,
            },
            details: serde_json::from_str(&details).unwrap_or_default(),
        }
    }

    /// Puts it into the inbox, safe on disk.
    pub(super) fn leave(&self, inbox: &Path, id: EventId) -> io::Result<()> {
        let bytes = serde_json::to_vec(self)?;
        if bytes.len() > MAX_NOTE {
            let what = format!(
                "the note has {} bytes, and may have {MAX_NOTE}: leave details out",
                bytes.len()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let path = inbox.join(Name { id, taken: None }.file_name());
        replace_file(&path, &bytes)?;
        match belong_to_owner_of(inbox, &path) {
            // It has been taken already.
            Err(error) if is_missing(&error) => Ok(()),
            result => result,
        }
    }

    /// Reads the bytes of a file; a sentence where it is none.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        match serde_json::from_slice(bytes) {
            Ok(Version { version: VERSION }) => {}
            Ok(Version { version }) => {
                return Err(format!(
                    "it has version {version} of the format, which this version of vigil does not read"
                ));
            }
            Err(_) => return Err("it is not the JSON object of a note".to_owned()),
        }
        serde_json::from_slice(bytes).map_err(|error| {
            // The text of the error names members, and may quote values.
            let (line, column) = (error.line(), error.column());
            format!("it is not a note: line {line}, column {column}")
        })
    }

    pub(super) fn said(&self) -> Result<Said, String> {
        let kind = NoteKind::ALL
            .into_iter()
            .find(|kind| kind.operation() == self.event)
            .ok_or("it tells of an event that this version of vigil does not know")?;
        if !matches!(
            self.outcome,
            Status::Success | Status::Failure | Status::Denied
        ) {
            return Err("it tells of an outcome that no note can have".to_owned());
        }
        let mut parameters = self.details.clone();
        for name in OWN_MEMBERS {
            parameters.remove(name);
        }
        let own = [
            Value::from(self.command.as_str()),
            Value::from(self.at.as_str()),
            serde_json::to_value(&self.by).unwrap_or_default(),
            serde_json::to_value(&self.process).unwrap_or_default(),
        ];
        parameters.extend(OWN_MEMBERS.map(str::to_owned).into_iter().zip(own));
        let parameters = sanitize::to_json(&parameters);
        let parameters = parameters
            .strip_prefix('{')
            .and_then(|members| members.strip_suffix('}'))
            .unwrap_or_default();
        Ok(Said {
            kind,
            outcome: self.outcome,
            actor: self.by.actor(),
            parameters: parameters.to_owned(),
        })
    }
}

impl Operator {
    /// The value of `actor` in an event, sanitized.
    fn actor(&self) -> String {
        let id = self.uid.map(|uid| uid.to_string());
        let Some(id) = id.as_deref().or(self.user.as_deref()) else {
            return sanitize::to_json(&crate::Actor::anonymous());
        };
        let mut actor = crate::Actor::user(id);
        if let Some(user) = &self.user {
            actor = actor.username(user.as_str());
        }
        sanitize::to_json(&actor)
    }
}

/// The bytes of a note. What is no regular file is not opened: a pipe would keep its reader waiting.
pub(super) fn read(path: &Path) -> io::Result<Result<Vec<u8>, String>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(Err("it is not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    open(path)?
        .take(MAX_NOTE as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() > MAX_NOTE {
        return Ok(Err(format!("it is longer than {MAX_NOTE} bytes")));
    }
    Ok(Ok(bytes))
}

/// Somebody may have put something else there since one has looked.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NOFOLLOW | libc::O_NONBLOCK,
    );
    options.open(path)
}

/// What root leaves is for the program to read that has the inbox.
#[cfg(unix)]
fn belong_to_owner_of(inbox: &Path, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, lchown};
    let (owner, left) = (fs::metadata(inbox)?, fs::symlink_metadata(path)?);
    if owner.uid() == left.uid() {
        return Ok(());
    }
    lchown(path, Some(owner.uid()), Some(owner.gid()))
}

#[cfg(not(unix))]
fn belong_to_owner_of(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}
