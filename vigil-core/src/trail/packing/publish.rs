//! One closed segment: from the file that holds it to one of another form, so that its lines are there at any moment.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use super::age;
use super::encode::{Hashing, Written, hash_of, write};
use super::keys::Identities;
use super::options::Packing;
use super::unfinished::{UNFINISHED, Unfinished};
use crate::Error;
use crate::disk::{is_missing, replace_file, sync_directory};
use crate::retention::Turn;
use crate::trail::evidence::{self, Places, Seal, SealFile};
use crate::trail::tree::Peaks;
use crate::trail::verify::{Form, Slot, Stored, leaves_in};

/// A closed segment and what stands before it.
pub(super) struct Closed<'a> {
    pub(super) dir: &'a Path,
    pub(super) slot: &'a Slot,
    pub(super) seal: &'a Seal,
    /// The tree up to its first event.
    pub(super) before: Peaks,
    /// Whether somebody wants it to stop: then the segment stays as it is.
    pub(super) stop: &'a dyn Fn() -> bool,
}

/// Why a file was not touched.
pub(super) enum Obstacle {
    /// A sentence: it is not what was signed.
    Altered(String),
    Failed(Error),
    /// Somebody wanted it to stop.
    Stopped,
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Closed<'_> {
    /// Puts a file of another form in place of this one. Gives back its path and its size; `None` if the segment has gone
    /// meanwhile.
    pub(super) fn pack(
        &self,
        source: &Stored,
        packing: &Packing,
        recipients: &[age::Recipient],
    ) -> Result<Option<(PathBuf, u64)>, Obstacle> {
        let ending = if source.form == Form::Plain {
            packing.ending()
        } else {
            // Compressed already: that stays.
            let name = name_of(&source.path);
            let compressed = name.strip_prefix(&self.slot.segment).unwrap_or_default();
            format!("{compressed}.age")
        };
        let path = self.dir.join(format!("{}{ending}", self.slot.segment));
        let mut to = recipients.to_vec();
        // The file is read back before the source goes, and the process has no key of the recipients. So it makes one for a
        // moment; the stanza that names its other half stays in the file, and opens nothing once the key is overwritten.
        let identities = if to.is_empty() {
            Identities::none()
        } else {
            with_fresh_key(&mut to)
        };
        let made = self.make(source, &path, packing, &to);
        let checked = made.and_then(|(unfinished, written)| {
            let form = Form::of_name(&name_of(&path)).0;
            self.check_made(unfinished.path(), form, &written, identities)?;
            Ok((unfinished, written))
        });
        let (unfinished, written) = match checked {
            // Removed meanwhile, by retention.
            Err(_) if !source.path.exists() => return Ok(None),
            Err(_) if (self.stop)() => return Err(Obstacle::Stopped),
            checked => checked?,
        };
        let _turn = Turn::take(&self.places())?;
        if !source.path.exists() {
            return Ok(None);
        }
        unfinished
            .put_in_place(&path)
            .map_err(|error| Error::io("cannot put in place", &path, error))?;
        self.sync()?;
        self.record(&path, &written)?;
        remove(&source.path)?;
        self.sync()?;
        Ok(Some((path, written.size)))
    }

    /// Writes the file that is to have a name, and does not give it that name yet.
    fn make(
        &self,
        source: &Stored,
        path: &Path,
        packing: &Packing,
        to: &[age::Recipient],
    ) -> Result<(Unfinished, Written), Obstacle> {
        let reading = |error| Error::io("cannot read", &source.path, error);
        let writing = |error| Error::io("cannot write", path, error);
        let unheard = AtomicU64::new(0);
        let lines = || -> Result<_, Error> {
            Ok(self.until_stopped(source.open(&unheard).map_err(reading)?))
        };
        let begin = || {
            let unfinished = path.with_file_name(format!("{}{UNFINISHED}", name_of(path)));
            Unfinished::create(unfinished).map_err(writing)
        };
        if source.form == Form::Plain {
            let lines = lines()?;
            let (unfinished, file) = begin()?;
            let written = write(lines, file, packing.compression, to).map_err(writing)?;
            return Ok((unfinished, written));
        }
        let bytes = fs::File::open(&source.path).map_err(reading)?;
        let (unfinished, file) = begin()?;
        let bytes = self.until_stopped(bytes);
        let written = write(bytes, file, super::Compression::None, to).map_err(writing)?;
        let (plain_sha256, plain_size) = hash_of(lines()?).map_err(reading)?;
        let written = Written {
            plain_sha256,
            plain_size,
            ..written
        };
        Ok((unfinished, written))
    }

    fn until_stopped<'s, R: Read + 's>(&'s self, inner: R) -> impl Read + 's {
        UntilStopped {
            inner,
            stop: self.stop,
        }
    }

    /// Reads back what was made: it has to be what was read, and what was signed.
    fn check_made(
        &self,
        unfinished: &Path,
        form: Form,
        written: &Written,
        identities: Identities,
    ) -> Result<(), Obstacle> {
        let reading = |error| Error::io("cannot read back", unfinished, error);
        let mut made = Stored::of(unfinished.to_owned(), form).map_err(reading)?;
        made.identities = identities;
        self.check(&made, Some(written)).map(drop)
    }

    /// Whether a file holds what was signed and, if that is known, what was written.
    pub(super) fn check(
        &self,
        stored: &Stored,
        written: Option<&Written>,
    ) -> Result<Written, Obstacle> {
        let reading = |error: io::Error| Error::io("cannot read", &stored.path, error);
        let unheard = AtomicU64::new(0);
        let lines = stored.open(&unheard).map_err(reading)?;
        let mut lines = Hashing::of(self.until_stopped(lines));
        let mut tree = self.before.clone();
        let read = leaves_in(&mut lines, |_, leaf| {
            tree.push(leaf);
            tree.size() <= self.seal.end()
        });
        if (self.stop)() {
            return Err(Obstacle::Stopped);
        }
        read.map_err(reading)?;
        let (plain_sha256, plain_size) = lines.done();
        let is_signed = tree.size() == self.seal.end() && tree.root() == self.seal.root;
        let is_written = written.is_none_or(|written| written.plain_sha256 == plain_sha256);
        if !is_signed || !is_written || plain_size != self.seal.size {
            return Err(Obstacle::Altered(format!(
                "{} does not hold what was signed, and is left as it is; `vigil verify` says what happened",
                stored.path.display()
            )));
        }
        let (sha256, size) = match written {
            Some(written) => (written.sha256, written.size),
            None => fs::File::open(&stored.path)
                .and_then(hash_of)
                .map_err(reading)?,
        };
        Ok(Written {
            size,
            sha256,
            plain_size,
            plain_sha256,
        })
    }

    /// Has the file of the seal say which file holds the segment now. What is signed in it stays as it is.
    pub(super) fn record(&self, path: &Path, written: &Written) -> Result<(), Error> {
        let place = self.places().seal(&self.slot.segment);
        let failed = |error| Error::io("cannot note beside the seal", &place, error);
        let text = fs::read_to_string(&place).map_err(failed)?;
        let mut file =
            SealFile::parse(&text).map_err(|error| failed(io::Error::other(error.to_string())))?;
        file.stored = Some(evidence::Stored {
            name: name_of(path),
            size: written.size,
            sha256: written.sha256,
            plain_sha256: written.plain_sha256,
        });
        let text = file.to_text().map_err(|error| failed(error.into()))?;
        replace_file(&place, text.as_bytes()).map_err(failed)
    }

    pub(super) fn places(&self) -> Places {
        Places::of_trail(self.dir)
    }

    pub(super) fn sync(&self) -> Result<(), Error> {
        sync_directory(self.dir).map_err(|error| Error::io("cannot sync", self.dir, error))
    }
}

/// Fails as soon as somebody wants it to stop: a large segment takes longer than who shuts down will wait.
struct UntilStopped<'s, R> {
    inner: R,
    stop: &'s dyn Fn() -> bool,
}

impl<R: Read> Read for UntilStopped<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if (self.stop)() {
            return Err(io::Error::other("it was to stop"));
        }
        self.inner.read(into)
    }
}

#[cfg(feature = "encryption")]
fn with_fresh_key(to: &mut Vec<age::Recipient>) -> Identities {
    let (key, recipient) = age::fresh_key();
    to.push(recipient);
    Identities::of_key(key)
}

#[cfg(not(feature = "encryption"))]
fn with_fresh_key(_: &mut Vec<age::Recipient>) -> Identities {
    Identities::none()
}

pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => Err(Error::io("cannot remove", path, error)),
        _ => Ok(()),
    }
}

pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
