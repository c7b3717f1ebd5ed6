//! The wrapper that tells how an audited future ended: returned, panicked, or dropped before its end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::abort;
use super::ambient::Nested;
use super::call::Call;

pin_project! {
    /// An audited future. It yields the call beside the value, so that the outcome is told apart by the value's type
    /// where that is known.
    ///
    /// A flag says whether a poll is under way. A drop while it is means a panic, and a drop while it is not means that
    /// the future was cancelled; that holds also when it is dropped while another panic unwinds, where
    /// `std::thread::panicking` would mislead.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Audited<F> {
        #[pin]
        future: Option<F>,
        call: Call,
        polling: bool,
    }

    impl<F> PinnedDrop for Audited<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(id) = this.call.id() {
                // What the future holds is dropped within the call: destructors may be audited too.
                let nested = Nested::in_event(Some(id));
                this.future.set(None);
                drop(nested);
                this.call.abandon(*this.polling);
            }
        }
    }
}

impl<F> Audited<F> {
    /// Records `call` when `future` ends.
    pub fn new(future: F, call: Call) -> Self {
        Self {
            future: Some(future),
            call,
            polling: false,
        }
    }
}

impl<F: Future> Future for Audited<F> {
    type Output = (F::Output, Call);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            // `Future` allows anything but undefined behaviour after the end; a pending that never wakes does no harm.
            return Poll::Pending;
        };
        *this.polling = true;
        let polled = match this.call.id() {
            Some(id) => {
                let _nested = Nested::in_event(Some(id));
                if let Some(active) = this.call.active() {
                    abort::open(active);
                }
                let polled = future.poll(cx);
                abort::close(id);
                polled
            }
            None => future.poll(cx),
        };
        *this.polling = false;
        polled.map(|value| {
            this.future.set(None);
            (value, std::mem::replace(this.call, Call::off()))
        })
    }
}
