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
