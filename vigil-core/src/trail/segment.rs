//! One file of the trail, open for appending.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::name::SegmentName;
use super::unsynced::Stretch;
use crate::disk::{Identity, is_missing, private};

/// The file that lines are appended to.
///
/// It is written at an explicit end instead of in append mode, because a failed write must be cut off again, and not
/// every system lets a handle in append mode cut. Nobody else writes: [`super::lock`] sees to that.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) name: SegmentName,
    path: PathBuf,
    file: Arc<File>,
    /// Where the last whole line ends.
    size: u64,
    /// Behind it stands a part of a line that could not be cut off again.
    leftover: bool,
    /// What is before it has been handed on to be made safe.
    handed_on: u64,
    /// The name of the file might not survive a power failure yet.
    unsynced_name: bool,
    /// Up to here the file has its place on the disk already.
    reserved: u64,
    identity: Identity,
}

/// What became of a file since it was opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Intact,
    /// Nothing is at its path.
    Gone,
    /// Another file is at its path.
    Replaced,
    /// Somebody else has made it this long.
    Resized(u64),
}

/// So many bytes more are reserved on the disk than are needed.
const LEAST_AHEAD: u64 = 64 * 1024;
const MOST_AHEAD: u64 = 32 * 1024 * 1024;

impl Segment {
    /// A new file; an error of kind `AlreadyExists` if there is one.
    pub(super) fn create(dir: &Path, trail: &str, name: SegmentName) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        private(&mut options);
        let mut segment = Self::with(&options, dir.join(name.file_name(trail)), name)?;
        segment.unsynced_name = true;
        Ok(segment)
    }

    pub(super) fn open(dir: &Path, trail: &str, name: SegmentName) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        Self::with(&options, dir.join(name.file_name(trail)), name)
    }

    fn with(options: &OpenOptions, path: PathBuf, name: SegmentName) -> io::Result<Self> {
        let mut file = options.open(&path)?;
        let identity = Identity::of_file(&file)?;
        let size = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            name,
            path,
            file: Arc::new(file),
            size,
            leftover: false,
            // What another process has written may never have been synced.
            handed_on: 0,
            unsynced_name: false,
            reserved: 0,
            identity,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn condition(&self) -> io::Result<Condition> {
        let found = match fs::metadata(&self.path) {
            Ok(found) => found,
            Err(error) if is_missing(&error) => return Ok(Condition::Gone),
            Err(error) => return Err(error),
        };
        if found.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(if Identity::of(&found) != self.identity {
            Condition::Replaced
        } else if found.len() != self.size {
            Condition::Resized(found.len())
        } else {
            Condition::Intact
        })
    }

    /// Appends whole lines. On an error the first part of the answer says how many bytes, all of them whole lines,
    /// stand in the file; what was written of the next line has been cut off again.
    pub(super) fn append(&mut self, lines: &[u8]) -> Result<(), (usize, io::Error)> {
        self.reserve(lines.len() as u64);
        let mut written = 0;
        let error = loop {
            match (&*self.file).write(&lines[written..]) {
                Ok(0) if written < lines.len() => break io::ErrorKind::WriteZero.into(),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break error,
            }
            if written == lines.len() {
                self.size += written as u64;
                return Ok(());
            }
        };
        let whole = lines[..written]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        self.size += whole as u64;
        self.leftover = self.cut(self.size).is_err();
        Err((whole, error))
    }

    /// Sees to it that the file has its place on the disk for what is going to be appended and more, as much as it has
    /// already, within bounds: to give it place block by block while it is written is a good part of what that costs.
    /// The file does not get longer by it.
    fn reserve(&mut self, more: u64) {
        let needed = self.size.saturating_add(more);
        if needed <= self.reserved {
            return;
        }
        let ahead = self.size.clamp(LEAST_AHEAD, MOST_AHEAD);
        let from = self.reserved.max(self.size);
        let to = needed.saturating_add(ahead);
        self.reserved = match crate::disk::reserve(&self.file, from..to) {
            Ok(()) => to,
            // The write itself tells what is wrong.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => self.reserved,
            Err(_) => u64::MAX,
        };
    }

    /// Cuts off what a failed write has left, if that could not be done at once. Left there, it might come to look
    /// like a line, and its event will be written again.
    pub(super) fn cut_leftover(&mut self) -> io::Result<()> {
        if self.leftover {
            self.cut(self.size)?;
            self.leftover = false;
        }
        Ok(())
    }

    /// Makes the file end at `size`.
    pub(super) fn cut(&mut self, size: u64) -> io::Result<()> {
        self.file.set_len(size)?;
        (&*self.file).seek(SeekFrom::Start(size))?;
        self.size = size;
        self.handed_on = self.handed_on.min(size);
        // What was reserved behind the end went with it.
        self.reserved = 0;
        Ok(())
    }

    /// What has been appended since last asked.
    pub(super) fn take_unsynced(&mut self) -> Option<Stretch> {
        if self.handed_on == self.size && !self.unsynced_name {
            return None;
        }
        let stretch = Stretch::new(
            Arc::clone(&self.file),
            self.path.clone(),
            self.handed_on..self.size,
            std::mem::take(&mut self.unsynced_name),
        );
        self.handed_on = self.size;
        Some(stretch)
    }
}

impl Drop for Segment {
    /// Gives back what was reserved on the disk and not needed, also by a process that was killed. A file that is not as
    /// it was left is evidence, and stays.
    fn drop(&mut self) {
        if self
            .file
            .metadata()
            .is_ok_and(|found| found.len() == self.size)
        {
            let _ = self.file.set_len(self.size);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn what_was_reserved_makes_no_file_longer_and_is_given_back() {
        let dir = tempfile::tempdir().unwrap();
        let name: SegmentName = SegmentName::first_of(jiff::civil::date(2026, 11, 25));
        let line = [b"x".repeat(999), b"\n".to_vec()].concat();
        let mut segment = Segment::create(dir.path(), "t", name).unwrap();
        let path = segment.path().to_owned();
        for lines in 1..=300 {
            segment.append(&line).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().len(), lines * 1000);
        }
        // Killed, it gives nothing back.
        std::mem::forget(segment);
        let mut segment = Segment::open(dir.path(), "t", name).unwrap();
        segment.append(&line).unwrap();
        segment.cut(250_000).unwrap();
        segment.append(&line).unwrap();
        drop(segment);
        let left = fs::metadata(&path).unwrap();
        assert_eq!(left.len(), 251_000);
        assert!(left.blocks() * 512 <= 251_000 + 64 * 1024, "{left:?}");

        let segment = Segment::open(dir.path(), "t", name).unwrap();
        fs::write(&path, b"somebody else's").unwrap();
        drop(segment);
        assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
    }
}
