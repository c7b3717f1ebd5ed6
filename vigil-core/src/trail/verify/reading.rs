//! One segment, read once from its first line to its last: each line hashed, held against the hash beside it, and fed to
//! the tree.

use std::io;
use std::sync::atomic::AtomicU64;

use super::lines::{Chunk, Chunks};
use super::seq::Seq;
use super::stored::Stored;
use super::tape::{Marks, Tape};
use super::watch::Watch;
use crate::disk::is_missing;
use crate::trail::evidence::{Places, Sidecar};
use crate::trail::tree::{Hash, leaves};

/// Not written: what a power failure leaves at the end of a file.
const NOTHING: Hash = [0; 32];

/// What was read of a segment.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Whole lines.
    pub(super) count: u64,
    pub(super) bytes: u64,
    /// Bytes behind the last line.
    pub(super) torn: u64,
    /// The hashes beside it; `None` if there is no file of them.
    pub(super) hashes: Option<u64>,
    /// The length of that file is not one of whole hashes.
    pub(super) hashes_torn: bool,
    /// The first line, from 0 on, that is not the one of its hash.
    pub(super) differs: Option<u64>,
    /// Lines that have another number than their place.
    pub(super) misnumbered: Option<Misnumbered>,
    pub(super) too_long: u64,
    /// It could not be read to its end.
    pub(super) error: Option<io::Error>,
}

/// The first line whose number is not its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Misnumbered {
    /// The line, from 0 on.
    pub(super) line: u64,
    pub(super) seq: u64,
    /// The number of the line behind it.
    pub(super) next: Option<u64>,
    pub(super) count: u64,
}

/// Where a segment lies and what listens to it.
pub(super) struct Reader<'a> {
    pub(super) places: &'a Places,
    pub(super) read: &'a AtomicU64,
    pub(super) progress: &'a (dyn Fn() + Sync),
}

impl Reader<'_> {
    /// Reads a segment whose first event is number `first`.
    pub(super) fn read(
        &self,
        segment: &str,
        stored: &Stored,
        tape: &mut Tape,
        marks: &mut Marks<'_>,
        watch: Option<(&mut Watch, bool)>,
    ) -> io::Result<Reading> {
        let mut reading = Reading::default();
        let mut watch = watch;
        let mut lines = match stored.open(self.read) {
            Ok(lines) => Chunks::new(lines),
            Err(error) => {
                reading.error = Some(error);
                return Ok(reading);
            }
        };
        // After the lines: they are written first.
        let mut hashes = self.hashes(segment, &mut reading)?;
        let first = tape.at;
        let mut seq = Seq::default();
        loop {
            let chunk = match lines.next() {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => {
                    reading.error = Some(error);
                    break;
                }
            };
            match chunk {
                Chunk::Lines(block) => {
                    if let Some((watch, count_losses)) = &mut watch {
                        watch.listen(block, *count_losses);
                    }
                    for (line, leaf) in leaves(block) {
                        reading.number(seq.of(line), first);
                        if line.len() > crate::trail::MAX_LINE {
                            reading.too_long += 1;
                        }
                        reading.take(leaf, &mut hashes, tape, marks)?;
                    }
                    reading.bytes += block.len() as u64;
                }
                Chunk::Long { leaf, length } => {
                    reading.too_long += 1;
                    reading.bytes += length;
                    reading.take(leaf, &mut hashes, tape, marks)?;
                }
            }
            (self.progress)();
        }
        reading.torn = lines.torn();
        Ok(reading)
    }

    fn hashes(&self, segment: &str, reading: &mut Reading) -> io::Result<Option<Sidecar>> {
        let path = self.places.hashes(segment);
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                reading.hashes_torn = metadata.len() % 32 != 0;
                let sidecar = Sidecar::open(&path)?;
                reading.hashes = Some(sidecar.count());
                Ok(Some(sidecar))
            }
            // A link or a directory is as good as none: they are told as missing.
            Ok(_) => Ok(None),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Reading {
    fn take(
        &mut self,
        leaf: Hash,
        hashes: &mut Option<Sidecar>,
        tape: &mut Tape,
        marks: &mut Marks<'_>,
    ) -> io::Result<()> {
        if self.differs.is_none()
            && let Some(hashes) = hashes
            && let Some(beside) = hashes.leaf(self.count)?
            && beside != leaf
            && beside != NOTHING
        {
            self.differs = Some(self.count);
        }
        self.count += 1;
        tape.push(leaf, marks);
        Ok(())
    }

    /// Before the line is counted.
    fn number(&mut self, seq: Option<u64>, first: u64) {
        let Some(seq) = seq else {
            return;
        };
        match &mut self.misnumbered {
            Some(misnumbered) => {
                if self.count == misnumbered.line + 1 {
                    misnumbered.next = Some(seq);
                }
                misnumbered.count += u64::from(seq != first + self.count);
            }
            None if seq != first + self.count => {
                self.misnumbered = Some(Misnumbered {
                    line: self.count,
                    seq,
                    next: None,
                    count: 1,
                });
            }
            None => {}
        }
    }
}
