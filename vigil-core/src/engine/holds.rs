//! Legal holds as the trail tells of them: what has been placed and ended since it last did, also while no process wrote it,
//! and also where somebody has removed the file of a hold by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::monitor::Monitor;
use super::now;
use super::retention::user;
use super::system_events::{self, HOLD_ADDED, HOLD_REMOVED, sanitized};
use super::writer::{OnError, report};
use crate::Error;
use crate::disk::{is_missing, replace_file};
use crate::event::Status;
use crate::retention::Now;
use crate::trail::evidence::Places;
use crate::trail::holds::{Ended, Hold, NewHold, Survey, keep, let_go, survey};

/// Places a legal hold on the trail in a directory. It is in force when this returns, whether or not a process writes the
/// trail; the trail tells of it as `audit_hold_added` within about a second, or when it is written again.
///
/// # Errors
///
/// If there is no trail, if a text is empty or too long, if it would end before it begins, or if it cannot be written.
pub fn add(dir: impl AsRef<Path>, hold: &NewHold) -> Result<Hold, Error> {
    let places = Places::of_trail(dir.as_ref());
    keep(&places, hold, &user(), Now::at(now().1).time)
}

/// Ends a hold, also one whose file is damaged; the trail tells of it as `audit_hold_removed`. Gives back what it was, if
/// that could be read.
///
/// # Errors
///
/// If there is no such hold, or its file cannot be removed.
pub fn remove(dir: impl AsRef<Path>, id: &str) -> Result<Option<Hold>, Error> {
    let places = Places::of_trail(dir.as_ref());
    let_go(&places, id, &user(), Now::at(now().1).time)
}

/// Looks whether holds have come or gone.
pub(super) struct HoldWatch {
    places: Places,
    monitor: Arc<Monitor>,
    on_error: OnError,
    /// When the directory of the holds was changed last, as far as is known.
    seen: Option<Option<SystemTime>>,
}

/// A hold that the trail has told of.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case: Option<String>,
}

impl HoldWatch {
    pub(super) fn new(dir: &Path, monitor: Arc<Monitor>, on_error: OnError) -> Self {
        Self {
            places: Places::of_trail(dir),
            monitor,
            on_error,
            seen: None,
        }
    }

    pub(super) fn look(&mut self) {
        let changed = fs::metadata(self.places.holds_dir()).and_then(|dir| dir.modified());
        // Looked at before it is read, so that a change in between is noticed.
        let changed = changed.ok();
        if self.seen == Some(changed) {
            return;
        }
        match self.tell() {
            Ok(()) => self.seen = Some(changed),
            Err(error) => {
                let path = self.places.holds_dir();
                let error = Error::io("cannot look after the legal holds in", &path, error);
                report(&self.on_error, &error);
                // Tried again when something changes.
                self.seen = Some(changed);
            }
        }
    }

    /// A process that is killed between an event and the note that it was told tells it again: twice is better than never.
    fn tell(&self) -> std::io::Result<()> {
        let Survey {
            holds,
            ended,
            damaged,
        } = survey(&self.places)?;
        match damaged.first() {
            Some((_, what)) => {
                let error = Error::trail(what.clone());
                report(&self.on_error, &error);
                self.monitor.holds.failed(&error);
            }
            None => self.monitor.holds.ended(),
        }
        let before = self.told()?;
        let mut told = before.clone();
        for hold in &holds {
            tell_of(&mut told, hold);
        }
        for Ended { hold, id, by, at } in &ended {
            if let Some(hold) = hold {
                tell_of(&mut told, hold);
            }
            let of = told.remove(id);
            let mut parameters = ended_parameters(id, of.as_ref());
            parameters["by"] = sanitized(by);
            parameters["at"] = at.as_str().into();
            system_events::submit(&HOLD_REMOVED, Status::Success, &parameters);
        }
        // A damaged one is in force as well.
        let there: BTreeSet<&str> = holds
            .iter()
            .map(|hold| hold.id.as_str())
            .chain(damaged.iter().map(|(id, _)| id.as_str()))
            .collect();
        let gone = told.keys().filter(|id| !there.contains(id.as_str()));
        for id in gone.cloned().collect::<Vec<_>>() {
            let of = told.remove(&id);
            let mut parameters = ended_parameters(&id, of.as_ref());
            parameters["what"] = "its file was removed by hand".into();
            system_events::submit(&HOLD_REMOVED, Status::Failure, &parameters);
        }
        if told.keys().ne(before.keys()) {
            replace_file(&self.places.holds_told(), &serde_json::to_vec(&told)?)?;
        }
        for Ended { id, .. } in &ended {
            let note = self.places.holds_dir().join(format!("{id}.ended"));
            match fs::remove_file(note) {
                Err(error) if !is_missing(&error) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn told(&self) -> std::io::Result<BTreeMap<String, Told>> {
        match fs::read(self.places.holds_told()) {
            // One that is damaged has everything told again.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if is_missing(&error) => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }
}

fn tell_of(told: &mut BTreeMap<String, Told>, hold: &Hold) {
    if told.contains_key(&hold.id) {
        return;
    }
    let mut parameters = json!({
        "hold": hold.id,
        "reason": sanitized(&hold.reason),
        "placed": hold.placed,
        "by": sanitized(&hold.by),
        // Who it is, is nobody's business who reads the trail.
        "subject": hold.subject.is_some(),
    });
    for (name, value) in [("case", &hold.case), ("from", &hold.from), ("to", &hold.to)] {
        if let Some(value) = value {
            parameters[name] = sanitized(value);
        }
    }
    if !hold.categories.is_empty() {
        parameters["categories"] = json!(hold.categories);
    }
    system_events::submit(&HOLD_ADDED, Status::Success, &parameters);
    let of = Told {
        reason: hold.reason.clone(),
        case: hold.case.clone(),
    };
    told.insert(hold.id.clone(), of);
}

fn ended_parameters(id: &str, of: Option<&Told>) -> Value {
    let mut parameters = json!({"hold": id});
    if let Some(of) = of {
        parameters["reason"] = sanitized(&of.reason);
        if let Some(case) = &of.case {
            parameters["case"] = sanitized(case);
        }
    }
    parameters
}
