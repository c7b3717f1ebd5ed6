//! The trail as its writer sees it: open, append, sync. Which file the lines go into is decided here, between lines.

mod config;
mod files;
mod watch;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::tz::TimeZone;

pub use config::Daily;
pub(super) use config::Rotation;
pub(crate) use config::TrailConfig;
pub(super) use files::{all_segments, segments, stored_of};

use super::calendar::Calendar;
use super::evidence::{Places, SealFile};
use super::keys::Signer;
use super::lock::Lock;
use super::name::SegmentName;
use super::sealing::{self, Grown, Sealing, Signing};
use super::segment::Segment;
use super::since::{self, Since};
use super::tail;
use super::unsynced::Unsynced;
use super::verify::Form;
use crate::disk::create_directory;
use crate::{Clock, Error};
use config::zone;
use files::{create, inner_dir, open_and_mend};

/// An open trail. It belongs to one process at a time.
pub(crate) struct Trail {
    config: TrailConfig,
    clock: Arc<dyn Clock>,
    calendar: Calendar,
    segment: Segment,
    next_seq: u64,
    notes: Vec<String>,
    /// Of files that have been left.
    unsynced: Unsynced,
    /// `None`: nothing is hashed.
    sealing: Option<Sealing>,
    /// A line that is going to be appended may tell of lost events.
    tells_losses: bool,
    /// What somebody else has done to its files, for the trail itself to tell.
    tampering: Vec<String>,
    lock: Lock,
}

/// Not all lines got into the trail.
#[derive(Debug)]
pub(crate) struct AppendError {
    /// So many lines stand in the trail, from the first; the caller keeps the others and tries again.
    pub(crate) written: u64,
    /// The bytes of those lines, with their newlines.
    pub(crate) written_bytes: usize,
    pub(crate) source: Error,
}

impl Trail {
    /// Opens the trail in its directory, which is created if need be, and goes on where it ends. Nothing is hashed.
    #[cfg(test)]
    pub(super) fn open(config: TrailConfig, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let zone = zone(&config)?;
        let (trail, _) = Self::open_in_zone(config, clock, zone, None)?;
        Ok(trail)
    }

    /// As it is, if `origin` names it, and held against what was signed of it. Gives back what is needed to go on
    /// signing.
    pub(crate) fn open_sealed(
        config: TrailConfig,
        clock: Arc<dyn Clock>,
        origin: &str,
        signer: Option<&Arc<dyn Signer>>,
    ) -> Result<(Self, Option<Signing>), Error> {
        let zone = zone(&config)?;
        let is_sealed = config.integrity.enabled;
        Self::open_in_zone(config, clock, zone, is_sealed.then_some((origin, signer)))
    }

    pub(super) fn open_in_zone(
        config: TrailConfig,
        clock: Arc<dyn Clock>,
        zone: TimeZone,
        sealed: Option<(&str, Option<&Arc<dyn Signer>>)>,
    ) -> Result<(Self, Option<Signing>), Error> {
        // The program may change its working directory; the trail stays where it is.
        let config = TrailConfig {
            dir: std::path::absolute(&config.dir).map_err(|error| {
                Error::io("cannot find the trail directory", &config.dir, error)
            })?,
            ..config
        };
        let inner = inner_dir(&config);
        create_directory(&config.dir)
            .map_err(|error| Error::io("cannot create the trail directory", &config.dir, error))?;
        create_directory(&inner)
            .map_err(|error| Error::io("cannot create the directory", &inner, error))?;
        let lock = Lock::take(&inner, &config.dir)?;
        Self::open_locked(config, clock, zone, sealed, lock)
    }

    /// Opens the trail in a directory that is there and locked; its path is an absolute one.
    pub(super) fn open_locked(
        config: TrailConfig,
        clock: Arc<dyn Clock>,
        zone: TimeZone,
        sealed: Option<(&str, Option<&Arc<dyn Signer>>)>,
        lock: Lock,
    ) -> Result<(Self, Option<Signing>), Error> {
        let found = match sealed {
            Some((origin, signer)) => Some(sealing::look(&config, origin, signer)?),
            None => None,
        };

        let mut calendar = Calendar::new(zone);
        let mut notes = Vec::new();
        let today = SegmentName::first_of(calendar.date(clock.unix_nanos()));
        let names = segments(&config)?;
        let (appendable, newest) = match &found {
            Some(found) => (found.appendable(&names), found.newest(&names)),
            None => (names.last().copied(), names.last().copied()),
        };
        let segment = match (appendable, newest) {
            (Some(name), _) => open_and_mend(&config, name, &mut notes)?,
            (None, Some(sealed)) => create(&config, today.max(sealed.next()))?,
            (None, None) => create(&config, today)?,
        };
        let mut trail = Self {
            config,
            clock,
            calendar,
            segment,
            next_seq: 0,
            notes,
            unsynced: Unsynced::default(),
            sealing: None,
            tells_losses: false,
            tampering: Vec::new(),
            lock,
        };
        trail.next_seq = trail.find_next_seq(&names)?;
        let mut signing = None;
        if let Some(found) = found {
            let Self {
                segment,
                config,
                notes,
                ..
            } = &mut trail;
            let (sealing, signs) = found.begin(segment, &config.name, notes)?;
            trail.next_seq = sealing.tree().size;
            trail.sealing = Some(Sealing::Here(Box::new(sealing)));
            signing = Some(signs);
        }
        trail.begin_new_day()?;
        Ok((trail, signing))
    }

    /// The number of the next event to be appended.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// The file that lines are appended to.
    pub(crate) fn path(&self) -> &Path {
        self.segment.path()
    }

    /// What has been found and mended since last asked: sentences for the log of the operator.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// What somebody else has done to the files since last asked: sentences for the trail.
    pub(crate) fn take_tampering(&mut self) -> Vec<String> {
        std::mem::take(&mut self.tampering)
    }

    /// Appends `count` lines, each ending with a newline. A line is never split over files, and a line that could not
    /// be written as a whole is not in the file at all.
    pub(crate) fn append(&mut self, lines: &[u8], count: u64) -> Result<(), AppendError> {
        let mut done = 0;
        let result = if lines.last().is_some_and(|last| *last != b'\n') {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "unfinished line");
            Err(Error::io("cannot append to", self.path(), error))
        } else {
            self.append_whole(lines, &mut done)
        };
        let written = match result {
            Ok(()) => count,
            Err(_) => newlines(lines.get(..done).unwrap_or_default()),
        };
        self.next_seq = self.next_seq.saturating_add(written);
        result.map_err(|source| AppendError {
            written,
            written_bytes: done,
            source,
        })
    }

    /// `done` counts the bytes as they get in, also when the end is an error.
    fn append_whole(&mut self, lines: &[u8], done: &mut usize) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        self.look_after_file()?;
        self.begin_new_day()?;
        while let Some(rest) = lines.get(*done..).filter(|rest| !rest.is_empty()) {
            let fitting = self.fitting(rest);
            if fitting.is_empty() {
                self.rotate_to(self.segment.name.next())?;
                continue;
            }
            let result = self.segment.append(fitting);
            let stands = match &result {
                Ok(()) => fitting.len(),
                Err((whole, _)) => *whole,
            };
            // Only what stands in the file, for nothing is ever taken out of the tree again.
            if let Some(sealing) = &mut self.sealing {
                sealing.add(&fitting[..stands], self.tells_losses);
            }
            *done += stands;
            result.map_err(|(_, error)| Error::io("cannot append to", self.path(), error))?;
        }
        Ok(())
    }

    /// The leading lines that the file still has room for; an empty file takes any line.
    fn fitting<'l>(&self, lines: &'l [u8]) -> &'l [u8] {
        let size = self.segment.size();
        let room = match self.config.rotation.max_size {
            Some(max) => usize::try_from(max.saturating_sub(size)).unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        if lines.len() <= room {
            return lines;
        }
        let newline = |byte: &u8| *byte == b'\n';
        let end = match lines[..room].iter().rposition(newline) {
            Some(last) => last + 1,
            None if size == 0 => lines.iter().position(newline).map_or(0, |first| first + 1),
            None => 0,
        };
        &lines[..end]
    }

    /// What was appended since last asked, for somebody to make it survive a power failure.
    pub(crate) fn take_unsynced(&mut self) -> Unsynced {
        let mut unsynced = std::mem::take(&mut self.unsynced);
        unsynced.push(self.segment.take_unsynced());
        unsynced
    }

    /// Among the lines that are appended until this is called again, some may tell of lost events: seals count them.
    pub(crate) fn expect_losses(&mut self, expected: bool) {
        self.tells_losses = expected;
    }

    /// Has the lines hashed by a thread of its own from now on, if they are hashed.
    pub(crate) fn hash_apart(&mut self) -> Result<(), Error> {
        if let Some(sealing) = self.sealing.take() {
            let apart = sealing.set_apart().map_err(|error| {
                let what = "cannot start the thread that hashes the lines of the trail in";
                Error::io(what, &self.config.dir, error)
            })?;
            self.sealing = Some(apart);
        }
        Ok(())
    }

    /// How far the tree has grown by all that was appended, as soon as that is hashed, if it is.
    pub(crate) fn grown(&mut self) -> Option<Receiver<Grown>> {
        self.sealing.as_mut().map(Sealing::grown)
    }

    /// Makes what was appended survive a power failure, right here.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        let mut unsynced = self.take_unsynced();
        let result = unsynced.sync();
        self.unsynced = unsynced;
        result
    }

    /// What the trail holds from the event `seq` on or, where that is not known, in about the last `bytes` bytes.
    pub(crate) fn since(&self, seq: Option<u64>, bytes: u64) -> Result<Since, Error> {
        // Nothing that the start needs is encrypted, unless the mark of the journal was lost: then what can be read has to do.
        let files: Vec<_> = all_segments(&self.config)?
            .into_iter()
            .filter_map(|name| stored_of(&self.config, name))
            .filter(|stored| stored.form != Form::Encrypted)
            .collect();
        let read = match seq {
            Some(seq) => Since::read(&files, seq),
            None => since::file_before(&files, bytes).and_then(|at| Since::read(&files[at..], 0)),
        };
        read.map_err(|error| Error::io("cannot read the trail in", &self.config.dir, error))
    }

    /// The directory of what is Vigil's own.
    pub(crate) fn inner_dir(&self) -> PathBuf {
        inner_dir(&self.config)
    }

    /// The directory of the trail, as it was found at the start.
    pub(crate) fn dir(&self) -> &Path {
        &self.config.dir
    }

    /// Goes on in the file of the day if the day has changed. A clock that was stepped back changes nothing: lines
    /// stand in the order of their numbers, so the newest file stays the newest.
    fn begin_new_day(&mut self) -> Result<(), Error> {
        if self.config.rotation.daily == Daily::Off {
            return Ok(());
        }
        let today = self.calendar.date(self.clock.unix_nanos());
        if today > self.segment.name.date {
            self.rotate_to(SegmentName::first_of(today))?;
        }
        Ok(())
    }

    fn rotate_to(&mut self, name: SegmentName) -> Result<(), Error> {
        let mut name = name;
        // With daily rotation off, the next file by size still carries the day on which it begins.
        let today = self.calendar.date(self.clock.unix_nanos());
        if today > name.date {
            name = SegmentName::first_of(today);
        }
        // A file is whole on the disk before there is a later one: a power failure shortens the end of the trail, and
        // leaves no gap within it.
        self.sync()?;
        let new = create(&self.config, name)?;
        self.leave_for(new);
        Ok(())
    }

    /// What was appended to the file before is still to be synced, whatever becomes of it.
    fn leave_for(&mut self, segment: Segment) {
        self.unsynced.push(self.segment.take_unsynced());
        if let Some(sealing) = &mut self.sealing {
            sealing.turn(segment.name.file_name(&self.config.name));
        }
        self.segment = segment;
    }

    /// From the newest file that holds anything.
    fn find_next_seq(&mut self, names: &[SegmentName]) -> Result<u64, Error> {
        for name in names.iter().rev() {
            let path = self.config.dir.join(name.file_name(&self.config.name));
            let resume = if *name == self.segment.name {
                let size = self.segment.size();
                let resume = tail::next_seq(self.segment.file(), size);
                self.segment.cut(size).and(resume)
            } else {
                std::fs::File::open(&path).and_then(|file| {
                    let size = tail::whole_lines(&file)?;
                    tail::next_seq(&file, size)
                })
            };
            let resume =
                resume.map_err(|error| Error::io("cannot find the last event in", &path, error))?;
            if let Some(resume) = resume {
                if resume.foreign > 0 {
                    self.notes.push(format!(
                        "the last {} lines of {} are not events; they are counted as if they were",
                        resume.foreign,
                        path.display()
                    ));
                }
                return Ok(resume.seq);
            }
        }
        // All that holds an event has been compressed.
        let places = Places::of_trail(&self.config.dir);
        let sealed = all_segments(&self.config)?
            .into_iter()
            .rev()
            .find_map(|name| {
                let path = places.seal(&name.file_name(&self.config.name));
                SealFile::parse(&std::fs::read_to_string(path).ok()?).ok()
            });
        Ok(sealed.map_or(0, |file| file.seal.end()))
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trail")
            .field("segment", &self.segment)
            .field("next_seq", &self.next_seq)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for AppendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
