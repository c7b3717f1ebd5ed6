//! Removing what is due, so that it can be told from a theft at any time: the event that tells of it is in the trail,
//! signed, before the first file goes.
//!
//! In this order: a note of what is about to be told; the event, on disk and under a checkpoint; its line in a file of its
//! own; then the files of the segments; then the note goes. Whenever the process dies, the next run goes on from what it
//! finds, and nothing is believed but the event in the tree.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::{Action, Claim, Claims, Now, Plan, plan_at};
use super::policy::Retention;
use crate::disk::{create_directory, is_missing, private, replace_file, sync_directory};
use crate::trail::evidence::{MOST_SEGMENTS, Places, Purge, Purged};
use crate::trail::{ClosedSegment, ClosedTrail, files_of_segment, find_covered, is_covered};
use crate::{Error, EventId};

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Applied {
    /// The segments that went.
    pub segments: Vec<String>,
    /// Their events.
    pub events: u64,
    /// The bytes of their files.
    pub bytes: u64,
    /// The numbers of the events `audit_retention_purged` that tell of it.
    pub told_by: Vec<u64>,
    /// Segments that an earlier event tells of, and that went only now: the process had died in between, or something had
    /// kept them.
    pub finished: Vec<String>,
    /// Why nothing was removed, although something is due.
    pub stopped_by: Vec<String>,
    /// What is due and stays, with what keeps it.
    pub kept: Vec<(String, Vec<String>)>,
    /// Why the files are larger than `max_size`, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_large: Option<String>,
    /// The rules that were applied.
    pub policy: String,
}

impl Applied {
    /// What somebody should look after: neither a legal hold nor a profile, which are there to keep something.
    pub(crate) fn trouble(&self) -> Option<String> {
        let kept = self.kept.iter().flat_map(|(_, by)| by);
        let mut by_sinks = kept.filter(|by| by.starts_with("sink "));
        let stopped = self.stopped_by.first().or_else(|| by_sinks.next());
        stopped.or(self.too_large.as_ref()).cloned()
    }
}

/// What is to be done.
pub(crate) struct Order<'o> {
    pub(crate) dir: &'o Path,
    pub(crate) retention: &'o Retention,
    pub(crate) operator: &'o str,
    pub(crate) now: Now,
    /// The sinks of this process.
    pub(crate) running: &'o [Claim],
}

/// Writes events into the trail.
pub(crate) trait Teller {
    /// An event that is told from now on has this number or a higher one.
    fn next_seq(&self) -> u64;

    /// Writes the event `audit_retention_purged` of this id: when this returns, it is in the trail, safe on disk, and
    /// covered by a checkpoint.
    fn tell(&mut self, id: EventId, parameters: &Value) -> Result<(), Error>;
}

/// The note of an event that is about to be told.
#[derive(Serialize, Deserialize)]
struct Pending {
    event_id: String,
    /// It has this number or a higher one.
    from: u64,
}

/// Held while somebody removes files of closed segments, or puts others in their place; given back when its process ends.
pub(crate) struct Turn(#[allow(dead_code, reason = "held")] File);

impl Turn {
    pub(crate) fn take(places: &Places) -> Result<Self, Error> {
        // At the start of an engine it finishes what was left.
        const PATIENCE: Duration = Duration::from_secs(10);
        let deadline = Instant::now() + PATIENCE;
        let dir = places.retention_dir();
        let path = dir.join("lock");
        let failed = |error| Error::io("cannot lock", &path, error);
        create_directory(&dir).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private(&mut options);
        let file = options.open(&path).map_err(failed)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(Error::already_running(format!(
            "somebody else applies retention to the trail in {} at this moment, or compresses it; try again later",
            places.inner().parent().unwrap_or(places.inner()).display()
        )))
    }
}

/// Removes what is due. The trail is one that holds all that its journal held: its process runs, or it was opened.
pub(crate) fn run(order: &Order<'_>, teller: &mut dyn Teller) -> Result<Applied, Error> {
    order.retention.check()?;
    let dir = order.dir;
    let places = Places::of_trail(dir);
    let _turn = Turn::take(&places)?;
    finish_telling(dir, &places)?;
    let finished = remove_told(order, None)?;
    let closed = ClosedTrail::look(dir)?;
    let claims = Claims::on(dir, order.running);
    let plan = plan_at(dir, &closed, order.retention, &claims, order.now);
    let mut applied = Applied {
        segments: Vec::new(),
        events: 0,
        bytes: 0,
        told_by: Vec::new(),
        finished,
        stopped_by: Vec::new(),
        kept: kept(&plan),
        too_large: plan.too_large(),
        policy: plan.policy.clone(),
    };
    if plan.is_stopped() {
        applied.stopped_by.clone_from(&plan.stopped_by);
    }
    let reasons = plan
        .due()
        .map(|segment| (segment.name.as_str(), segment.reason.as_str()));
    let due: Vec<(&ClosedSegment, &str)> = reasons
        .filter_map(|(name, reason)| {
            let mut segments = closed.segments.iter();
            Some((segments.find(|segment| segment.name == name)?, reason))
        })
        .collect();
    for batch in due.chunks(MOST_SEGMENTS) {
        let event = tell(order, &places, batch, teller)?;
        applied.told_by.push(event);
        for name in remove_told(order, Some(event))? {
            if let Some((segment, _)) = batch.iter().find(|(segment, _)| segment.name == name) {
                applied.events += segment.count;
                applied.bytes += segment.size;
            }
            applied.segments.push(name);
        }
    }
    Ok(applied)
}

fn kept(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let blocked = plan
        .segments
        .iter()
        .filter(|segment| segment.action == Action::Blocked);
    blocked
        .map(|segment| (segment.name.clone(), segment.kept_by.clone()))
        .collect()
}

/// Has the trail tell of these segments, and keeps the line. Gives back the number of the event.
fn tell(
    order: &Order<'_>,
    places: &Places,
    batch: &[(&ClosedSegment, &str)],
    teller: &mut dyn Teller,
) -> Result<u64, Error> {
    let segments = batch.iter().map(|(segment, reason)| segment.named(reason));
    let purged = Purged {
        policy: order.retention.to_string(),
        operator: order.operator.to_owned(),
        events: batch.iter().map(|(segment, _)| segment.count).sum(),
        segments: segments.collect(),
    };
    let id = EventId::new(u64::try_from(order.now.time.as_nanosecond()).unwrap_or(0));
    let pending = Pending {
        event_id: id.to_string(),
        from: teller.next_seq(),
    };
    let path = places.pending_purge();
    let failed = |error| Error::io("cannot note what is about to be removed in", &path, error);
    let (text, parameters) = (serde_json::to_vec(&pending), serde_json::to_value(&purged));
    let (text, parameters) = text
        .and_then(|text| Ok((text, parameters?)))
        .map_err(|error| failed(error.into()))?;
    create_directory(&places.purges_dir())
        .and_then(|()| replace_file(&path, &text))
        .and_then(|()| sync_directory(places.inner()))
        .map_err(failed)?;
    teller.tell(id, &parameters)?;
    match finish_telling(order.dir, places)? {
        Some(event) => Ok(event),
        None => Err(Error::trail(format!(
            "the event that tells of what is removed from the trail in {} did not get into it, so nothing is removed",
            order.dir.display()
        ))),
    }
}

/// Keeps the line of the event that was about to be told when somebody was broken off, if it got into the trail. Gives back
/// its number.
fn finish_telling(dir: &Path, places: &Places) -> Result<Option<u64>, Error> {
    let path = places.pending_purge();
    let failed = |error| Error::io("cannot read", &path, error);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    // One that is none was not written by us, and nothing hangs on it: what was told is told again.
    let pending = serde_json::from_slice::<Pending>(&bytes).ok();
    let wanted = pending.and_then(|pending| Some((pending.event_id.parse().ok()?, pending.from)));
    let mut event = None;
    if let Some((id, from)) = wanted
        && let Some((index, line)) = find_covered(dir, id, from)?
        && let Ok(purge) = Purge::parse(index, &line)
    {
        purge
            .keep(places)
            .map_err(|error| Error::io("cannot keep an event in", &places.purges_dir(), error))?;
        event = Some(index);
    }
    fs::remove_file(&path)
        .and_then(|()| sync_directory(&places.purges_dir()))
        .map_err(|error| Error::io("cannot remove", &path, error))?;
    Ok(event)
}

/// Removes the files of segments of which an event tells that is proved, and that nothing claims any more: of all such
/// events, or of one. Gives back the names of the segments.
fn remove_told(order: &Order<'_>, only: Option<u64>) -> Result<Vec<String>, Error> {
    let dir = order.dir;
    let closed = ClosedTrail::look(dir)?;
    // As they are now: a hold may have been placed since.
    let claims = Claims::on(dir, order.running);
    let mut removed = Vec::new();
    if !claims.stopped_by.is_empty() {
        return Ok(removed);
    }
    for purge in &closed.purges.all {
        if only.is_some_and(|only| only != purge.event) {
            continue;
        }
        let left: Vec<_> = closed.left_by(purge).collect();
        if left.is_empty() || !is_covered(dir, purge.event, &purge.line)? {
            continue;
        }
        for segment in left {
            if removed.contains(&segment.name) || !claims.of(segment).is_empty() {
                continue;
            }
            for file in files_of_segment(dir, &segment.name)? {
                match fs::remove_file(&file) {
                    Err(error) if !is_missing(&error) => {
                        return Err(Error::io("cannot remove", &file, error));
                    }
                    _ => {}
                }
            }
            removed.push(segment.name.clone());
        }
    }
    if !removed.is_empty() {
        sync_directory(dir).map_err(|error| Error::io("cannot sync", dir, error))?;
    }
    Ok(removed)
}
