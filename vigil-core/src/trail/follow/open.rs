//! One file of the trail, open for reading, and the numbers of its lines.

use std::io;
use std::path::PathBuf;

use super::source::Source;
use crate::Error;
use crate::disk::Identity;
use crate::trail::name::SegmentName;
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

impl Open {
    /// The one place where a file of the trail is opened for reading: `None` if it is gone.
    pub(super) fn segment(config: &TrailConfig, name: SegmentName) -> Result<Option<Self>, Error> {
        match Source::of(config, name) {
            Ok((source, identity)) => Ok(Some(Self {
                name,
                source,
                identity,
                offset: 0,
                within_line: false,
                seeking: true,
                proven: false,
            })),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => {
                let path = config.dir.join(name.file_name(&config.name));
                Err(Error::io("cannot open", &path, error))
            }
        }
    }

    /// Where the file lies.
    pub(super) fn path(&self, config: &TrailConfig) -> PathBuf {
        match self.source.path() {
            Some(path) => path.to_owned(),
            None => config.dir.join(self.name.file_name(&config.name)),
        }
    }

    pub(super) fn error(&self, config: &TrailConfig, error: io::Error) -> Error {
        Error::io("cannot read", &self.path(config), error)
    }

    /// Whether it ends before the place that was read last.
    pub(super) fn is_cut(&self) -> io::Result<bool> {
        Ok(self.source.size()?.is_some_and(|size| size < self.offset))
    }

    pub(super) fn go_to(&mut self, offset: u64) {
        self.offset = offset;
        self.within_line = false;
        self.seeking = true;
        self.proven = false;
    }

    /// Reads at most `room` bytes from the place on.
    pub(super) fn read(&mut self, room: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.source.read_at(self.offset, room, buffer)
    }

    /// Whether a line begins at `offset`.
    pub(super) fn begins_line(&mut self, offset: u64) -> io::Result<bool> {
        let Some(before) = offset.checked_sub(1) else {
            return Ok(true);
        };
        let mut byte = Vec::new();
        self.source.read_at(before, 1, &mut byte)?;
        Ok(byte == b"\n")
    }

    /// The first event that begins at `offset` or behind it: its place and its number.
    pub(super) fn event_from(&mut self, offset: u64) -> io::Result<Option<(u64, u64)>> {
        const ROOM: usize = 2 * (MAX_LINE + 1);
        let mut buffer = Vec::new();
        let mut from = offset;
        loop {
            self.source.read_at(from, ROOM, &mut buffer)?;
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
        let Some(size) = self.source.size()? else {
            // It is read from its beginning on anyway.
            self.go_to(0);
            return Ok(());
        };
        let (mut low, mut high) = (0, size);
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
