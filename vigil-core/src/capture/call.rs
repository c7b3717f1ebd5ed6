//! One audited call, from its first argument to its outcome.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ambient;
use super::context::Data;
use super::{panic, pool};
use crate::engine;
use crate::event::record::{self, Header, Section};
use crate::event::{Actor, Callsite, EventId, Resource, Status};
use crate::filter;
use crate::sanitize::{self, Counts, Displayed, Key, Sanitize, Treatment, WithoutPaths, Writer};

/// A call that is being recorded, or nothing if the filters said no. Eight bytes, so it weighs little in a future.
#[derive(Debug)]
pub struct Call(Option<Box<Active>>);

/// What is recorded so far.
#[derive(Debug)]
pub struct Active {
    head: Head,
    buffers: Buffers,
}

/// What is set anew for each call; the buffers beside it are used again.
#[derive(Debug)]
struct Head {
    callsite: &'static Callsite,
    id: EventId,
    parent: Option<EventId>,
    started_unix_nanos: u64,
    started: Instant,
    status: Status,
    /// What the thread's calls were nested in before they were nested in this one; `None` while they are not.
    outer: Option<Option<EventId>>,
    context: Option<Arc<Data>>,
}

/// The JSON of a call's parts. Pooled: in the steady state a call allocates nothing.
#[derive(Debug, Default)]
struct Buffers {
    parameters: Vec<u8>,
    result: Vec<u8>,
    error: Vec<u8>,
    actor: Vec<u8>,
    resource: Vec<u8>,
    redactions: Vec<u8>,
    counts: Counts,
    record: Vec<u8>,
}

impl Active {
    fn new(head: Head) -> Self {
        Self {
            head,
            buffers: Buffers::default(),
        }
    }

    /// Makes it ready for another call, which will set the head.
    pub(super) fn clear(&mut self) {
        self.head.context = None;
        self.buffers.clear();
    }

    pub(super) fn capacity(&self) -> usize {
        self.buffers.capacity()
    }
}

impl Buffers {
    fn clear(&mut self) {
        self.parameters.clear();
        self.result.clear();
        self.error.clear();
        self.actor.clear();
        self.resource.clear();
        self.redactions.clear();
        self.counts.clear();
        self.record.clear();
    }

    fn capacity(&self) -> usize {
        self.parameters.capacity()
            + self.result.capacity()
            + self.error.capacity()
            + self.record.capacity()
    }
}

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
        let mut call = Self::begin(callsite);
        call.nest();
        call
    }

    /// From here to its end, calls on this thread are nested in this one.
    #[inline]
    pub(super) fn nest(&mut self) {
        if let Some(active) = &mut self.0 {
            active.head.outer = Some(ambient::replace_parent(Some(active.head.id)));
        }
    }

    /// Ends what [`Call::enter`] began: the code that follows on this thread is not part of the call.
    pub(super) fn leave(&mut self) {
        if let Some(active) = &mut self.0
            && let Some(outer) = active.head.outer.take()
        {
            ambient::replace_parent(outer);
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
        panic::install_hook();
        let (started, started_unix_nanos) = engine::now();
        let (parent, context) = ambient::begin();
        let head = Head {
            callsite,
            id: EventId::new(started_unix_nanos),
            parent,
            started_unix_nanos,
            started,
            status: Status::Success,
            outer: None,
            context,
        };
        Self(Some(match pool::take() {
            Some(mut active) => {
                active.head = head;
                active
            }
            None => Box::new(Active::new(head)),
        }))
    }

    /// What is recorded so far, if anything is.
    #[inline]
    pub fn active(&mut self) -> Option<&mut Active> {
        self.0.as_deref_mut()
    }

    /// Ends the call and hands its event over.
    #[inline]
    pub fn finish(mut self) {
        if let Some(active) = self.0.take() {
            active.hand_over();
        }
    }

    /// Ends the call, hands its event over and tells its id.
    pub fn record(mut self) -> Option<EventId> {
        self.0.take().map(|active| {
            let id = active.head.id;
            active.hand_over();
            id
        })
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
    fn drop(&mut self) {
        if let Some(active) = &self.0 {
            // A call that has been entered is dropped unfinished only by a panic in its body, also when it is itself
            // made by a destructor during another panic. Others may just as well have been left.
            let panicked = active.head.outer.is_some() || std::thread::panicking();
            self.abandon(panicked);
        }
    }
}

#[cold]
fn sampling_key() -> Option<u64> {
    ambient::context().and_then(|context| context.sampling_key)
}

impl Active {
    /// Records one of the callsite's arguments.
    #[inline(never)]
    pub fn param(&mut self, index: usize, value: &dyn Sanitize) {
        if let Some(argument) = self.head.callsite.arguments.get(index) {
            self.write_parameter(|out| out.member(&argument.key, argument.treatment, value));
        }
    }

    /// Records a parameter whose name is known only now.
    pub(super) fn entry(&mut self, key: &str, value: &dyn Sanitize) {
        self.write_parameter(|out| out.entry(key, value));
    }

    fn write_parameter(&mut self, write: impl FnOnce(&mut Writer<'_>)) {
        let Buffers {
            parameters, counts, ..
        } = &mut self.buffers;
        sanitize::with_rules(|rules| write(&mut Writer::new(parameters, rules, counts)));
    }

    /// Names the actor of this event, in place of the ambient one.
    pub fn actor<'v>(&mut self, actor: impl Into<Actor<'v>>) {
        let Buffers {
            actor: out, counts, ..
        } = &mut self.buffers;
        write_value(out, counts, Treatment::Default, &actor.into());
    }

    /// Names the resource that is acted upon.
    pub fn resource<'v>(&mut self, resource: impl Into<Resource<'v>>) {
        let Buffers {
            resource: out,
            counts,
            ..
        } = &mut self.buffers;
        write_value(out, counts, Treatment::Default, &resource.into());
    }

    /// Records what the call returned.
    #[inline(never)]
    pub fn result_value(&mut self, treatment: Treatment, value: &dyn Sanitize) {
        let Buffers { result, counts, .. } = &mut self.buffers;
        write_value(result, counts, treatment, value);
    }

    /// The call succeeded, whatever its return value may look like.
    pub fn succeed(&mut self) {
        self.head.status = Status::Success;
        self.buffers.error.clear();
    }

    /// The call failed, and there is nothing more to say of it.
    pub fn fail(&mut self) {
        self.head.status = Status::Failure;
    }

    /// The program refused the action.
    pub fn deny(&mut self) {
        self.head.status = Status::Denied;
    }

    /// The call failed by an error of this type; `details` is the error itself as far as it may be recorded.
    #[inline(never)]
    pub fn fail_with(&mut self, error_type: &'static str, details: Option<&dyn Sanitize>) {
        static KEYS: [Key; 2] = [Key::new("type"), Key::new("message")];
        self.head.status = Status::Failure;
        let Buffers { error, counts, .. } = &mut self.buffers;
        error.clear();
        sanitize::with_rules(|rules| {
            let name = ErrorName(error_type);
            Writer::new(error, rules, counts).member(&KEYS[0], Treatment::Keep, &Displayed(&name));
            let Some(details) = details else { return };
            let before = error.len();
            Writer::new(error, rules, counts).member(&KEYS[1], Treatment::Default, details);
            // An error that is more than a text is not its message.
            const MESSAGE: &[u8] = b",\"message\":";
            let value = before + MESSAGE.len();
            if error[before..].starts_with(MESSAGE) && error.get(value) != Some(&b'"') {
                error.splice(before..value, *b",\"details\":");
            }
        });
    }

    #[cfg(test)]
    pub(super) fn error(&self) -> &[u8] {
        &self.buffers.error
    }

    #[cfg(test)]
    pub(super) fn status(&self) -> Status {
        self.head.status
    }

    #[inline(never)]
    fn hand_over(mut self: Box<Self>) {
        let took = self.head.started.elapsed();
        if let Some(outer) = self.head.outer {
            ambient::replace_parent(outer);
        }
        self.encode(took);
        let (callsite, record) = (self.head.callsite, &self.buffers.record);
        let tap = self
            .head
            .context
            .as_ref()
            .and_then(|data| data.tap.as_ref());
        if !tap.is_some_and(|tap| tap.take(callsite, record)) {
            engine::submit(callsite, record);
        }
        pool::give_back(self);
    }

    fn encode(&mut self, took: Duration) {
        let Head {
            callsite,
            id,
            parent,
            started_unix_nanos,
            status,
            ..
        } = self.head;
        let threshold = callsite.slow.unwrap_or_else(engine::slow_threshold);
        let context = self.head.context.as_deref();
        let Buffers {
            parameters,
            result,
            error,
            actor,
            resource,
            redactions,
            counts,
            record: out,
        } = &mut self.buffers;
        Header {
            callsite: callsite.id(),
            status,
            slow: took >= threshold,
            id,
            parent,
            started_unix_nanos,
            took_nanos: u64::try_from(took.as_nanos()).unwrap_or(u64::MAX),
        }
        .write(out);
        record::push_section(out, Section::Parameters, parameters);
        record::push_section(out, Section::ResultValue, result);
        record::push_section(out, Section::Error, error);
        record::push_section(out, Section::Resource, resource);
        match context {
            Some(data) if actor.is_empty() => {
                record::push_section(out, Section::Actor, &data.actor)
            }
            _ => record::push_section(out, Section::Actor, actor),
        }
        if let Some(data) = context {
            record::push_section(out, Section::Context, &data.context);
            record::push_section(out, Section::Custom, &data.custom);
            counts.merge(&data.counts);
        }
        pool::with_thread_name(|name| record::push_section(out, Section::Thread, name));
        if !counts.is_empty() {
            counts.write_members(redactions);
            record::push_section(out, Section::Redactions, redactions);
        }
    }
}

fn write_value(out: &mut Vec<u8>, counts: &mut Counts, treatment: Treatment, value: &dyn Sanitize) {
    out.clear();
    sanitize::with_rules(|rules| Writer::new(out, rules, counts).value(treatment, value));
}

/// The type of an error as a person would write it: `ParseIntError`. One that is only called `Error` keeps its path, but
/// for the private module it commonly lives in: `std::io::Error`.
struct ErrorName(&'static str);

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `audit!` and `scope.failure` only borrow the error.
        let name = self.0.trim_start_matches('&');
        let is_path = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'));
        match name.strip_suffix("::Error") {
            Some(modules) if is_path => {
                for module in modules.split("::").filter(|module| *module != "error") {
                    write!(f, "{module}::")?;
                }
                f.write_str("Error")
            }
            _ => WithoutPaths(name).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_called_what_people_call_them() {
        for (name, written) in [
            ("shop::auth::AuthError", "AuthError"),
            ("&core::num::error::ParseIntError", "ParseIntError"),
            ("std::io::error::Error", "std::io::Error"),
            ("rusqlite::error::Error", "rusqlite::Error"),
            (
                "alloc::boxed::Box<dyn core::error::Error>",
                "Box<dyn Error>",
            ),
            ("alloc::string::String", "String"),
        ] {
            assert_eq!(ErrorName(name).to_string(), written);
        }
    }
}
