//! Makes events of the notes that other programs leave; see [`crate::trail::inbox`].

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::now;
use crate::engine::system_events::{self, FAILURE};
use crate::engine::writer::{OnError, report};
use crate::error::Error;
use crate::event::Status;
use crate::journal::{JOURNAL, Place};
use crate::sink::Progress;
use crate::trail::inbox::{Inbox, Taken};

/// So many notes are taken at a look.
const MOST_NOTES: usize = 256;
/// How long a look waits for the disk. What is not safe by then is looked at again the next time.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Intake {
    inbox: Inbox,
    progress: Arc<Progress>,
    /// To be handed over: the journal had no room.
    taken: VecDeque<Taken>,
    /// Handed over, and not safe on disk yet.
    pending: Vec<(Taken, Place)>,
    /// What has been told of last, so that it is not told each second.
    trouble: Option<String>,
}

impl Intake {
    pub(super) fn new(inbox: Inbox, progress: Arc<Progress>, on_error: &OnError) -> Self {
        let mut intake = Self {
            inbox,
            progress,
            taken: VecDeque::new(),
            pending: Vec::new(),
            trouble: None,
        };
        let created = intake.inbox.create();
        intake.tell(created.err(), on_error);
        intake
    }

    pub(super) fn look(&mut self, on_error: &OnError) {
        let mut trouble = self.finish(Duration::ZERO);
        if self.taken.is_empty() && self.pending.is_empty() {
            trouble = trouble.or(self.take(on_error).err());
        }
        self.hand_over();
        trouble = trouble.or(self.finish(PATIENCE));
        self.tell(trouble, on_error);
    }

    fn take(&mut self, on_error: &OnError) -> Result<(), Error> {
        let mut listed = self.inbox.list()?;
        if !listed.refused.is_empty() {
            for what in &listed.refused {
                report(on_error, &Error::trail(what.clone()));
            }
            let parameters = system_events::refused(&listed.refused);
            system_events::submit(&FAILURE, Status::Failure, &parameters);
        }
        listed.notes.truncate(MOST_NOTES);
        let next_seq = self.progress.next_seq();
        self.taken.extend(self.inbox.take(listed.notes, next_seq)?);
        Ok(())
    }

    fn hand_over(&mut self) {
        while let Some(note) = self.taken.pop_front() {
            let (_, record) = system_events::of_note(&note, now().1);
            match JOURNAL.push(&record) {
                Ok(Some(place)) => self.pending.push((note, place)),
                // There is no room, or no engine any more: the note stays where it is.
                Ok(None) | Err(_) => {
                    self.taken.push_front(note);
                    return;
                }
            }
        }
    }

    /// Removes the notes whose events are safe.
    fn finish(&mut self, patience: Duration) -> Option<Error> {
        let mut trouble = None;
        // They lie there in their order, so once the last is safe, all are.
        if let Some((_, place)) = self.pending.last() {
            place.wait_safe(patience);
        }
        self.pending.retain(|(note, place)| {
            if !place.wait_safe(Duration::ZERO) {
                return true;
            }
            match self.inbox.done(note) {
                Ok(()) => false,
                Err(error) => {
                    trouble = Some(error);
                    true
                }
            }
        });
        trouble
    }

    fn tell(&mut self, trouble: Option<Error>, on_error: &OnError) {
        let text = trouble.as_ref().map(ToString::to_string);
        if let Some(trouble) = trouble
            && self.trouble != text
        {
            report(on_error, &trouble);
        }
        self.trouble = text;
    }
}
