//! The inbox, as who has the trail open sees it.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use memchr::memmem::Finder;

use super::file::{Content, Name, Said, read};
use super::note::Note;
use crate::disk::{create_directory, is_missing, sync_directory};
use crate::event::EventId;
use crate::trail::packing::is_locked;
use crate::trail::tail;
use crate::trail::verify::{Chunk, Chunks, Layout};
use crate::{Clock, Error, SystemClock};

/// So many names are looked at a time: somebody may have filled the directory.
const MOST_NAMES: usize = 4096;
/// A note that is not finished for so long was left by a program that has died.
const STALE: Duration = Duration::from_secs(60 * 60);

/// The directory in which notes lie.
#[derive(Debug)]
pub(crate) struct Inbox {
    dir: PathBuf,
    trail: PathBuf,
    /// What could neither be read nor moved away, and has been told of.
    stuck: HashSet<OsString>,
}

/// A note that nobody has taken yet, or that somebody has taken before he died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    name: Name,
    pub(crate) said: Said,
}

/// A note whose event may be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    name: Name,
    pub(crate) said: Said,
}

/// What lies in the inbox.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// In the order in which they were left.
    pub(crate) notes: Vec<Waiting>,
    /// Sentences about what was no note, and where it is now.
    pub(crate) refused: Vec<String>,
}

impl Inbox {
    /// That of the trail in this directory.
    pub(crate) fn of_trail(trail: &Path) -> Self {
        Self {
            dir: trail.join(".vigil").join("inbox"),
            trail: trail.to_owned(),
            stuck: HashSet::new(),
        }
    }

    /// Makes the directory, so that it belongs to who has the trail.
    pub(crate) fn create(&self) -> Result<(), Error> {
        create_directory(&self.dir)
            .map_err(|error| Error::io("cannot create the directory", &self.dir, error))
    }

    /// Leaves a note, safe on disk. Gives back the id of the event that it will be.
    pub(crate) fn leave(&self, note: &Note, host: Option<String>) -> Result<EventId, Error> {
        match fs::symlink_metadata(&self.dir) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let error = io::Error::new(io::ErrorKind::NotADirectory, "it is no directory");
                return Err(Error::io("cannot leave a note in", &self.dir, error));
            }
            Err(_) => self.create()?,
        }
        let now = SystemClock.unix_nanos();
        let id = EventId::new(now);
        Content::of(note, host, now)
            .leave(&self.dir, id)
            .map_err(|error| Error::io("cannot leave a note in", &self.dir, error))?;
        Ok(id)
    }

    /// Whether the note of this id is still there.
    pub(crate) fn has(&self, id: EventId) -> bool {
        self.names()
            .is_ok_and(|(names, _)| names.iter().any(|name| name.id == id))
    }

    /// Reads the notes, and moves away what is none.
    pub(crate) fn list(&mut self) -> Result<Listed, Error> {
        let mut listed = Listed::default();
        let (names, others) = match self.names() {
            Ok(found) => found,
            Err(error) if is_missing(&error) => return Ok(listed),
            Err(error) => return Err(Error::io("cannot read the inbox", &self.dir, error)),
        };
        for name in names {
            let file = name.file_name();
            let said = match read(&self.dir.join(&file)) {
                Ok(bytes) => bytes
                    .and_then(|bytes| Content::parse(&bytes))
                    .and_then(|content| content.said()),
                Err(error) if is_missing(&error) => continue,
                // It may be better at the next look.
                Err(error) => {
                    if self.stuck.insert(OsString::from(&file)) {
                        listed
                            .refused
                            .push(format!("the note {file} cannot be read: {error}"));
                    }
                    continue;
                }
            };
            match said {
                Ok(said) => listed.notes.push(Waiting { name, said }),
                Err(why) => listed.refused.extend(self.refuse(file.into(), &why)),
            }
        }
        for file in others {
            let what = "it is not called as a note is";
            listed.refused.extend(self.refuse(file, what));
        }
        Ok(listed)
    }

    /// The names of notes in their order, and of what is none.
    fn names(&self) -> io::Result<(Vec<Name>, Vec<OsString>)> {
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(&self.dir)?.take(MOST_NAMES) {
            let entry = entry?;
            let file = entry.file_name();
            match file.to_str() {
                Some(REFUSED) => {}
                Some(text) if Name::is_temporary(text) => {
                    let modified = entry.metadata().and_then(|found| found.modified());
                    let age = modified.ok().and_then(|at| at.elapsed().ok());
                    if age.is_some_and(|age| age > STALE) {
                        others.push(file);
                    }
                }
                Some(text) => match Name::parse(text) {
                    Some(name) => names.push(name),
                    None => others.push(file),
                },
                None => others.push(file),
            }
        }
        names.sort_unstable();
        Ok((names, others))
    }

    /// Moves what is no note out of the way, and says so. `None` if that has been said before.
    fn refuse(&mut self, file: OsString, why: &str) -> Option<String> {
        let shown = file.to_string_lossy().into_owned();
        match self.move_away(&file) {
            Ok(to) => Some(format!(
                "{shown} in the inbox is no note that could be taken: {why}; it has been moved to {}",
                to.display()
            )),
            Err(error) if is_missing(&error) => None,
            Err(error) => self.stuck.insert(file).then(|| {
                format!(
                    "{shown} in the inbox is no note that could be taken: {why}; and it cannot be moved away: {error}"
                )
            }),
        }
    }

    fn move_away(&self, file: &OsString) -> io::Result<PathBuf> {
        let refused = self.dir.join(REFUSED);
        create_directory(&refused)?;
        let mut to = refused.join(file);
        let mut number = 1;
        while fs::symlink_metadata(&to).is_ok() {
            let mut name = file.clone();
            name.push(format!(".{number}"));
            to = refused.join(name);
            number += 1;
        }
        fs::rename(self.dir.join(file), &to)?;
        Ok(to)
    }

    /// Takes notes whose events will have at least this number. Those that were taken before are looked for in the trail,
    /// and removed if they stand there.
    pub(crate) fn take(&self, notes: Vec<Waiting>, next_seq: u64) -> Result<Vec<Taken>, Error> {
        let since = notes.iter().filter_map(|note| note.name.taken).min();
        let written = match since {
            Some(since) => {
                let taken = notes.iter().filter(|note| note.name.taken.is_some());
                let ids: Vec<EventId> = taken.map(|note| note.name.id).collect();
                written(&self.trail, since, &ids)?
            }
            None => HashSet::new(),
        };
        let mut taken = Vec::new();
        for Waiting { mut name, said } in notes {
            if written.contains(&name.id) {
                self.done(&Taken { name, said })?;
                continue;
            }
            if name.taken.is_none() {
                let from = self.dir.join(name.file_name());
                name.taken = Some(next_seq);
                fs::rename(&from, self.dir.join(name.file_name()))
                    .map_err(|error| Error::io("cannot take the note", &from, error))?;
            }
            taken.push(Taken { name, said });
        }
        if !taken.is_empty() {
            // After a power failure it must not look as if nobody had taken them.
            sync_directory(&self.dir)
                .map_err(|error| Error::io("cannot sync the inbox", &self.dir, error))?;
        }
        Ok(taken)
    }

    /// The event of a note is safe on disk.
    pub(crate) fn done(&self, note: &Taken) -> Result<(), Error> {
        let path = self.dir.join(note.name.file_name());
        match fs::remove_file(&path) {
            Err(error) if !is_missing(&error) => {
                Err(Error::io("cannot remove the note", &path, error))
            }
            // One that is back after a power failure is found in the trail.
            _ => Ok(()),
        }
    }
}

impl Taken {
    /// That of the event.
    pub(crate) fn id(&self) -> EventId {
        self.name.id
    }
}

const REFUSED: &str = "refused";

/// Which of these ids stand in the trail, in events from this number on.
fn written(trail: &Path, since: u64, ids: &[EventId]) -> Result<HashSet<EventId>, Error> {
    let heads: Vec<(EventId, String)> = ids
        .iter()
        .map(|id| (*id, format!("{EVENT_ID}{id}\"")))
        .collect();
    let finder = Finder::new(EVENT_ID);
    let mut found = HashSet::new();
    let unheard = AtomicU64::new(0);
    for slot in Layout::look(trail, None)?.slots.into_iter().rev() {
        let seal = slot.seal.as_ref().map(|file| &file.seal);
        if seal.is_some_and(|seal| seal.end() <= since) {
            break;
        }
        let Some(stored) = slot.stored else { continue };
        let failed = |error| Error::io("cannot look for notes in", &stored.path, error);
        let lines = match stored.open(&unheard) {
            // Closed long since: it was looked at before it was encrypted.
            Err(error) if is_locked(&error) => continue,
            lines => lines.map_err(failed)?,
        };
        let mut chunks = Chunks::new(lines);
        let mut first = None;
        while let Some(chunk) = chunks.next().map_err(failed)? {
            let Chunk::Lines(lines) = chunk else { continue };
            if first.is_none() {
                first = lines
                    .split(|byte| *byte == b'\n')
                    .next()
                    .and_then(tail::seq_of);
            }
            for at in finder.find_iter(lines) {
                if at > 0 && lines[at - 1] != b'\n' {
                    continue;
                }
                let hit = heads
                    .iter()
                    .find(|(_, head)| lines[at..].starts_with(head.as_bytes()));
                found.extend(hit.map(|(id, _)| *id));
            }
        }
        if first.is_some_and(|first| first <= since) {
            break;
        }
    }
    Ok(found)
}

/// By this a line of ours begins.
const EVENT_ID: &str = "{\"event_id\":\"";
