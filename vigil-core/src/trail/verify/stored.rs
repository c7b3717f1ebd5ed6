//! The file in which a segment is kept: as it was written, compressed, encrypted.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::layout::look_again;
use crate::disk::is_missing;
use crate::trail::packing::Identities;

/// So much more than its seal says is still read, to tell what was put there.
const SLACK: u64 = 1 << 20;

/// How the lines stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::trail) enum Form {
    Plain,
    Zstd,
    Gzip,
    Encrypted,
}

/// A file of a segment.
#[derive(Debug, Clone)]
pub(in crate::trail) struct Stored {
    pub(in crate::trail) path: PathBuf,
    pub(in crate::trail) form: Form,
    pub(in crate::trail) size: u64,
    /// A file, and not a link to one, a directory or a device.
    pub(in crate::trail) is_file: bool,
    /// How many bytes of lines its seal says that it holds: some that are made to fill the memory or the time of whoever
    /// reads them would decompress to a thousand times as many.
    pub(in crate::trail) plain_size: Option<u64>,
    /// By which it is read if it is encrypted.
    pub(in crate::trail) identities: Identities,
}

impl Form {
    /// The form that a name tells, and the name without its endings.
    pub(in crate::trail) fn of_name(name: &str) -> (Self, &str) {
        let inner = |name: &'_ str| -> (Self, usize) {
            if let Some(rest) = name.strip_suffix(".zst") {
                (Self::Zstd, rest.len())
            } else if let Some(rest) = name.strip_suffix(".gz") {
                (Self::Gzip, rest.len())
            } else {
                (Self::Plain, name.len())
            }
        };
        match name.strip_suffix(".age") {
            Some(rest) => (Self::Encrypted, &rest[..inner(rest).1]),
            None => {
                let (form, length) = inner(name);
                (form, &name[..length])
            }
        }
    }
}

impl Stored {
    pub(in crate::trail) fn of(path: PathBuf, form: Form) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(&path)?;
        Ok(Self {
            path,
            form,
            size: metadata.len(),
            is_file: metadata.is_file(),
            plain_size: None,
            identities: Identities::none(),
        })
    }

    /// Its lines. What is appended from now on is not among them. `read` counts bytes of the file.
    ///
    /// Whoever looked at the directory has come to know a file that is gone by now if the segment was compressed or encrypted
    /// since. What has come in its place was there before it went.
    pub(in crate::trail) fn open<'c>(
        &self,
        read: &'c AtomicU64,
    ) -> io::Result<Box<dyn Read + Send + 'c>> {
        let mut opened = self.open_here(read);
        // Compressed first and encrypted later, it changes twice at most.
        for _ in 0..2 {
            match &opened {
                Err(error) if is_missing(error) => match self.as_of_now() {
                    Some(now) => opened = now.open_here(read),
                    None => break,
                },
                _ => break,
            }
        }
        opened
    }

    fn as_of_now(&self) -> Option<Self> {
        let name = self.path.file_name()?.to_str()?;
        let now = look_again(self.path.parent()?, Form::of_name(name).1)?;
        (now.path != self.path).then(|| Self {
            plain_size: self.plain_size,
            identities: self.identities.clone(),
            ..now
        })
    }

    fn open_here<'c>(&self, read: &'c AtomicU64) -> io::Result<Box<dyn Read + Send + 'c>> {
        let file = open_file(&self.path)?;
        let length = file.metadata()?.len();
        let counted = Counted {
            inner: file.take(length),
            read,
        };
        if self.form == Form::Plain {
            return Ok(Box::new(counted));
        }
        let buffered = BufReader::with_capacity(BUFFER, counted);
        let lines = if self.form == Form::Encrypted {
            let within = self.identities.decrypt(buffered)?;
            decompress(self.form_within(), BufReader::with_capacity(BUFFER, within))
        } else {
            decompress(self.form, buffered)
        };
        Ok(match self.plain_size {
            Some(size) => Box::new(Bounded {
                inner: lines,
                left: size.saturating_add(SLACK),
            }),
            None => lines,
        })
    }

    /// Likewise, where nobody wants to know how much is read.
    pub(in crate::trail) fn lines(&self) -> io::Result<Box<dyn Read + Send>> {
        static UNHEARD: AtomicU64 = AtomicU64::new(0);
        self.open(&UNHEARD)
    }

    /// What it becomes when it is decrypted.
    fn form_within(&self) -> Form {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        // One that is being made has a name for that time.
        let name = name.strip_suffix(".tmp").unwrap_or(&name);
        Form::of_name(name.strip_suffix(".age").unwrap_or(name)).0
    }
}

const BUFFER: usize = 128 << 10;

fn decompress<'r>(form: Form, file: impl io::BufRead + Send + 'r) -> Box<dyn Read + Send + 'r> {
    match form {
        Form::Zstd => Box::new(Frames::new(file)),
        Form::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Form::Plain | Form::Encrypted => Box::new(file),
    }
}

/// Gives no more than it should.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                let what = "it holds far more than its seal says, and was not read on";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
        Ok(count)
    }
}

/// Opens what is a file, and waits for no pipe to be written to.
fn open_file(path: &Path) -> io::Result<File> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    File::open(path)
}

struct Counted<'c, R> {
    inner: R,
    read: &'c AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Relaxed);
        Ok(count)
    }
}

/// All frames of a zstd file: a compressor may have written several.
struct Frames<R: io::BufRead> {
    decoder: State<R>,
}

#[allow(clippy::large_enum_variant, reason = "there is one a file")]
enum State<R: io::BufRead> {
    Between(R),
    Within(ruzstd::decoding::StreamingDecoder<R, ruzstd::decoding::FrameDecoder>),
    Ended,
}

impl<R: io::BufRead> Frames<R> {
    fn new(reader: R) -> Self {
        Self {
            decoder: State::Between(reader),
        }
    }
}

impl<R: io::BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.decoder, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(mut reader) => {
                    if reader.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let decoder = ruzstd::decoding::StreamingDecoder::new(reader)
                        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
                    self.decoder = State::Within(decoder);
                }
                State::Within(mut decoder) => {
                    let count = decoder.read(into)?;
                    if count > 0 || into.is_empty() {
                        self.decoder = State::Within(decoder);
                        return Ok(count);
                    }
                    check_sum(&decoder.decoder)?;
                    self.decoder = State::Between(decoder.into_inner());
                }
            }
        }
    }
}

fn check_sum(decoder: &ruzstd::decoding::FrameDecoder) -> io::Result<()> {
    match decoder.get_checksum_from_data() {
        Some(written) if Some(written) != decoder.get_calculated_checksum() => {
            let what = "the checksum of a frame is not that of its data";
            Err(io::Error::new(io::ErrorKind::InvalidData, what))
        }
        _ => Ok(()),
    }
}
