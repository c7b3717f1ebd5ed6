//! The leaves of a segment in a file beside it: 32 bytes an event, in the order of the lines, and nothing else. With it a
//! line is proved without reading the others; without it, it is computed again from the lines.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::disk::{private, sync_directory};
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
    path: PathBuf,
    /// Opened with the first write, so that trouble with it is no trouble for those who push.
    file: Option<File>,
    /// The leaves that are to be in it.
    count: u64,
    /// The last of these, which could not be written yet.
    pending: Vec<u8>,
}

impl SidecarWriter {
    /// The first `count` leaves in the file are right; what stands behind them is going to be cut off.
    pub(crate) fn new(path: PathBuf, count: u64) -> Self {
        Self {
            path,
            file: None,
            count,
            pending: Vec::new(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The leaves in it, with those that wait to be written.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn extend(&mut self, leaves: &[Hash]) {
        self.pending.extend_from_slice(leaves.as_flattened());
        self.count += leaves.len() as u64;
    }

    /// Writes what waits. What cannot be written waits on.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        let start = self.count * LEAF - self.pending.len() as u64;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(open(&self.path, start)?),
        };
        let mut written = 0;
        let result = loop {
            let rest = &self.pending[written..];
            if rest.is_empty() {
                break Ok(());
            }
            match file.write(rest) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.pending.drain(..written);
        result
    }

    /// Writes what waits, and makes all of it survive a power failure.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.write()?;
        if let Some(file) = &self.file {
            file.sync_data()?;
        }
        self.path.parent().map_or(Ok(()), sync_directory)
    }
}

fn open(path: &Path, length: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private(&mut options);
    let mut file = options.open(path)?;
    if file.metadata()?.len() < length {
        let what = "it has fewer hashes than its segment has lines";
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    file.set_len(length)?;
    file.seek(SeekFrom::Start(length))?;
    Ok(file)
}
