//! Events that are led away from the engine, to a test that looks at them.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::event::Callsite;

/// Takes the records of the events whose context holds it, until it is closed.
///
/// It lies in the ambient context, because that goes wherever the work goes: along tasks over threads, and into what is
/// carried. A call that is not captured does not notice that there is such a thing: the context it began in is at hand
/// when it ends, and has none.
#[derive(Default)]
pub(crate) struct Tap(Mutex<State>);

/// The records, each with its callsite, in the order in which the calls ended.
pub(crate) type Records = Vec<(&'static Callsite, Vec<u8>)>;

#[derive(Default)]
struct State {
    closed: bool,
    records: Records,
}

impl Tap {
    /// Takes a record, unless the tap is closed: work that outlives the test belongs into the trail.
    pub(super) fn take(&self, callsite: &'static Callsite, record: &[u8]) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.closed {
            state.records.push((callsite, record.to_vec()));
        }
        !state.closed
    }

    /// Closes the tap and gives back what it has taken.
    pub(crate) fn close(&self) -> Records {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        std::mem::take(&mut state.records)
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}
