//! The handle by which the body of an audited function adds to its own event.
//!
//! The event itself is out of the body's reach: in a future it moves with the future, and a function may return that
//! future before anything has run. So the body writes notes, which the call takes up at its end. Call and handle share
//! them; they are kept with the call's buffers and used again, so in the steady state nothing is allocated.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use super::active::PARAMETERS;
use super::notes::{Notes, lock};
use crate::clock::Monotonic;
use crate::event::{Actor, Callsite, EventId, Id, Resource, Status};
use crate::sanitize::sealing::{Sealing, Whose};
use crate::sanitize::{self, Counts, Sanitize, Treatment, Writer};

/// Adds to the event of the audited call around it; bound by `#[audited(event = name)]`.
///
/// All that is said is sanitized as arguments are, at once, on the calling thread. When the call is not recorded, because
/// a filter or `when` says no, the methods do nothing. The handle can be cloned and sent to other threads and tasks;
/// what is said after the call has ended is not recorded any more.
///
/// # Examples
///
/// ```
/// use vigil::audited;
///
/// #[audited(category = "ADMIN", type = "UPDATE", event = ev)]
/// fn rename(user: u64, name: &str) -> Result<(), String> {
///     let before = "jane"; // from the database
///     ev.resource(("user", user)).checkpoint("loaded");
///     if name.is_empty() {
///         ev.deny().field("rule", &"a name is not empty");
///         return Err("no name".to_owned());
///     }
///     ev.change("name", &before, &name);
///     Ok(())
/// }
/// # rename(7, "joan").unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Handle(Option<(Arc<Mutex<Notes>>, EventId)>);

impl Handle {
    /// Of a call that is not recorded.
    pub(super) const fn off() -> Self {
        Self(None)
    }

    /// Opens notes for a call; those in `kept` again, unless a handle of an earlier call still holds them.
    pub(super) fn open(
        kept: &mut Option<Arc<Mutex<Notes>>>,
        id: EventId,
        started: Monotonic,
        callsite: &'static Callsite,
        whose: Option<Arc<Whose>>,
    ) -> Self {
        if kept.as_mut().and_then(Arc::get_mut).is_none() {
            *kept = None;
        }
        let notes = kept.get_or_insert_default();
        let mut open = lock(notes);
        open.call = Some((started, callsite));
        open.whose = whose;
        drop(open);
        Self(Some((Arc::clone(notes), id)))
    }

    /// The id of the event; `None` if the call is not recorded.
    #[must_use]
    pub fn id(&self) -> Option<EventId> {
        self.0.as_ref().map(|(_, id)| *id)
    }

    /// Adds a parameter. Said again, it replaces what was said before; one that bears the name of an argument stands
    /// beside that as `name.later`.
    pub fn field(&self, key: &str, value: &dyn Sanitize) -> &Self {
        self.note(
            |notes, out, counts| {
                let taken = notes.is_argument(key);
                let whose = notes.1.as_ref();
                let _sealing = whose.map(|whose| Sealing::members(whose, PARAMETERS, out, 0));
                sanitize::with_rules(|rules| {
                    let mut out = Writer::new(out, rules, counts);
                    if taken {
                        out.entry(&format!("{key}.later"), value);
                    } else {
                        out.entry(key, value);
                    }
                });
            },
            |notes, json| notes.parameters.put(json),
        )
    }

    /// Names whose data the fields hold that are added from here on: what of them has to be encrypted is encrypted under
    /// the key of this subject. An event may hold data of several.
    pub fn subject<'v>(&self, subject: impl Into<Id<'v>>) -> &Self {
        if let Some((notes, id)) = &self.0 {
            let subject = subject.into().to_text().into();
            let mut notes = lock(notes);
            let event = notes.whose.as_ref().map_or(*id, |whose| whose.event);
            notes.whose = Some(Arc::new(Whose { event, subject }));
        }
        self
    }

    /// Names who acts, in place of the ambient actor.
    pub fn actor<'v>(&self, actor: impl Into<Actor<'v>>) -> &Self {
        self.value(&actor.into(), |notes| &mut notes.actor)
    }

    /// Names what is acted upon.
    pub fn resource<'v>(&self, resource: impl Into<Resource<'v>>) -> &Self {
        self.value(&resource.into(), |notes| &mut notes.resource)
    }

    /// Says that the program refuses the action: the outcome is `DENIED`, whatever the function returns.
    pub fn deny(&self) -> &Self {
        self.verdict(Status::Denied)
    }

    /// Says that the call failed, whatever the function returns.
    pub fn fail(&self) -> &Self {
        self.verdict(Status::Failure)
    }

    /// Notes that the call has come this far, and how long it took from its beginning.
    pub fn checkpoint(&self, name: &str) -> &Self {
        self.note(
            |_, out, counts| {
                sanitize::with_rules(|rules| Writer::new(out, rules, counts).str(name));
            },
            Notes::add_checkpoint,
        )
    }

    /// Records the value that something had before and the one that it has now. The name decides as that of a
    /// parameter does: of a password stands there only that it was set.
    pub fn change(&self, name: &str, old: &dyn Sanitize, new: &dyn Sanitize) -> &Self {
        let middle = Cell::new(0);
        self.note(
            |_, out, counts| {
                sanitize::with_rules(|rules| {
                    // As two parameters, so that what is known of the name holds for both values.
                    Writer::new(out, rules, counts).entry(name, old);
                    middle.set(out.len());
                    Writer::new(out, rules, counts).entry(name, new);
                });
            },
            |notes, json| {
                let (old, new) = json.split_at(middle.get());
                // Behind the comma.
                notes
                    .changes
                    .put_change(old, new.get(1..).unwrap_or_default());
            },
        )
    }

    fn value(&self, value: &dyn Sanitize, place: fn(&mut Notes) -> &mut Vec<u8>) -> &Self {
        self.note(
            |_, out, counts| {
                sanitize::with_rules(|rules| {
                    Writer::new(out, rules, counts).value(Treatment::Default, value);
                });
            },
            |notes, json| {
                let place = place(notes);
                place.clear();
                place.extend_from_slice(json);
            },
        )
    }

    fn verdict(&self, verdict: Status) -> &Self {
        if let Some((notes, _)) = &self.0 {
            lock(notes).verdict = Some(verdict);
        }
        self
    }

    /// Lets `write` write JSON, and `keep` put it where it belongs.
    fn note(
        &self,
        write: impl FnOnce(&View, &mut Vec<u8>, &mut Counts),
        keep: impl FnOnce(&mut Notes, &[u8]),
    ) -> &Self {
        let Some((shared, _)) = &self.0 else {
            return self;
        };
        let (view, mut json) = {
            let mut notes = lock(shared);
            let Some((_, callsite)) = notes.call else {
                return self;
            };
            let view = View(callsite, notes.whose.clone());
            (view, std::mem::take(&mut notes.scratch))
        };
        // Without the lock: a `Sanitize` of the program's may itself hold this handle.
        let mut counts = Counts::default();
        write(&view, &mut json, &mut counts);
        let mut notes = lock(shared);
        if notes.call.is_some() {
            keep(&mut notes, &json);
            notes.counts.merge(&counts);
        }
        json.clear();
        notes.scratch = json;
        drop(notes);
        self
    }
}

/// What is known of the call while its notes are not locked.
struct View(&'static Callsite, Option<Arc<Whose>>);

impl View {
    fn is_argument(&self, name: &str) -> bool {
        self.0
            .arguments
            .iter()
            .any(|argument| argument.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionType, Argument, Category};

    static ARGUMENTS: [Argument; 1] = [Argument::parameter("password", "&str")];
    static CALLSITE: Callsite = Callsite::__new(
        Category::DATA,
        ActionType::READ,
        "test",
        ("m", "f", 1),
        None,
        &ARGUMENTS,
    );

    fn open(kept: &mut Option<Arc<Mutex<Notes>>>) -> Handle {
        Handle::open(kept, EventId::new(1), Monotonic::now(), &CALLSITE, None)
    }

    #[test]
    fn notes_are_used_again_once_no_handle_holds_them() {
        let mut kept = None;
        let first = open(&mut kept);
        let place = Arc::as_ptr(kept.as_ref().unwrap());
        drop(first);
        let second = open(&mut kept);
        assert_eq!(Arc::as_ptr(kept.as_ref().unwrap()), place);
        let third = open(&mut kept);
        assert_ne!(Arc::as_ptr(kept.as_ref().unwrap()), place);
        drop((second, third));
    }

    #[test]
    fn a_name_beside_that_of_an_argument_is_as_sensitive() {
        let mut kept = None;
        open(&mut kept).field("password", &"canary");
        let notes = lock(kept.as_ref().unwrap());
        assert_eq!(
            std::str::from_utf8(notes.parameters.json()).unwrap(),
            r#""password.later":"***REDACTED***""#
        );
    }
}
