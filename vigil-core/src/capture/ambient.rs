//! What a thread knows about the call it is in: the context given to it, the event it is nested in, the panic that is
//! passing through.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::context::Data;
use crate::event::EventId;

pub(super) struct Ambient {
    pub(super) context: RefCell<Option<Arc<Data>>>,
    pub(super) parent: Cell<Option<EventId>>,
    /// Members of `error` for the panic last seen by the hook, while it may still be on its way.
    pub(super) panic: RefCell<Option<Arc<[u8]>>>,
}

thread_local! {
    static AMBIENT: Ambient = const {
        Ambient {
            context: RefCell::new(None),
            parent: Cell::new(None),
            panic: RefCell::new(None),
        }
    };
}

/// Runs `f` with this thread's state; `None` when the thread is ending and its state is gone. Audited calls in the
/// destructors of other thread-locals are then recorded without context.
pub(super) fn with<R>(f: impl FnOnce(&Ambient) -> R) -> Option<R> {
    AMBIENT.try_with(f).ok()
}

/// Parent and context of a call that begins here. A panic that was caught before has nothing to do with it.
pub(super) fn begin() -> (Option<EventId>, Option<Arc<Data>>) {
    with(|ambient| {
        if !std::thread::panicking()
            && let Ok(mut panic) = ambient.panic.try_borrow_mut()
        {
            *panic = None;
        }
        (ambient.parent.get(), ambient.context.borrow().clone())
    })
    .unwrap_or_default()
}

/// The event that calls on this thread are nested in.
pub(super) fn parent() -> Option<EventId> {
    with(|ambient| ambient.parent.get()).flatten()
}

/// Puts `parent` in place of the event that calls are nested in, and gives back the one before.
pub(super) fn replace_parent(parent: Option<EventId>) -> Option<EventId> {
    with(|ambient| ambient.parent.replace(parent)).flatten()
}

pub(super) fn context() -> Option<Arc<Data>> {
    with(|ambient| ambient.context.borrow().clone()).flatten()
}

pub(super) fn replace_context(context: Option<Arc<Data>>) -> Option<Arc<Data>> {
    with(|ambient| ambient.context.replace(context)).flatten()
}

/// Sets the parent for as long as it lives, also when a panic passes.
#[derive(Debug)]
pub(super) struct Nested(Option<EventId>);

impl Nested {
    pub(super) fn in_event(parent: Option<EventId>) -> Self {
        Self(replace_parent(parent))
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        replace_parent(self.0);
    }
}
