//! The lines of segments back in plain files, for whoever has the keys.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use serde::Serialize;

use super::keys::Identities;
use super::unfinished::{UNFINISHED, Unfinished};
use crate::Error;
use crate::disk::{create_directory, sync_directory};
use crate::trail::verify::{Form, Layout, Stored};

/// What [`unpack`] has written.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Unpacked {
    /// The files, with the lines as they were written.
    pub files: Vec<PathBuf>,
    /// Their bytes.
    pub bytes: u64,
    /// Their lines.
    pub events: u64,
}

/// Writes the lines of a segment's file, or of all encrypted segments of a trail, into plain files of a directory: decrypted
/// and decompressed. The trail itself is not changed.
///
/// # Errors
///
/// If a file cannot be read by these identities or is damaged; if a plain file is there already.
pub fn unpack(
    from: impl AsRef<Path>,
    into: impl AsRef<Path>,
    identities: &Identities,
) -> Result<Unpacked, Error> {
    let (from, into) = (from.as_ref(), into.as_ref());
    let failed = |error| Error::io("cannot read", from, error);
    let mut sources = Vec::new();
    if fs::metadata(from).map_err(failed)?.is_dir() {
        let slots = Layout::look(from, None)?.by(identities).slots;
        let stored = slots
            .into_iter()
            .filter_map(|slot| Some((slot.segment, slot.stored?)));
        sources.extend(stored.filter(|(_, stored)| stored.form == Form::Encrypted));
    } else {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        let (form, segment) = Form::of_name(&name);
        if form == Form::Plain {
            return Err(Error::config(format!(
                "{} is neither encrypted nor compressed: its name ends with none of .age, .zst and .gz",
                from.display()
            )));
        }
        let mut stored = Stored::of(from.to_owned(), form).map_err(failed)?;
        stored.identities = identities.clone();
        sources.push((segment.to_owned(), stored));
    }
    create_directory(into).map_err(|error| Error::io("cannot create", into, error))?;
    let mut unpacked = Unpacked::default();
    for (segment, stored) in sources {
        let path = into.join(segment);
        let (bytes, events) = copy(&stored, &path)?;
        unpacked.bytes += bytes;
        unpacked.events += events;
        unpacked.files.push(path);
    }
    sync_directory(into).map_err(|error| Error::io("cannot sync", into, error))?;
    Ok(unpacked)
}

/// There as a whole or not at all.
fn copy(stored: &Stored, to: &Path) -> Result<(u64, u64), Error> {
    let reading = |error| Error::io("cannot read", &stored.path, error);
    let unfinished = to.with_file_name(format!(
        "{}{UNFINISHED}",
        to.file_name().unwrap_or_default().to_string_lossy()
    ));
    let writing = |error| Error::io("cannot write", to, error);
    if to.exists() {
        return Err(writing(io::ErrorKind::AlreadyExists.into()));
    }
    let unheard = AtomicU64::new(0);
    let mut lines = stored.open(&unheard).map_err(reading)?;
    let (unfinished, mut file) = Unfinished::create(unfinished).map_err(writing)?;
    // What was read of it proves nothing without its end.
    let copied = copy_all(&mut lines, &mut file, reading, writing)?;
    file.sync_all()
        .and_then(|()| unfinished.put_in_place(to))
        .map_err(writing)?;
    Ok(copied)
}

/// Gives back how many bytes, and how many lines.
fn copy_all(
    from: &mut impl Read,
    to: &mut impl Write,
    reading: impl Fn(io::Error) -> Error,
    writing: impl Fn(io::Error) -> Error,
) -> Result<(u64, u64), Error> {
    let mut block = vec![0; 128 << 10];
    let (mut bytes, mut lines) = (0, 0);
    loop {
        let count = match from.read(&mut block) {
            Ok(0) => return Ok((bytes, lines)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reading(error)),
        };
        to.write_all(&block[..count]).map_err(&writing)?;
        bytes += count as u64;
        lines += memchr::memchr_iter(b'\n', &block[..count]).count() as u64;
    }
}
