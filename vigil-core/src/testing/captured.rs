//! What was captured.

use super::leak;
use super::recorded::Recorded;
use crate::capture::Records;
use crate::event::record::Record;
use crate::event::{Event, SiteText};
use crate::trail::{Composer, System};

/// The events that some code recorded, in the order in which its calls ended, and what the code returned.
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
/// assert!(captured.value().is_err());
/// captured.assert_recorded("take").failed().with("wanted", 3);
/// ```
#[derive(Debug)]
pub struct Captured<R = ()> {
    value: R,
    lines: Vec<String>,
    events: Vec<Event>,
    /// What the journal would hold of each.
    records: Vec<String>,
}

impl<R> Captured<R> {
    /// Makes lines of the records as the writer does, and events of the lines as a reader does.
    pub(super) fn new(value: R, records: Records) -> Self {
        let mut composer = Composer::new(System::of_this_process("test").text(), SiteText::all());
        let mut lines = Vec::new();
        let mut events = Vec::new();
        let mut texts = Vec::new();
        for (seq, (_, record)) in (0..).zip(records) {
            let mut line = Vec::new();
            if let Some(record) = Record::read(&record) {
                composer.compose(&record, seq, &mut line);
            }
            let mut line = String::from_utf8(line).expect("vigil writes UTF-8");
            line.truncate(line.trim_end().len());
            events.push(Event::parse(&line).expect("vigil reads what it writes"));
            lines.push(line);
            texts.push(String::from_utf8_lossy(&record).into_owned());
        }
        Self {
            value,
            lines,
            events,
            records: texts,
        }
    }

    /// The records that lines were made of, as text.
    pub(super) fn records(&self) -> &[String] {
        &self.records
    }

    /// What the code returned.
    #[must_use]
    pub fn value(&self) -> &R {
        &self.value
    }

    /// What the code returned.
    #[must_use]
    pub fn into_value(self) -> R {
        self.value
    }

    /// The events.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events as the trail would hold them: lines of JSON, without their newlines.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The events of an operation, of which there has to be exactly one.
    ///
    /// # Panics
    ///
    /// If there is none or more than one; the message lists what was recorded.
    #[track_caller]
    #[must_use]
    pub fn only(&self, operation: &str) -> Recorded<'_> {
        self.assert_recorded(operation).times(1)
    }

    /// The events of an operation, of which there has to be at least one. What is asserted of them has to hold for
    /// each.
    ///
    /// # Panics
    ///
    /// If there is none; the message lists what was recorded.
    #[track_caller]
    pub fn assert_recorded(&self, operation: &str) -> Recorded<'_> {
        let events: Vec<_> = self.of(operation).collect();
        assert!(
            !events.is_empty(),
            "no event of `{operation}` was recorded; {}",
            self.list()
        );
        Recorded::new(events)
    }

    /// Makes sure that there is no event of an operation.
    ///
    /// # Panics
    ///
    /// If there is one; the message shows it.
    #[track_caller]
    pub fn assert_not_recorded(&self, operation: &str) {
        if let Some(event) = self.of(operation).next() {
            panic!("`{operation}` was recorded:\n{event:#?}");
        }
    }

    /// Makes sure that no part of a canary stands in the events; see [`assert_no_leak`](super::assert_no_leak()), which
    /// also runs the code.
    ///
    /// # Panics
    ///
    /// If one does, or if there are no events at all. Also if a canary is too short to be looked for.
    #[track_caller]
    pub fn assert_no_leak<C: AsRef<str>>(&self, canaries: impl IntoIterator<Item = C>) {
        if let Err(message) = leak::check(self, canaries) {
            panic!("{message}");
        }
    }

    fn of(&self, operation: &str) -> impl Iterator<Item = &Event> {
        let events = self.events.iter();
        events.filter(move |event| event.action.operation == operation)
    }

    /// What was recorded, for a message.
    pub(super) fn list(&self) -> String {
        if self.events.is_empty() {
            let off = !crate::is_enabled();
            let why = if off { ": recording is off" } else { "" };
            return format!(
                "nothing was{why}. threads and tasks that are spawned are captured only with `Context::carry` or `Context::run_async`"
            );
        }
        let events = self.events.iter().map(|event| {
            format!(
                "\n  {} ({})",
                event.action.operation, event.action.result.status
            )
        });
        format!("these were:{}", events.collect::<String>())
    }
}
