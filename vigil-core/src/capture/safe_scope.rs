//! Scopes whose events have to be on disk. Types of their own, because beginning such a scope may be refused, and
//! because a future that waits for the disk has to hold what the code in it returned.

use std::fmt::Display;
use std::future::Future;

use super::call::Call;
use super::delivery::{admitted, admitted_later};
use super::future::Audited;
use super::scope::Scope;
use crate::error::Error;

/// A scope whose event is on disk when it has ended; made by `vigil::scope!` with `delivery = "durable"`.
///
/// # Examples
///
/// ```
/// # fn write_file() -> std::io::Result<u64> { Ok(3) }
/// let scope = vigil::scope!("close_month", category = "DATA", delivery = "durable");
/// let rows = scope.run(write_file)?; // has waited for the disk
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a scope that is dropped at once records a cancelled event"]
pub struct DurableScope(Scope);

impl DurableScope {
    /// For `scope!`.
    #[doc(hidden)]
    pub fn __new(call: Call) -> Self {
        Self(Scope::__new(call))
    }

    /// The scope as a guard. Its end waits on this thread; in async code prefer [`DurableScope::run_async`].
    pub fn begin(self) -> Scope {
        self.0
    }

    /// As [`Scope::run`]; returns when the event is on disk.
    ///
    /// # Errors
    ///
    /// What `f` returns.
    pub fn run<T, E: Display>(self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.run(f)
    }

    /// As [`Scope::run_async`]; pending until the event is on disk, without blocking a thread that runs futures.
    ///
    /// # Errors
    ///
    /// What the future yields.
    pub async fn run_async<T, E: Display>(
        self,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        settled(self.0, future).await
    }
}

/// A scope that is not entered where its event cannot be kept; made by `vigil::scope!` with `delivery = "required"` or
/// `overflow = "deny"`.
///
/// # Examples
///
/// ```no_run
/// # fn wipe(disk: &str) -> Result<(), vigil::Error> { Ok(()) }
/// // Around code, whose error type is `From<vigil::Error>`:
/// vigil::scope!("wipe", category = "ADMIN", delivery = "required").run(|| wipe("/dev/sdb"))?;
///
/// // As a guard:
/// let scope = vigil::scope!("wipe", category = "ADMIN", delivery = "required").begin()?;
/// wipe("/dev/sdb")?;
/// scope.success();
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a scope that is dropped at once records a cancelled event"]
pub struct RequiredScope(Call);

impl RequiredScope {
    /// For `scope!`.
    #[doc(hidden)]
    pub fn __new(call: Call) -> Self {
        Self(call)
    }

    /// Enters the scope as a guard, on whose end this thread waits; in async code prefer [`RequiredScope::run_async`].
    ///
    /// # Errors
    ///
    /// The event cannot be kept, and what the scope was to surround should not be done.
    pub fn begin(self) -> Result<Scope, Error> {
        Ok(Scope::__new(admitted(self.0)?))
    }

    /// As [`Scope::run`]; `f` is called only if the event can be kept.
    ///
    /// # Errors
    ///
    /// What `f` returns; or [`Error`] as an `E`, and `f` was not called.
    pub fn run<T, E>(self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        E: Display + From<Error>,
    {
        self.begin()?.run(f)
    }

    /// As [`Scope::run_async`]; the future is polled only if the event can be kept. Waits by being pending, without
    /// blocking a thread that runs futures.
    ///
    /// # Errors
    ///
    /// What the future yields; or [`Error`] as an `E`, and the future was not polled.
    pub async fn run_async<T, E>(self, future: impl Future<Output = Result<T, E>>) -> Result<T, E>
    where
        E: Display + From<Error>,
    {
        let call = admitted_later(self.0).await?;
        settled(Scope::__new(call), future).await
    }
}

async fn settled<T, E: Display>(
    scope: Scope,
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let (result, call) = Audited::new(future, scope.into_call()).await;
    let call = Scope::__new(call).concluded(&result);
    call.settle().await;
    result
}
