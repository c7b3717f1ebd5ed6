//! A copy of a trail to try out on what a recovery would do.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::{create_directory, is_missing};
use crate::error::Error;
use crate::trail::Quiet;
use crate::trail::keys::{FileSigner, Signer};

/// In the directory of the trail, so that it is kept from others as the trail is. Removed when it is dropped.
pub(super) struct DryRun {
    original: PathBuf,
    dir: PathBuf,
    /// The trail's own key is not copied.
    signer: Arc<dyn Signer>,
}

impl DryRun {
    /// Copies what a recovery would change; what it would only read or move is a link.
    pub(super) fn of(quiet: &Quiet) -> Result<Self, Error> {
        if quiet.is_in_use() {
            return Err(Error::already_running(format!(
                "the trail directory {} is in use by another process; stop it first",
                quiet.dir().display()
            )));
        }
        let places = quiet.places();
        let dir = places.inner().join("dry-run");
        let failed = |error| Error::io("cannot copy the trail to", &dir, error);
        Self::remove(&dir).map_err(failed)?;
        let copied = || -> io::Result<FileSigner> {
            create_directory(&dir)?;
            for entry in fs::read_dir(quiet.dir())? {
                let entry = entry?;
                let file = entry.file_name();
                if !entry.file_type()?.is_file() {
                    continue;
                }
                let is_sealed = file
                    .to_str()
                    .is_some_and(|segment| places.seal(segment).exists());
                put(&entry.path(), &dir.join(&file), is_sealed)?;
            }
            let inner = dir.join(".vigil");
            for entry in fs::read_dir(places.inner())? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default();
                if name.to_string_lossy().starts_with("aside-") {
                    // Of a trail that was set aside before, the name is enough.
                    create_directory(&inner.join(name))?;
                } else if path != dir && name != "lock" && path != places.keys_dir() {
                    copy_all(&path, &inner.join(name))?;
                }
            }
            create_directory(&inner.join("keys"))?;
            match fs::copy(places.epochs(), inner.join("keys/epochs")) {
                Err(error) if !is_missing(&error) => return Err(error),
                _ => {}
            }
            FileSigner::create(&inner.join("keys/tried.key"), "tried")
        };
        match copied() {
            Ok(signer) => Ok(Self {
                original: quiet.dir().to_owned(),
                dir,
                signer: Arc::new(signer),
            }),
            Err(error) => {
                let _ = Self::remove(&dir);
                Err(failed(error))
            }
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn signer(&self) -> &Arc<dyn Signer> {
        &self.signer
    }

    /// A sentence about the copy, as it would be about the trail.
    pub(super) fn really(&self, sentence: &str) -> String {
        let (dir, original) = (self.dir.display(), self.original.display());
        sentence.replace(&dir.to_string(), &original.to_string())
    }

    fn remove(dir: &Path) -> io::Result<()> {
        match fs::remove_dir_all(dir) {
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for DryRun {
    fn drop(&mut self) {
        // What stays is removed by the next one.
        let _ = Self::remove(&self.dir);
    }
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(from)?;
    if found.is_dir() {
        create_directory(to)?;
        for entry in fs::read_dir(from)? {
            let path = entry?.path();
            copy_all(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
    } else if found.is_file() {
        if let Some(above) = to.parent() {
            create_directory(above)?;
        }
        fs::copy(from, to)?;
    }
    Ok(())
}

fn put(from: &Path, to: &Path, is_sealed: bool) -> io::Result<()> {
    #[cfg(unix)]
    if is_sealed {
        return std::os::unix::fs::symlink(from, to);
    }
    let _ = is_sealed;
    fs::copy(from, to).map(|_| ())
}
