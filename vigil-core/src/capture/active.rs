//! What is recorded of a call, as JSON, until it is handed over.

use std::sync::{Arc, Mutex, PoisonError};

use super::context::Data;
use super::error_name::ErrorName;
use super::handle::Handle;
use super::notes::{self, Notes};
use super::tap::Tap;
use super::{abort, ambient, pool};
use crate::clock::Monotonic;
use crate::engine::{self, Place};
use crate::error::Error;
use crate::event::record::{self, Header, Section};
use crate::event::{Actor, Callsite, Delivery, EventId, Id, Resource, SiteText, Status};
use crate::sanitize::sealing::{Sealing, Whose};
use crate::sanitize::{self, Counts, Displayed, Key, Rules, Sanitize, Treatment, Writer};

/// What is recorded so far.
#[derive(Debug, Clone)]
pub struct Active {
    pub(super) head: Head,
    pub(super) buffers: Buffers,
}

/// What is set anew for each call; the buffers beside it are used again.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) callsite: &'static Callsite,
    pub(super) id: EventId,
    pub(super) parent: Option<EventId>,
    pub(super) started_unix_nanos: u64,
    pub(super) started: Monotonic,
    pub(super) status: Status,
    /// What the thread's calls were nested in before they were nested in this one; `None` while they are not.
    pub(super) outer: Option<Option<EventId>>,
    pub(super) context: Option<Arc<Data>>,
    /// Whether the body has been given a handle.
    pub(super) noted: bool,
    /// The event that announced this call.
    pub(super) attempt: Option<EventId>,
}

/// The JSON of a call's parts. Pooled: in the steady state a call allocates nothing.
#[derive(Debug, Clone)]
pub(super) struct Buffers {
    /// Those that were in force when the call began: a call is sanitized by one set of rules.
    rules: Arc<Rules>,
    /// The record, as far as its parameters.
    record: Vec<u8>,
    result: Vec<u8>,
    pub(super) error: Vec<u8>,
    actor: Vec<u8>,
    resource: Vec<u8>,
    counts: Counts,
    /// Under whose key values are encrypted.
    whose: Option<Arc<Whose>>,
    /// What the body adds by a handle; of an earlier call, unless `Head::noted`.
    notes: Option<Arc<Mutex<Notes>>>,
}

impl Active {
    /// A call that has not begun.
    #[cold]
    pub(super) fn new(callsite: &'static Callsite) -> Box<Self> {
        let head = Head {
            callsite,
            id: EventId::from_bytes([0; 16]),
            parent: None,
            started_unix_nanos: 0,
            started: Monotonic::default(),
            status: Status::Success,
            outer: None,
            context: None,
            noted: false,
            attempt: None,
        };
        Box::new(Self {
            head,
            buffers: Buffers::new(),
        })
    }

    /// Begins a call in the place of one that has ended, if there was one.
    ///
    /// The head is set member by member: one that is made elsewhere and copied here makes the processor wait for what
    /// it has just stored.
    #[inline]
    pub(super) fn begin(&mut self, callsite: &'static Callsite) {
        sanitize::refresh(&mut self.buffers.rules);
        let Head {
            callsite: place,
            id,
            parent,
            started_unix_nanos,
            started,
            status,
            outer,
            context,
            noted,
            attempt,
        } = &mut self.head;
        *place = callsite;
        (*started, *started_unix_nanos) = engine::now();
        *id = EventId::new(*started_unix_nanos);
        (*parent, *context) = ambient::begin();
        *status = Status::Success;
        *outer = None;
        *noted = false;
        *attempt = None;
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
    fn new() -> Self {
        let mut record = Vec::new();
        record::open(&mut record);
        Self {
            rules: sanitize::in_force(),
            record,
            result: Vec::new(),
            error: Vec::new(),
            actor: Vec::new(),
            resource: Vec::new(),
            counts: Counts::default(),
            whose: None,
            notes: None,
        }
    }

    fn clear(&mut self) {
        record::open(&mut self.record);
        self.result.clear();
        self.error.clear();
        self.actor.clear();
        self.resource.clear();
        self.counts.clear();
        self.whose = None;
        // A handle that has outlived its call keeps its notes to itself.
        match self.notes.as_mut().and_then(Arc::get_mut) {
            Some(notes) => notes
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .clear(),
            None => self.notes = None,
        }
    }

    fn capacity(&self) -> usize {
        self.record.capacity()
            + self.result.capacity()
            + self.error.capacity()
            + self
                .notes
                .as_ref()
                .map_or(0, |notes| notes::lock(notes).capacity())
    }
}

impl Active {
    /// A handle for the body of the function.
    pub(super) fn handle(&mut self) -> Handle {
        self.head.noted = true;
        let Head {
            id,
            started,
            callsite,
            ..
        } = self.head;
        let whose = self.buffers.whose.clone();
        let handle = Handle::open(&mut self.buffers.notes, id, started, callsite, whose);
        // The notes themselves are shared with the copy.
        abort::update(self);
        handle
    }

    /// Records one of the callsite's arguments.
    #[inline(never)]
    pub fn param(&mut self, index: usize, value: &dyn Sanitize) {
        let Some((argument, key)) = self.head.callsite.argument(index) else {
            return;
        };
        let _sealing = self.sealing();
        let written = matches!(argument.treatment, Treatment::Default)
            && value
                .leaf()
                .is_some_and(|leaf| self.parameters().leaf_member(key, leaf));
        if !written {
            self.parameters().member(key, argument.treatment, value);
        }
        abort::update(self);
    }

    /// Records a parameter whose name is known only now.
    pub(super) fn entry(&mut self, key: &str, value: &dyn Sanitize) {
        let _sealing = self.sealing();
        self.parameters().entry(key, value);
        abort::update(self);
    }

    #[inline]
    fn parameters(&mut self) -> Writer<'_> {
        let Buffers {
            rules,
            record,
            counts,
            ..
        } = &mut self.buffers;
        Writer::members(record, record::PARAMETERS_AT, rules, counts)
    }

    /// Names whose data the event holds: what is recorded from here on and has to be encrypted is encrypted under the key
    /// of this subject.
    #[inline(never)]
    pub fn subject<'v>(&mut self, subject: impl Into<Id<'v>>) {
        let Head {
            callsite,
            id,
            started_unix_nanos,
            ..
        } = self.head;
        let event = match &self.buffers.whose {
            Some(whose) => whose.event,
            // The event that announces the call bears the same parameters, and its id is known to both.
            None if is_announced(callsite) => EventId::new(started_unix_nanos),
            None => id,
        };
        self.buffers.whose = Some(Arc::new(Whose {
            event,
            subject: subject.into().to_text().into(),
        }));
    }

    /// What lets a parameter be encrypted.
    #[inline]
    fn sealing(&self) -> Option<Sealing> {
        let whose = self.buffers.whose.as_ref()?;
        let record = &self.buffers.record;
        Some(Sealing::members(
            whose,
            PARAMETERS,
            record,
            record::PARAMETERS_AT,
        ))
    }

    /// Names the actor of this event, in place of the ambient one.
    pub fn actor<'v>(&mut self, actor: impl Into<Actor<'v>>) {
        let Buffers {
            actor: out, counts, ..
        } = &mut self.buffers;
        write_value(out, counts, Treatment::Default, &actor.into());
        abort::update(self);
    }

    /// Names the resource that is acted upon.
    pub fn resource<'v>(&mut self, resource: impl Into<Resource<'v>>) {
        let Buffers {
            resource: out,
            counts,
            ..
        } = &mut self.buffers;
        write_value(out, counts, Treatment::Default, &resource.into());
        abort::update(self);
    }

    /// Records what the call returned.
    #[inline(never)]
    pub fn result_value(&mut self, treatment: Treatment, value: &dyn Sanitize) {
        let Buffers {
            result,
            counts,
            whose,
            ..
        } = &mut self.buffers;
        let whose = whose.as_ref();
        let _sealing = whose.map(|whose| Sealing::value(whose, RESULT, result));
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

    /// Hands over an event that tells that the call is about to run; its outcome will refer to it.
    pub(super) fn hand_over_attempt(&mut self) -> Result<Option<Place>, Error> {
        let id = match &self.buffers.whose {
            Some(whose) if whose.event != self.head.id => whose.event,
            _ => EventId::new(self.head.started_unix_nanos),
        };
        let counts = self.buffers.counts.clone();
        let parameters_end = self.buffers.record.len();
        let head = &mut self.head;
        let (own_id, status) = (head.id, head.status);
        // What the body says by its handle belongs to the outcome.
        let noted = std::mem::replace(&mut head.noted, false);
        (head.id, head.status) = (id, Status::Attempt);
        self.encode(0);
        let head = &mut self.head;
        (head.id, head.status, head.noted) = (own_id, status, noted);
        let submitted = match self.tap() {
            Some(tap) if tap.take(self.head.callsite, &self.buffers.record) => Ok(None),
            _ => engine::submit_or_refuse(self.head.callsite, &self.buffers.record),
        };
        if submitted.is_ok() {
            self.head.attempt = Some(id);
        }
        self.buffers.record.truncate(parameters_end);
        self.buffers.counts = counts;
        submitted
    }

    /// Whether the event goes elsewhere than to the engine, which then has nothing to say.
    pub(super) fn is_led_away(&self) -> bool {
        self.tap().is_some()
    }

    /// Where the event goes in place of the engine, if it is led away.
    fn tap(&self) -> Option<&Tap> {
        self.head.context.as_ref()?.tap.as_deref()
    }

    /// Ends the call; gives back where its record lies, if it is in the journal.
    #[inline(never)]
    pub(super) fn hand_over(mut self: Box<Self>) -> Option<Place> {
        let took_nanos = self.head.started.elapsed();
        if let Some(outer) = self.head.outer {
            ambient::replace_parent(outer);
            abort::close(self.head.id);
        }
        self.encode(took_nanos);
        let (callsite, record) = (self.head.callsite, &self.buffers.record);
        let place = match self.tap() {
            Some(tap) if tap.take(callsite, record) => None,
            _ => engine::submit(callsite, record),
        };
        pool::give_back(self);
        place
    }

    fn encode(&mut self, took_nanos: u64) {
        let Head {
            callsite,
            id,
            parent,
            started_unix_nanos,
            mut status,
            noted,
            attempt,
            ..
        } = self.head;
        let context = self.head.context.as_deref();
        let Buffers {
            record: out,
            result,
            error,
            actor,
            resource,
            counts,
            notes,
            ..
        } = &mut self.buffers;
        let notes = notes.as_deref().filter(|_| noted).map(|shared| {
            let mut notes = notes::lock(shared);
            status = notes.close(status);
            counts.merge(&notes.counts);
            for (noted, own) in [
                (&notes.actor, &mut *actor),
                (&notes.resource, &mut *resource),
            ] {
                if !noted.is_empty() {
                    own.clear();
                    own.extend_from_slice(noted);
                }
            }
            if out.len() > record::PARAMETERS_AT && !notes.parameters.json().is_empty() {
                out.push(b',');
            }
            out.extend_from_slice(notes.parameters.json());
            notes
        });
        let header = Header {
            callsite: callsite.id(),
            status,
            slow: took_nanos >= engine::slow_threshold(callsite),
            id,
            parent,
            started_unix_nanos,
            took_nanos,
        };
        record::close_parameters(out, &header);
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
        if let Some(notes) = notes {
            record::push_section(out, Section::Checkpoints, notes.checkpoints());
            record::push_section(out, Section::Changes, notes.changes.json());
        }
        if let Some(attempt) = attempt {
            record::push_section(out, Section::Attempt, attempt.as_bytes());
        }
        if !callsite.is_described() {
            record::push_section(out, Section::Site, &SiteText::of(callsite).to_section());
        }
        pool::push_thread_name(out);
        if !counts.is_empty() {
            record::write_section(out, Section::Redactions, |out| counts.write_members(out));
        }
    }
}

/// Where parameters and results stand in a line.
pub(super) const PARAMETERS: &str = "/action/parameters";
const RESULT: &str = "/action/result/value";

/// Whether another event goes before that of a call.
fn is_announced(callsite: &'static Callsite) -> bool {
    callsite.is_refusable() && engine::policy(callsite).delivery == Delivery::Required
}

pub(super) fn write_value(
    out: &mut Vec<u8>,
    counts: &mut Counts,
    treatment: Treatment,
    value: &dyn Sanitize,
) {
    out.clear();
    sanitize::with_rules(|rules| Writer::new(out, rules, counts).value(treatment, value));
}
