//! Whether the configuration file is another than before.
//!
//! It is looked at, not listened to: file events do not cross network file systems and overlays, and most editors and
//! Kubernetes do not write into the file but put another in its place. A change is followed when the file has been the
//! same for two looks, so that half of what somebody is writing is not read.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::disk::Identity;

#[derive(Debug)]
pub(in crate::engine) struct FileWatch {
    path: PathBuf,
    /// The file that was read last, as far as this watch knows.
    known: Option<Stamp>,
    /// What the last look has seen.
    seen: Option<Stamp>,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    identity: Identity,
    modified: Option<SystemTime>,
    length: u64,
}

impl FileWatch {
    /// The file as it is now is known.
    pub(in crate::engine) fn of(path: PathBuf) -> Self {
        let mut watch = Self {
            path,
            known: None,
            seen: None,
        };
        watch.known = watch.look();
        watch.seen = watch.known;
        watch
    }

    /// Through all symbolic links.
    fn look(&self) -> Option<Stamp> {
        let metadata = fs::metadata(&self.path).ok()?;
        Some(Stamp {
            identity: Identity::of(&metadata),
            modified: metadata.modified().ok(),
            length: metadata.len(),
        })
    }

    /// Whether it is to be read again: it is another than before, or is gone, and has been so at the last look.
    pub(super) fn has_changed(&mut self) -> bool {
        let now = self.look();
        let is_still = now == self.seen;
        self.seen = now;
        if !is_still || now == self.known {
            return false;
        }
        self.known = now;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> (tempfile::TempDir, PathBuf, FileWatch) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vigil.yaml");
        fs::write(&path, "a").unwrap();
        let watch = FileWatch::of(path.clone());
        (dir, path, watch)
    }

    #[test]
    fn a_change_is_told_once_when_the_file_has_become_still() {
        let (_dir, path, mut watch) = watched();
        assert!(!watch.has_changed() && !watch.has_changed());
        fs::write(&path, "ab").unwrap();
        assert!(!watch.has_changed());
        fs::write(&path, "abc").unwrap();
        assert!(!watch.has_changed(), "somebody is still writing");
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
    }

    #[test]
    fn a_file_that_is_replaced_for_a_moment_or_for_good_is_noticed() {
        let (dir, path, mut watch) = watched();
        fs::remove_file(&path).unwrap();
        assert!(!watch.has_changed());
        let other = dir.path().join("other");
        fs::write(&other, "b").unwrap();
        fs::rename(&other, &path).unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed(), "another file of the same length");
        fs::remove_file(&path).unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed(), "it is gone");
        assert!(!watch.has_changed());
    }

    /// Kubernetes puts a ConfigMap's files behind a link to a directory, and replaces that link.
    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_elsewhere_is_noticed() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        for version in ["v1", "v2"] {
            fs::create_dir(dir.path().join(version)).unwrap();
            fs::write(dir.path().join(version).join("vigil.yaml"), version).unwrap();
        }
        let data = dir.path().join("..data");
        symlink("v1", &data).unwrap();
        symlink("..data/vigil.yaml", dir.path().join("vigil.yaml")).unwrap();
        let mut watch = FileWatch::of(dir.path().join("vigil.yaml"));
        symlink("v2", dir.path().join("..data_tmp")).unwrap();
        fs::rename(dir.path().join("..data_tmp"), &data).unwrap();
        assert!(!watch.has_changed() && watch.has_changed());
    }
}
