//! A trail that no process has open, and that was left in order: such a one can be opened for a moment, to add to it.
//!
//! Nothing is mended here, and nothing is rotated.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::about;
use super::evidence::Places;
use super::keys::{Keys, Signer};
use super::lock::Lock;
use super::sealing::{Integrity, OnDamage, Signing};
use super::store::{Daily, Rotation, Trail, TrailConfig, segments};
use super::tail;
use super::verify::Layout;
use crate::disk::is_own;
use crate::journal::JournalFile;
use crate::{Error, SystemClock};

/// A trail as a program finds it that is not the one which writes it.
#[derive(Debug)]
pub(crate) struct Quiet {
    config: TrailConfig,
    places: Places,
}

/// Why a trail is not opened.
#[derive(Debug)]
pub(crate) enum Unopened {
    /// A process has it open.
    InUse,
    /// A sentence that says why.
    NotNow(String),
}

impl Quiet {
    /// Looks whether a trail that Vigil writes lies in the directory.
    pub(crate) fn look(dir: &Path) -> Result<Self, Error> {
        let dir = std::path::absolute(dir)
            .map_err(|error| Error::io("cannot find the trail directory", dir, error))?;
        let name = name_of(&dir)?;
        let places = Places::of_trail(&dir);
        let integrity = Integrity {
            enabled: places.epochs().exists(),
            on_damage: OnDamage::Refuse,
            ..Integrity::default()
        };
        let rotation = Rotation {
            daily: Daily::Off,
            max_size: None,
        };
        let config = TrailConfig {
            dir,
            name,
            rotation,
            integrity,
        };
        Ok(Self { config, places })
    }

    /// Opens it, if nobody else has it open and there is nothing to mend.
    pub(crate) fn open(self) -> Result<(Trail, Option<Signing>), Unopened> {
        if self.is_in_use() {
            return Err(Unopened::InUse);
        }
        if !about::is_at_home(&self.config.dir) {
            return not_now("it does not lie where it was written, so that it may be a copy");
        }
        self.check_owner()?;
        let lock = match Lock::visit(self.places.inner(), &self.config.dir) {
            Ok(lock) => lock,
            Err(error) if error.is_already_running() => return Err(Unopened::InUse),
            Err(error) => return Err(Unopened::NotNow(error.to_string())),
        };
        self.check_order()?;
        self.open_locked(lock, None)
            .map_err(|error| Unopened::NotNow(error.to_string()))
    }

    /// Files that another user makes in it, the program that writes the trail could not read.
    fn check_owner(&self) -> Result<(), Unopened> {
        let inner = self.places.inner();
        match is_own(inner) {
            Ok(true) => Ok(()),
            Ok(false) => not_now("the trail belongs to another user"),
            Err(error) => Err(unopened("look at", inner, &error)),
        }
    }

    /// Opens it as the start of an engine does, with all that there is to mend, by a signer or by the key beside it.
    pub(crate) fn open_and_mend(
        mut self,
        on_damage: OnDamage,
        signer: Option<&Arc<dyn Signer>>,
    ) -> Result<(Trail, Option<Signing>), Error> {
        self.config.integrity.on_damage = on_damage;
        let lock = Lock::visit(self.places.inner(), &self.config.dir)?;
        self.open_locked(lock, signer)
    }

    fn open_locked(
        self,
        lock: Lock,
        signer: Option<&Arc<dyn Signer>>,
    ) -> Result<(Trail, Option<Signing>), Error> {
        let Self { config, .. } = self;
        let sealed = config.integrity.enabled.then_some(("", signer));
        Trail::open_locked(config, Arc::new(SystemClock), TimeZone::UTC, sealed, lock)
    }

    pub(crate) fn is_in_use(&self) -> bool {
        Lock::is_held(self.places.inner())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.config.dir
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// Why it must not be opened by this process even to recover it.
    pub(crate) fn check_writer(&self) -> Result<(), Unopened> {
        let Self { config, places } = self;
        if about::is_elsewhere(&config.dir) {
            return not_now("it does not lie where it was written, so that it may be a copy");
        }
        self.check_owner()?;
        if config.integrity.enabled && !Keys::lie_beside(places) {
            return not_now("the key that signs the trail does not lie beside it");
        }
        Ok(())
    }

    fn check_order(&self) -> Result<(), Unopened> {
        let Self { config, places } = self;
        if places.damage().exists() {
            return not_now("a trail that was set aside has not been told of yet");
        }
        if config.integrity.enabled && !Keys::lie_beside(places) {
            return not_now("the key that signs the trail does not lie beside it");
        }
        let inner = places.inner();
        let settled = JournalFile::is_settled(inner)
            .map_err(|error| unopened("read the journal in", inner, &error))?;
        if !settled {
            return not_now("the program that writes it has not ended in order");
        }
        let names = segments(config).map_err(|error| Unopened::NotNow(error.to_string()))?;
        if let Some(newest) = names.last() {
            let path = config.dir.join(newest.file_name(&config.name));
            let whole = File::open(&path)
                .and_then(|file| Ok(tail::whole_lines(&file)? == file.metadata()?.len()))
                .map_err(|error| unopened("read", &path, &error))?;
            if !whole {
                return not_now("its last line is not whole");
            }
        }
        Ok(())
    }
}

/// The name of the trail in a directory.
pub(super) fn name_of(dir: &Path) -> Result<String, Error> {
    let name = Layout::look(dir, None)?.name;
    if Places::of_trail(dir).inner().is_dir() {
        return Ok(name);
    }
    Err(Error::trail(format!(
        "{} has no directory .vigil: it holds files of a trail, and not the trail that they are from",
        dir.display()
    )))
}

fn not_now<T>(why: &str) -> Result<T, Unopened> {
    Err(Unopened::NotNow(why.to_owned()))
}

fn unopened(doing: &str, path: &Path, error: &std::io::Error) -> Unopened {
    Unopened::NotNow(format!("cannot {doing} {}: {error}", path.display()))
}
