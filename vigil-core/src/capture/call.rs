//! One audited call, from its first argument to its outcome.

use super::active::Active;
use super::handle::Handle;
use super::{abort, ambient, delivery, panic, pool};
use crate::engine::Place;
use crate::event::{Callsite, EventId, Status};
use crate::filter;

/// A call that is being recorded, or nothing if the filters said no. Eight bytes, so it weighs little in a future.
#[derive(Debug)]
pub struct Call(Option<Box<Active>>);

impl Call {
    /// A call that is not recorded.
    #[inline]
    #[must_use]
    pub const fn off() -> Self {
        Self(None)
    }

    /// Begins a synchronous call: calls on this thread are nested in it until it is finished or dropped.
    #[inline]
    #[must_use]
    pub fn enter(callsite: &'static Callsite) -> Self {
        if filter::admits(callsite, sampling_key) {
            Self::enter_recorded(callsite)
        } else {
            Self(None)
        }
    }

    /// Out of line, as all that a call does only when it is recorded: what stands in the audited function itself is
    /// paid for by those who have recording switched off, too.
    #[inline(never)]
    fn enter_recorded(callsite: &'static Callsite) -> Self {
        let mut call = Self::begun(callsite);
        call.nest();
        call
    }

    /// From here to its end, calls on this thread are nested in this one.
    #[inline]
    pub(super) fn nest(&mut self) {
        if let Some(active) = &mut self.0 {
            active.head.outer = Some(ambient::replace_parent(Some(active.head.id)));
            abort::open(active);
        }
    }

    /// Ends what [`Call::enter`] began: the code that follows on this thread is not part of the call.
    pub(super) fn leave(&mut self) {
        if let Some(active) = &mut self.0
            && let Some(outer) = active.head.outer.take()
        {
            ambient::replace_parent(outer);
            abort::close(active.head.id);
        }
    }

    /// Begins a call that is nested in by other means, or not at all.
    #[inline]
    #[must_use]
    pub fn begin(callsite: &'static Callsite) -> Self {
        if filter::admits(callsite, sampling_key) {
            Self::begin_recorded(callsite)
        } else {
            Self(None)
        }
    }

    #[inline(never)]
    fn begin_recorded(callsite: &'static Callsite) -> Self {
        Self::begun(callsite)
    }

    #[inline]
    fn begun(callsite: &'static Callsite) -> Self {
        panic::install_hook();
        let mut active = pool::take().unwrap_or_else(|| Active::new(callsite));
        active.begin(callsite);
        Self(Some(active))
    }

    /// What is recorded so far, if anything is.
    #[inline]
    pub fn active(&mut self) -> Option<&mut Active> {
        self.0.as_deref_mut()
    }

    /// A handle for the body of the function; one that does nothing if nothing is recorded.
    #[inline]
    pub fn handle(&mut self) -> Handle {
        self.0
            .as_mut()
            .map_or(Handle::off(), |active| active.handle())
    }

    /// Ends the call and hands its event over; returns when it is as safe as the callsite asks.
    #[inline]
    pub fn finish(mut self) {
        if let Some(active) = self.0.take() {
            delivery::finish(active);
        }
    }

    /// Ends the call, hands its event over and tells its id; returns when it is as safe as the callsite asks.
    pub fn record(self) -> Option<EventId> {
        let id = self.id();
        self.finish();
        id
    }

    /// Ends the call and hands its event over; gives back where it lies.
    pub(super) fn hand_over(mut self) -> Option<Place> {
        self.0.take()?.hand_over()
    }

    /// Ends the call, which was refused after its attempt had been recorded.
    pub(super) fn deny(mut self) {
        if let Some(mut active) = self.0.take() {
            active.deny();
            active.hand_over();
        }
    }

    /// Ends the call without an event: it was refused, and the caller is told so.
    pub(super) fn dismiss(&mut self) {
        self.leave();
        if let Some(active) = self.0.take() {
            pool::give_back(active);
        }
    }

    pub(super) fn callsite(&self) -> Option<&'static Callsite> {
        self.0.as_ref().map(|active| active.head.callsite)
    }

    /// Whether anything is recorded.
    #[inline]
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn id(&self) -> Option<EventId> {
        self.0.as_ref().map(|active| active.head.id)
    }

    #[inline(never)]
    fn drop_recorded(&mut self) {
        // A call that has been entered is dropped unfinished only by a panic in its body, also when it is itself made
        // by a destructor during another panic. Others may just as well have been left.
        let entered = matches!(&self.0, Some(active) if active.head.outer.is_some());
        self.abandon(entered || std::thread::panicking());
    }

    /// Ends a call that did not come to its own end.
    pub(super) fn abandon(&mut self, panicked: bool) {
        if let Some(mut active) = self.0.take() {
            active.head.status = if panicked {
                Status::Panic
            } else {
                Status::Cancelled
            };
            if panicked {
                active.buffers.error.clear();
                match panic::passing() {
                    Some(details) => active.buffers.error.extend_from_slice(&details),
                    None => active.buffers.error.extend_from_slice(panic::UNKNOWN),
                }
            }
            active.hand_over();
        }
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.drop_recorded();
        }
    }
}

#[cold]
fn sampling_key() -> Option<u64> {
    ambient::context().and_then(|context| context.sampling_key)
}
