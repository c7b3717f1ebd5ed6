//! A scope: an audited stretch of code that is no function.

use std::fmt::Display;
use std::future::Future;

use super::active::Active;
use super::call::Call;
use super::future::Audited;
use super::outcome::{ConcludeDisplay, Returned};
use crate::event::{Actor, EventId, Id, Resource};
use crate::sanitize::{Displayed, Sanitize};

/// A stretch of code that is recorded as one event; made by `vigil::scope!`.
///
/// It ends with a verdict, [`Scope::success`] or [`Scope::failure`], or with a closure around the code,
/// [`Scope::run`] or [`Scope::run_async`], which takes the verdict from the `Result`. Dropped without one, for example
/// by a `?` further up, it is recorded as `CANCELLED`, and as `PANIC` when a panic passes: success is never assumed.
///
/// Events below are nested in it where it surrounds them, that is in `run` and `run_async`. As a guard it does not
/// become their parent, because it may be held over an `.await`, where other tasks run on this thread.
///
/// # Examples
///
/// ```
/// # fn write_file() -> std::io::Result<u64> { Ok(3) }
/// // Around a closure: the verdict comes from its result.
/// let rows = vigil::scope!("export_users", category = "FILE", type = "EXPORT").run(write_file)?;
///
/// // As a guard: the verdict is said, and what became known on the way is added.
/// let mut scope = vigil::scope!("import_users", category = "FILE", type = "IMPORT");
/// scope.field("rows", &rows).resource(("file", "users.csv"));
/// if rows > 0 {
///     scope.success();
/// } else {
///     scope.failure("the file is empty");
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a scope that is dropped at once records a cancelled event"]
pub struct Scope(Call);

impl Scope {
    /// For `scope!`.
    #[doc(hidden)]
    pub fn __new(call: Call) -> Self {
        Self(call)
    }

    /// The id of the event that will be recorded; `None` if it is filtered out.
    #[must_use]
    pub fn id(&self) -> Option<EventId> {
        self.0.id()
    }

    /// Adds a parameter that became known on the way.
    pub fn field(&mut self, key: &str, value: &dyn Sanitize) -> &mut Self {
        self.change(|active| active.entry(key, value))
    }

    /// Names who acts.
    pub fn actor<'v>(&mut self, actor: impl Into<Actor<'v>>) -> &mut Self {
        self.change(|active| active.actor(actor))
    }

    /// Names whose data the event holds: what is recorded from here on and has to be encrypted is encrypted under the key
    /// of this subject.
    pub fn subject<'v>(&mut self, subject: impl Into<Id<'v>>) -> &mut Self {
        self.change(|active| active.subject(subject))
    }

    /// Names what is acted upon.
    pub fn resource<'v>(&mut self, resource: impl Into<Resource<'v>>) -> &mut Self {
        self.change(|active| active.resource(resource))
    }

    fn change(&mut self, change: impl FnOnce(&mut Active)) -> &mut Self {
        if let Some(active) = self.0.active() {
            change(active);
        }
        self
    }

    /// Ends the scope: all went well.
    pub fn success(self) {
        self.0.finish();
    }

    /// Ends the scope: it failed by `error`, whose type and text are recorded. Value detectors go over the text.
    pub fn failure<E: Display + ?Sized>(mut self, error: &E) {
        self.change(|active| {
            active.fail_with(std::any::type_name::<E>(), Some(&Displayed(&error)))
        });
        self.0.finish();
    }

    /// Ends the scope: the program refused the action.
    pub fn denied(mut self) {
        self.change(Active::deny);
        self.0.finish();
    }

    /// Runs a function as the content of the scope; `Err` is recorded as `FAILURE`, a panic as `PANIC`, and both go on.
    ///
    /// # Errors
    ///
    /// What `f` returns.
    pub fn run<T, E: Display>(mut self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.nest();
        let result = f();
        self.concluded(&result).finish();
        result
    }

    /// Runs a future as the content of the scope; as [`Scope::run`], and `CANCELLED` if it is dropped before its end.
    ///
    /// # Errors
    ///
    /// What the future yields.
    pub async fn run_async<T, E: Display>(
        self,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let (result, call) = Audited::new(future, self.0).await;
        // Not `finish`: where the configuration asks to wait for the disk, that would block a thread that runs futures.
        Self(call).concluded(&result).hand_over();
        result
    }

    /// The call with its outcome, to be ended.
    pub(super) fn concluded<T, E: Display>(mut self, result: &Result<T, E>) -> Call {
        self.change(|active| (&Returned(result)).conclude(active));
        self.0
    }

    pub(super) fn into_call(self) -> Call {
        self.0
    }
}
