//! The check of a trail again and again, while it is written: what was read once and has not changed is not read again.

use std::collections::{HashMap, HashSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::options::KeptNote;
use super::{Layout, SegmentState, Slot, Verdict, VerifyOptions, VerifyReport, verify};
use crate::Error;
use crate::disk::Identity;
use crate::trail::evidence::{Checkpoints, Places};

/// Checks a trail repeatedly.
///
/// Each look verifies what has come since the one before, and whatever else is not as it was: a segment that was read is
/// known by its file, its size, and when the file was changed. From the first look on the trail is held against the keys
/// and the newest checkpoint that were seen then, so that one which is rolled back, or rewritten and signed anew, in
/// between is found out, also by another key.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{RepeatedVerify, Verdict, VerifyOptions};
///
/// let mut watch = RepeatedVerify::new("logs/audit", VerifyOptions::new());
/// loop {
///     if let Some(report) = watch.look()? && report.verdict != Verdict::Intact {
///         eprintln!("{:?}", report.first());
///         break;
///     }
///     std::thread::sleep(std::time::Duration::from_secs(10));
/// }
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug)]
pub struct RepeatedVerify<'p> {
    dir: PathBuf,
    options: VerifyOptions<'p>,
    /// All files that speak of the trail, as they were before the look that has read them.
    seen: Option<HashMap<PathBuf, Stamp>>,
    /// Closed segments that were read, and were right.
    right: HashSet<String>,
    read_all_every: Duration,
    read_all_at: Option<Instant>,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    identity: Identity,
    size: u64,
    modified: Option<SystemTime>,
    /// That of the file's description, which nobody can set.
    #[cfg(unix)]
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            identity: Identity::of(metadata),
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl<'p> RepeatedVerify<'p> {
    /// Of the trail in a directory. The first look reads all that the options ask for.
    pub fn new(dir: impl AsRef<Path>, options: VerifyOptions<'p>) -> Self {
        Self {
            dir: dir.as_ref().to_owned(),
            options,
            seen: None,
            right: HashSet::new(),
            read_all_every: Duration::from_secs(24 * 60 * 60),
            read_all_at: None,
        }
    }

    /// How often all is read again, whatever its files say; a day if nothing else is said.
    #[must_use]
    pub fn read_all_every(mut self, time: Duration) -> Self {
        self.read_all_every = time;
        self
    }

    /// Verifies what has changed since the last look; `None` if nothing has.
    ///
    /// What is found to be wrong is read again at the next look.
    ///
    /// # Errors
    ///
    /// As [`verify`].
    pub fn look(&mut self) -> Result<Option<VerifyReport>, Error> {
        let is_due = self
            .read_all_at
            .is_none_or(|at| at.elapsed() >= self.read_all_every);
        if is_due {
            (self.seen, self.right) = (None, HashSet::new());
            self.read_all_at = Some(Instant::now());
        }
        // Before it is read: what changes while it is read is read again.
        let layout = Layout::look(&self.dir, self.options.name.as_deref())?;
        let now = stamps(&self.dir, &layout.slots);
        if self.seen.as_ref() == Some(&now) {
            return Ok(None);
        }
        let seen = self.seen.take().unwrap_or_default();
        let places = Places::of_trail(&self.dir);
        let is_same = |slot: &Slot| {
            let same = |path: &PathBuf| seen.get(path) == now.get(path);
            let stored = slot.stored.as_ref().map(|stored| &stored.path);
            stored.is_some_and(|path| seen.contains_key(path) && same(path))
                && same(&places.seal(&slot.segment))
                && same(&places.hashes(&slot.segment))
        };
        let slots = layout.slots.iter();
        let unchanged = slots.filter(|slot| self.right.contains(&slot.segment) && is_same(slot));
        self.options.unchanged = unchanged.map(|slot| slot.segment.clone()).collect();
        let newest = Checkpoints::new(&places).latest();
        let report = verify(&self.dir, &self.options)?;
        if report.verdict == Verdict::Intact {
            self.remember(&report, newest.ok().flatten())?;
            self.seen = Some(now);
        } else {
            self.right.clear();
        }
        Ok(Some(report))
    }

    fn remember(&mut self, report: &VerifyReport, newest: Option<String>) -> Result<(), Error> {
        let closed = report.segments.iter().filter(|segment| {
            let passed = self.options.unchanged.contains(&segment.name);
            segment.sealed && (segment.state == SegmentState::Intact || passed)
        });
        self.right = closed.map(|segment| segment.name.clone()).collect();
        if self.options.keys.is_empty() {
            let mut options = std::mem::take(&mut self.options);
            for key in &report.keys {
                options = options.key(key)?;
            }
            self.options = options;
        }
        if let Some(newest) = newest {
            self.options.kept = vec![KeptNote::new(newest, None)];
        }
        Ok(())
    }
}

/// What is not there has no stamp.
fn stamps(dir: &Path, slots: &[Slot]) -> HashMap<PathBuf, Stamp> {
    let places = Places::of_trail(dir);
    let of_slots = slots.iter().flat_map(|slot| {
        let stored = slot.stored.as_ref().map(|stored| stored.path.clone());
        let others = [places.seal(&slot.segment), places.hashes(&slot.segment)];
        stored.into_iter().chain(others)
    });
    let of_trail = [places.checkpoint(), places.checkpoints(), places.epochs()];
    of_slots
        .chain(of_trail)
        .filter_map(|path| {
            let metadata = fs::symlink_metadata(&path).ok()?;
            Some((path, Stamp::of(&metadata)))
        })
        .collect()
}
