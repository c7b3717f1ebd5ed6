//! The file that is written, and what others may do to it meanwhile.

use super::Trail;
use super::files::{create, inner_dir, open_and_mend, torn_dir};
use crate::Error;
use crate::disk::create_directory;
use crate::trail::evidence::Places;
use crate::trail::lock::Lock;
use crate::trail::sealing::create_directories;
use crate::trail::segment::Condition;
use crate::trail::tail;

impl Trail {
    /// Notices that the file was deleted, moved, replaced or changed by somebody else, and goes on in one that is
    /// where readers look for it.
    pub(super) fn look_after_file(&mut self) -> Result<(), Error> {
        let condition = self
            .segment
            .cut_leftover()
            .and_then(|()| self.segment.condition())
            .map_err(|error| Error::io("cannot look after", self.path(), error))?;
        let shown = self.path().display().to_string();
        let note = match condition {
            Condition::Intact => return Ok(()),
            // What was hashed is sealed as it was written, and the file left as somebody has made it: that is evidence.
            _ if self.sealing.is_some() => {
                self.go_on_elsewhere()?;
                let note = format!(
                    "{shown} was deleted, moved, replaced or changed by somebody else; what it held is kept as hashes, \
                     and the trail goes on in {} with event {}",
                    self.path().display(),
                    self.next_seq
                );
                self.tampering.push(note.clone());
                note
            }
            Condition::Resized(size) => {
                let before = self.segment.size();
                self.mend()?;
                format!("{shown} had {before} bytes and then {size}: something else has changed it")
            }
            Condition::Gone | Condition::Replaced => {
                self.take_place_again()?;
                let name = self.segment.name;
                let segment = if condition == Condition::Gone {
                    create(&self.config, name)?
                } else {
                    open_and_mend(&self.config, name, &mut self.notes)?
                };
                // What went into it before may live on under another name.
                self.leave_for(segment);
                let next = self.next_seq;
                format!(
                    "{shown} was deleted, moved or replaced; it goes on there with event {next}"
                )
            }
        };
        self.notes.push(note);
        Ok(())
    }

    /// In the next file, whatever has become of this one.
    fn go_on_elsewhere(&mut self) -> Result<(), Error> {
        self.take_place_again()?;
        if self.sealing.is_some() {
            let inner = inner_dir(&self.config);
            create_directories(&Places::of_trail(&self.config.dir))
                .map_err(|error| Error::io("cannot create directories in", &inner, error))?;
        }
        let new = create(&self.config, self.segment.name.next())?;
        self.leave_for(new);
        Ok(())
    }

    /// If the whole directory is gone, the lock has gone with it.
    fn take_place_again(&mut self) -> Result<(), Error> {
        if self.lock.stands() {
            return Ok(());
        }
        let inner = inner_dir(&self.config);
        create_directory(&inner)
            .map_err(|error| Error::io("cannot create the directory", &inner, error))?;
        self.lock = Lock::take(&inner, &self.config.dir)?;
        Ok(())
    }

    fn mend(&mut self) -> Result<(), Error> {
        let torn = torn_dir(&self.config);
        let note = tail::mend(&mut self.segment, &torn)
            .map_err(|error| Error::io("cannot mend the end of", self.segment.path(), error))?;
        self.notes.extend(note);
        Ok(())
    }
}
