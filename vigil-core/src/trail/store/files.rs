//! The files in the directory of a trail.

use std::io;
use std::path::PathBuf;

use super::config::TrailConfig;
use crate::Error;
use crate::trail::evidence::{Places, SealFile};
use crate::trail::name::SegmentName;
use crate::trail::segment::Segment;
use crate::trail::tail;
use crate::trail::verify::{Form, Stored, look_again};

/// What is Vigil's own and not for readers of the trail.
pub(super) fn inner_dir(config: &TrailConfig) -> PathBuf {
    config.dir.join(".vigil")
}

pub(super) fn torn_dir(config: &TrailConfig) -> PathBuf {
    inner_dir(config).join("torn")
}

/// The files of the trail that are as they were written, oldest first.
pub(in crate::trail) fn segments(config: &TrailConfig) -> Result<Vec<SegmentName>, Error> {
    names(config, |form| form == Form::Plain)
}

/// The segments of which there is a file, in whatever form, oldest first.
pub(in crate::trail) fn all_segments(config: &TrailConfig) -> Result<Vec<SegmentName>, Error> {
    names(config, |_| true)
}

fn names(
    config: &TrailConfig,
    is_wanted: impl Fn(Form) -> bool,
) -> Result<Vec<SegmentName>, Error> {
    let read = || -> io::Result<Vec<SegmentName>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&config.dir)? {
            let file_name = entry?.file_name();
            let parts = file_name.to_str().map(Form::of_name);
            let wanted = parts.filter(|(form, _)| is_wanted(*form));
            names.extend(wanted.and_then(|(_, name)| SegmentName::parse(name, &config.name)));
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    };
    read().map_err(|error| Error::io("cannot read the trail directory", &config.dir, error))
}

/// The file that holds a segment now, with what its seal says of the size of its lines.
pub(in crate::trail) fn stored_of(config: &TrailConfig, name: SegmentName) -> Option<Stored> {
    let segment = name.file_name(&config.name);
    let mut stored = look_again(&config.dir, &segment)?;
    if stored.form != Form::Plain {
        let seal = Places::of_trail(&config.dir).seal(&segment);
        let file = SealFile::parse(&std::fs::read_to_string(seal).ok()?).ok()?;
        stored.plain_size = Some(file.seal.size);
    }
    Some(stored)
}

/// A new file of this name or, where somebody has put one already, of the next free one.
pub(super) fn create(config: &TrailConfig, name: SegmentName) -> Result<Segment, Error> {
    let mut name = name;
    loop {
        let segment = name.file_name(&config.name);
        if look_again(&config.dir, &segment).is_some_and(|stored| stored.form != Form::Plain) {
            name = name.next();
            continue;
        }
        match Segment::create(&config.dir, &config.name, name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && name.index < u32::MAX => {
                name = name.next();
            }
            result => {
                let path = config.dir.join(name.file_name(&config.name));
                return result.map_err(|error| Error::io("cannot create", &path, error));
            }
        }
    }
}

pub(super) fn open_and_mend(
    config: &TrailConfig,
    name: SegmentName,
    notes: &mut Vec<String>,
) -> Result<Segment, Error> {
    let path = config.dir.join(name.file_name(&config.name));
    let mut segment = Segment::open(&config.dir, &config.name, name)
        .map_err(|error| Error::io("cannot open", &path, error))?;
    let note = tail::mend(&mut segment, &torn_dir(config))
        .map_err(|error| Error::io("cannot mend the end of", &path, error))?;
    notes.extend(note);
    Ok(segment)
}
