//! Copies of checkpoints in another directory.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Anchor, AnchorError, Receipt, SignedCheckpoint};
use crate::disk::{private, sync_directory};

/// Keeps each checkpoint in a file of its own in another directory, which best lies on another machine, or on a medium
/// that can be written once. Files are only ever added: `<origin>.<number of events>.checkpoint`, with `_` for each `/`.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
/// use vigil::trail::CopyAnchor;
///
/// let vigil = vigil::builder()
///     .anchor("offsite", CopyAnchor::new("/mnt/auditor/shop"), Duration::from_secs(600))
///     .init()?;
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CopyAnchor {
    dir: PathBuf,
}

impl CopyAnchor {
    /// Into this directory. It is not created: where nothing is mounted, copies would pile up on the very disk that they
    /// are to be kept from.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    fn put(&self, checkpoint: &SignedCheckpoint) -> Result<(), AnchorError> {
        let failed = |path: &Path, error: &io::Error| {
            AnchorError::new(format!("cannot keep a copy at {}: {error}", path.display()))
        };
        if !self.dir.is_dir() {
            return Err(AnchorError::new(format!(
                "there is no directory {}: create it, or mount what lies there",
                self.dir.display()
            )));
        }
        let name = format!(
            "{}.{:020}.checkpoint",
            checkpoint.origin().replace(['/', '\\'], "_"),
            checkpoint.size()
        );
        let path = self.dir.join(&name);
        match read(&path) {
            Ok(there) if there == checkpoint.note() => return Ok(()),
            // A second signature, as at a handover, or another key: the tree must be the same.
            Ok(there) if is_same_tree(&there, checkpoint) => {}
            Ok(there) if is_whole(&there) => {
                return Err(AnchorError::refused(format!(
                    "{} was kept before, and says something else of the first {} events: the trail was rewritten, or \
                     that file is of another trail of the same name",
                    path.display(),
                    checkpoint.size()
                )));
            }
            // What a crash has left.
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&path, &error)),
        }
        write(&self.dir, &path, checkpoint.note()).map_err(|error| failed(&path, &error))
    }
}

impl Anchor for CopyAnchor {
    fn anchor(&mut self, checkpoint: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
        self.put(checkpoint)?;
        Ok(Receipt::new())
    }
}

fn read(path: &Path) -> io::Result<String> {
    /// No note of ours is longer.
    const LONGEST: u64 = 64 << 10;
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text_of(note: &str) -> Option<&str> {
    crate::trail::checkpoint::Note::parse(note)
        .ok()
        .map(|note| note.text)
}

fn is_whole(note: &str) -> bool {
    text_of(note).is_some()
}

fn is_same_tree(note: &str, checkpoint: &SignedCheckpoint) -> bool {
    is_whole(note) && text_of(note) == text_of(checkpoint.note())
}

/// By a name of its own first, so that nobody takes a part of it for the whole. What is there already and whole is
/// another signature of the same, and is replaced.
fn write(dir: &Path, path: &Path, note: &str) -> io::Result<()> {
    let fresh = dir.join(format!(".vigil-{:016x}.new", crate::random::next()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let written = (|| {
        let mut file = options.open(&fresh)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    })();
    if let Err(error) = written {
        // It says nothing, and takes room on a disk that may be full.
        let _ = fs::remove_file(&fresh);
        return Err(error);
    }
    sync_directory(dir)
}
