//! What a run has left that was broken off, put in order: one file of each segment, and noted beside its seal.

use std::fs;

use super::encode::hash_of;
use super::publish::{Closed, Obstacle, name_of, remove};
use crate::Error;
use crate::retention::Turn;
use crate::trail::evidence;
use crate::trail::verify::{Form, Stored};

impl Closed<'_> {
    /// Makes one of its files of all those that a run has left which was broken off. Gives back that one, and sentences
    /// about what was done.
    pub(super) fn mend(&self) -> Result<(Option<Stored>, Vec<String>), Obstacle> {
        let mut files: Vec<&Stored> = self.slot.stored.iter().chain(&self.slot.copies).collect();
        let mut done = Vec::new();
        let Some(&first) = files.first() else {
            return Ok((None, done));
        };
        if let Some(other) = files.iter().find(|stored| !stored.is_file) {
            let what = format!("{} is not a regular file", other.path.display());
            return Err(Obstacle::Altered(what));
        }
        if files.len() > 1 {
            // The one that the seal names was read back before it was named; else the one that was there first.
            let named = self.named(&files)?;
            let kept = named.unwrap_or(first);
            if named.is_none() && kept.form == Form::Encrypted {
                let what = format!(
                    "{} lies there {} times, encrypted, and none of the files is the one that was noted beside its seal: they \
                     are left as they are; find out by `vigil decrypt` which one opens, and move the others elsewhere",
                    self.slot.segment,
                    files.len()
                );
                return Err(Obstacle::Altered(what));
            }
            if kept.form != Form::Encrypted {
                self.check(kept, None)?;
            }
            let _turn = Turn::take(&self.places())?;
            files.retain(|stored| stored.path != kept.path);
            for stored in files {
                remove(&stored.path)?;
                done.push(format!(
                    "{} was left by a run that was broken off, and was removed: {} holds the segment",
                    stored.path.display(),
                    kept.path.display()
                ));
            }
            self.sync()?;
            return Ok((Some(kept.clone()), done));
        }
        if first.form != Form::Plain
            && first.form != Form::Encrypted
            && self.record_of(first).is_none()
        {
            // Compressed by hand, or by a run that died before it could say so and after something had removed the source.
            let written = self.check(first, None)?;
            let _turn = Turn::take(&self.places())?;
            self.record(&first.path, &written)?;
            done.push(format!(
                "{} was not noted beside its seal, and is now",
                first.path.display()
            ));
        }
        Ok((Some(first.clone()), done))
    }

    /// The one of these files that the seal names, if it is that.
    fn named<'s>(&self, files: &[&'s Stored]) -> Result<Option<&'s Stored>, Obstacle> {
        for stored in files {
            if let Some(record) = self.record_of(stored) {
                let failed = |error| Error::io("cannot read", &stored.path, error);
                let file = fs::File::open(&stored.path).map_err(failed)?;
                let found = hash_of(file).map_err(failed)?;
                if found == (record.sha256, record.size) {
                    return Ok(Some(stored));
                }
            }
        }
        Ok(None)
    }

    /// What stands beside the seal of this file.
    fn record_of(&self, stored: &Stored) -> Option<&evidence::Stored> {
        let record = self.slot.seal.as_ref()?.stored.as_ref()?;
        (record.name == name_of(&stored.path)).then_some(record)
    }
}
