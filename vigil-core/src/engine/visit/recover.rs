//! The recovery of a trail, as the start of an engine does it, without a program that goes on.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::Visit;
use super::dry::DryRun;
use crate::engine::recovery;
use crate::error::Error;
use crate::journal::{Mark, Process};
use crate::trail::inbox::{Inbox, Operator};
use crate::trail::{OnDamage, Quiet, Unopened};

/// How a trail is to be recovered.
///
/// # Examples
///
/// ```
/// let options = vigil::RecoverOptions::new().dry_run(true);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct RecoverOptions {
    set_aside: bool,
    dry_run: bool,
}

impl RecoverOptions {
    /// Mends what a crash can have left. A trail that is not what was signed is not touched.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a trail that is not what was signed is set aside whole, and a new one begun, as
    /// [`OnDamage::SetAside`](crate::OnDamage) has it.
    #[must_use]
    pub fn set_aside(mut self, set_aside: bool) -> Self {
        self.set_aside = set_aside;
        self
    }

    /// Changes nothing, and finds out what would be done: on a copy of what would be changed, in `.vigil/dry-run`.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

/// What was done, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Recovery {
    /// Nothing was changed.
    pub dry_run: bool,
    /// A sentence for each thing that was done.
    pub done: Vec<String>,
    /// So many events were written that the last process had left in the journal.
    pub events: u64,
    /// So many calls were marked whose outcome nobody knows.
    pub incomplete: u64,
    /// So many notes of other programs were written.
    pub notes: u64,
    /// Where a trail lies now that was not what had been signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<PathBuf>,
}

/// Does for a trail what the start of a program does that writes it: cuts a torn line, makes hashes again, writes what
/// the journal holds and the trail does not, and what notes say, seals closed segments, and signs. Nothing else is
/// recorded, and no program goes on.
///
/// # Errors
///
/// [`Error::is_already_running`] if a process has the trail open; [`Error::is_trail`] if there is none, if it belongs to
/// another user or seems to be a copy, if its key does not lie beside it, or if it is not what was signed and is not to be
/// set aside; [`Error::is_io`] if something cannot be read or written.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// # vigil::builder().config_text("").trail(dir).init()?.shutdown()?;
/// let recovery = vigil::recover(dir, &vigil::RecoverOptions::new())?;
/// assert!(recovery.done.is_empty(), "it was left in order");
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn recover(dir: impl AsRef<Path>, options: &RecoverOptions) -> Result<Recovery, Error> {
    let quiet = Quiet::look(dir.as_ref())?;
    quiet.check_writer().map_err(|unopened| match unopened {
        Unopened::InUse => Error::already_running("the trail is in use"),
        Unopened::NotNow(why) => Error::trail(format!(
            "the trail in {} cannot be recovered by this command: {why}. Start the program that writes it, which does the \
             same",
            quiet.dir().display()
        )),
    })?;
    let on_damage = match options.set_aside {
        true => OnDamage::SetAside,
        false => OnDamage::Refuse,
    };
    if options.dry_run {
        let dry = DryRun::of(&quiet)?;
        let mut recovery = mend(Quiet::look(dry.dir())?, on_damage, Some(&dry))?;
        recovery.dry_run = true;
        for done in &mut recovery.done {
            *done = dry.really(done);
        }
        recovery.set_aside = None;
        return Ok(recovery);
    }
    mend(quiet, on_damage, None)
}

fn mend(quiet: Quiet, on_damage: OnDamage, dry: Option<&DryRun>) -> Result<Recovery, Error> {
    let mut inbox = Inbox::of_trail(quiet.dir());
    let signer = dry.map(DryRun::signer);
    let (trail, signing) = quiet.open_and_mend(on_damage, signer)?;
    let set_aside = signing
        .as_ref()
        .and_then(|signing| signing.damage.as_ref())
        .map(|damage| damage.aside.clone());
    let mut done = Vec::new();
    let by = json!({"command": "vigil recover", "operator": Operator::of_this_process()});
    let mut visit = Visit::open(trail);
    let (journal, recovered) = recovery::recover(
        &mut visit.trail,
        signing.as_ref(),
        &mut visit.composer,
        Some(by),
    )?;
    visit.signs_by(signing);
    done.extend(visit.trail.take_notes());
    done.extend(recovered.notes(&visit.trail));
    if let Some((journal, end)) = journal {
        let inner = visit.trail.inner_dir();
        let process = Process::newest(&inner).unwrap_or(0);
        let mut mark = Mark::at(end, visit.trail.next_seq(), process);
        for loss in journal.losses() {
            mark.declared[loss.kind] = loss.count;
        }
        journal.write_mark(&mark)?;
    }
    let signed = visit.signed;
    let (notes, seals) = visit.write_notes(&mut inbox)?;
    if notes > 0 {
        done.push(format!(
            "{notes} notes of other programs have been written to the trail"
        ));
    }
    if seals > 0 {
        done.push(format!("{seals} closed segments have been sealed"));
    }
    if visit.signed != signed
        && let Some(size) = visit.signed
    {
        done.push(format!("a checkpoint over {size} events has been signed"));
    }
    Ok(Recovery {
        dry_run: false,
        done,
        events: recovered.events,
        incomplete: recovered.attempts,
        notes,
        set_aside,
    })
}
