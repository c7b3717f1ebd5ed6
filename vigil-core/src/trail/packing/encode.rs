//! Writes the lines of a segment into a file of another form.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use sha2::{Digest as _, Sha256};

use super::age;
use super::options::Compression;
use crate::trail::tree::Hash;

/// Compressed at a time, each part a frame of its own: what writes to a file fails, what writes to memory does not, and the
/// encoder panics where its output fails.
const PART: usize = 4 << 20;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) size: u64,
    pub(super) sha256: Hash,
    pub(super) plain_size: u64,
    pub(super) plain_sha256: Hash,
}

/// Writes `lines` to a new file and syncs it. To nobody: it is not encrypted.
pub(super) fn write(
    lines: impl Read,
    to: File,
    compression: Compression,
    recipients: &[age::Recipient],
) -> io::Result<Written> {
    let out = Hashing::of(BufWriter::with_capacity(256 << 10, to));
    let mut lines = Hashing::of(lines);
    let out = if recipients.is_empty() {
        compress(&mut lines, compression, out)?
    } else {
        let encrypting = age::encrypt(recipients, out)?;
        age::finish(compress(&mut lines, compression, encrypting)?)?
    };
    let file: File = out
        .inner
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let (plain_sha256, plain_size) = lines.done();
    Ok(Written {
        size: out.count,
        sha256: out.hash.finalize().into(),
        plain_size,
        plain_sha256,
    })
}

fn compress<W: Write>(
    lines: &mut impl Read,
    compression: Compression,
    mut out: W,
) -> io::Result<W> {
    match compression {
        Compression::None => {
            io::copy(lines, &mut out)?;
            Ok(out)
        }
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::default());
            io::copy(lines, &mut encoder)?;
            encoder.finish()
        }
        Compression::Zstd => {
            let level = ruzstd::encoding::CompressionLevel::Fastest;
            let (mut part, mut is_first) = (Vec::new(), true);
            loop {
                part.clear();
                lines.by_ref().take(PART as u64).read_to_end(&mut part)?;
                // What holds no frame at all is no zstd file.
                if part.is_empty() && !is_first {
                    return Ok(out);
                }
                out.write_all(&ruzstd::encoding::compress_to_vec(part.as_slice(), level))?;
                is_first = false;
            }
        }
    }
}

/// Hashes what passes through.
pub(super) struct Hashing<T> {
    inner: T,
    hash: Sha256,
    count: u64,
}

impl<T> Hashing<T> {
    pub(super) fn of(inner: T) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            count: 0,
        }
    }

    /// SHA-256 of all that has passed, and how much that was.
    pub(super) fn done(self) -> (Hash, u64) {
        (self.hash.finalize().into(), self.count)
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.hash.update(&into[..count]);
        self.count += count as u64;
        Ok(count)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.count += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// SHA-256 of all that a reader gives, and how much that was.
pub(in crate::trail) fn hash_of(reader: impl Read) -> io::Result<(Hash, u64)> {
    let mut hashing = Hashing::of(reader);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.done())
}
