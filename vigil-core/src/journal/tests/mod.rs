//! The ring on ordinary memory, on a file, and under a model checker that tries every order of its steps.

mod model;
mod recovered;
mod ring;
mod waited;

use std::path::Path;
use std::sync::Mutex;

use super::{JournalFile, Live, Mark};

/// Bytes of the rings on a file.
const RING: u64 = 1 << 16;

fn live(dir: &Path, position: u64) -> &'static Live {
    let mark = Mark::at(position, 0, 1);
    let file = JournalFile::create(dir, RING, &mark).unwrap();
    let live: &'static Live = Box::leak(Box::new(file.into_live(position)));
    // So that what looks for leaks does not find any.
    static OPENED: Mutex<Vec<&Live>> = Mutex::new(Vec::new());
    OPENED.lock().unwrap().push(live);
    live
}
