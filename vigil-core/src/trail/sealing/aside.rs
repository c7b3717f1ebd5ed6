//! A trail that is not what was signed is set aside: moved as it is, with all that speaks of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::disk::{create_directory, is_missing, replace_file, sync_directory};
use crate::trail::evidence::Places;
use crate::trail::keys::destroy;

/// What was wrong, and where the trail is going to lie: kept in a file until the new trail tells of it, so that a process
/// that dies in between is followed by one that does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Damage {
    pub(crate) what: String,
    pub(crate) aside: PathBuf,
}

impl Damage {
    /// That which no trail has told of yet.
    pub(super) fn untold(places: &Places) -> Option<Self> {
        let text = fs::read_to_string(places.damage()).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The trail tells of it now, and that is on the disk.
    pub(crate) fn is_told(places: &Places) -> io::Result<()> {
        match fs::remove_file(places.damage()) {
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Moves the files of the trail `name` into `.vigil/aside-<n>`. The secret key is destroyed: by it nobody shall sign
/// anything more. What follows in its place has the origin `next`.
pub(super) fn set_aside(
    dir: &Path,
    name: &str,
    places: &Places,
    what: String,
    next: &str,
) -> io::Result<Damage> {
    let aside = free_name(places.inner());
    create_directory(&aside)?;
    let damage = Damage {
        what,
        aside: aside.clone(),
    };
    replace_file(&places.damage(), &serde_json::to_vec(&damage)?)?;
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
    // Two trails of one origin would contradict each other, so at no moment is there none, or the same again.
    if let Ok(origin) = fs::read(places.origin()) {
        replace_file(&aside.join("origin"), &origin)?;
    }
    replace_file(&places.origin(), format!("{next}\n").as_bytes())?;
    // The checkpoints last: should the process die before, the next start finds the trail wanting again.
    for path in [
        places.hashes_dir(),
        places.seals_dir(),
        places.keys_dir(),
        places.purges_dir(),
        places.anchors_dir(),
        // Sinks that had got to the end of that trail begin at the beginning of the new one.
        places.inner().join("cursors"),
        places.verifier_key(),
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
    Ok(damage)
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
