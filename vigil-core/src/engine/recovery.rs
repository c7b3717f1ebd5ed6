//! The start after a crash: what the journal holds and the trail does not is written, exactly once and in order, before
//! anything new.
//!
//! The trail's own end says which events it holds, so a crash in the middle of this is mended by the next start.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::now;
use super::system_events::{self, FAILURE, KEY_ROTATED, LOST, RECOVERED, STARTED};
use crate::config::Config;
use crate::error::Error;
use crate::event::record::Record;
use crate::event::{Callsite, Event, EventId, SiteText, Status};
use crate::journal::{JournalFile, Loss, Mark, Opened, Process, Survey};
use crate::trail::keys::Untold;
use crate::trail::{Composer, Damage, MAX_LINE, Signing, Since, System, Trail};

/// Recovered lines are appended in blocks of about this size.
const BLOCK: usize = 256 * 1024;

/// What an engine starts with.
pub(super) struct Start {
    pub(super) journal: JournalFile,
    pub(super) composer: Composer,
    pub(super) mark: Mark,
    /// Sentences for the operator.
    pub(super) notes: Vec<String>,
}

/// What was found and written.
#[derive(Debug, Default)]
pub(super) struct Recovered {
    pub(super) events: u64,
    pub(super) attempts: u64,
    survey: Survey,
    lost: Vec<Loss>,
    set_aside: Option<PathBuf>,
    /// The journal's own account of what the trail holds could not be read.
    without_mark: bool,
    /// The names of the callsites could not be read.
    without_names: Option<String>,
}

/// Brings the trail up to what the journal holds, and makes the journal ready for this process.
pub(super) fn start(
    trail: &mut Trail,
    signing: Option<&Signing>,
    config: &Config,
    system: &System,
) -> Result<Start, Error> {
    let capacity = config.journal.capacity;
    let dir = trail.inner_dir();
    let system = system.text();
    system_events::register();
    Callsite::register_linked();
    let process = Process {
        system,
        callsites: SiteText::all(),
    };
    let mut composer = Composer::new(process.system.clone(), process.callsites.clone());

    let (old, recovered) = recover(trail, signing, &mut composer, None)?;
    let notes = recovered.notes(trail);
    let number = Process::newest(&dir).unwrap_or(0) + 1;
    let failed = |error| Error::io("cannot describe the callsites in", &dir, error);
    process.write(&dir, number).map_err(failed)?;
    // Behind everything that the ring may still hold of the former process.
    let position = old.as_ref().map_or(0, |(_, end)| *end);
    let mut mark = Mark::at(position, trail.next_seq(), number);
    let journal = match old {
        Some((journal, _)) if journal.suits(capacity) => {
            for loss in journal.losses() {
                mark.declared[loss.kind] = loss.count;
            }
            journal.write_mark(&mark)?;
            journal
        }
        // The old one stays in place until the new one is whole.
        _ => JournalFile::create(&dir, capacity, &mark)?,
    };
    Process::remove_others(&dir, number).map_err(failed)?;
    Callsite::set_described(u32::try_from(process.callsites.len()).unwrap_or(u32::MAX));
    // Last: before this, a full disk may still keep the engine from starting.
    let mut started = json!({
        "vigil": env!("CARGO_PKG_VERSION"),
        "journal": capacity,
        "profile": config.sanitize.profile,
    });
    if let Some(Signing { keys, origin, .. }) = signing {
        started["origin"] = json!(origin);
        started["verifier_key"] = json!(keys.current.to_string());
        if keys.without_handover {
            let old = keys.epochs.last().map(ToString::to_string);
            let rotated = json!({
                "old": old,
                "new": keys.current.to_string(),
                "handover": false,
            });
            append_own(trail, &mut composer, &KEY_ROTATED, &rotated)?;
        }
    }
    append_own(trail, &mut composer, &STARTED, &started)?;
    trail.sync()?;
    mark.next_seq = trail.next_seq();
    Ok(Start {
        journal,
        composer,
        mark,
        notes,
    })
}

/// Brings the trail up to what the journal holds. Gives back the journal, with a position behind all that is in it.
///
/// `by`: who has asked for that, where it is not the start of an engine.
pub(super) fn recover(
    trail: &mut Trail,
    signing: Option<&Signing>,
    composer: &mut Composer,
    by: Option<Value>,
) -> Result<(Option<(JournalFile, u64)>, Recovered), Error> {
    let dir = trail.inner_dir();
    let mut recovered = Recovered::default();
    // First of all in the new trail.
    if let Some(signing) = signing
        && let Some(damage) = &signing.damage
    {
        let damage = json!({
            "condition": "trail_damaged",
            "what": damage.what,
            "set_aside": damage.aside.display().to_string(),
        });
        append_own(trail, composer, &FAILURE, &damage)?;
        trail.sync()?;
        Damage::is_told(&signing.places)
            .map_err(|error| Error::io("cannot remove", &signing.places.damage(), error))?;
    }
    let mut old = None;
    let untold = signing.and_then(|signing| Untold::found(&signing.places, &signing.keys.epochs));
    match JournalFile::open(&dir)? {
        Opened::Nothing => {}
        Opened::SetAside(path) => recovered.set_aside = Some(path),
        Opened::Journal(journal) => old = Some(replay(trail, *journal, &mut recovered)?),
    }
    // Behind what the journal holds: perhaps it was told there, and only the note of that is missing. Twice is better than
    // never.
    if let Some(untold) = &untold {
        let mut rotated = untold.parameters();
        rotated["recovered"] = true.into();
        append_own(trail, composer, &KEY_ROTATED, &rotated)?;
    }
    if !recovered.lost.is_empty() {
        let lost = system_events::lost(&recovered.lost);
        trail.expect_losses(true);
        append_own(trail, composer, &LOST, &lost)?;
        trail.expect_losses(false);
    }
    if !recovered.notes(trail).is_empty() {
        let mut parameters = recovered.parameters();
        if let Some(by) = by {
            parameters["by"] = by;
        }
        append_own(trail, composer, &RECOVERED, &parameters)?;
    }
    trail.sync()?;
    if let Some(signing) = signing {
        // Also that of a change which has not come about.
        Untold::is_told(&signing.places).map_err(|error| {
            Error::io("cannot remove", &signing.places.untold_rotation(), error)
        })?;
    }
    Ok((old, recovered))
}

/// Writes what a former process has left. Gives back the journal, and a position behind all that is in it.
fn replay(
    trail: &mut Trail,
    journal: JournalFile,
    recovered: &mut Recovered,
) -> Result<(JournalFile, u64), Error> {
    let dir = trail.inner_dir();
    let mark = journal.mark();
    recovered.without_mark = mark.is_none();
    recovered.survey = journal.survey(mark.as_ref());
    let number = mark
        .as_ref()
        .map(|mark| mark.process)
        .or_else(|| Process::newest(&dir));
    let process = Process::read(&dir, number.unwrap_or(0)).unwrap_or_else(|error| {
        recovered.without_names = Some(error.to_string());
        Process {
            system: System::unknown().text(),
            callsites: Vec::new(),
        }
    });

    let oldest = mark.as_ref().map(|mark| {
        mark.oldest_attempt
            .map_or(mark.next_seq, |seq| seq.min(mark.next_seq))
    });
    // Without a mark, as far back as lines can reach whose records are still in the ring.
    let mut since = trail.since(oldest, journal.capacity() * 8 * 4)?;
    write_missing(trail, &journal, process, &mut since, recovered)?;
    finish_attempts(trail, &since, recovered)?;
    recovered.lost = untold(&journal, mark.as_ref(), &since.told);

    // What was reserved and never filled takes less than a lap.
    let end = recovered.survey.end + journal.capacity();
    Ok((journal, end))
}

/// Writes the records that the trail does not hold.
fn write_missing(
    trail: &mut Trail,
    journal: &JournalFile,
    process: Process,
    since: &mut Since,
    recovered: &mut Recovered,
) -> Result<(), Error> {
    let mut composer = Composer::new(process.system, process.callsites);
    let mut record = Vec::new();
    let mut block = Vec::new();
    let mut count = 0;
    if since.written.has_counts() {
        for position in &recovered.survey.records {
            if journal.read_record(*position, &mut record)
                && let Some(read) = Record::read(&record)
            {
                since.written.show(&read, *position);
            }
        }
    }
    for position in &recovered.survey.records {
        if !journal.read_record(*position, &mut record) {
            continue;
        }
        let Some(read) = Record::read(&record) else {
            recovered.survey.damaged += 1;
            continue;
        };
        if since.written.holds(&read, *position) {
            continue;
        }
        let start = block.len();
        composer.compose(&read, trail.next_seq() + count, &mut block);
        since.note_record(&read, &block[start..]);
        count += 1;
        recovered.events += 1;
        if block.len() >= BLOCK {
            append(trail, &mut block, &mut count)?;
        }
    }
    append(trail, &mut block, &mut count)
}

/// Writes for each attempt without an outcome that there is none.
fn finish_attempts(
    trail: &mut Trail,
    since: &Since,
    recovered: &mut Recovered,
) -> Result<(), Error> {
    let mut attempts: Vec<(&EventId, &Vec<u8>)> = since.open_attempts.iter().collect();
    attempts.sort_unstable();
    for (id, line) in attempts {
        let Some(mut event) = std::str::from_utf8(line)
            .ok()
            .and_then(|line| Event::parse(line).ok())
        else {
            continue;
        };
        let at = now().1;
        event.event_id = EventId::new(at);
        event.timestamp = crate::trail::stamp(at);
        event.seq = trail.next_seq();
        event.action.result.status = Status::Incomplete;
        event.context.get_or_insert_default().attempt_id = Some(*id);
        let Ok(mut line) = serde_json::to_vec(&event) else {
            continue;
        };
        if line.len() > MAX_LINE {
            // The attempt itself has the parameters.
            event.action.parameters.clear();
            line = serde_json::to_vec(&event).unwrap_or_default();
        }
        line.push(b'\n');
        recovered.attempts += 1;
        append(trail, &mut line, &mut 1)?;
    }
    Ok(())
}

/// Lost events of which neither the mark nor the end of the trail says anything.
fn untold(
    journal: &JournalFile,
    mark: Option<&Mark>,
    told: &HashMap<(String, String), u64>,
) -> Vec<Loss> {
    let Some(mark) = mark else {
        return Vec::new();
    };
    let mut losses = journal.losses();
    losses.retain_mut(|loss| {
        let key = (loss.category.clone(), loss.reason.as_str().to_owned());
        let told = told.get(&key).copied().unwrap_or(0);
        loss.count = loss
            .count
            .saturating_sub(mark.declared[loss.kind])
            .saturating_sub(told);
        loss.count > 0
    });
    losses
}

fn append_own(
    trail: &mut Trail,
    composer: &mut Composer,
    callsite: &'static Callsite,
    parameters: &Value,
) -> Result<(), Error> {
    let record = system_events::record(callsite, now().1, parameters);
    let mut line = Vec::new();
    if let Some(record) = Record::read(&record) {
        composer.compose(&record, trail.next_seq(), &mut line);
        append(trail, &mut line, &mut 1)?;
    }
    Ok(())
}

/// Appends the lines and empties the block.
fn append(trail: &mut Trail, block: &mut Vec<u8>, count: &mut u64) -> Result<(), Error> {
    if *count > 0 {
        trail
            .append(block, *count)
            .map_err(|failed| failed.source)?;
    }
    block.clear();
    *count = 0;
    Ok(())
}

impl Recovered {
    /// Sentences for the operator; none if there was nothing to recover.
    pub(super) fn notes(&self, trail: &Trail) -> Vec<String> {
        let mut notes = Vec::new();
        let dir = trail.dir().display();
        if self.events > 0 {
            notes.push(format!(
                "{} events that the last process had left in the journal have been written to the trail in {dir}",
                self.events
            ));
        }
        if self.attempts > 0 {
            notes.push(format!(
                "{} audited calls had begun and not ended when the last process died; the trail in {dir} marks them \
                 INCOMPLETE",
                self.attempts
            ));
        }
        if self.survey.holes > 0 {
            notes.push(format!(
                "the last process died in the middle of {} audited calls, which had not returned",
                self.survey.holes
            ));
        }
        if self.survey.damaged > 0 {
            notes.push(format!(
                "{} records in the journal of {dir} were damaged and could not be read",
                self.survey.damaged
            ));
        }
        if let Some(path) = &self.set_aside {
            notes.push(format!(
                "the journal could not be read; it has been moved to {}, and what it held is missing in the trail",
                path.display()
            ));
        }
        if self.without_mark {
            notes.push(format!(
                "the head of the journal in {dir} was damaged; its records have been compared with the end of the trail"
            ));
        }
        if let Some(error) = self.without_names.as_ref().filter(|_| self.events > 0) {
            notes.push(format!(
                "the names of the operations in the journal could not be read ({error}); they stand in the trail as \
                 (unknown)"
            ));
        }
        if !self.lost.is_empty() {
            let count: u64 = self.lost.iter().map(|loss| loss.count).sum();
            notes.push(format!(
                "the last process had lost {count} events for want of room; the trail in {dir} tells of them now"
            ));
        }
        notes
    }

    fn parameters(&self) -> Value {
        json!({
            "events": self.events,
            "incomplete": self.attempts,
            "unfinished": self.survey.holes,
            "damaged": self.survey.damaged,
            "journal_unreadable": self.set_aside.is_some(),
        })
    }
}
