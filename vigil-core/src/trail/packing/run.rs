//! Goes through the closed segments of a trail, one at a time: mends what a broken-off run has left, and packs what is not
//! yet as it is to be.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use serde::Serialize;

use super::keys::recipients;
use super::options::{PackOptions, Packing};
use super::publish::{Closed, Obstacle};
use super::unfinished::UNFINISHED;
use crate::Error;
use crate::disk::{is_own, private, sync_directory};
use crate::journal::JournalFile;
use crate::sink::cursors;
use crate::trail::evidence::Places;
use crate::trail::quiet::name_of;
use crate::trail::tree::Peaks;
use crate::trail::verify::{Form, Layout};

/// What [`pack`] has done.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Packed {
    /// The files that were made, by their names.
    pub made: Vec<String>,
    /// The bytes of the files in whose place they are.
    pub before: u64,
    /// And their own.
    pub after: u64,
    /// What an earlier run had left that was broken off, and what was done about it.
    pub mended: Vec<String>,
    /// Segments that are to be encrypted and are not yet, and what still has to read them.
    pub waiting: Vec<String>,
    /// Segments that do not hold what was signed, and were left as they are.
    pub altered: Vec<String>,
}

/// From which event on somebody still has to read the trail who has no key.
#[derive(Debug, Clone)]
pub(crate) struct Needed {
    from: u64,
    by: String,
}

impl Needed {
    /// By the sinks that have cursors, by those of this process, and by the next start.
    pub(crate) fn look(dir: &Path, running: &[(String, u64)]) -> Result<Self, Error> {
        let places = Places::of_trail(dir);
        let mut needed = Self {
            from: u64::MAX,
            by: String::new(),
        };
        let mut by = |from: u64, who: String| {
            if from < needed.from {
                (needed.from, needed.by) = (from, who);
            }
        };
        for (sink, next_seq) in running {
            by(*next_seq, format!("sink {sink}"));
        }
        for cursor in cursors(dir)? {
            by(
                cursor.next_seq.unwrap_or(0),
                format!("sink {}", cursor.sink),
            );
        }
        let journal = JournalFile::needed_from(places.inner());
        let journal = journal
            .map_err(|error| Error::io("cannot read the journal in", places.inner(), error))?;
        if let Some(from) = journal {
            by(from, "the journal".to_owned());
        }
        if places.pending_purge().exists() {
            by(0, "retention".to_owned());
        }
        Ok(needed)
    }
}

/// Compresses the closed segments of the trail in a directory now, and encrypts them if there are recipients. The trail may
/// be in use.
///
/// Segments that are compressed already stay so, and are encrypted if that is asked for; what is encrypted stays as it is.
/// What a sink or the next start still has to read is compressed and not encrypted: it stands in [`Packed::waiting`].
///
/// # Errors
///
/// If there is no trail, if it belongs to another user, if somebody else is at it, or if something cannot be read or
/// written. The lines are there in any case.
pub fn pack(dir: impl AsRef<Path>, options: &PackOptions) -> Result<Packed, Error> {
    let dir = dir.as_ref();
    check_owner(dir)?;
    let needed = Needed::look(dir, &[])?;
    run(dir, &options.packing, &needed, &|| false)
}

/// Files that another user makes in a trail, the program that writes it could not read.
fn check_owner(dir: &Path) -> Result<(), Error> {
    name_of(dir)?;
    let places = Places::of_trail(dir);
    let failed = |error| Error::io("cannot look at", places.inner(), error);
    if is_own(places.inner()).map_err(failed)? {
        return Ok(());
    }
    Err(Error::trail(format!(
        "the trail in {} belongs to another user, and the program that writes it could not read what this one makes in it; \
         do it as that user",
        dir.display()
    )))
}

/// As [`pack`], until somebody wants it to stop.
pub(crate) fn run(
    dir: &Path,
    packing: &Packing,
    needed: &Needed,
    stop: &dyn Fn() -> bool,
) -> Result<Packed, Error> {
    let to = recipients(&packing.recipients)?;
    let places = Places::of_trail(dir);
    let layout = Layout::look(dir, None)?;
    let _turn = take_turn(&places)?;
    let mut packed = Packed::default();
    remove_unfinished(dir, &layout.name, &mut packed.mended)?;
    let without = packing.compressed_only();
    let mut before = Some(Peaks::default());
    for slot in &layout.slots {
        if stop() {
            break;
        }
        let Some(seal) = slot.seal.as_ref().map(|file| &file.seal) else {
            before = None;
            continue;
        };
        let follows = before
            .take()
            .filter(|tree| tree.size() == seal.first)
            .map(|before| Closed {
                dir,
                slot,
                seal,
                before,
                stop,
            });
        before = seal.tree();
        let Some(closed) = follows else {
            continue;
        };
        let is_needed = seal.end() > needed.from && seal.count > 0;
        let wanted = if is_needed { &without } else { packing };
        let result = (|| {
            let (source, mended) = closed.mend()?;
            packed.mended.extend(mended);
            let Some(source) = source else {
                return Ok(());
            };
            let name = source.path.file_name().unwrap_or_default();
            let name = name.to_string_lossy();
            if is_needed && !packing.is_met_by(&name) && without.is_met_by(&name) {
                packed.waiting.push(format!(
                    "{name} is not encrypted yet: {} still has to read it",
                    needed.by
                ));
            }
            if wanted.is_met_by(&name) {
                return Ok(());
            }
            let to = if is_needed { &[][..] } else { &to[..] };
            if let Some((path, size)) = closed.pack(&source, wanted, to)? {
                let made = path.file_name().unwrap_or_default();
                packed.made.push(made.to_string_lossy().into_owned());
                packed.before += source.size;
                packed.after += size;
            }
            Ok(())
        })();
        match result {
            Ok(()) => {}
            Err(Obstacle::Altered(what)) => packed.altered.push(what),
            Err(Obstacle::Failed(error)) => return Err(error),
            Err(Obstacle::Stopped) => break,
        }
    }
    Ok(packed)
}

/// Whether a look at the names alone says that there is something to do.
pub(crate) fn has_work(dir: &Path, packing: &Packing) -> bool {
    let places = Places::of_trail(dir);
    let Ok(entries) = fs::read_dir(dir) else {
        return false;
    };
    let mut forms = std::collections::HashSet::new();
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return false;
        };
        if is_unfinished(name) {
            return true;
        }
        let (_, segment) = Form::of_name(name);
        if !segment.starts_with("audit_") {
            return false;
        }
        let is_other_form = !forms.insert(segment.to_owned());
        let is_wanted = !packing.is_off() && !packing.is_met_by(name);
        (is_other_form || is_wanted) && places.seal(segment).exists()
    })
}

fn is_unfinished(name: &str) -> bool {
    name.strip_suffix(UNFINISHED)
        .is_some_and(|name| name.starts_with("audit_") && Form::of_name(name).0 != Form::Plain)
}

fn remove_unfinished(dir: &Path, trail: &str, done: &mut Vec<String>) -> Result<(), Error> {
    let failed = |error| Error::io("cannot list", dir, error);
    let prefix = format!("audit_{trail}_");
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_ours = |name: &&str| is_unfinished(name) && name.starts_with(&prefix);
        if let Some(name) = name.to_str().filter(is_ours) {
            fs::remove_file(entry.path())
                .map_err(|error| Error::io("cannot remove", &entry.path(), error))?;
            done.push(format!(
                "{name} was not finished by a run that was broken off, and was removed"
            ));
        }
    }
    if !done.is_empty() {
        sync_directory(dir).map_err(|error| Error::io("cannot sync", dir, error))?;
    }
    Ok(())
}

/// One at a time: two would write the same file. Given back when its process ends.
fn take_turn(places: &Places) -> Result<File, Error> {
    let path = places.packing_lock();
    let failed = |error| Error::io("cannot lock", &path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    let file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::already_running(format!(
            "somebody else compresses the trail in {} at this moment; try again later",
            places.inner().parent().unwrap_or(places.inner()).display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
