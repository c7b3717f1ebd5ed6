//! One process at a time: two that append to the same file would tear each other's lines and count events twice.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Error;
use crate::disk::{Identity, private};
#[cfg(unix)]
use crate::journal;

/// Held as long as the trail is open. The operating system gives it back when the process ends, however it ends, so a
/// lock left behind by a crash does not need a hand to remove it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

/// What stands in the file behind the number of a process that has the trail open for a moment only.
const VISIT: &str = "visit";
/// How long one waits for such a process, and how long for one of which that is not known: it may be about to say so, or
/// only ask whether somebody has the lock.
const VISIT_PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_millis(1_000);
const PAUSE: Duration = Duration::from_millis(10);

impl Lock {
    /// `inner` is the directory `.vigil`, `trail` the one the message speaks of. Waits for who has the trail open for a
    /// moment only.
    pub(super) fn take(inner: &Path, trail: &Path) -> Result<Self, Error> {
        let began = Instant::now();
        loop {
            match Self::try_take(inner, trail, "") {
                Err(error) if error.is_already_running() => {
                    let patience = if is_visited(inner) {
                        VISIT_PATIENCE
                    } else {
                        PATIENCE
                    };
                    if began.elapsed() >= patience {
                        return Err(error);
                    }
                    std::thread::sleep(PAUSE);
                }
                taken => return taken,
            }
        }
    }

    /// For a moment only, and only if nobody has it.
    pub(super) fn visit(inner: &Path, trail: &Path) -> Result<Self, Error> {
        Self::try_take(inner, trail, VISIT)
    }

    /// Whether a process has the trail open. Changes nothing.
    pub(super) fn is_held(inner: &Path) -> bool {
        let file = File::open(inner.join("lock"));
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    fn try_take(inner: &Path, trail: &Path, purpose: &str) -> Result<Self, Error> {
        let path = inner.join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        private(&mut options);
        let mut file = options
            .open(&path)
            .map_err(|error| Error::io("cannot open the lock file", &path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let owner = match owner(&mut file) {
                    Some(pid) if pid == std::process::id() => "this process".to_owned(),
                    Some(pid) => format!("process {pid}"),
                    None => "another process".to_owned(),
                };
                return Err(Error::already_running(format!(
                    "the trail directory {} is in use by {owner}; stop it or choose another trail.dir",
                    trail.display()
                )));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Error::io("cannot lock", &path, error));
            }
        }
        // For the message above, in the other process; the lock holds without it.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{} {purpose}", std::process::id()));
        #[cfg(unix)]
        journal::keep_from_children(std::os::fd::AsFd::as_fd(&file));
        Ok(Self { path, file })
    }

    /// Whether the lock file is still where others would look for it: somebody may have removed the directory.
    pub(super) fn stands(&self) -> bool {
        match (Identity::of_file(&self.file), Identity::of_path(&self.path)) {
            (Ok(held), Ok(found)) => held == found,
            _ => false,
        }
    }
}

#[cfg(unix)]
impl Drop for Lock {
    fn drop(&mut self) {
        journal::let_go(std::os::fd::AsFd::as_fd(&self.file));
    }
}

fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn is_visited(inner: &Path) -> bool {
    let text = std::fs::read_to_string(inner.join("lock"));
    text.is_ok_and(|text| text.split_whitespace().nth(1) == Some(VISIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_with_the_name_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), Path::new("logs/audit")).unwrap();
        let error = Lock::take(dir.path(), Path::new("logs/audit")).unwrap_err();
        assert!(error.is_already_running());
        assert_eq!(
            error.to_string(),
            "the trail directory logs/audit is in use by this process; stop it or choose another trail.dir"
        );
        drop(first);
        Lock::take(dir.path(), Path::new("logs/audit")).unwrap();
    }

    #[test]
    fn a_lock_file_removed_by_somebody_no_longer_stands() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path(), dir.path()).unwrap();
        assert!(lock.stands());
        std::fs::remove_file(dir.path().join("lock")).unwrap();
        assert!(!lock.stands());
    }
}
