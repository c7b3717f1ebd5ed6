//! The file of a hold: one JSON object with a sum, so that one that was torn or changed is not taken for another.

use std::fs;
use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::{Hold, NewHold, subject};
use crate::Error;
use crate::disk::{create_directory, is_missing, replace_file, sync_directory};
use crate::trail::evidence::Places;

const VERSION: u32 = 1;
/// A reason is a sentence; what is longer than this is no hold.
const LONGEST: u64 = 64 << 10;
const LONGEST_TEXT: usize = 1_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    hold: Box<RawValue>,
    /// SHA-256 of the bytes of `hold`.
    check: String,
}

/// Places a hold: when this returns, it is there also after a power failure.
pub(crate) fn keep(
    places: &Places,
    new: &NewHold,
    by: &str,
    now: Timestamp,
) -> Result<Hold, Error> {
    for (what, text) in [
        ("the reason", Some(&new.reason)),
        ("the case", new.case.as_ref()),
        ("the subject", new.subject.as_ref()),
    ] {
        if let Some(text) = text
            && (text.trim().is_empty() || text.len() > LONGEST_TEXT)
        {
            return Err(Error::config(format!(
                "{what} of a hold has 1 to {LONGEST_TEXT} bytes"
            )));
        }
    }
    if let (Some(from), Some(to)) = (new.from, new.to)
        && from >= to
    {
        return Err(Error::config(format!(
            "the hold would end ({to}) before it begins ({from})"
        )));
    }
    // A hold on something that is no trail would hold nothing, and nobody would notice.
    if !places.inner().is_dir() {
        return Err(Error::trail(format!(
            "there is no trail in {}: no .vigil lies there",
            places.inner().parent().unwrap_or(places.inner()).display()
        )));
    }
    let subject = match &new.subject {
        Some(subject) => Some(subject::new_digest(places, subject)?),
        None => None,
    };
    let mut hold = Hold {
        version: VERSION,
        id: String::new(),
        reason: new.reason.clone(),
        case: new.case.clone(),
        placed: now.to_string(),
        by: new.by.clone().unwrap_or_else(|| by.to_owned()),
        from: new.from.map(|time| time.to_string()),
        to: new.to.map(|time| time.to_string()),
        categories: new.categories.clone(),
        subject,
    };
    let dir = places.holds_dir();
    let failed = |error: io::Error| Error::io("cannot keep a hold in", &dir, error);
    create_directory(&dir).map_err(failed)?;
    sync_directory(places.inner()).map_err(failed)?;
    loop {
        hold.id = format!("hold-{:08x}", crate::random::next() >> 32);
        if !dir.join(format!("{}.json", hold.id)).exists() {
            break;
        }
    }
    let text = render(&hold).map_err(|error| failed(error.into()))?;
    replace_file(&dir.join(format!("{}.json", hold.id)), text.as_bytes()).map_err(failed)?;
    Ok(hold)
}

/// The note of a hold that was ended, until the trail tells of it: `<id>.ended`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) id: String,
    /// What it was, if it could be read.
    pub(crate) hold: Option<Hold>,
    pub(crate) by: String,
    pub(crate) at: String,
}

/// Ends a hold, also one that is damaged. Gives back what it was, if that can be read.
pub(crate) fn let_go(
    places: &Places,
    id: &str,
    by: &str,
    now: Timestamp,
) -> Result<Option<Hold>, Error> {
    let path = path(places, id)?;
    let hold = match read(&path) {
        Ok(hold) => Some(hold),
        Err(error) if is_missing(&error) => return Err(unknown(places, id)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
        Err(error) => return Err(Error::io("cannot read the hold", &path, error)),
    };
    let ended = Ended {
        id: id.to_owned(),
        hold: hold.clone(),
        by: by.to_owned(),
        at: now.to_string(),
    };
    // The note first: with it and without the file, the trail knows who it was.
    let removed = serde_json::to_vec(&ended)
        .map_err(io::Error::from)
        .and_then(|text| replace_file(&path.with_extension("ended"), &text))
        .and_then(|()| fs::remove_file(&path))
        .and_then(|()| sync_directory(&places.holds_dir()));
    removed.map_err(|error| Error::io("cannot remove the hold", &path, error))?;
    Ok(hold)
}

fn path(places: &Places, id: &str) -> Result<std::path::PathBuf, Error> {
    let is_name = |id: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !id.is_empty() && id.bytes().all(allowed)
    };
    if is_name(id) {
        Ok(places.holds_dir().join(format!("{id}.json")))
    } else {
        Err(unknown(places, id))
    }
}

fn unknown(places: &Places, id: &str) -> Error {
    Error::trail(format!(
        "there is no hold {id:?} in {}; `vigil hold list` shows those there are",
        places.holds_dir().display()
    ))
}

/// What lies in the directory of the holds.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// The oldest first.
    pub(crate) holds: Vec<Hold>,
    /// Those that were ended and of which the trail has not told.
    pub(crate) ended: Vec<Ended>,
    /// By their names, those that cannot be read, each with a sentence.
    pub(crate) damaged: Vec<(String, String)>,
}

pub(crate) fn survey(places: &Places) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let entries = match fs::read_dir(places.holds_dir()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(survey),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        let id = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match path.extension().and_then(|extension| extension.to_str()) {
            // What `replace_file` was about to put in place: the hold was not placed yet.
            Some("new") => continue,
            // The file of the hold goes last.
            Some("ended") if path.with_extension("json").exists() => continue,
            Some("ended") => {
                let note = fs::read(&path)?;
                survey
                    .ended
                    .extend(serde_json::from_slice::<Ended>(&note).ok());
                continue;
            }
            _ => {}
        }
        match read(&path) {
            Ok(hold) => survey.holds.push(hold),
            // Removed meanwhile.
            Err(error) if is_missing(&error) => {}
            Err(error) => {
                let what = format!(
                    "the hold {} cannot be read ({error}), so that nothing is removed and nobody erased: put the file back \
                     as it was, or end the hold by `vigil hold remove {id}`",
                    path.display(),
                );
                survey.damaged.push((id, what));
            }
        }
    }
    survey
        .holds
        .sort_by(|a, b| (&a.placed, &a.id).cmp(&(&b.placed, &b.id)));
    Ok(survey)
}

/// All holds, the oldest first; an error if one cannot be read.
pub(super) fn list(places: &Places) -> Result<Vec<Hold>, Error> {
    let survey = survey(places)
        .map_err(|error| Error::io("cannot read the holds in", &places.holds_dir(), error))?;
    match survey.damaged.into_iter().next() {
        Some((_, what)) => Err(Error::trail(what)),
        None => Ok(survey.holds),
    }
}

fn read(path: &std::path::Path) -> io::Result<Hold> {
    let damaged = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() || metadata.len() > LONGEST {
        return Err(damaged("it is no file of a hold".to_owned()));
    }
    let bytes = fs::read(path)?;
    let outer: Outer = serde_json::from_slice(&bytes)
        .map_err(|error| damaged(format!("it is damaged: {error}")))?;
    if outer.check != check(&outer.hold) {
        return Err(damaged("it was changed: its sum is another".to_owned()));
    }
    let hold: Hold = serde_json::from_str(outer.hold.get())
        .map_err(|error| damaged(format!("it is damaged: {error}")))?;
    if hold.version != VERSION {
        return Err(damaged(format!(
            "it is of version {}, and this program knows version {VERSION}",
            hold.version
        )));
    }
    for time in [Some(&hold.placed), hold.from.as_ref(), hold.to.as_ref()] {
        if time.is_some_and(|time| time.parse::<Timestamp>().is_err()) {
            return Err(damaged("one of its times is none".to_owned()));
        }
    }
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(&hold.id) {
        return Err(damaged(format!("it is the file of {}", hold.id)));
    }
    Ok(hold)
}

fn render(hold: &Hold) -> serde_json::Result<String> {
    let hold = serde_json::value::to_raw_value(hold)?;
    let check = check(&hold);
    let mut text = serde_json::to_string(&Outer { hold, check })?;
    text.push('\n');
    Ok(text)
}

fn check(hold: &RawValue) -> String {
    let digest = Sha256::digest(hold.get());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
