//! Encryption of values: under whose key, bound to which event and place.
//!
//! What a value's writer does not know, and needs only here, is left on the thread by whoever writes the event, while a
//! value of an event with a subject is being written. An event without a subject leaves nothing, and pays nothing.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::place::{self, Walk};
use crate::error::Error;
use crate::event::EventId;

/// Encrypts under the keys of subjects.
pub(crate) trait Seal: Send + Sync + 'static {
    /// Appends the JSON that stands for a value in place of its own JSON. What has been appended before an error is cut off.
    fn seal(&self, whose: &Whose, path: &str, json: &str, out: &mut Vec<u8>) -> Result<(), Error>;
}

/// Whose data an event holds.
#[derive(Debug)]
pub(crate) struct Whose {
    /// What the result is bound to: the id of the event, or of the one that announces it.
    pub(crate) event: EventId,
    #[cfg_attr(
        not(feature = "subject-keys"),
        expect(dead_code, reason = "nobody encrypts")
    )]
    pub(crate) subject: Zeroizing<String>,
}

/// A value that is being written.
#[derive(Clone)]
struct Writing {
    whose: Arc<Whose>,
    root: &'static str,
    /// Where in the buffer the JSON under the root begins.
    start: usize,
    is_members: bool,
    /// Which buffer that is: a call inside a `Sanitize` of the program's writes into another.
    buffer: usize,
}

thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
}

static SEAL: RwLock<Option<Arc<dyn Seal>>> = RwLock::new(None);

/// From now on this encrypts; `None`: nothing does.
pub(crate) fn install(seal: Option<Arc<dyn Seal>>) {
    *SEAL.write().unwrap_or_else(PoisonError::into_inner) = seal;
}

/// What was redacted because it could not be encrypted, as bits.
static TROUBLES: AtomicU8 = AtomicU8::new(0);
const NO_SUBJECT: u8 = 1;
const NO_KEYS: u8 = 2;
const FAILED: u8 = 4;
static FAILURE: Mutex<Option<String>> = Mutex::new(None);

/// What has not been told yet of values that were redacted because they could not be encrypted.
pub(crate) fn take_troubles() -> Vec<Error> {
    let troubles = TROUBLES.swap(0, Relaxed);
    let mut told = Vec::new();
    if troubles & NO_SUBJECT != 0 {
        told.push(Error::config(
            "a value was redacted that is to be encrypted: its event names no subject; say `subject = ...` in the attribute, or `handle.subject(...)` before the field, and see that errors and changes are not encrypted",
        ));
    }
    if troubles & NO_KEYS != 0 {
        told.push(Error::config(
            "a value was redacted that is to be encrypted: there is no store of keys; set trail.subject_keys",
        ));
    }
    if troubles & FAILED != 0 {
        let failure = FAILURE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        told.push(Error::trail(format!(
            "a value was redacted that is to be encrypted: {}",
            failure.unwrap_or_default()
        )));
    }
    told
}

/// While it lives, what is written into a buffer can be encrypted for a subject.
pub(crate) struct Sealing(Option<Writing>);

impl Sealing {
    /// Of members of an object that begin in the buffer at `start`.
    pub(crate) fn members(
        whose: &Arc<Whose>,
        root: &'static str,
        buffer: &Vec<u8>,
        start: usize,
    ) -> Self {
        Self::begin(whose, root, buffer, start, true)
    }

    /// Of one value, with which the buffer begins.
    pub(crate) fn value(whose: &Arc<Whose>, root: &'static str, buffer: &Vec<u8>) -> Self {
        Self::begin(whose, root, buffer, 0, false)
    }

    fn begin(
        whose: &Arc<Whose>,
        root: &'static str,
        buffer: &Vec<u8>,
        start: usize,
        is_members: bool,
    ) -> Self {
        let writing = Writing {
            whose: Arc::clone(whose),
            root,
            start,
            is_members,
            buffer: address(buffer),
        };
        let outer = WRITING.try_with(|place| place.replace(Some(writing)));
        Self(outer.unwrap_or_default())
    }
}

impl Drop for Sealing {
    fn drop(&mut self) {
        let _ = WRITING.try_with(|place| place.replace(self.0.take()));
    }
}

fn address(buffer: &Vec<u8>) -> usize {
    std::ptr::from_ref(buffer) as usize
}

/// Appends what stands for a value of this JSON; false, and nothing appended, if it cannot be encrypted.
#[cold]
pub(super) fn seal(json: &str, buffer: &mut Vec<u8>) -> bool {
    let writing = WRITING.try_with(|place| place.borrow().clone());
    let writing = writing.ok().flatten();
    let Some(writing) = writing.filter(|writing| writing.buffer == address(buffer)) else {
        return trouble(NO_SUBJECT);
    };
    let seal = SEAL.read().unwrap_or_else(PoisonError::into_inner).clone();
    let Some(seal) = seal else {
        return trouble(NO_KEYS);
    };
    let end = buffer.len();
    let written = buffer.get(writing.start..).unwrap_or_default();
    let walk = if writing.is_members {
        Walk::of_members(written)
    } else {
        Walk::of_value(written)
    };
    let Some(path) = place::behind(walk, writing.root) else {
        return trouble(NO_SUBJECT);
    };
    match seal.seal(&writing.whose, &path, json, buffer) {
        Ok(()) => true,
        Err(error) => {
            buffer.truncate(end);
            *FAILURE.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
            trouble(FAILED)
        }
    }
}

fn trouble(which: u8) -> bool {
    TROUBLES.fetch_or(which, Relaxed);
    false
}
