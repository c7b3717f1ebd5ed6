//! A call whose body stays in its place.

use super::call::Call;

/// A guard beside a body that is not ours to run: that of a function with `#[track_caller]`, which would see us as its
/// caller. It ends when the body is left, and then all that can be told is whether a panic passes.
#[derive(Debug)]
pub struct Inline {
    call: Option<Call>,
    /// Whether a panic was passing already when the call began, because a destructor made it. A second panic would
    /// end the process, so such a call has returned if it ends at all.
    during_panic: bool,
}

impl Inline {
    /// Watches over a call.
    #[must_use]
    pub fn new(call: Call) -> Self {
        Self {
            call: Some(call),
            during_panic: std::thread::panicking(),
        }
    }
}

impl Drop for Inline {
    fn drop(&mut self) {
        let Some(call) = self.call.take() else {
            return;
        };
        if std::thread::panicking() && !self.during_panic {
            drop(call);
        } else {
            call.finish();
        }
    }
}
