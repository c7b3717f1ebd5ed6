//! Checkpoints elsewhere: what shows that a trail was rolled back, or rewritten by who has its key.

mod authorities;
mod copies;
mod keys;
mod timestamp;
#[cfg(target_os = "linux")]
mod troubles;
mod witness;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use vigil::audited;

#[audited(category = "DATA")]
fn numbered(number: u64) {
    std::hint::black_box(number);
}

fn record(numbers: std::ops::Range<u64>) {
    numbers.for_each(numbered);
}

/// The machine that runs the tests may be a slow one.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: {:#?}", vigil::health());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn remove(dir: &Path) {
    fs::remove_dir_all(dir).unwrap();
}
