//! What retention has removed: for each event `audit_retention_purged` its line, in a file of its own, so that it is found
//! without reading the trail, and stays when its own segment is removed one day.
//!
//! A file here proves nothing. It counts when its line is the leaf of that number in the tree, under a signature.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use super::hex;
use super::places::Places;
use crate::disk::{create_directory, is_missing, replace_file};
use crate::trail::MAX_LINE;
use crate::trail::evidence::Seal;
use crate::trail::tree::{Hash, leaf_hash};

/// The reserved operation that tells of removed segments.
pub(crate) const RETENTION_PURGED: &str = "audit_retention_purged";

/// So many segments are named by one event at most: a line has its length.
pub(crate) const MOST_SEGMENTS: usize = 64;

/// The parameters of the event: what was removed, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Purged {
    /// The rule by which it went.
    pub(crate) policy: String,
    /// Who had it done.
    pub(crate) operator: String,
    pub(crate) events: u64,
    pub(crate) segments: Vec<PurgedSegment>,
}

/// A segment whose lines are gone, named so that its seal is meant and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PurgedSegment {
    /// The name of its file as it was written.
    pub(crate) segment: String,
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// The root of the tree at its end.
    #[serde(with = "hex")]
    pub(crate) root: Hash,
    /// The timestamp of its last event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_time: Option<String>,
    /// Why: `age`, `size`.
    pub(crate) reason: String,
}

/// An event as it was kept.
#[derive(Debug, Clone)]
pub(crate) struct Purge {
    /// Its number in the trail.
    pub(crate) event: u64,
    /// Its line without the newline.
    pub(crate) line: Vec<u8>,
    pub(crate) time: String,
    pub(crate) what: Purged,
}

/// All that were kept beside a trail.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purges {
    /// The oldest first.
    pub(crate) all: Vec<Purge>,
    /// Files that are no such event, with why.
    pub(crate) others: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    timestamp: String,
    seq: u64,
    action: Action,
    source: Source,
}

#[derive(Deserialize)]
struct Action {
    category: String,
    operation: String,
    parameters: Purged,
}

#[derive(Deserialize)]
struct Source {
    module: String,
}

impl PurgedSegment {
    /// Whether the segment of this seal is meant.
    pub(crate) fn is(&self, seal: &Seal) -> bool {
        (self.segment.as_str(), self.first, self.count, self.root)
            == (seal.segment.as_str(), seal.first, seal.count, seal.root)
    }
}

impl Purge {
    /// Reads the line of the event of this number.
    pub(crate) fn parse(event: u64, line: &[u8]) -> Result<Self, String> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let read: Line = serde_json::from_slice(line)
            .map_err(|error| format!("it is no event {RETENTION_PURGED}: {error}"))?;
        let Action {
            category,
            operation,
            parameters,
        } = read.action;
        let is_ours = category == "SYSTEM" && read.source.module == "vigil";
        if operation != RETENTION_PURGED || !is_ours || read.seq != event {
            return Err(format!(
                "it is not the event {RETENTION_PURGED} of number {event}"
            ));
        }
        Ok(Self {
            event,
            line: line.to_vec(),
            time: read.timestamp,
            what: parameters,
        })
    }

    pub(crate) fn leaf(&self) -> Hash {
        leaf_hash(&self.line)
    }

    /// Keeps the line, so that it is there after a power failure.
    pub(crate) fn keep(&self, places: &Places) -> io::Result<()> {
        create_directory(&places.purges_dir())?;
        let path = places.purges_dir().join(format!("{}.json", self.event));
        replace_file(&path, &[self.line.as_slice(), b"\n"].concat())
    }
}

impl Purges {
    /// Reads what there is. What somebody else has put there is passed over, and told in `others`.
    pub(crate) fn look(places: &Places) -> io::Result<Self> {
        let mut purges = Self::default();
        let entries = match fs::read_dir(places.purges_dir()) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(purges),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(event) = name.and_then(number) else {
                continue;
            };
            let metadata = match fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(error),
            };
            let read = if metadata.is_file() && metadata.len() <= MAX_LINE as u64 + 1 {
                Purge::parse(event, &fs::read(&path)?)
            } else {
                Err("it is no file of one line".to_owned())
            };
            match read {
                Ok(purge) => purges.all.push(purge),
                Err(why) => purges
                    .others
                    .push(format!(".vigil/purges/{event}.json: {why}")),
            }
        }
        purges.all.sort_by_key(|purge| purge.event);
        Ok(purges)
    }

    /// The events that say that the segment of this seal was removed.
    pub(crate) fn of<'s>(&'s self, seal: &'s Seal) -> impl Iterator<Item = &'s Purge> {
        self.all.iter().filter(|purge| {
            // Only what stands behind a segment can speak of its end.
            purge.event >= seal.end() && purge.what.segments.iter().any(|segment| segment.is(seal))
        })
    }

    /// The event that says of all events from one to before another that they were removed, one after the other; the last
    /// of several.
    pub(crate) fn covering(&self, from: u64, to: u64) -> Option<&Purge> {
        let mut at = from;
        let mut last = None;
        while at < to {
            let (purge, end) = self.all.iter().find_map(|purge| {
                let segments = purge.what.segments.iter();
                let mut ends = segments.filter_map(|segment| {
                    let end = segment.first.checked_add(segment.count)?;
                    (segment.first <= at && at < end).then_some(end)
                });
                Some((purge, ends.next()?))
            })?;
            at = end;
            last = Some(purge);
        }
        last
    }
}

/// `1041.json`
fn number(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".json")?;
    let number: u64 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}
