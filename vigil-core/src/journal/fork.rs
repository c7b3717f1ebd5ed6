//! A process that forks: the child has the memory of the journal too, but no writer thread, and what it put into the
//! ring would stand where the parent puts its own. It also has the parent's lock on the trail, which would outlive the
//! parent with it, and would draw the same ids as the thread that forked.
//!
//! So the child is told before it runs another line of the program.

use std::sync::Once;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI32};

static IS_CHILD: AtomicBool = AtomicBool::new(false);

const NONE: i32 = -1;
/// The descriptor that a child closes.
static LOCK: AtomicI32 = AtomicI32::new(NONE);

/// Whether this process was forked from one in which [`watch`] had been called, and has not gone its own way since.
pub(crate) fn is_child() -> bool {
    IS_CHILD.load(Relaxed)
}

/// The child has an engine of its own from now on.
pub(super) fn go_own_way() {
    IS_CHILD.store(false, Relaxed);
}

/// The descriptor that holds the lock on the trail. A lock of this kind lasts until every copy of the descriptor is
/// closed, so a child closes its own.
#[cfg(unix)]
pub(crate) fn keep_from_children(lock: std::os::fd::BorrowedFd<'_>) {
    use std::os::fd::AsRawFd as _;
    watch();
    LOCK.store(lock.as_raw_fd(), Relaxed);
}

/// The descriptor is going to be closed.
#[cfg(unix)]
pub(crate) fn let_go(lock: std::os::fd::BorrowedFd<'_>) {
    use std::os::fd::AsRawFd as _;
    // There may be another by now.
    let _ = LOCK.compare_exchange(lock.as_raw_fd(), NONE, Relaxed, Relaxed);
}

/// From now on a child of this process takes its hands off the journal.
pub(super) fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the handler runs in the child between the return of `fork` in the kernel and its return to the
        // program, where only what is safe in a signal handler may be done. It stores into atomics and into a cell of
        // this thread that needs no set-up, closes a descriptor, and that is all. Should the registration fail for want
        // of memory, children are not told; they were not before either.
        unsafe {
            libc::pthread_atfork(None, None, Some(in_child));
        }
    });
}

#[cfg(unix)]
extern "C" fn in_child() {
    IS_CHILD.store(true, Relaxed);
    super::JOURNAL.abandon();
    crate::random::start_anew();
    let lock = LOCK.swap(NONE, Relaxed);
    if lock != NONE {
        // SAFETY: the descriptor is open: `let_go` comes before its owner closes it. That owner is in the hands of the
        // writer thread, which does not exist in this process, so nobody here uses it or closes it once more.
        unsafe { libc::close(lock) };
    }
}
