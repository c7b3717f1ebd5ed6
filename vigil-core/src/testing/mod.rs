//! Tests of what a program audits: which events its code records, and that no secret is in them.
//!
//! A test that reads the trail needs an engine, a directory, and to be alone in its process. [`capture`] needs none of
//! these: it gives back the events of just the code it runs, whatever other tests do on other threads, with or without
//! a running engine. What is captured does not go into the trail and is not counted in [`stats`](crate::stats()).
//!
//! ```
//! use vigil::{audited, testing};
//!
//! #[audited(category = "PAYMENT", type = "CREATE")]
//! fn charge(card_number: &str, cents: u64) -> Result<(), String> {
//!     if cents == 0 {
//!         return Err("nothing to charge".to_owned());
//!     }
//!     Ok(())
//! }
//!
//! let captured = testing::capture(|| charge("4111 1111 1111 1111", 0));
//! captured
//!     .only("charge")
//!     .failed()
//!     .with("cents", 0)
//!     .with("card_number", "***REDACTED***")
//!     .error("nothing to charge");
//! assert!(captured.value().is_err());
//! ```
//!
//! The capture follows the code over `.await` and wherever a [`Context`] is carried: into threads by
//! [`Context::carry`], into tasks by [`Context::run_async`]. A thread or task that is spawned without one is not
//! captured; its events go where they always go. Calls that still run when the capture ends are not captured either.

mod canary;
mod captured;
mod leak;
mod recorded;
mod search;

use std::future::Future;
use std::sync::Arc;

pub use canary::{Canary, Nest, assert_no_leak_of};
pub use captured::Captured;
pub use leak::{assert_no_leak, assert_no_leak_async, canary};
pub use recorded::Recorded;

use crate::capture::{Context, Tap};

/// Runs `f` and gives back what it returned and the events it recorded.
///
/// A panic of `f` goes on; to look at the events of a panic, catch it inside. Filters hold as they do elsewhere: what is
/// switched off or sampled out is not recorded.
///
/// # Examples
///
/// ```
/// use vigil::{audited, testing};
///
/// #[audited(category = "DATA")]
/// fn fragile() {
///     panic!("broken");
/// }
///
/// let captured = testing::capture(|| std::panic::catch_unwind(fragile));
/// captured.only("fragile").panicked().error("broken");
/// ```
pub fn capture<R>(f: impl FnOnce() -> R) -> Captured<R> {
    let tap = Arc::new(Tap::default());
    let value = Context::current().tapped(Arc::clone(&tap)).run(f);
    Captured::new(value, tap.close())
}

/// As [`capture`], for a future, on whichever threads it is polled.
///
/// # Examples
///
/// ```
/// use vigil::{Context, audited, testing};
///
/// #[audited(category = "DATA", type = "READ")]
/// async fn fetch(id: u64) -> u64 {
///     id
/// }
///
/// # let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # rt.block_on(async {
/// let captured = testing::capture_async(async {
///     fetch(1).await;
///     // A spawned task has a context of its own, so hand it this one.
///     tokio::spawn(Context::current().run_async(fetch(2))).await.unwrap();
/// })
/// .await;
/// captured.assert_recorded("fetch").times(2).succeeded();
/// # });
/// ```
pub async fn capture_async<F: Future>(future: F) -> Captured<F::Output> {
    let tap = Arc::new(Tap::default());
    let context = Context::current().tapped(Arc::clone(&tap));
    let value = context.run_async(future).await;
    Captured::new(value, tap.close())
}
