//! How safe an event is when its call returns, where the code asks for more than the journal gives.
//!
//! Two moments: before the body, a call that must not go unrecorded asks whether it may run; at its end, an event that
//! has to be durable is waited for. Synchronous calls wait on their thread, futures by being pending.

use std::future::Future;

use super::active::Active;
use super::call::Call;
use super::future::Audited;
use crate::engine::{self, Place};
use crate::error::Error;
use crate::event::{Callsite, Delivery};

/// A return type that can tell the caller that the call was refused.
#[diagnostic::on_unimplemented(
    message = "this call can be refused, but `{Self}` cannot tell the caller so",
    label = "has no room for a `vigil::Error`",
    note = "with `delivery = \"required\"` or `overflow = \"deny\"` the body does not run where the event cannot be kept",
    note = "return a `Result<T, E>` with `E: From<vigil::Error>`, for example by `impl From<vigil::Error> for E`, or choose \
            `delivery = \"durable\"`"
)]
pub trait Refusable {
    /// What the caller gets in place of what the body would have returned.
    fn refused(error: Error) -> Self;
}

// An error type that is not `From<Error>` is told by the words above, not by those about `From`.
#[diagnostic::do_not_recommend]
impl<T, E: From<Error>> Refusable for Result<T, E> {
    fn refused(error: Error) -> Self {
        Err(E::from(error))
    }
}

/// What a call that was refused returns.
#[cold]
pub fn refused<R: Refusable>(error: Error) -> R {
    R::refused(error)
}

/// Asks whether the body may run; a call that is refused does not.
///
/// # Errors
///
/// The event cannot be kept as the callsite asks.
pub fn admitted(mut call: Call) -> Result<Call, Error> {
    let attempt = match intent(&mut call) {
        Ok(attempt) => attempt,
        Err(error) => {
            call.dismiss();
            return Err(error);
        }
    };
    if attempt.is_none_or(engine::wait_safe) {
        Ok(call)
    } else {
        let error = not_in_time(&mut call);
        call.deny();
        Err(error)
    }
}

/// As [`admitted`], for a future. Dropped while it waits, the call is recorded as cancelled.
pub fn admitted_later(mut call: Call) -> impl Future<Output = Result<Call, Error>> {
    let intent = intent(&mut call);
    let waiting = Audited::new(
        async move {
            match intent {
                Ok(None) => Ok(true),
                Ok(Some(place)) => Ok(engine::await_safe(place).await),
                Err(error) => Err(error),
            }
        },
        call,
    );
    async move {
        let (safe, mut call) = waiting.await;
        match safe {
            Ok(true) => Ok(call),
            Ok(false) => {
                let error = not_in_time(&mut call);
                call.deny();
                Err(error)
            }
            Err(error) => {
                call.dismiss();
                Err(error)
            }
        }
    }
}

/// A future made by a function whose events are durable: it is pending until its event is.
pub fn returned_durably<T, F, C>(
    future: F,
    mut call: Call,
    conclude: C,
) -> impl Future<Output = T> + use<T, F, C>
where
    F: Future<Output = T>,
    C: FnOnce(&T, &mut Active),
{
    call.leave();
    let audited = Audited::new(future, call);
    async move {
        let (value, mut call) = audited.await;
        if let Some(active) = call.active() {
            conclude(&value, active);
        }
        call.settle().await;
        value
    }
}

/// Whether the caller has to wait for the disk when the call has ended.
#[inline]
fn waits(callsite: &'static Callsite) -> bool {
    engine::policy(callsite).delivery >= Delivery::Durable
}

/// Ends a call, and waits on this thread if the event has to be on disk.
#[inline(never)]
pub(super) fn finish(active: Box<Active>) {
    let callsite = active.head.callsite;
    let place = active.hand_over();
    if waits(callsite) {
        wait(callsite, place);
    }
}

#[cold]
fn wait(callsite: &'static Callsite, place: Option<Place>) {
    // The call has run: there is nothing to refuse. An event that is lost has been counted as that.
    if place.is_some_and(|place| !engine::wait_safe(place)) {
        engine::late(callsite);
    }
}

/// What has to be so before the body runs; for a call that can be refused.
fn intent(call: &mut Call) -> Result<Option<Place>, Error> {
    match call.active() {
        Some(active) if engine::policy(active.head.callsite).delivery == Delivery::Required => {
            active.hand_over_attempt()
        }
        Some(active) if active.head.callsite.is_refusable() && !active.is_led_away() => {
            engine::admit(active.head.callsite).map(|()| None)
        }
        _ => Ok(None),
    }
}

/// The attempt stands in the trail, but nobody knows how soon it is on disk: the call does not run.
fn not_in_time(call: &mut Call) -> Error {
    let operation = call
        .callsite()
        .map_or("the call", |callsite| callsite.operation);
    if let Some(callsite) = call.callsite() {
        engine::refused(callsite);
    }
    Error::refused(format!(
        "{operation} was refused and has not run, because its audit event was not safe on disk in time; see \
         journal.durable_timeout and what on_error was told"
    ))
}

impl Call {
    /// As [`Call::finish`], in a future: pending until the event is as safe as the callsite asks.
    pub async fn settle(self) {
        let Some(callsite) = self.callsite() else {
            return;
        };
        let place = self.hand_over();
        if let Some(place) = place
            && waits(callsite)
            && !engine::await_safe(place).await
        {
            engine::late(callsite);
        }
    }
}
