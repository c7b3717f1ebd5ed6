//! A new key for a trail that no process has open.

use std::path::Path;

use super::Visit;
use crate::engine::now;
use crate::engine::system_events::{self, KEY_ROTATED};
use crate::error::Error;
use crate::trail::evidence::Places;
use crate::trail::keys::Untold;
use crate::trail::{Quiet, Unopened, verifier_keys};

/// Has the trail in a directory signed by a new key from now on, as [`rotate_key`](crate::rotate_key()) does within the
/// program that writes it, and gives back the new verifier key.
///
/// # Errors
///
/// [`Error::is_already_running`] if a process has the trail open; [`Error::is_trail`] if there is none, or it is not in
/// order: then the program that writes it has to start first, or [`recover`](crate::recover()) has to mend it;
/// [`Error::is_io`] if the key cannot be kept: the old one then goes on.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// # vigil::builder().config_text("").trail(dir).init()?.shutdown()?;
/// let key = vigil::rotate_key_of(dir)?;
/// assert_eq!(vigil::trail::verifier_keys(dir)?.last(), Some(&key));
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn rotate_key_of(dir: impl AsRef<Path>) -> Result<String, Error> {
    let dir = dir.as_ref();
    let (trail, signing) = Quiet::look(dir)?.open().map_err(|unopened| match unopened {
        Unopened::InUse => Error::already_running(format!(
            "the trail in {} is in use: the program that writes it changes the key by vigil::rotate_key(), or has to be \
             stopped first",
            dir.display()
        )),
        Unopened::NotNow(why) => Error::trail(format!(
            "the key of the trail in {} cannot be changed: {why}",
            dir.display()
        )),
    })?;
    if signing.is_none() {
        return Err(Error::trail(format!(
            "the trail in {} is not signed",
            dir.display()
        )));
    }
    Visit::new(trail, signing).rotate()?;
    let keys = verifier_keys(dir)?;
    Ok(keys.into_iter().next_back().unwrap_or_default())
}

impl Visit {
    fn rotate(&mut self) -> Result<(), Error> {
        // All that is there has to be signed by the old key.
        self.sign()?;
        let (Some(signatory), Some(grown)) = (&mut self.signatory, self.trail.grown()) else {
            return Ok(());
        };
        let Ok(grown) = grown.recv() else {
            return Err(Error::stopped(
                "the tree of the trail has come to an unforeseen end",
            ));
        };
        let untold = signatory.rotate(grown.tree)?;
        self.append(&system_events::record(
            &KEY_ROTATED,
            now().1,
            &untold.parameters(),
        ))?;
        self.trail.sync()?;
        self.sign()?;
        let places = Places::of_trail(self.trail.dir());
        Untold::is_told(&places)
            .map_err(|error| Error::io("cannot remove", &places.untold_rotation(), error))
    }
}
