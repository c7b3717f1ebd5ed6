//! What a trail says of itself to programs that come by: under which profile it is written, and where it was written, so
//! that a copy is told from it.
//!
//! The engine writes it at its start and when the profile changes. It is no evidence, for whoever can write the trail can
//! write this; the trail says the same in `audit_started`. Where it is missing or cannot be read, nothing is known, and
//! whoever asks has to take the stricter side.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::lock::Lock;
use super::quiet;
use super::system::System;
use crate::Error;
use crate::disk::replace_file;
use crate::sanitize::Profile;

/// How a trail stands for a program that wants to read it.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// # vigil::builder().config_text("").trail(dir).init()?.shutdown()?;
/// use vigil::{sanitize::Profile, trail};
///
/// let about = trail::about(dir)?;
/// assert_eq!(about.profile, Some(Profile::Default));
/// assert!(!about.in_use && !about.is_copy);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrailAbout {
    /// The profile that it is written under (`sanitize.profile`); `None` where the trail does not say so.
    pub profile: Option<Profile>,
    /// A process has it open.
    pub in_use: bool,
    /// It lies at another place than where it was written, or does not say where that was; and no process has it open.
    pub is_copy: bool,
    /// Notes can be left in it; see [`leave_note`](crate::leave_note).
    pub takes_notes: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    profile: String,
    host: Option<String>,
    directory: String,
    /// Device and number of the directory `.vigil`, where the system has such numbers: the directory above may be called
    /// otherwise within a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inode: Option<(u64, u64)>,
}

/// Longer is none of ours.
const LONGEST: u64 = 64 * 1024;

fn path(dir: &Path) -> PathBuf {
    dir.join(".vigil").join("about.json")
}

impl Content {
    fn here(dir: &Path, profile: &str) -> io::Result<Self> {
        Ok(Self {
            profile: profile.to_owned(),
            host: System::of_this_process("").hostname,
            directory: fs::canonicalize(dir)?.to_string_lossy().into_owned(),
            inode: inode(&dir.join(".vigil"))?,
        })
    }

    fn read(dir: &Path) -> Option<Self> {
        let path = path(dir);
        let found = fs::symlink_metadata(&path).ok()?;
        if !found.is_file() || found.len() > LONGEST {
            return None;
        }
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }
}

/// Says under which profile the trail in a directory is written, and that this is where it lies.
pub(crate) fn write(dir: &Path, profile: &str) -> Result<(), Error> {
    let written = || -> io::Result<()> {
        let bytes = serde_json::to_vec(&Content::here(dir, profile)?)?;
        // A start that has nothing new to say does not wait for the disk.
        if fs::read(path(dir)).is_ok_and(|found| found == bytes) {
            return Ok(());
        }
        replace_file(&path(dir), &bytes)
    };
    written().map_err(|error| Error::io("cannot write", &path(dir), error))
}

/// Whether a directory is where its trail was written.
pub(super) fn is_at_home(dir: &Path) -> bool {
    let (Some(then), Ok(now)) = (Content::read(dir), Content::here(dir, "")) else {
        return false;
    };
    let same_place = then.host == now.host && then.directory == now.directory;
    same_place || (then.inode.is_some() && then.inode == now.inode)
}

/// Whether it says that it was written somewhere else.
pub(super) fn is_elsewhere(dir: &Path) -> bool {
    Content::read(dir).is_some() && !is_at_home(dir)
}

/// How the trail in a directory stands. Changes nothing.
///
/// # Errors
///
/// If there is no trail.
pub fn about(dir: impl AsRef<Path>) -> Result<TrailAbout, Error> {
    let dir = dir.as_ref();
    quiet::name_of(dir)?;
    let inner = dir.join(".vigil");
    let in_use = Lock::is_held(&inner);
    Ok(TrailAbout {
        profile: Content::read(dir).and_then(|content| content.profile.parse().ok()),
        in_use,
        is_copy: !in_use && !is_at_home(dir),
        takes_notes: takes_notes(&inner),
    })
}

#[cfg(unix)]
fn inode(path: &Path) -> io::Result<Option<(u64, u64)>> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path)?;
    Ok(Some((found.dev(), found.ino())))
}

#[cfg(not(unix))]
fn inode(_: &Path) -> io::Result<Option<(u64, u64)>> {
    Ok(None)
}

#[cfg(unix)]
fn takes_notes(inner: &Path) -> bool {
    use rustix::fs::{Access, access};
    let inbox = inner.join("inbox");
    let place = if inbox.exists() { &inbox } else { inner };
    access(place, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn takes_notes(inner: &Path) -> bool {
    fs::metadata(inner).is_ok_and(|found| !found.permissions().readonly())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(dir: &Path, profile: &str) {
        fs::create_dir_all(dir.join(".vigil/inbox")).unwrap();
        fs::write(dir.join("audit_audit_2026-11-23.log"), "").unwrap();
        write(dir, profile).unwrap();
    }

    #[test]
    fn a_copy_is_told_from_the_trail_and_a_trail_that_was_moved_is_not_one() {
        let dir = tempfile::tempdir().unwrap();
        let (here, copy, moved) = ["here", "copy", "moved"]
            .map(|name| dir.path().join(name))
            .into();
        trail(&here, "pci");
        let found = about(&here).unwrap();
        assert_eq!(found.profile, Some(Profile::Pci));
        assert!(!found.in_use && !found.is_copy && found.takes_notes);
        trail(&copy, "default");
        fs::copy(path(&here), path(&copy)).unwrap();
        let found = about(&copy).unwrap();
        assert_eq!(found.profile, Some(Profile::Pci));
        assert!(found.is_copy);
        fs::rename(&here, &moved).unwrap();
        assert_eq!(about(&moved).unwrap().is_copy, cfg!(not(unix)));
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert!(about(dir.path()).is_err());
        trail(dir.path(), "hipaa");
        for text in [
            "",
            "null",
            "{}",
            r#"{"profile":"none","host":null,"directory":"/"}"#,
        ] {
            fs::write(path(dir.path()), text).unwrap();
            let found = about(dir.path()).unwrap();
            assert!(found.profile.is_none() && found.is_copy, "{text}");
        }
        fs::remove_file(path(dir.path())).unwrap();
        assert!(about(dir.path()).unwrap().profile.is_none());
        let lock = Lock::take(&dir.path().join(".vigil"), dir.path()).unwrap();
        let found = about(dir.path()).unwrap();
        assert!(found.in_use && !found.is_copy);
        drop(lock);
        assert!(!about(dir.path()).unwrap().in_use);
    }
}
