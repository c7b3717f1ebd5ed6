//! How safe an event is when its call returns, where the code asks for more than the journal gives.
//!
//! Two moments: before the body, a call that must not go unrecorded asks whether it may run; at its end, an event that
//! has to be durable is waited for. Synchronous calls wait on their thread, futures by being pending.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use super::active::Active;
use super::call::Call;
use super::future::Audited;
use crate::engine;
use crate::error::Error;
use crate::event::{Callsite, Delivery, Overflow};

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

/// Asks whether the body may run; a call that is refused is recorded no more.
///
/// # Errors
///
/// The event cannot be kept as the callsite asks.
pub fn admitted(mut call: Call) -> Result<Call, Error> {
    match intent(&mut call) {
        Ok(()) => Ok(call),
        Err(error) => {
            call.dismiss();
            Err(error)
        }
    }
}

/// As [`admitted`], for a future. Dropped while it waits, the call is recorded as cancelled.
pub fn admitted_later(mut call: Call) -> impl Future<Output = Result<Call, Error>> {
    let waiting = Audited::new(intent_later(&mut call), call);
    async move {
        let (admitted, mut call) = waiting.await;
        match admitted {
            Ok(()) => Ok(call),
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
pub(super) fn waits(callsite: &Callsite) -> bool {
    matches!(
        callsite.delivery,
        Some(Delivery::Durable | Delivery::Required)
    )
}

/// Waits until the event that was handed over last by this thread is durable.
pub(super) fn wait() {
    // What keeps it from becoming durable is told to `on_error`, and the call has run: there is nothing to refuse.
    let _ = engine::flush();
}

fn intent(call: &mut Call) -> Result<(), Error> {
    match call.callsite().map(is_refusable) {
        Some(true) => engine::flush(),
        _ => Ok(()),
    }
}

fn intent_later(call: &mut Call) -> impl Future<Output = Result<(), Error>> + use<> {
    let refusable = call.callsite().is_some_and(is_refusable);
    async move {
        if refusable {
            Flushed::default().await
        } else {
            Ok(())
        }
    }
}

fn is_refusable(callsite: &Callsite) -> bool {
    callsite.delivery == Some(Delivery::Required) || callsite.overflow == Some(Overflow::Deny)
}

impl Call {
    /// As [`Call::finish`], in a future: pending until the event is as safe as the callsite asks.
    pub async fn settle(self) {
        let waits = self.callsite().is_some_and(waits);
        self.hand_over();
        if waits {
            // As in `wait`.
            let _ = Flushed::default().await;
        }
    }
}

/// A flush that blocks a thread of its own, and not one that runs futures.
#[derive(Default)]
struct Flushed(Option<Arc<Mutex<Flush>>>);

#[derive(Default)]
struct Flush {
    result: Option<Result<(), Error>>,
    waker: Option<Waker>,
}

impl Future for Flushed {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let shared = self.0.get_or_insert_with(start);
        let mut flush = shared.lock().unwrap_or_else(PoisonError::into_inner);
        match flush.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                flush.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn start() -> Arc<Mutex<Flush>> {
    let shared = Arc::new(Mutex::new(Flush::default()));
    let done = {
        let shared = Arc::clone(&shared);
        move |result| {
            let mut flush = shared.lock().unwrap_or_else(PoisonError::into_inner);
            flush.result = Some(result);
            let waker = flush.waker.take();
            drop(flush);
            waker.into_iter().for_each(Waker::wake);
        }
    };
    let spawned = std::thread::Builder::new()
        .name("vigil-flush".to_owned())
        .spawn({
            let done = done.clone();
            move || done(engine::flush())
        });
    if spawned.is_err() {
        done(engine::flush());
    }
    shared
}
