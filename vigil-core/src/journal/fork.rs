//! A process that forks: the child has the memory of the journal too, but no writer thread, and what it put into the
//! ring would stand where the parent puts its own.
//!
//! So the child is told before it runs another line of the program.

use std::sync::Once;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// Whether this process was forked from one in which [`watch`] had been called, and has not gone its own way since.
pub(crate) fn is_child() -> bool {
    IS_CHILD.load(Relaxed)
}

/// The child has an engine of its own from now on.
pub(super) fn go_own_way() {
    IS_CHILD.store(false, Relaxed);
}

/// From now on a child of this process takes its hands off the journal.
pub(super) fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the handler runs in the child between the return of `fork` in the kernel and its return to the
        // program, where only what is safe in a signal handler may be done. It stores into two atomics, and that is
        // all. Should the registration fail for want of memory, children are not told; they were not before either.
        unsafe {
            libc::pthread_atfork(None, None, Some(in_child));
        }
    });
}

#[cfg(unix)]
extern "C" fn in_child() {
    IS_CHILD.store(true, Relaxed);
    super::JOURNAL.abandon();
}
