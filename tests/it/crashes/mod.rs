//! What is promised of crashes, tried with processes that die: by SIGKILL at any moment, by a power failure, for want
//! of disk space, by fork, by whatever somebody does to their files.

mod anchored;
mod chance;
mod disk;
mod ends;
mod fork;
mod journal_file;
mod kill;
mod overflow;
mod power;
mod small_disk;
pub(crate) mod witness;

pub(crate) use chance::Chance;
pub(crate) use small_disk::SmallDisk;
use vigil_tests::blocked::{block, unblock};
use witness::Witness;

/// What the processes record: which of them, which of its threads, and which call of the thread.
#[vigil::audited(category = "DATA")]
pub(crate) fn numbered(run: u64, thread: u64, number: u64) {
    std::hint::black_box((run, thread, number));
}
