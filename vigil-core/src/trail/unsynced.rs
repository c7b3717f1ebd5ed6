//! What has been appended and is not known to be on the disk. It is made safe by another thread than the one that
//! appends, because a sync takes milliseconds.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::Error;
use crate::disk;

/// Parts of files, in the order in which they were written.
#[derive(Debug, Default)]
pub(crate) struct Unsynced(Vec<Stretch>);

/// A part of one file.
#[derive(Debug)]
pub(super) struct Stretch {
    file: Arc<File>,
    path: PathBuf,
    bytes: Range<u64>,
    /// The name of the file might not survive a power failure either.
    new_name: bool,
    failed: bool,
}

impl Stretch {
    pub(super) fn new(file: Arc<File>, path: PathBuf, bytes: Range<u64>, new_name: bool) -> Self {
        Self {
            file,
            path,
            bytes,
            new_name,
            failed: false,
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.failed {
            self.dirty_again()?;
        }
        self.failed = true;
        self.file.sync_data()?;
        if let Some(dir) = self.path.parent().filter(|_| self.new_name) {
            disk::sync_directory(dir)?;
        }
        Ok(())
    }

    /// After a failed sync the operating system may take pages for clean that never got to the disk, and a second sync
    /// would succeed without writing them. So they are written once more, from what the page cache still has.
    #[cfg(unix)]
    fn dirty_again(&self) -> io::Result<()> {
        use std::os::unix::fs::FileExt as _;
        let mut buffer = vec![0; 256 * 1024];
        let mut at = self.bytes.start;
        while at < self.bytes.end {
            let count = (self.bytes.end - at).min(buffer.len() as u64) as usize;
            self.file.read_exact_at(&mut buffer[..count], at)?;
            self.file.write_all_at(&buffer[..count], at)?;
            at += count as u64;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    #[allow(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "the same as on Unix"
    )]
    fn dirty_again(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Unsynced {
    pub(super) fn push(&mut self, stretch: Option<Stretch>) {
        self.0.extend(stretch);
    }

    /// Adds what was written later.
    pub(crate) fn extend(&mut self, later: Self) {
        for stretch in later.0 {
            match self.0.last_mut() {
                Some(last)
                    if Arc::ptr_eq(&last.file, &stretch.file)
                        && last.bytes.end == stretch.bytes.start =>
                {
                    last.bytes.end = stretch.bytes.end;
                    last.new_name |= stretch.new_name;
                }
                _ => self.0.push(stretch),
            }
        }
    }

    /// Makes it safe from a power failure. What could not be stays, to be tried again.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        while let Some(first) = self.0.first_mut() {
            if let Err(error) = first.sync() {
                return Err(Error::io("cannot sync", &first.path, error));
            }
            self.0.remove(0);
        }
        Ok(())
    }
}
