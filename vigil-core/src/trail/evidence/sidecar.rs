//! The leaves of a segment in a file beside it: 32 bytes an event, in the order of the lines, and nothing else. With it a
//! line is proved without reading the others; without it, it is computed again from the lines.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use crate::disk::private;
use crate::trail::tree::Hash;

const LEAF: u64 = 32;
/// Leaves that are read at a time: proofs ask for them in order.
const BLOCK: u64 = 2_048;

/// Reads the leaves of a segment.
#[derive(Debug)]
pub(crate) struct Sidecar {
    file: File,
    count: u64,
    /// A part of it, from this leaf on.
    block: (u64, Vec<u8>),
}

impl Sidecar {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let count = file.metadata()?.len() / LEAF;
        Ok(Self {
            file,
            count,
            block: (0, Vec::new()),
        })
    }

    /// The number of whole leaves in it, when it was opened. More than the segment has lines, and fewer, is possible
    /// after a crash, before the trail has been started again.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The leaf of the segment's `index`th line, from 0 on; `None` behind its end.
    pub(crate) fn leaf(&mut self, index: u64) -> io::Result<Option<Hash>> {
        if index >= self.count {
            return Ok(None);
        }
        let read = self.block.1.len() as u64 / LEAF;
        if !(self.block.0..self.block.0 + read).contains(&index) {
            let count = BLOCK.min(self.count - index);
            self.block.1.clear();
            self.block.0 = index;
            self.file.seek(SeekFrom::Start(index * LEAF))?;
            (&self.file)
                .take(count * LEAF)
                .read_to_end(&mut self.block.1)?;
        }
        let at = ((index - self.block.0) * LEAF) as usize;
        Ok(self
            .block
            .1
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .copied())
    }
}

/// Appends leaves.
#[derive(Debug)]
pub(crate) struct SidecarWriter {
    file: Arc<File>,
    count: u64,
    /// What could not be written yet.
    pending: Vec<u8>,
}

impl SidecarWriter {
    /// Opens or creates it, and leaves `count` leaves in it: what stands behind them is cut off. An error if it has
    /// fewer.
    pub(crate) fn open(path: &Path, count: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        private(&mut options);
        let mut file = options.open(path)?;
        let length = count * LEAF;
        if file.metadata()?.len() < length {
            let what = "it has fewer hashes than its segment has lines";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Ok(Self {
            file: Arc::new(file),
            count,
            pending: Vec::new(),
        })
    }

    /// The leaves in it, with those that wait to be written.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// For somebody to make it safe from a power failure.
    pub(crate) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    pub(crate) fn push(&mut self, leaf: &Hash) {
        self.pending.extend_from_slice(leaf);
        self.count += 1;
    }

    /// Writes what waits. What cannot be written waits on.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        let mut written = 0;
        let result = loop {
            let rest = &self.pending[written..];
            if rest.is_empty() {
                break Ok(());
            }
            match (&*self.file).write(rest) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.pending.drain(..written);
        result
    }
}
