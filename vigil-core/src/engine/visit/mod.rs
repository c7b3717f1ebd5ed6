//! The trail, opened for a moment without an engine: to write what a note says where no program runs that would take it,
//! or to recover what a crash has left.
//!
//! For a note, only a trail that was left in order is opened. Whatever there is to mend or to recover is left as it is, for
//! who looks into a crash to see, and for the next start of the program to do; or for [`recover`](recover()).

mod dry;
mod recover;
mod rotate;

use std::path::Path;

pub use recover::{RecoverOptions, Recovery, recover};
pub use rotate::rotate_key_of;

use super::now;
use super::sealer::Signatory;
use super::system_events::{self, FAILURE};
use crate::error::Error;
use crate::event::record::Record;
use crate::event::{EventId, SiteText, Status};
use crate::trail::inbox::Inbox;
use crate::trail::{Composer, Grown, Left, Note, Quiet, Signing, System, Trail, Tree, Unopened};

/// Leaves a note in the trail that lies in a directory: an event that is written by whoever has the trail open, or right
/// here if nobody has.
///
/// The trail is opened here only if it belongs to the user that this process runs as, was left in order, and is signed by
/// a key that lies beside it; then the note stands in it, under a new checkpoint, when this returns. Otherwise the note
/// lies in `.vigil/inbox`, safe on disk, and becomes an event once, when the program that writes the trail takes it.
///
/// # Errors
///
/// [`Error::is_trail`] if there is no trail in the directory; [`Error::is_io`] if nothing can be written there, as on a
/// copy that is for reading only, or if the note is longer than 32 KiB.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// # vigil::builder().config_text("").trail(dir).init()?.shutdown()?;
/// use vigil::trail::{Left, Note, NoteKind};
///
/// let left = vigil::leave_note(dir, &Note::new(NoteKind::Read, "report").detail("events", 120))?;
/// assert_eq!(left, Left::Written);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn leave_note(dir: impl AsRef<Path>, note: &Note) -> Result<Left, Error> {
    leave_note_as(dir.as_ref(), note).map(|(_, left)| left)
}

/// As [`leave_note`]; also gives the id of the event.
pub(crate) fn leave_note_as(dir: &Path, note: &Note) -> Result<(EventId, Left), Error> {
    let quiet = Quiet::look(dir)?;
    let mut inbox = Inbox::of_trail(dir);
    let host = System::of_this_process("vigil").hostname;
    let id = inbox.leave(note, host)?;
    let why = match quiet.open() {
        Ok((trail, signing)) => match Visit::new(trail, signing).write_notes(&mut inbox) {
            Ok(_) => "the note could not be read back".to_owned(),
            Err(error) => error.to_string(),
        },
        Err(Unopened::InUse) => return Ok((id, Left::Handed)),
        Err(Unopened::NotNow(why)) => why,
    };
    if !inbox.has(id) {
        return Ok((id, Left::Written));
    }
    Ok((id, Left::Waiting(why)))
}

/// A trail that is open for a moment.
struct Visit {
    trail: Trail,
    signatory: Option<Signatory>,
    /// The size of the latest checkpoint.
    signed: Option<u64>,
    composer: Composer,
}

impl Visit {
    fn new(trail: Trail, signing: Option<Signing>) -> Self {
        let mut visit = Self::open(trail);
        visit.signs_by(signing);
        visit
    }

    /// Without anybody who signs.
    fn open(trail: Trail) -> Self {
        system_events::register();
        let system = System::of_this_process("vigil").text();
        Self {
            trail,
            signed: None,
            signatory: None,
            composer: Composer::new(system, SiteText::all()),
        }
    }

    fn signs_by(&mut self, signing: Option<Signing>) {
        self.signed = signing.as_ref().and_then(|signing| signing.signed);
        self.signatory = signing.map(Signatory::new);
    }

    /// Writes all notes there are, and signs. Gives back how many notes, and how many seals.
    fn write_notes(&mut self, inbox: &mut Inbox) -> Result<(u64, u64), Error> {
        let listed = inbox.list()?;
        let taken = inbox.take(listed.notes, self.trail.next_seq())?;
        for note in &taken {
            let (_, record) = system_events::of_note(note, now().1);
            self.append(&record)?;
        }
        if !listed.refused.is_empty() {
            let refused = system_events::refused(&listed.refused);
            let record = system_events::record_of(&FAILURE, Status::Failure, now().1, &refused);
            self.append(&record)?;
        }
        self.trail.sync()?;
        let seals = self.sign()?;
        for note in &taken {
            inbox.done(note)?;
        }
        Ok((taken.len() as u64, seals))
    }

    fn append(&mut self, record: &[u8]) -> Result<(), Error> {
        let mut line = Vec::new();
        if let Some(record) = Record::read(record) {
            let seq = self.trail.next_seq();
            self.composer.compose(&record, seq, &mut line);
            self.trail
                .append(&line, 1)
                .map_err(|failed| failed.source)?;
        }
        Ok(())
    }

    fn sign(&mut self) -> Result<u64, Error> {
        let (Some(signatory), Some(grown)) = (&mut self.signatory, self.trail.grown()) else {
            return Ok(0);
        };
        let Ok(Grown { tree, closed, .. }) = grown.recv() else {
            return Ok(0);
        };
        let mut seals = 0;
        for mut closed in closed {
            let size = closed.seal.end();
            // Never below a size that was signed before: two checkpoints that contradict each other convict the trail.
            if self.signed.is_none_or(|signed| signed < size) {
                signatory.sign(Tree {
                    size,
                    root: closed.seal.root,
                })?;
                self.signed = Some(size);
            }
            signatory.seal(&mut closed)?;
            seals += 1;
        }
        if self.signed.is_none_or(|signed| signed < tree.size) {
            signatory.sign(tree)?;
            self.signed = Some(tree.size);
        }
        Ok(seals)
    }
}
