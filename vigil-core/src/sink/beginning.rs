//! Where each sink goes on or begins when the engine starts.

use std::io;

use super::cursor::{CursorFile, cursors};
use super::forwarders::{Registered, Surroundings};
use super::options::{Feed, Start};
use crate::Error;
use crate::trail::TrailConfig;
use crate::trail::follow::{Follower, Position};

/// Where a sink goes on, or begins.
pub(super) fn first_position(
    name: &str,
    feed: Feed,
    cursor: Option<&CursorFile>,
    trail: &TrailConfig,
    surroundings: &Surroundings,
) -> Result<Position, Error> {
    let end = surroundings.progress.next_seq();
    let oldest = || Ok(Position::before(Follower::oldest(trail)?.unwrap_or(end)));
    let Some(cursor) = cursor else {
        return match feed.start {
            Start::Beginning => oldest(),
            Start::End => Ok(Position::before(end)),
        };
    };
    match cursor.load() {
        Ok(Some(position)) if position.seq <= end => Ok(position),
        Ok(Some(position)) => {
            surroundings.report(&Error::sink(format!(
                "sink {name} had got all events before {}, but the trail ends with the one before {end}: the end of \
                 the trail has been lost, and the sink goes on with event {end}",
                position.seq
            )));
            Ok(Position::before(end))
        }
        Ok(None) => match feed.start {
            Start::Beginning => oldest(),
            Start::End => {
                // Kept at once, so that what is written until the first save is not passed over after a crash.
                let position = Position::before(end);
                cursor
                    .save(&position)
                    .map_err(|error| Error::io("cannot write the cursor", cursor.path(), error))?;
                Ok(position)
            }
        },
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            surroundings.report(&Error::sink(format!(
                "the cursor of sink {name}, {}, is damaged; the sink is given everything again that the trail holds",
                cursor.path().display()
            )));
            oldest()
        }
        Err(error) => Err(Error::io("cannot read the cursor", cursor.path(), error)),
    }
}

/// A sink that is not there any more keeps what it has not got from ever being removed.
pub(super) fn tell_stale_cursors(
    sinks: &[Registered],
    trail: &TrailConfig,
    surroundings: &Surroundings,
) {
    let cursors = match cursors(&trail.dir) {
        Ok(cursors) => cursors,
        Err(error) => return surroundings.report(&error),
    };
    for cursor in cursors {
        if sinks
            .iter()
            .any(|sink| sink.name == cursor.sink && sink.feed.cursor)
        {
            continue;
        }
        let name = &cursor.sink;
        let path = CursorFile::new(&trail.dir, name)
            .path()
            .display()
            .to_string();
        let needs = match cursor.next_seq {
            Some(seq) => format!("all events from {seq} on are kept for it"),
            None => "all events are kept for it".to_owned(),
        };
        surroundings.report(&Error::sink(format!(
            "there is a cursor of a sink {name}, but no such sink that keeps one: {needs}; if it will not come back, remove {path}"
        )));
    }
}
