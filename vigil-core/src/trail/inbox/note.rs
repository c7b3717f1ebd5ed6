//! A note, as who leaves it says it.

use serde_json::{Map, Value};

use crate::Status;

/// What a note tells of: an event that Vigil's own commands write, under a reserved operation of the category `SYSTEM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// Somebody has read the trail.
    Read,
    /// What the trail holds of a person can no longer be read.
    SubjectErased,
    /// What was encrypted has been read in the clear.
    Decrypted,
}

impl NoteKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::SubjectErased, Self::Decrypted];

    /// The operation of the event.
    #[must_use]
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Read => "audit_read",
            Self::SubjectErased => "audit_subject_erased",
            Self::Decrypted => "audit_decrypted",
        }
    }
}

/// A note for the trail: that a program beside the one that writes it has done something.
///
/// Who did it, on which machine, when and in which process, [`leave_note`](crate::leave_note) finds out by itself.
///
/// # Examples
///
/// ```
/// use vigil::trail::{Note, NoteKind};
///
/// let note = Note::new(NoteKind::Read, "report").detail("events", 120).detail("range", "2026-11-23");
/// # let _ = note;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub(crate) kind: NoteKind,
    pub(crate) command: String,
    pub(crate) outcome: Status,
    pub(crate) details: Map<String, Value>,
}

impl Note {
    /// Of something that `command` has done: the name of a command or a program, without arguments.
    #[must_use]
    pub fn new(kind: NoteKind, command: impl Into<String>) -> Self {
        Self {
            kind,
            command: command.into(),
            outcome: Status::Success,
            details: Map::new(),
        }
    }

    /// Adds a member to the parameters of the event. It passes the sanitizer, which goes by its name as well.
    ///
    /// `command`, `at`, `by` and `process` say who left the note, and cannot be set.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }

    /// It was tried, and could not be done.
    #[must_use]
    pub fn failed(mut self) -> Self {
        self.outcome = Status::Failure;
        self
    }

    /// It was tried, and was not allowed.
    #[must_use]
    pub fn denied(mut self) -> Self {
        self.outcome = Status::Denied;
        self
    }
}

/// What has become of a note. In each case it is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// It stands in the trail: nobody had it open, so it was opened, written and closed.
    Written,
    /// A process has the trail open, and takes the note within about a second.
    Handed,
    /// It waits for the next start of the program that writes the trail, for the reason that this sentence says.
    Waiting(String),
}
