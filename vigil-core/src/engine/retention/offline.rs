//! A trail that no process writes: an engine runs on it for as long as it takes.

use std::path::Path;
use std::time::Duration;

use super::{running, stopped};
use crate::Error;
use crate::engine::builder;
use crate::retention::{Applied, Retention};
use crate::trail::evidence::Places;
use crate::trail::{ClosedTrail, Daily, OnDamage};

/// Runs an engine on a trail that no process writes.
pub(super) fn apply_offline(
    dir: &Path,
    retention: &Retention,
    operator: &str,
    clock_is_right: bool,
) -> Result<Applied, Error> {
    // What is no trail shall not become one.
    let name = ClosedTrail::look(dir)?.name;
    let places = Places::of_trail(dir);
    if places.epochs().exists() && !places.signing_key().exists() {
        return Err(Error::trail(format!(
            "the trail in {} is signed by a signer of the program's, and {} is not there: only that program can apply \
             retention to it; set trail.retention in its configuration, or let it run and try again",
            dir.display(),
            places.signing_key().display()
        )));
    }
    let capacity = crate::journal::capacity_in(places.inner());
    let mut builder = builder()
        .config_text("")
        .service("vigil")
        .enabled(true)
        .trail(dir)
        .trail_name(name)
        .daily(Daily::Off)
        .integrity(true)
        .on_damage(OnDamage::Refuse)
        .retention(Retention::new().interval(None))
        .stdout(false)
        .sighup(false)
        .on_error(|_| {});
    if let Some(capacity) = capacity {
        builder = builder.journal(capacity, Duration::from_secs(1));
    }
    // What a crash has left is done by whoever asks, who wants to know of it.
    builder.has_schedule = false;
    let guard = builder.init()?;
    let subject = running().clone().ok_or_else(stopped)?;
    let applied = subject.apply(retention, operator, clock_is_right);
    drop(subject);
    guard.shutdown()?;
    applied
}
