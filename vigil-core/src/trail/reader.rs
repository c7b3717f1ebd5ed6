//! The lines of a trail for programs that read it: all of them in their order, or those that come.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::evidence::{Places, Purges};
use super::packing::{Identities, is_locked};
use super::verify::{Form, Layout, Slot, Stored};
use crate::Error;
use crate::disk::is_missing;

/// Read at a time.
const BLOCK: usize = 256 * 1024;
/// No line of ours is a thousandth of this. What has no newline for so long is no trail.
const LONGEST: usize = 64 << 20;

/// Reads the lines of a trail in their order, from compressed segments as well. Nothing is verified.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # std::fs::write(dir.path().join("audit_audit_2026-11-23.log"), "{\"seq\":0}\n{\"seq\":1}\n").unwrap();
/// let mut lines = vigil::trail::TrailReader::open(dir.path())?;
/// let mut count = 0;
/// while let Some(block) = lines.next_lines()? {
///     count += block.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
/// }
/// assert_eq!(count, 2);
/// # Ok::<(), vigil::Error>(())
/// ```
pub struct TrailReader {
    /// The last one first.
    segments: Vec<Slot>,
    places: Places,
    current: Option<(PathBuf, Box<dyn Read>)>,
    buffer: Vec<u8>,
    /// So much of the buffer has been handed out.
    done: usize,
    missing: Vec<String>,
    purged: Vec<String>,
    /// Passes over segments that no identity opens, and how many events those hold.
    locked: Option<u64>,
}

impl std::fmt::Debug for TrailReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrailReader")
            .field("segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}

impl TrailReader {
    /// Opens the trail in a directory.
    ///
    /// # Errors
    ///
    /// If there is none, or none that can be told from others.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(dir, &Identities::none())
    }

    /// As [`Self::open`], and reads encrypted segments by these.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_with(dir: impl AsRef<Path>, identities: &Identities) -> Result<Self, Error> {
        let slots = Layout::look(dir.as_ref(), None)?.by(identities).slots;
        Ok(Self {
            segments: slots.into_iter().rev().collect(),
            places: Places::of_trail(dir.as_ref()),
            current: None,
            buffer: Vec::new(),
            done: 0,
            missing: Vec::new(),
            purged: Vec::new(),
            locked: None,
        })
    }

    /// Passes over segments that no identity opens, and counts their events.
    #[cfg(feature = "subject-keys")]
    pub(crate) fn pass_locked(mut self) -> Self {
        self.locked = Some(0);
        self
    }

    /// The events that were passed over because no identity opens their segments.
    #[cfg(feature = "subject-keys")]
    pub(crate) fn locked(&self) -> u64 {
        self.locked.unwrap_or(0)
    }

    /// The next whole lines, with their newlines; `None` at the end. What stands behind the last newline of a segment is
    /// left out.
    ///
    /// # Errors
    ///
    /// If a segment cannot be read, or is encrypted.
    pub fn next_lines(&mut self) -> Result<Option<&[u8]>, Error> {
        loop {
            self.buffer.drain(..self.done);
            self.done = 0;
            if self.current.is_none() {
                let Some(slot) = self.segments.pop() else {
                    return Ok(None);
                };
                let Some(stored) = &slot.stored else {
                    self.miss(slot);
                    continue;
                };
                let reader = match stored.lines() {
                    Ok(reader) => reader,
                    // Removed since the beginning.
                    Err(error) if is_missing(&error) => {
                        self.miss(slot);
                        continue;
                    }
                    Err(error) => {
                        let Some(locked) = self.locked.as_mut().filter(|_| is_locked(&error))
                        else {
                            return Err(Error::io("cannot read", &stored.path, error));
                        };
                        *locked += slot.seal.as_ref().map_or(0, |file| file.seal.count);
                        continue;
                    }
                };
                self.buffer.clear();
                self.current = Some((stored.path.clone(), reader));
            }
            let Some((path, reader)) = &mut self.current else {
                continue;
            };
            let before = self.buffer.len();
            reader
                .take(BLOCK as u64)
                .read_to_end(&mut self.buffer)
                .map_err(|error| Error::io("cannot read", path, error))?;
            if self.buffer.len() == before {
                self.current = None;
                self.done = before;
                continue;
            }
            if let Some(newline) = memchr::memrchr(b'\n', &self.buffer[before..]) {
                self.done = before + newline + 1;
                break;
            }
            if self.buffer.len() > LONGEST {
                let what = "a line in it is longer than any of a trail";
                let error = io::Error::new(io::ErrorKind::InvalidData, what);
                return Err(Error::io("cannot read", path, error));
            }
        }
        Ok(Some(&self.buffer[..self.done]))
    }

    fn miss(&mut self, slot: Slot) {
        let purges = Purges::look(&self.places).unwrap_or_default();
        let seal = slot.seal.as_ref().map(|file| &file.seal);
        match seal.and_then(|seal| purges.of(seal).last()) {
            Some(_) => self.purged.push(slot.segment),
            None => self.missing.push(slot.segment),
        }
    }

    /// The segments that were passed over because retention has removed their lines, as is kept beside the trail; `verify`
    /// says whether that is so.
    #[must_use]
    pub fn purged(&self) -> &[String] {
        &self.purged
    }

    /// The segments that were passed over because there is no file of them, for whatever other reason.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

/// Reads the lines that come to a trail, over the ends of its segments.
///
/// # Examples
///
/// ```no_run
/// let mut tail = vigil::trail::TrailTail::open("logs/audit", 10)?;
/// let mut lines = Vec::new();
/// loop {
///     lines.clear();
///     tail.read(&mut lines)?;
///     print!("{}", String::from_utf8_lossy(&lines));
///     std::thread::sleep(std::time::Duration::from_millis(200));
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug)]
pub struct TrailTail {
    dir: PathBuf,
    segment: String,
    /// `None` where all of the segment has been read at once.
    file: Option<File>,
    path: PathBuf,
    /// Behind the last whole line.
    offset: u64,
    identities: Identities,
}

impl TrailTail {
    /// Begins so many lines before the end, as far back as segments lie there as they were written.
    ///
    /// # Errors
    ///
    /// If there is no trail, or its newest segment cannot be read.
    pub fn open(dir: impl AsRef<Path>, lines: usize) -> Result<Self, Error> {
        Self::open_with(dir, lines, &Identities::none())
    }

    /// As [`Self::open`], and reads by these what comes to be encrypted before it was read.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_with(
        dir: impl AsRef<Path>,
        lines: usize,
        identities: &Identities,
    ) -> Result<Self, Error> {
        let dir = dir.as_ref();
        let open = stored(dir, identities)?.into_iter();
        let mut open: Vec<_> = open
            .filter_map(|(segment, stored)| Some((segment, stored?)))
            .filter(|(_, stored)| stored.form == Form::Plain)
            .collect();
        let mut left = lines;
        let mut begin = None;
        while let Some((segment, stored)) = open.pop() {
            let failed = |error| Error::io("cannot read", &stored.path, error);
            let mut file = match File::open(&stored.path) {
                // Compressed a moment ago: it begins behind it.
                Err(error) if is_missing(&error) && begin.is_some() => break,
                file => file.map_err(failed)?,
            };
            let (offset, missing) = before_last(&mut file, left).map_err(failed)?;
            begin = Some(Self {
                dir: dir.to_owned(),
                segment,
                file: Some(file),
                path: stored.path,
                offset,
                identities: identities.clone(),
            });
            if missing == 0 {
                break;
            }
            left = missing;
        }
        begin.ok_or_else(|| {
            Error::trail(format!("{} has no segment that is written", dir.display()))
        })
    }

    /// Appends the whole lines that have come since, with their newlines. Returns at once if there are none.
    ///
    /// # Errors
    ///
    /// If the trail cannot be read.
    pub fn read(&mut self, into: &mut Vec<u8>) -> Result<(), Error> {
        loop {
            self.read_segment(into)
                .map_err(|error| Error::io("cannot read", &self.path, error))?;
            let all = stored(&self.dir, &self.identities)?;
            let at = all.iter().position(|(name, _)| *name == self.segment);
            let behind = all.into_iter().skip(at.map_or(0, |at| at + 1));
            let mut behind = behind.filter_map(|(segment, stored)| Some((segment, stored?)));
            let Some((segment, stored)) = behind.next() else {
                return Ok(());
            };
            // Lines may have come between reading and looking.
            self.read_segment(into)
                .map_err(|error| Error::io("cannot read", &self.path, error))?;
            let failed = |error| Error::io("cannot read", &stored.path, error);
            self.offset = 0;
            self.file = match stored.form {
                Form::Plain => File::open(&stored.path).map(Some).or_else(|error| {
                    if is_missing(&error) {
                        Ok(None)
                    } else {
                        Err(error)
                    }
                }),
                _ => Ok(None),
            }
            .map_err(failed)?;
            if self.file.is_none() {
                // Closed, and compressed before it was read: all of it is there.
                stored
                    .lines()
                    .and_then(|mut lines| lines.read_to_end(into))
                    .map_err(failed)?;
            }
            self.path = stored.path;
            self.segment = segment;
        }
    }

    fn read_segment(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let before = into.len();
        file.seek(SeekFrom::Start(self.offset))?;
        file.read_to_end(into)?;
        let whole = memchr::memrchr(b'\n', &into[before..]).map_or(0, |newline| newline + 1);
        into.truncate(before + whole);
        self.offset += whole as u64;
        Ok(())
    }
}

/// The segments in their order, each with its file if there is one.
fn stored(dir: &Path, identities: &Identities) -> Result<Vec<(String, Option<Stored>)>, Error> {
    let slots = Layout::look(dir, None)?.by(identities).slots.into_iter();
    Ok(slots.map(|slot| (slot.segment, slot.stored)).collect())
}

/// Where the last so many lines of a file begin, and how many are missing to that number.
fn before_last(file: &mut File, lines: usize) -> io::Result<(u64, usize)> {
    let mut start = file.seek(SeekFrom::End(0))?;
    let mut block = Vec::new();
    // The newline at the end of the last line counts too.
    let mut wanted = lines + 1;
    while start > 0 {
        let from = start.saturating_sub(BLOCK as u64);
        block.clear();
        file.seek(SeekFrom::Start(from))?;
        file.by_ref().take(start - from).read_to_end(&mut block)?;
        for newline in memchr::memrchr_iter(b'\n', &block) {
            wanted -= 1;
            if wanted == 0 {
                return Ok((from + newline as u64 + 1, 0));
            }
        }
        start = from;
    }
    // The first line has no newline before it.
    let first = usize::from(file.metadata()?.len() > 0);
    Ok((0, wanted.saturating_sub(first)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::super::verify::tests_fixture::{Fixture, line, segment_name};
    use super::{TrailReader, TrailTail};

    #[test]
    fn all_lines_are_read_in_their_order() {
        let fixture = Fixture::new(&[3_000, 2_000, 10]);
        let path = fixture.path(&segment_name(0));
        let bytes = fs::read(&path).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&bytes).unwrap();
        fs::write(path.with_extension("log.gz"), encoder.finish().unwrap()).unwrap();
        fs::remove_file(path).unwrap();
        let last = fixture.path(&segment_name(2));
        let mut file = fs::OpenOptions::new().append(true).open(last).unwrap();
        file.write_all(b"torn").unwrap();
        let mut lines = TrailReader::open(fixture.dir()).unwrap();
        let mut text = Vec::new();
        while let Some(block) = lines.next_lines().unwrap() {
            text.extend_from_slice(block);
        }
        let expected: String = (0..5_010)
            .map(|seq| format!("{}\n", line(seq, "")))
            .collect();
        assert!(text == expected.as_bytes());
        assert!(lines.missing().is_empty());
        fixture.remove(segment_name(1));
        let mut lines = TrailReader::open(fixture.dir()).unwrap();
        while lines.next_lines().unwrap().is_some() {}
        assert_eq!(lines.missing(), [segment_name(1)]);
    }

    #[test]
    fn a_tail_goes_on_in_the_next_segment() {
        let fixture = Fixture::new(&[5, 5]);
        let mut tail = TrailTail::open(fixture.dir(), 2).unwrap();
        let read = |tail: &mut TrailTail| {
            let mut lines = Vec::new();
            tail.read(&mut lines).unwrap();
            String::from_utf8(lines).unwrap()
        };
        assert_eq!(
            read(&mut tail),
            format!("{}\n{}\n", line(8, ""), line(9, ""))
        );
        assert_eq!(read(&mut tail), "");
        let append = |segment: usize, text: &str| {
            let path = fixture.path(&segment_name(segment));
            let mut options = fs::OpenOptions::new();
            let mut file = options.append(true).create(true).open(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        };
        append(1, "a\nb");
        assert_eq!(read(&mut tail), "a\n");
        append(1, "c\n");
        append(2, "d\n");
        append(3, "e\n");
        assert_eq!(read(&mut tail), "bc\nd\ne\n");
        let mut tail = TrailTail::open(fixture.dir(), 4).unwrap();
        assert_eq!(read(&mut tail), "a\nbc\nd\ne\n");
        let all = read(&mut TrailTail::open(fixture.dir(), 100).unwrap());
        assert_eq!(all.lines().count(), 14);
        assert_eq!(read(&mut TrailTail::open(fixture.dir(), 0).unwrap()), "");
    }
}
