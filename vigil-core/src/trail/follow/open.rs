//! One file of the trail, open for reading, and the numbers of its lines.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::Error;
use crate::disk::{Identity, create_directory, private};
use crate::trail::evidence::Places;
use crate::trail::name::SegmentName;
use crate::trail::verify::{Form, Stored, stored_of};
use crate::trail::{MAX_LINE, TrailConfig, tail};

/// A file of the trail, open for reading.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: SegmentName,
    source: Source,
    pub(super) identity: Identity,
    pub(super) offset: u64,
    /// Whether what stands before `offset` is the beginning of the line there.
    pub(super) within_line: bool,
    /// Whether older events are to be expected before the one that is looked for.
    pub(super) seeking: bool,
    /// Whether what is missing from here on is missing for certain: all before `offset` has been looked at. A guess is
    /// not proven by the line that is found there, which may be a copy.
    pub(super) proven: bool,
}

/// Where its lines are.
#[derive(Debug)]
enum Source {
    File(File),
    /// Compressed, and not yet unpacked into a file of its own, for which here is a place.
    Packed(Stored, PathBuf),
}

impl Open {
    /// The one place where a file of the trail is opened for reading: `None` if it is gone.
    pub(super) fn segment(config: &TrailConfig, name: SegmentName) -> Result<Option<Self>, Error> {
        let segment = name.file_name(&config.name);
        let path = config.dir.join(&segment);
        let found = match File::open(&path) {
            Ok(file) => Identity::of_file(&file).map(|identity| (identity, Source::File(file))),
            Err(error) if is_missing(&error) => match packed(config, &segment) {
                Ok(Some(packed)) => Ok(packed),
                Ok(None) => return Ok(None),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let (identity, source) = found.map_err(|error| Error::io("cannot open", &path, error))?;
        Ok(Some(Self {
            name,
            source,
            identity,
            offset: 0,
            within_line: false,
            seeking: true,
            proven: false,
        }))
    }

    fn file(&mut self) -> io::Result<&mut File> {
        if let Source::Packed(stored, place) = &self.source {
            self.source = Source::File(unpack(stored, place)?);
        }
        match &mut self.source {
            Source::File(file) => Ok(file),
            Source::Packed(..) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    pub(super) fn error(&self, config: &TrailConfig, error: io::Error) -> Error {
        let name = self.name.file_name(&config.name);
        Error::io("cannot read", &config.dir.join(name), error)
    }

    pub(super) fn size(&mut self) -> io::Result<u64> {
        Ok(self.file()?.metadata()?.len())
    }

    pub(super) fn go_to(&mut self, offset: u64) {
        self.offset = offset;
        self.within_line = false;
        self.seeking = true;
        self.proven = false;
    }

    /// Reads at most `room` bytes from the place on.
    pub(super) fn read(&mut self, room: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        let offset = self.offset;
        read_at(self.file()?, offset, room, buffer)
    }

    /// Whether a line begins at `offset`.
    pub(super) fn begins_line(&mut self, offset: u64) -> io::Result<bool> {
        let Some(before) = offset.checked_sub(1) else {
            return Ok(true);
        };
        let mut byte = Vec::new();
        read_at(self.file()?, before, 1, &mut byte)?;
        Ok(byte == b"\n")
    }

    /// The first event that begins at `offset` or behind it: its place and its number.
    pub(super) fn event_from(&mut self, offset: u64) -> io::Result<Option<(u64, u64)>> {
        const ROOM: usize = 2 * (MAX_LINE + 1);
        let mut buffer = Vec::new();
        let mut from = offset;
        let mut is_packed = offset == 0 && matches!(self.source, Source::Packed(..));
        loop {
            match &self.source {
                // Its beginning is mostly enough to see that it is another one that is looked for.
                Source::Packed(stored, _) if is_packed => {
                    let beginning = stored.open(&UNHEARD)?.take(ROOM as u64);
                    buffer.clear();
                    { beginning }.read_to_end(&mut buffer)?;
                    is_packed = false;
                }
                _ => read_at(self.file()?, from, ROOM, &mut buffer)?,
            }
            let mut at = 0;
            while let Some(length) = memchr::memchr(b'\n', &buffer[at..]) {
                if let Some(seq) = seq_of(&buffer[at..at + length]) {
                    return Ok(Some((from + at as u64, seq)));
                }
                at += length + 1;
            }
            if buffer.len() < ROOM {
                return Ok(None);
            }
            // Where no line ends, none of ours has begun.
            from += if at == 0 { ROOM } else { at } as u64;
        }
    }

    /// Goes to a line not far before event `seq`: lines stand in the order of their numbers.
    pub(super) fn approach(&mut self, seq: u64) -> io::Result<()> {
        /// From here on, reading is as quick as searching.
        const NEAR: u64 = 4 * (MAX_LINE as u64 + 1);
        let (mut low, mut high) = (0, self.size()?);
        while high - low > NEAR {
            let middle = low + (high - low) / 2;
            match self.event_from(middle)? {
                Some((at, found)) if found <= seq && at < high => low = at,
                _ => high = middle,
            }
        }
        self.go_to(low);
        Ok(())
    }
}

/// Never counted: how much was read is of no interest here.
static UNHEARD: AtomicU64 = AtomicU64::new(0);

fn packed(config: &TrailConfig, segment: &str) -> io::Result<Option<(Identity, Source)>> {
    let Some(stored) =
        stored_of(&config.dir, segment).filter(|stored| stored.form != Form::Encrypted)
    else {
        return Ok(None);
    };
    match Identity::of_path(&stored.path) {
        Ok(identity) => {
            let place = Places::of_trail(&config.dir).unpacked_dir();
            Ok(Some((identity, Source::Packed(stored, place))))
        }
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The lines of a compressed segment in a file without a name, which is gone as soon as nobody reads it any more.
fn unpack(stored: &Stored, place: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Relaxed);
    create_directory(place)?;
    let path = place.join(format!("{}-{number}", std::process::id()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(&path)?;
    let unpacked = stored
        .open(&UNHEARD)
        .and_then(|mut lines| io::copy(&mut lines, &mut file));
    std::fs::remove_file(&path)?;
    unpacked.map(|_| file)
}

fn read_at(file: &mut File, offset: u64, room: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    file.seek(SeekFrom::Start(offset))?;
    file.take(room as u64).read_to_end(buffer)?;
    Ok(())
}

/// Whether one of the whole lines is an event with such a number.
pub(super) fn holds(lines: &[u8], numbers: std::ops::Range<u64>) -> bool {
    if numbers.is_empty() {
        return false;
    }
    memchr::memchr_iter(b'\n', lines)
        .scan(0, |start, end| {
            let line = &lines[*start..end];
            *start = end + 1;
            Some(line)
        })
        .filter_map(seq_of)
        .any(|seq| numbers.contains(&seq))
}

/// The number of an event; `None` if the line is none.
///
/// A line as [`crate::trail::line`] writes it has its number at a fixed place. Any other is read as JSON.
pub(in crate::trail) fn seq_of(line: &[u8]) -> Option<u64> {
    const BEFORE_ID: &[u8] = b"{\"event_id\":\"";
    const BEFORE: &[u8] = b"\",\"version\":\"1.0.0\",\"seq\":";
    const AT: usize = BEFORE_ID.len() + 36 + b"\",\"timestamp\":\"".len() + 27;
    let digits = line
        .starts_with(BEFORE_ID)
        .then(|| line.get(AT..)?.strip_prefix(BEFORE))
        .flatten()
        .filter(|_| line.ends_with(b"}"));
    let Some(digits) = digits else {
        return tail::seq_of(line);
    };
    let mut seq: u64 = 0;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                seq = seq.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            }
            b',' => return Some(seq),
            _ => return None,
        }
    }
    None
}

pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
