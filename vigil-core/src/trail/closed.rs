//! The closed segments of a trail and what is known of each without reading a line: by their seals, each of which has to
//! be signed and to follow from the one before. Whoever removes something goes by nothing less.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::evidence::{Places, Purge, PurgedSegment, Purges};
use super::verify::{Form, Layout, files_of, own_keys};
use crate::Error;

/// Of a trail, what retention has to know.
#[derive(Debug)]
pub(crate) struct Closed {
    /// What it is called, in the names of its files.
    pub(crate) name: String,
    /// The sealed segments that hold events, the oldest first, also those that are gone.
    pub(crate) segments: Vec<ClosedSegment>,
    /// What retention has removed so far, as it was kept; not proved.
    pub(crate) purges: Purges,
    /// The bytes of the files of segments that are not sealed.
    pub(crate) open_size: u64,
    /// Of each file that is not sealed, the times of its first and its last event.
    pub(crate) open_times: Vec<(Timestamp, Timestamp)>,
}

/// A segment that is sealed.
#[derive(Debug, Clone)]
pub(crate) struct ClosedSegment {
    pub(crate) name: String,
    /// The number of its first event.
    pub(crate) first: u64,
    pub(crate) count: u64,
    pub(crate) root: super::tree::Hash,
    pub(crate) first_time: Option<Timestamp>,
    pub(crate) last_time: Option<Timestamp>,
    /// As it stands in the line.
    pub(crate) last_stamp: Option<String>,
    /// Its categories; `None` where the seal does not tell of all its lines.
    pub(crate) categories: Option<BTreeMap<String, u64>>,
    /// What holds its lines; none if they are gone.
    pub(crate) files: Vec<PathBuf>,
    /// The bytes of these.
    pub(crate) size: u64,
    /// It cannot be read without a key.
    pub(crate) is_encrypted: bool,
    /// The event that says that it was removed, if there is one; not proved.
    pub(crate) purged_by: Option<u64>,
}

impl ClosedSegment {
    /// The number behind its last event.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }

    /// As an event names it that tells of its removal.
    pub(crate) fn named(&self, reason: &str) -> PurgedSegment {
        PurgedSegment {
            segment: self.name.clone(),
            first: self.first,
            count: self.count,
            root: self.root,
            last_time: self.last_stamp.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl Closed {
    /// Looks at the trail in a directory.
    pub(crate) fn look(dir: &Path) -> Result<Self, Error> {
        let places = Places::of_trail(dir);
        let layout = Layout::look(dir, None)?;
        let purges = Purges::look(&places)
            .map_err(|error| Error::io("cannot read", &places.purges_dir(), error))?;
        if let Some(finding) = layout.findings.first() {
            return Err(doubtful(dir, &finding.to_string()));
        }
        let (keys, _) = own_keys(&places);
        let mut closed = Self {
            name: layout.name,
            segments: Vec::with_capacity(layout.slots.len()),
            purges,
            open_size: 0,
            open_times: Vec::new(),
        };
        let (mut end, mut previous) = (0, None);
        for slot in &layout.slots {
            let stored = || slot.stored.iter().chain(&slot.copies);
            let size = stored().map(|stored| stored.size).sum();
            let Some(file) = &slot.seal else {
                closed.open_size += size;
                closed
                    .open_times
                    .extend(slot.stored.as_ref().and_then(ends));
                continue;
            };
            let seal = &file.seal;
            let wrong = if seal.segment != slot.segment {
                Some("it is the seal of another segment".to_owned())
            } else if seal.first != end || seal.previous != previous {
                Some("it does not follow from the seal before".to_owned())
            } else {
                file.verify(&keys).err().map(|error| error.to_string())
            };
            if let Some(wrong) = wrong {
                return Err(doubtful(
                    dir,
                    &format!("the seal of {}: {wrong}", slot.segment),
                ));
            }
            (end, previous) = (seal.end(), Some(file.hash()));
            if seal.count == 0 {
                continue;
            }
            let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
            let counted: u64 = seal.categories.values().sum();
            closed.segments.push(ClosedSegment {
                name: slot.segment.clone(),
                first: seal.first,
                count: seal.count,
                root: seal.root,
                first_time: time(&seal.first_time),
                last_time: time(&seal.last_time),
                last_stamp: seal.last_time.clone(),
                categories: (counted == seal.count).then(|| seal.categories.clone()),
                files: stored().map(|stored| stored.path.clone()).collect(),
                size,
                is_encrypted: stored().all(|stored| stored.form == Form::Encrypted),
                purged_by: closed.purges.of(seal).last().map(|purge| purge.event),
            });
        }
        Ok(closed)
    }

    /// The segments that an event says were removed, and that are still there.
    pub(crate) fn left_by<'s>(
        &'s self,
        purge: &'s Purge,
    ) -> impl Iterator<Item = &'s ClosedSegment> {
        let named = &purge.what.segments;
        self.segments.iter().filter(move |segment| {
            let is_it = |named: &PurgedSegment| {
                (&named.segment, named.first, named.root)
                    == (&segment.name, segment.first, segment.root)
            };
            !segment.files.is_empty() && named.iter().any(is_it)
        })
    }
}

/// The files that hold the lines of a segment as of now, in whatever form.
pub(crate) fn files(dir: &Path, segment: &str) -> Result<Vec<PathBuf>, Error> {
    files_of(dir, segment)
}

fn doubtful(dir: &Path, what: &str) -> Error {
    Error::trail(format!(
        "the trail in {} is not what was signed ({what}), so nothing is removed from it; `vigil verify` says what happened",
        dir.display()
    ))
}

/// The times of the first and the last event in a file that is written to.
fn ends(stored: &super::verify::Stored) -> Option<(Timestamp, Timestamp)> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    const BLOCK: u64 = 2 * (super::MAX_LINE as u64 + 1);
    if stored.form != Form::Plain || !stored.is_file {
        return None;
    }
    let mut file = std::fs::File::open(&stored.path).ok()?;
    let mut block = Vec::new();
    file.by_ref().take(BLOCK).read_to_end(&mut block).ok()?;
    let first = block.split(|byte| *byte == b'\n').find_map(time_of)?;
    block.clear();
    let size = file.seek(SeekFrom::End(0)).ok()?;
    file.seek(SeekFrom::Start(size.saturating_sub(BLOCK)))
        .ok()?;
    file.take(BLOCK).read_to_end(&mut block).ok()?;
    let last = block.rsplit(|byte| *byte == b'\n').find_map(time_of)?;
    Some((first, last))
}

fn time_of(line: &[u8]) -> Option<Timestamp> {
    #[derive(serde::Deserialize)]
    struct Line {
        timestamp: String,
    }
    let line: Line = serde_json::from_slice(line).ok()?;
    line.timestamp.parse().ok()
}
