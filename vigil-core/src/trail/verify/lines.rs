//! The lines of a segment and their leaves, in blocks: memory does not grow with the file, nor with a line.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::trail::tree::Hash;

/// Fits into the second-level cache, and holds four of the longest lines of a trail.
const BLOCK: usize = 256 * 1024;

/// Whole lines, or one that is longer than any of ours.
pub(in crate::trail) enum Chunk<'b> {
    /// With their newlines.
    Lines(&'b [u8]),
    Long {
        leaf: Hash,
        /// With its newline.
        length: u64,
    },
}

/// Reads the chunks of a file.
pub(in crate::trail) struct Chunks<R> {
    reader: R,
    block: Vec<u8>,
    /// What of the block has been handed out, and what has been filled.
    done: usize,
    filled: usize,
    ended: bool,
    /// Bytes of a long line without an end, which are not in the block any more.
    passed: u64,
}

impl<R: Read> Chunks<R> {
    pub(in crate::trail) fn new(reader: R) -> Self {
        Self {
            reader,
            block: vec![0; BLOCK],
            done: 0,
            filled: 0,
            ended: false,
            passed: 0,
        }
    }

    /// The next one; `None` at the end.
    pub(in crate::trail) fn next(&mut self) -> io::Result<Option<Chunk<'_>>> {
        self.block.copy_within(self.done..self.filled, 0);
        self.filled -= self.done;
        self.done = 0;
        self.fill()?;
        if let Some(newline) = memchr::memrchr(b'\n', &self.block[..self.filled]) {
            self.done = newline + 1;
            return Ok(Some(Chunk::Lines(&self.block[..self.done])));
        }
        if self.filled < self.block.len() {
            return Ok(None);
        }
        self.long()
    }

    /// After the end: the bytes behind the last newline.
    pub(in crate::trail) fn torn(&self) -> u64 {
        self.passed + (self.filled - self.done) as u64
    }

    fn fill(&mut self) -> io::Result<()> {
        while !self.ended && self.filled < self.block.len() {
            match self.reader.read(&mut self.block[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The block is full and has no newline.
    fn long(&mut self) -> io::Result<Option<Chunk<'_>>> {
        let mut hasher = Sha256::new_with_prefix([0]);
        let mut length = 0;
        loop {
            let newline = memchr::memchr(b'\n', &self.block[..self.filled]);
            let end = newline.unwrap_or(self.filled);
            hasher.update(&self.block[..end]);
            length += end as u64;
            if newline.is_some() {
                self.done = end + 1;
                return Ok(Some(Chunk::Long {
                    leaf: hasher.finalize().into(),
                    length: length + 1,
                }));
            }
            if self.ended {
                self.passed = length;
                self.done = self.filled;
                return Ok(None);
            }
            self.filled = 0;
            self.fill()?;
        }
    }
}
