//! What a thread keeps for its next calls, so that in the steady state a call allocates nothing, and the thread's name
//! as records tell it.

use std::cell::{Cell, OnceCell, RefCell};

use super::active::Active;
use crate::event::record::{self, Section};
use crate::sanitize::{self, Counts, Writer};

/// How many finished calls a thread keeps: as many as are commonly nested or in flight.
const KEPT: usize = 16;

/// A call whose buffers have grown beyond this is freed: one huge event must not cost its memory for ever.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    /// The call that ended last: the next one, as a rule, takes its place.
    static LAST: Cell<Option<Box<Active>>> = const { Cell::new(None) };
    #[allow(clippy::vec_box, reason = "the boxes themselves are what is kept")]
    static POOL: RefCell<Vec<Box<Active>>> = const { RefCell::new(Vec::new()) };
    static NAME: OnceCell<Vec<u8>> = const { OnceCell::new() };
}

/// A call that has ended, for another one to take its place.
#[inline]
pub(super) fn take() -> Option<Box<Active>> {
    LAST.try_with(Cell::take).ok().flatten().or_else(take_older)
}

#[inline(never)]
fn take_older() -> Option<Box<Active>> {
    POOL.try_with(|pool| pool.borrow_mut().pop()).ok().flatten()
}

#[inline]
pub(super) fn give_back(mut call: Box<Active>) {
    if call.capacity() > KEPT_BYTES {
        return;
    }
    call.clear();
    if let Ok(Some(older)) = LAST.try_with(|last| last.replace(Some(call))) {
        keep(older);
    }
}

/// A future may end on another thread than it began on; the bound keeps the pools from drifting.
#[inline(never)]
fn keep(call: Box<Active>) {
    let _ = POOL.try_with(|pool| {
        let mut pool = pool.borrow_mut();
        if pool.len() < KEPT {
            pool.push(call);
        }
    });
}

/// Appends the section of a record that tells the current thread's name; none if it has no name.
pub(super) fn push_thread_name(out: &mut Vec<u8>) {
    let _ = NAME.try_with(|name| out.extend_from_slice(name.get_or_init(name_section)));
}

#[cold]
fn name_section() -> Vec<u8> {
    let mut section = Vec::new();
    if let Some(name) = std::thread::current().name() {
        // A literal of the program, as a rule; names made at run time are few enough to look through.
        let mut counts = Counts::default();
        record::write_section(&mut section, Section::Thread, |out| {
            sanitize::with_rules(|rules| Writer::new(out, rules, &mut counts).str(name));
        });
    }
    section
}
