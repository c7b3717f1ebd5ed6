//! The lines of one file of the trail at any place of it, also where it has been compressed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use crate::disk::Identity;
use crate::trail::TrailConfig;
use crate::trail::name::SegmentName;
use crate::trail::store::stored_of;
use crate::trail::verify::{Form, Stored};

/// What the lines stand in.
#[derive(Debug)]
pub(super) enum Source {
    Plain(File),
    Packed(Packed),
}

/// A compressed file, which is read from its beginning on: who goes back begins anew. What was read last is kept, so that
/// who takes a part of it needs not.
pub(super) struct Packed {
    stored: Stored,
    lines: Box<dyn Read + Send>,
    /// Where in the lines `window` begins, and behind it `lines` goes on.
    start: u64,
    window: Vec<u8>,
}

impl Source {
    /// Of the file that holds a segment now, and which one that is.
    pub(super) fn of(config: &TrailConfig, name: SegmentName) -> io::Result<(Self, Identity)> {
        let path = config.dir.join(name.file_name(&config.name));
        let missing = match File::open(&path) {
            Ok(file) => return Ok((Self::Plain(file.try_clone()?), Identity::of_file(&file)?)),
            Err(error) => error,
        };
        if !crate::disk::is_missing(&missing) {
            return Err(missing);
        }
        // Compressed a moment ago, or long since. What is encrypted is as good as gone for who has no key.
        let stored = stored_of(config, name)
            .filter(|stored| stored.is_file && matches!(stored.form, Form::Zstd | Form::Gzip));
        let Some(stored) = stored else {
            return Err(missing);
        };
        let identity = Identity::of_path(&stored.path)?;
        let packed = Packed {
            lines: stored.lines()?,
            stored,
            start: 0,
            window: Vec::new(),
        };
        Ok((Self::Packed(packed), identity))
    }

    /// The length of a file that may still grow or be cut.
    pub(super) fn size(&self) -> io::Result<Option<u64>> {
        match self {
            Self::Plain(file) => Ok(Some(file.metadata()?.len())),
            Self::Packed(_) => Ok(None),
        }
    }

    /// The path, if it is another than that of the segment as it was written.
    pub(super) fn path(&self) -> Option<&std::path::Path> {
        match self {
            Self::Plain(_) => None,
            Self::Packed(packed) => Some(&packed.stored.path),
        }
    }

    /// At most `room` bytes from a place on.
    pub(super) fn read_at(
        &mut self,
        offset: u64,
        room: usize,
        buffer: &mut Vec<u8>,
    ) -> io::Result<()> {
        buffer.clear();
        match self {
            Self::Plain(file) => {
                file.seek(SeekFrom::Start(offset))?;
                file.take(room as u64).read_to_end(buffer)?;
            }
            Self::Packed(packed) => packed.read_at(offset, room, buffer)?,
        }
        Ok(())
    }
}

impl Packed {
    fn read_at(&mut self, offset: u64, room: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        if offset < self.start {
            self.lines = self.stored.lines()?;
            self.start = 0;
            self.window.clear();
        }
        let ahead = offset - self.start;
        let within = usize::try_from(ahead)
            .unwrap_or(usize::MAX)
            .min(self.window.len());
        self.window.drain(..within);
        let rest = ahead - within as u64;
        let passed = io::copy(&mut self.lines.by_ref().take(rest), &mut io::sink())?;
        self.start += within as u64 + passed;
        if passed < rest {
            return Ok(());
        }
        let missing = room.saturating_sub(self.window.len());
        self.lines
            .by_ref()
            .take(missing as u64)
            .read_to_end(&mut self.window)?;
        buffer.extend_from_slice(&self.window[..room.min(self.window.len())]);
        Ok(())
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packed")
            .field("path", &self.stored.path)
            .field("start", &self.start)
            .finish_non_exhaustive()
    }
}
