//! A trail that cannot be written for a while: a directory stands where its file should be.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trail_files;
use rustix::fs::{CWD, RenameFlags, renameat_with};

/// Puts the directory there. The two change places in one step, so that no writer ever finds nothing, and makes a file
/// of its own.
///
/// # Panics
///
/// When there is no trail.
pub fn block(dir: &Path) {
    let (file, aside) = newest(dir);
    fs::create_dir(&aside).expect("a directory aside");
    exchange(&file, &aside);
}

/// Puts the file back, if it is not where it belongs.
///
/// # Panics
///
/// When there is no trail.
pub fn unblock(dir: &Path) {
    let (file, aside) = newest(dir);
    if file.is_dir() {
        exchange(&file, &aside);
    }
    // A process may have been killed on its way.
    if aside.is_dir() {
        fs::remove_dir(&aside).expect("an empty directory");
    }
}

fn newest(dir: &Path) -> (PathBuf, PathBuf) {
    let file = trail_files(dir).pop().expect("a segment");
    let aside = file.with_extension("aside");
    (file, aside)
}

fn exchange(one: &Path, other: &Path) {
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)
        .expect("a file system that exchanges names");
}
