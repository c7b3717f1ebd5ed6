//! The journal's file: made so that writing to its memory cannot fail later, found again after a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::header::{self, Foreign, HEADER_WORDS, Identity, LOSS_KINDS, Mark};
use super::ledger::{self, Loss};
use super::live::Live;
use super::mapping::Mapping;
use super::ring::{Found, Ring};
use super::survey::{Survey, still, survey};
use crate::disk;
use crate::error::Error;

const NAME: &str = "journal";

/// A mapped journal file that nobody uses yet.
#[derive(Debug)]
pub(crate) struct JournalFile {
    path: PathBuf,
    ring: Ring<Mapping>,
    identity: Identity,
    /// What tells the file from another one that comes to lie there.
    inode: disk::Identity,
    /// Whether every byte of the file is known to have its place on the disk.
    allocated: bool,
}

/// What lies where the journal belongs.
#[derive(Debug)]
pub(crate) enum Opened {
    Nothing,
    Journal(Box<JournalFile>),
    /// Something that cannot be read; it has been moved to this path.
    SetAside(PathBuf),
}

/// The capacity of the journal in a directory, by the length of its file, if there is one.
pub(crate) fn capacity_in(dir: &Path) -> Option<u64> {
    let metadata = fs::symlink_metadata(dir.join(NAME)).ok()?;
    metadata.len().checked_sub(HEADER_WORDS as u64 * 8)
}

impl JournalFile {
    /// Finds the journal in `dir`.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or another version of Vigil has written it, which knows how to read it.
    pub(crate) fn open(dir: &Path) -> Result<Opened, Error> {
        let path = dir.join(NAME);
        let failed = |error| Error::io("cannot open the journal", &path, error);
        let file = match options().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Opened::Nothing),
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                return Self::set_aside(dir, &path).map(Opened::SetAside);
            }
            Err(error) => return Err(failed(error)),
        };
        match Self::read(&path, &file).map_err(failed)? {
            Ok(journal) => Ok(Opened::Journal(Box::new(journal))),
            Err(Foreign::Version(version)) => Err(Error::trail(format!(
                "the journal {} has version {version} of the format, which this version of vigil does not read; \
                 start the program that wrote it once more, so that what the journal holds gets into the trail, or move \
                 the file away",
                path.display()
            ))),
            Err(Foreign::Unreadable) => {
                drop(file);
                Self::set_aside(dir, &path).map(Opened::SetAside)
            }
        }
    }

    /// Whether the trail has told of all that was given to the journal in `dir`, so that the next start has nothing to
    /// recover; also where there is none. For who holds the lock of the trail.
    pub(crate) fn is_settled(dir: &Path) -> io::Result<bool> {
        let path = dir.join(NAME);
        let file = match options().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let Ok(journal) = Self::read(&path, &file)? else {
            return Ok(false);
        };
        let Some(mark) = journal.mark() else {
            return Ok(false);
        };
        let found = journal.survey(Some(&mark));
        let has_told = |loss: &Loss| loss.count <= mark.declared[loss.kind];
        Ok(found.records.is_empty()
            && found.holes == 0
            && found.damaged == 0
            && mark.oldest_attempt.is_none()
            && journal.losses().iter().all(has_told))
    }

    /// From which event on the next start may read the trail again, to tell what of the journal in `dir` it holds; `None` if
    /// that is nothing. Read beside the process that writes it.
    pub(crate) fn needed_from(dir: &Path) -> io::Result<Option<u64>> {
        let file = match options().open(dir.join(NAME)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if file.metadata()?.len() < HEADER_WORDS as u64 * 8 {
            return Ok(Some(0));
        }
        let head = Mapping::new(&file, HEADER_WORDS)?;
        let mark = header::read_mark(head.header());
        // Without one, the whole end of the trail is read.
        Ok(Some(mark.map_or(0, |mark| {
            mark.oldest_attempt
                .map_or(mark.next_seq, |seq| seq.min(mark.next_seq))
        })))
    }

    fn read(path: &Path, file: &File) -> io::Result<Result<Self, Foreign>> {
        let bytes = file.metadata()?.len();
        let words = usize::try_from(bytes / 8).unwrap_or(usize::MAX);
        if words < HEADER_WORDS {
            return Ok(Err(Foreign::Unreadable));
        }
        let identity = {
            let head = Mapping::new(file, HEADER_WORDS)?;
            match header::read_identity(head.header()) {
                Ok(identity) => identity,
                Err(foreign) => return Ok(Err(foreign)),
            }
        };
        let Some(whole) = usize::try_from(identity.capacity)
            .ok()
            .and_then(|capacity| capacity.checked_add(HEADER_WORDS))
            .filter(|whole| *whole <= LARGEST_WORDS)
        else {
            return Ok(Err(Foreign::Unreadable));
        };
        // What somebody has cut off is read as zeros: the records before it are still good.
        let allocated = bytes == whole as u64 * 8 && is_allocated(file, bytes)?;
        if bytes < whole as u64 * 8 {
            file.set_len(whole as u64 * 8)?;
        }
        let mapping = Mapping::new(file, whole)?;
        // One of the two may have been damaged.
        header::write_identity(mapping.header(), identity);
        Ok(Ok(Self {
            path: path.to_owned(),
            ring: still(mapping, identity),
            identity,
            inode: disk::Identity::of_file(file)?,
            allocated,
        }))
    }

    /// Moves a file that cannot be read out of the way, where somebody can look at it.
    fn set_aside(dir: &Path, path: &Path) -> Result<PathBuf, Error> {
        let mut number = 1;
        loop {
            let aside = dir.join(format!("{NAME}.unreadable-{number}"));
            if !aside.exists() {
                fs::rename(path, &aside).map_err(|error| {
                    Error::io("cannot move away the unreadable journal", path, error)
                })?;
                return Ok(aside);
            }
            number += 1;
        }
    }

    /// Makes the journal of `dir` anew, in place of one that may be there, whose records must stand elsewhere by now.
    ///
    /// All of it is allocated on the disk here, so that a full disk is an error now, and not a fault when memory is
    /// written to.
    pub(crate) fn create(dir: &Path, bytes: u64, mark: &Mark) -> Result<Self, Error> {
        let path = dir.join(NAME);
        let failed = |error| {
            Error::io(
                &format!("cannot make a journal of {bytes} bytes at"),
                &path,
                error,
            )
        };
        let fresh = dir.join("journal.new");
        let made = Self::create_at(&fresh, bytes, mark).and_then(|mut journal| {
            fs::rename(&fresh, &path)?;
            disk::sync_directory(dir)?;
            journal.path.clone_from(&path);
            Ok(journal)
        });
        made.map_err(|error| {
            let _ = fs::remove_file(&fresh);
            failed(error)
        })
    }

    fn create_at(path: &Path, bytes: u64, mark: &Mark) -> io::Result<Self> {
        let capacity = (bytes / 8).next_power_of_two();
        let whole = usize::try_from(capacity)
            .ok()
            .map(|capacity| capacity + HEADER_WORDS)
            .filter(|whole| *whole <= LARGEST_WORDS)
            .ok_or(io::ErrorKind::InvalidInput)?;
        let file = options().create(true).truncate(true).open(path)?;
        allocate(&file, whole as u64 * 8)?;
        let identity = Identity {
            capacity,
            salt: getrandom::u64().map_err(io::Error::other)?,
        };
        let mapping = Mapping::new(&file, whole)?;
        header::write_identity(mapping.header(), identity);
        header::write_mark(mapping.header(), mark);
        file.sync_all()?;
        Ok(Self {
            path: path.to_owned(),
            ring: still(mapping, identity),
            identity,
            inode: disk::Identity::of_file(&file)?,
            allocated: true,
        })
    }

    /// Whether it can be used on for a ring of this many bytes.
    pub(crate) fn suits(&self, bytes: u64) -> bool {
        self.allocated && self.identity.capacity == (bytes / 8).next_power_of_two()
    }

    /// Words in the ring.
    pub(crate) const fn capacity(&self) -> u64 {
        self.identity.capacity
    }

    /// Up to where the trail is known to hold the records; `None` if that cannot be read.
    pub(crate) fn mark(&self) -> Option<Mark> {
        header::read_mark(self.ring.memory().header())
    }

    /// Writes the mark, so that it survives a power failure.
    pub(crate) fn write_mark(&self, mark: &Mark) -> Result<(), Error> {
        header::write_mark(self.ring.memory().header(), mark);
        let synced = self.ring.memory().sync_header();
        synced.map_err(|error| Error::io("cannot sync the journal", &self.path, error))
    }

    pub(crate) fn survey(&self, mark: Option<&Mark>) -> Survey {
        survey(&self.ring, self.identity, mark)
    }

    /// Reads the record at a position that the survey gave. False if it is none.
    pub(crate) fn read_record(&self, position: u64, record: &mut Vec<u8>) -> bool {
        matches!(
            self.ring.read_record(position, record),
            Found::Record { .. }
        )
    }

    /// All that was ever lost, by kind.
    pub(crate) fn losses(&self) -> Vec<Loss> {
        (0..LOSS_KINDS)
            .map_while(|kind| ledger::read(self.ring.memory().header(), kind))
            .collect()
    }

    pub(super) fn into_live(self, position: u64) -> Live {
        let Identity { capacity, .. } = self.identity;
        let ring = Ring::new(
            self.ring.into_memory(),
            capacity,
            self.identity.tags(),
            position,
        );
        Live::new(self.path, self.inode, ring, position)
    }
}

/// 64 GiB, beyond which nobody keeps events waiting; a head that says more is damaged.
#[cfg(target_pointer_width = "64")]
const LARGEST_WORDS: usize = (1 << 33) + HEADER_WORDS;
#[cfg(not(target_pointer_width = "64"))]
const LARGEST_WORDS: usize = (1 << 27) + HEADER_WORDS;

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    disk::private(&mut options);
    options
}

/// Gives the file its length and every byte of it a place on the disk.
fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
            Ok(()) => return Ok(()),
            // The file system cannot do it; writing it full can.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let zeros = vec![0; 1 << 20];
    let mut file = file;
    let mut left = bytes;
    while left > 0 {
        let count = left.min(zeros.len() as u64);
        file.write_all(&zeros[..count as usize])?;
        left -= count;
    }
    Ok(())
}

/// A copy of the file, say, may have lost the blocks that held zeros.
fn is_allocated(file: &File, bytes: u64) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(std::os::unix::fs::MetadataExt::blocks(&file.metadata()?) * 512 >= bytes);
    #[cfg(not(unix))]
    {
        let _ = (file, bytes);
        Ok(true)
    }
}
