//! Reading what was encrypted: lines of the trail, with the values that can still be read put in their places.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::envelope::{BEGINNING, DataKey, Envelope};
use super::files::is_kid;
use super::store::SubjectKeys;
use crate::error::Error;
use crate::event::EventId;
use crate::sanitize::Walk;

/// What stands in place of a value whose key was destroyed.
const ERASED: &str = "\"***ERASED***\"";

/// A line with its encrypted values in the clear.
#[derive(Debug, Clone, Default)]
pub struct Revealed {
    /// The line. It is not what was hashed, and proves nothing.
    pub line: Zeroizing<Vec<u8>>,
    /// How many values were decrypted.
    pub opened: u64,
    /// Of how many the key was destroyed: `"***ERASED***"` stands in their place.
    pub erased: u64,
    /// Why others stand there as they are: moved from another place, damaged, or of another store. Each with its place.
    pub refused: Vec<String>,
}

/// What of an event says to which one its values are bound.
#[derive(Deserialize)]
struct Bound {
    event_id: EventId,
    context: Option<Announced>,
}

#[derive(Deserialize)]
struct Announced {
    attempt_id: Option<EventId>,
}

/// What has become of a key.
enum Found {
    Key(Box<DataKey>),
    Erased,
    Unknown,
}

impl SubjectKeys {
    /// Decrypts the values of a line of the trail, without its newline; with a subject only those of this one.
    ///
    /// The line has to be as Vigil wrote it, byte by byte.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or its wrapper cannot be asked.
    pub fn reveal(&self, line: &[u8], subject: Option<&str>) -> Result<Revealed, Error> {
        let mut revealed = Revealed::default();
        let only = match subject {
            None => None,
            // Of whom nothing is known, nothing can be read.
            Some(subject) => Some(self.files.kid_of(&self.files.digest(subject))?),
        };
        let mut keys = HashMap::new();
        let mut copied = 0;
        let mut walk = Walk::of_value(line);
        let mut bound = None;
        while let Some(start) = walk.find_object(BEGINNING) {
            let rest = line.get(start..).unwrap_or_default();
            let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Envelope>();
            let place = walk.pointer("");
            let Some(Ok(envelope)) = values.next() else {
                revealed
                    .refused
                    .push(format!("{place}: it is cut or damaged"));
                walk.enter();
                continue;
            };
            let at = start..start + values.byte_offset();
            walk.skip_to(at.end);
            let kid = &envelope.kid;
            if only.as_ref().is_some_and(|only| only.as_ref() != Some(kid)) {
                continue;
            }
            if !keys.contains_key(kid) {
                keys.insert(kid.clone(), self.find(kid)?);
            }
            let bound = bound.get_or_insert_with(|| serde_json::from_slice::<Bound>(line).ok());
            match keys.get(kid) {
                Some(Found::Erased) => {
                    revealed.erased += 1;
                    put(&mut revealed, line, &mut copied, at, ERASED.as_bytes());
                }
                Some(Found::Key(key)) => match open(key, bound.as_ref(), &place, &envelope) {
                    Some(json) => {
                        revealed.opened += 1;
                        put(&mut revealed, line, &mut copied, at, &json);
                    }
                    None => revealed.refused.push(format!(
                        "{place}: it was not encrypted for this event and place, or is damaged"
                    )),
                },
                Some(Found::Unknown) | None => revealed
                    .refused
                    .push(format!("{place}: the store knows no key {kid}")),
            }
        }
        let rest = line.get(copied..).unwrap_or_default();
        revealed.line.extend_from_slice(rest);
        Ok(revealed)
    }

    fn find(&self, kid: &str) -> Result<Found, Error> {
        if !is_kid(kid) {
            return Ok(Found::Unknown);
        }
        if self.files.erased(kid).is_some() {
            return Ok(Found::Erased);
        }
        Ok(self
            .load(kid)?
            .map_or(Found::Unknown, |key| Found::Key(Box::new(key))))
    }
}

/// An event that was announced shares its values with the one that announced it.
fn open(
    key: &DataKey,
    bound: Option<&Bound>,
    place: &str,
    envelope: &Envelope,
) -> Option<Zeroizing<Vec<u8>>> {
    let bound = bound?;
    let announced = bound
        .context
        .as_ref()
        .and_then(|context| context.attempt_id);
    let ids = [Some(bound.event_id), announced];
    let mut ids = ids.into_iter().flatten();
    ids.find_map(|id| key.open(id, place, envelope))
}

fn put(revealed: &mut Revealed, line: &[u8], copied: &mut usize, at: Range<usize>, json: &[u8]) {
    let before = line.get(*copied..at.start).unwrap_or_default();
    // Grown with care: a vector that grows by itself leaves copies behind.
    let mut grown = Zeroizing::new(Vec::with_capacity(
        revealed.line.len() + before.len() + json.len() + (line.len() - at.end),
    ));
    grown.extend_from_slice(&revealed.line);
    grown.extend_from_slice(before);
    grown.extend_from_slice(json);
    revealed.line = grown;
    *copied = at.end;
}
