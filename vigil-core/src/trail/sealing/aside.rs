//! A trail that is not what was signed is set aside: moved as it is, with all that speaks of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{create_directory, is_missing, sync_directory};
use crate::trail::evidence::Places;
use crate::trail::keys::destroy;

/// Moves the files of the trail `name` into `.vigil/aside-<n>`, which it gives back. The secret key is destroyed: by it
/// nobody shall sign anything more.
pub(super) fn set_aside(dir: &Path, name: &str, places: &Places) -> io::Result<PathBuf> {
    let aside = free_name(places.inner());
    create_directory(&aside)?;
    let prefix = format!("audit_{name}_");
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let file = entry.file_name();
        if file.to_str().is_some_and(|file| file.starts_with(&prefix)) {
            fs::rename(entry.path(), aside.join(file))?;
        }
    }
    for path in [places.signing_key(), places.next_signing_key()] {
        destroy(&path)?;
    }
    // The checkpoints last: should the process die before, the next start finds the trail wanting again.
    for path in [
        places.hashes_dir(),
        places.seals_dir(),
        places.keys_dir(),
        // Sinks that had got to the end of that trail begin at the beginning of the new one.
        places.inner().join("cursors"),
        places.verifier_key(),
        places.origin(),
        places.checkpoints(),
        places.checkpoint(),
    ] {
        let to = aside.join(path.file_name().unwrap_or_default());
        match fs::rename(&path, to) {
            Err(error) if !is_missing(&error) => return Err(error),
            _ => {}
        }
    }
    sync_directory(&aside)?;
    sync_directory(places.inner())?;
    sync_directory(dir)?;
    Ok(aside)
}

fn free_name(inner: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let path = inner.join(format!("aside-{number}"));
        if !path.exists() {
            return path;
        }
        number += 1;
    }
}
