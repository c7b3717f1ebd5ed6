//! A file that is being made, under a name that nobody takes for a segment.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{is_missing, private};

/// What the name of a file ends with while it is made.
pub(super) const UNFINISHED: &str = ".tmp";

/// The file of that name. It goes with this, unless it has been put in place.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    is_in_place: bool,
}

impl Unfinished {
    /// A new file for the owner's eyes only. What a broken-off run has left under this name goes; where somebody else puts
    /// something there meanwhile, a link to another file above all, it is an error and nothing is written.
    pub(super) fn create(path: PathBuf) -> io::Result<(Self, File)> {
        match fs::remove_file(&path) {
            Err(error) if !is_missing(&error) => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let file = options.open(&path)?;
        let is_in_place = false;
        Ok((Self { path, is_in_place }, file))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name.
    pub(super) fn put_in_place(mut self, name: &Path) -> io::Result<()> {
        fs::rename(&self.path, name)?;
        self.is_in_place = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_in_place {
            // The next run removes it otherwise.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_lies_there_is_not_written_to() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let (other, path) = (dir.path().join("other"), dir.path().join("x.log.zst.tmp"));
        fs::write(&other, "precious").unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        let (unfinished, file) = Unfinished::create(path.clone()).unwrap();
        io::Write::write_all(&mut &file, b"lines").unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
        let found = fs::symlink_metadata(&path).unwrap();
        assert!(found.is_file());
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
        drop(unfinished);
        assert!(!path.exists());
        let (unfinished, _) = Unfinished::create(path.clone()).unwrap();
        unfinished
            .put_in_place(&dir.path().join("x.log.zst"))
            .unwrap();
        assert!(!path.exists() && dir.path().join("x.log.zst").exists());
        fs::create_dir(&path).unwrap();
        assert!(Unfinished::create(path).is_err());
    }
}
