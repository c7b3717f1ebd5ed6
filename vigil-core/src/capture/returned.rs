//! Futures that a function makes and returns: the call begins when the function is called and ends with the future,
//! wherever that is then run or dropped.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::active::Active;
use super::call::Call;
use super::future::Audited;

pin_project! {
    /// An audited future that tells its outcome by itself, because no code of ours waits for it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Concluded<F, C> {
        #[pin]
        audited: Audited<F>,
        conclude: Option<C>,
    }
}

/// Records `call` when `future` ends; `conclude` reads the outcome off its value.
///
/// The output is a parameter of its own, so that the expansion can say it where it stands in the signature: an `async`
/// block has no place to write it.
pub fn returned<T, F, C>(future: F, mut call: Call, conclude: C) -> Concluded<F, C>
where
    F: Future<Output = T>,
    C: FnOnce(&T, &mut Active),
{
    call.leave();
    Concluded {
        audited: Audited::new(future, call),
        conclude: Some(conclude),
    }
}

/// Calls a closure that makes a future whose output is known.
#[inline(always)]
pub fn make_future<T, F: Future<Output = T>>(make: impl FnOnce() -> F) -> F {
    make()
}

impl<T, F, C> Future for Concluded<F, C>
where
    F: Future<Output = T>,
    C: FnOnce(&T, &mut Active),
{
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let (value, mut call) = ready!(this.audited.poll(cx));
        if let (Some(active), Some(conclude)) = (call.active(), this.conclude.take()) {
            conclude(&value, active);
        }
        call.finish();
        Poll::Ready(value)
    }
}
