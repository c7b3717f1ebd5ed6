//! Assertions about the events of one operation.

use serde_json::Value;

use crate::event::{Event, Status};

/// The events of one operation, at least one; what is asserted of them has to hold for each.
///
/// Made by [`Captured::only`](super::Captured::only) and
/// [`Captured::assert_recorded`](super::Captured::assert_recorded). Each assertion panics with what was expected and
/// what was recorded, and otherwise gives the events back for the next one.
///
/// # Examples
///
/// ```
/// use vigil::{audited, testing};
///
/// #[audited(category = "DATA")]
/// fn take(wanted: u32) -> Result<u32, String> {
///     Err(format!("{wanted} are not there"))
/// }
///
/// let captured = testing::capture(|| take(3));
/// captured.only("take").failed().error("3 are not there");
/// ```
#[derive(Debug, Clone)]
pub struct Recorded<'a> {
    /// Not empty.
    events: Vec<&'a Event>,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(events: Vec<&'a Event>) -> Self {
        Self { events }
    }

    /// The event; the first one if there are several.
    #[must_use]
    pub fn event(&self) -> &'a Event {
        self.events[0]
    }

    /// What an argument or field was recorded as; in the first event if there are several.
    ///
    /// # Panics
    ///
    /// If there is no such parameter; the message lists those there are.
    #[track_caller]
    #[must_use]
    pub fn parameter(&self, name: &str) -> &'a Value {
        parameter(self.event(), name)
    }

    /// There are so many events.
    #[track_caller]
    pub fn times(self, count: usize) -> Self {
        let found = self.events.len();
        assert!(
            found == count,
            "expected {count} of `{}`, but {found} were recorded:\n{:#?}",
            self.event().action.operation,
            self.events
        );
        self
    }

    /// The call succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.ended(Status::Success)
    }

    /// The call failed.
    #[track_caller]
    pub fn failed(self) -> Self {
        self.ended(Status::Failure)
    }

    /// The call panicked.
    #[track_caller]
    pub fn panicked(self) -> Self {
        self.ended(Status::Panic)
    }

    /// The call was dropped before its end.
    #[track_caller]
    pub fn cancelled(self) -> Self {
        self.ended(Status::Cancelled)
    }

    /// The program refused the action.
    #[track_caller]
    pub fn denied(self) -> Self {
        self.ended(Status::Denied)
    }

    #[track_caller]
    fn ended(self, expected: Status) -> Self {
        self.each(|event| {
            let status = event.action.result.status;
            if status == expected {
                return Ok(());
            }
            let error = event.error.as_ref().and_then(|error| {
                let kind = error.kind.as_deref().unwrap_or("error");
                Some(format!(" ({kind}: {})", error.message.as_ref()?))
            });
            let error = error.unwrap_or_default();
            Err(format!("to end as {expected}, but it is {status}{error}"))
        })
    }

    /// An argument or field was recorded as this.
    #[track_caller]
    pub fn with(self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.each(|event| match parameter(event, name) {
            recorded if *recorded == value => Ok(()),
            recorded => Err(format!("with `{name}` as {value}, but it is {recorded}")),
        })
    }

    /// No argument or field of this name was recorded.
    #[track_caller]
    pub fn without(self, name: &str) -> Self {
        self.each(|event| match event.action.parameters.get(name) {
            None => Ok(()),
            Some(recorded) => Err(format!("without `{name}`, but it is {recorded}")),
        })
    }

    /// The message of the error or panic has this text in it.
    #[track_caller]
    pub fn error(self, text: &str) -> Self {
        self.each(|event| {
            let message = event.error.as_ref().and_then(|error| error.message.clone());
            match message {
                Some(message) if message.contains(text) => Ok(()),
                Some(message) => Err(format!("with the error {text:?}, but it is {message:?}")),
                None => Err(format!("with the error {text:?}, but it has no message")),
            }
        })
    }

    /// The actor had this id.
    #[track_caller]
    pub fn by(self, actor: &str) -> Self {
        self.each(|event| match &event.actor.id {
            Some(id) if id == actor => Ok(()),
            Some(id) => Err(format!("by {actor:?}, but it is by {id:?}")),
            None => Err(format!(
                "by {actor:?}, but its actor has no id ({})",
                event.actor.kind
            )),
        })
    }

    #[track_caller]
    fn each(self, check: impl Fn(&Event) -> Result<(), String>) -> Self {
        for event in &self.events {
            if let Err(problem) = check(event) {
                let operation = &event.action.operation;
                panic!("expected `{operation}` {problem}\nin {event:#?}");
            }
        }
        self
    }
}

#[track_caller]
fn parameter<'a>(event: &'a Event, name: &str) -> &'a Value {
    let parameters = &event.action.parameters;
    parameters.get(name).unwrap_or_else(|| {
        let names: Vec<_> = parameters.keys().map(String::as_str).collect();
        panic!(
            "`{}` has no parameter `{name}` (it has {})",
            event.action.operation,
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        )
    })
}
