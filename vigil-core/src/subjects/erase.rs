//! Erasure: the key of a subject is destroyed, and the trail tells that it was.
//!
//! Killed at any point, an erasure is completed by whoever calls it again: what is to be told of it lies in the store
//! before anything is destroyed, and is removed when the note to the trail is safe on disk.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::files::Files;
use crate::engine::{leave_note_as, now};
use crate::error::Error;
use crate::event::EventId;
use crate::trail::{Left, Note, NoteKind, Proof, TrailReader, Which, find_covered, holds, prove};

/// How long the event may take to get under a checkpoint.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(50);
/// How long copies of a store live if nobody says.
const BACKUP_DAYS: u32 = 30;

/// Why and for whom a subject is erased: what the trail tells of it.
///
/// # Examples
///
/// ```
/// use vigil_core::trail::subjects::Erasure;
///
/// let erasure = Erasure::new("GDPR Art. 17(1)(b)").request_id("R-2026-118").operator("dpo");
/// # let _ = erasure;
/// ```
#[derive(Debug, Clone)]
pub struct Erasure {
    basis: String,
    request_id: Option<String>,
    operator: Option<String>,
    backup_days: u32,
}

impl Erasure {
    /// On this legal basis, or for this reason.
    #[must_use]
    pub fn new(basis: impl Into<String>) -> Self {
        Self {
            basis: basis.into(),
            request_id: None,
            operator: None,
            backup_days: BACKUP_DAYS,
        }
    }

    /// By what the request is known. It stands in the trail, so it should not be a name.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Who decided it; the user that the process runs as is told in any case.
    #[must_use]
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// How many days copies of the store of keys are kept; 30 if it is not said. The erasure is complete when the last
    /// copy that holds the key is gone.
    #[must_use]
    pub fn backup_days(mut self, days: u32) -> Self {
        self.backup_days = days;
        self
    }
}

/// What was erased.
#[derive(Debug)]
#[non_exhaustive]
pub struct Erased {
    /// The name of the key that is destroyed.
    pub kid: String,
    /// How many events of the trail held values under it when the erasure began.
    pub events: u64,
    /// How many more stood in segments that are encrypted, and could not be counted: what they hold under the key is erased
    /// all the same.
    pub unread: u64,
    /// Since when nothing under the key can be read with this store, in RFC 3339.
    pub effective: String,
    /// When the last copy of the store is gone that held the key, if copies are kept no longer than was said.
    pub complete: String,
    /// The event that tells of it.
    pub event: EventId,
    /// What has become of the note that makes the event.
    pub left: Left,
    /// The certificate: that event, its proof of inclusion and the checkpoint. None while the event is not under one, as
    /// where the program that writes the trail does not run; `vigil prove` gives it later.
    pub certificate: Option<Proof>,
}

/// An erasure that has begun, as it lies in the store.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    version: u32,
    digest: String,
    basis: String,
    request_id: Option<String>,
    operator: Option<String>,
    n_events: u64,
    #[serde(default)]
    n_unread: u64,
    effective: String,
    complete: String,
}

/// Destroys the key of a subject, and lets the trail tell of it as `audit_subject_erased`. What was encrypted under the key
/// cannot be read again; the lines, their hashes and all proofs stay as they are. Later events of the subject get a new
/// key, also from a program that is running.
///
/// # Errors
///
/// [`Error::is_refused`] if a legal hold of the trail keeps the subject; the trail tells of that as well.
/// [`Error::is_trail`] if there is no trail, no store, or no key of this subject in it. [`Error::is_io`] if something cannot
/// be written: then call it again.
///
/// # Examples
///
/// ```no_run
/// use vigil_core::trail::subjects::{Erasure, erase};
///
/// let erasure = Erasure::new("GDPR Art. 17(1)(b)").request_id("R-2026-118");
/// let erased = erase("logs/audit", "/var/lib/shop/keys", "u-17", &erasure)?;
/// println!("{} events, complete on {}", erased.events, erased.complete);
/// # Ok::<(), vigil_core::Error>(())
/// ```
pub fn erase(
    trail: impl AsRef<Path>,
    keys: impl AsRef<Path>,
    subject: &str,
    erasure: &Erasure,
) -> Result<Erased, Error> {
    let (trail, keys) = (trail.as_ref(), keys.as_ref());
    let files = Files::open(keys, false)?;
    let digest = files.digest(subject);
    if let Some((kid, begun)) = begun(&files, &digest)? {
        if files.key(&kid)?.is_some() {
            refuse_held(trail, subject)?;
        }
        let erased = complete(&files, trail, kid, begun)?;
        // Since the crash the subject may have got another key, and the request is about all there is.
        if files.kid_of(&digest)?.is_none() {
            return Ok(erased);
        }
    }
    let (kid, begun) = begin(&files, trail, subject, digest, erasure)?;
    complete(&files, trail, kid, begun)
}

/// Does what was begun: destroys the key, and tells of it.
fn complete(files: &Files, trail: &Path, kid: String, begun: Begun) -> Result<Erased, Error> {
    {
        let _locked = files.lock()?;
        files.destroy(&kid, &begun.digest, &begun.effective)?;
    }
    let mut note = Note::new(NoteKind::SubjectErased, "erase")
        .detail("kid", kid.as_str())
        .detail("basis", begun.basis.as_str())
        .detail("n_events", begun.n_events)
        .detail("effective", begun.effective.as_str())
        .detail("complete", begun.complete.as_str());
    if let Some(id) = &begun.request_id {
        note = note.detail("request_id", id.as_str());
    }
    if let Some(operator) = &begun.operator {
        note = note.detail("operator", operator.as_str());
    }
    if begun.n_unread > 0 {
        note = note.detail("n_unread", begun.n_unread);
    }
    let (lines, unread) = count(trail, None)?;
    let from = lines + unread;
    let (event, left) = leave_note_as(trail, &note)?;
    files.done_erasing(&kid)?;
    Ok(Erased {
        certificate: certificate(trail, event, from, &left),
        kid,
        events: begun.n_events,
        unread: begun.n_unread,
        effective: begun.effective,
        complete: begun.complete,
        event,
        left,
    })
}

/// An erasure of the subject that a crash has interrupted.
fn begun(files: &Files, digest: &str) -> Result<Option<(String, Begun)>, Error> {
    for kid in files.erasing()? {
        let Some(json) = files.read_erasing(&kid)? else {
            continue;
        };
        let begun: Begun = serde_json::from_str(&json).map_err(|_| {
            Error::trail(format!(
                "the erasure {kid} in {} is damaged",
                files.dir().display()
            ))
        })?;
        if begun.digest == digest {
            return Ok(Some((kid, begun)));
        }
    }
    Ok(None)
}

fn begin(
    files: &Files,
    trail: &Path,
    subject: &str,
    digest: String,
    erasure: &Erasure,
) -> Result<(String, Begun), Error> {
    refuse_held(trail, subject)?;
    let kid = files.kid_of(&digest)?.ok_or_else(|| {
        Error::trail(format!(
            "{} holds no key of this subject: nothing was encrypted for it, or it was erased before",
            files.dir().display()
        ))
    })?;
    let (n_events, n_unread) = count(trail, Some(&kid))?;
    let now = i128::from(now().1);
    let effective = Timestamp::from_nanosecond(now / 1_000_000_000 * 1_000_000_000)
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let kept = SignedDuration::from_hours(24 * i64::from(erasure.backup_days));
    let complete = effective.saturating_add(kept).unwrap_or(effective);
    let begun = Begun {
        version: 1,
        digest,
        basis: erasure.basis.clone(),
        request_id: erasure.request_id.clone(),
        operator: erasure.operator.clone(),
        n_events,
        n_unread,
        effective: effective.to_string(),
        complete: complete.to_string(),
    };
    let json = serde_json::to_vec(&begun).unwrap_or_default();
    let _locked = files.lock()?;
    // Counting takes its time, and a hold wins also at the last moment.
    refuse_held(trail, subject)?;
    files.put_erasing(&kid, &json)?;
    Ok((kid, begun))
}

fn refuse_held(trail: &Path, subject: &str) -> Result<(), Error> {
    let holds = holds::of_subject(trail, subject)?;
    let Some(hold) = holds.first() else {
        return Ok(());
    };
    let note = Note::new(NoteKind::SubjectErased, "erase").denied();
    leave_note_as(trail, &note.detail("hold", hold.id.as_str()))?;
    Err(Error::refused(format!(
        "a legal hold keeps this subject: {}; `vigil hold list` shows it",
        hold.id
    )))
}

/// How many events of the trail hold values under a key; all of them without one. And how many more stand in segments that
/// are encrypted, to which whoever erases has no key.
fn count(trail: &Path, kid: Option<&str>) -> Result<(u64, u64), Error> {
    let mut lines = TrailReader::open(trail)?.pass_locked();
    let mut events = 0;
    let wanted = kid.map(|kid| format!("\"kid\":\"{kid}\""));
    let finder = wanted.as_deref().map(memchr::memmem::Finder::new);
    while let Some(block) = lines.next_lines()? {
        events += match &finder {
            None => memchr::memchr_iter(b'\n', block).count() as u64,
            Some(finder) => {
                let lines = block.split(|byte| *byte == b'\n');
                lines.filter(|line| finder.find(line).is_some()).count() as u64
            }
        };
    }
    Ok((events, lines.locked()))
}

fn certificate(trail: &Path, event: EventId, from: u64, left: &Left) -> Option<Proof> {
    let begin = Instant::now();
    loop {
        if find_covered(trail, event, from).is_ok_and(|found| found.is_some()) {
            return prove(trail, Which::Id(event)).ok();
        }
        if *left != Left::Handed || begin.elapsed() > PATIENCE {
            return None;
        }
        std::thread::sleep(STEP);
    }
}
