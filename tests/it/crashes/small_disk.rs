//! A disk that a test can fill.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vigil_tests::skip;

/// A file system in memory, of a few megabytes. It is gone when this is dropped.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` without the right to mount, which is said.
    pub(crate) fn mount(dir: &Path, kib: u64, what: &str) -> Option<Self> {
        let at = dir.join("disk");
        fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"])
            .arg(&at)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(at)),
            Ok(output) => {
                skip(
                    what,
                    &format!(
                        "no small disk: {}",
                        String::from_utf8_lossy(&output.stderr).trim()
                    ),
                );
                None
            }
            Err(error) => {
                skip(what, &format!("no mount(8): {error}"));
                None
            }
        }
    }

    /// Takes all the room that is left but so many KiB.
    pub(crate) fn fill(&self, kib_left: u64) {
        let file = fs::File::create(self.filler()).unwrap();
        let mut size = 0;
        for step in [1 << 20, 64 << 10, 4 << 10] {
            while rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, size + step)
                .is_ok()
            {
                size += step;
            }
        }
        file.set_len(size - kib_left * 1024).unwrap();
    }

    pub(crate) fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    /// Lets nobody write any more, or lets them again.
    pub(crate) fn make_read_only(&self, read_only: bool) {
        let how = if read_only {
            "remount,ro"
        } else {
            "remount,rw"
        };
        let mounted = Command::new("mount")
            .args(["-o", how])
            .arg(&self.0)
            .status();
        assert!(mounted.unwrap().success());
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
