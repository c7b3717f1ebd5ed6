//! How far a sink has got, on disk: `.vigil/cursors/<sink>`. Writer and reader of the file stand here side by side.
//!
//! ```text
//! vigil cursor 1
//! seq 1042
//! file audit_audit_2026-11-23.log
//! offset 182340
//! check 4a494bfd61fd7afa
//! ```
//!
//! `seq` is the number of the first event that the sink has not got. `file` and `offset` say where that was; they are
//! looked at first, and if the event is not there it is searched. `check` is the beginning of the SHA-256 of what stands
//! before it, so that a file torn by a failing disk or changed by hand is not believed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Error;
use crate::disk::{create_directory, private};
use crate::trail::follow::Position;

const FORMAT: &str = "vigil cursor 1";
const LARGEST: u64 = 4096;

/// The file of one sink's cursor.
#[derive(Debug)]
pub(super) struct CursorFile {
    dir: PathBuf,
    path: PathBuf,
    temporary: PathBuf,
}

impl CursorFile {
    /// The cursor of `sink` beside the trail in `trail_dir`.
    pub(super) fn new(trail_dir: &Path, sink: &str) -> Self {
        let dir = cursors_dir(trail_dir);
        Self {
            path: dir.join(sink),
            // No name of a sink has a dot.
            temporary: dir.join(format!("{sink}.tmp")),
            dir,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// `None` if there is none yet; an error of kind `InvalidData` if what is there is not to be believed.
    pub(super) fn load(&self) -> io::Result<Option<Position>> {
        load(&self.path)
    }

    /// Puts the cursor to `position`, so that after a power cut either this or the one before is there.
    pub(super) fn save(&self, position: &Position) -> io::Result<()> {
        create_directory(&self.dir)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        private(&mut options);
        let mut file = options.open(&self.temporary)?;
        file.write_all(render(position).as_bytes())?;
        file.sync_all()?;
        drop(file);
        fs::rename(&self.temporary, &self.path)?;
        sync_dir(&self.dir)
    }
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    match File::open(dir)?.sync_all() {
        // A file system that cannot sync a directory has nothing to say about it.
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

fn load(path: &Path) -> io::Result<Option<Position>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, LARGEST), &mut bytes)?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(parse)
        .map(Some)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is damaged"))
}

fn render(position: &Position) -> String {
    let mut text = format!("{FORMAT}\nseq {}\n", position.seq);
    if let Some((file, offset)) = &position.place {
        text.push_str(&format!("file {file}\noffset {offset}\n"));
    }
    text.push_str(&format!("check {}\n", check(&text)));
    text
}

fn parse(text: &str) -> Option<Position> {
    let (said, found) = text.strip_suffix('\n')?.rsplit_once("check ")?;
    if check(said) != found {
        return None;
    }
    let mut lines = said.lines();
    if lines.next()? != FORMAT {
        return None;
    }
    let seq = lines.next()?.strip_prefix("seq ")?.parse().ok()?;
    let place = match lines.next() {
        None => None,
        Some(file) => {
            let file = file.strip_prefix("file ")?.to_owned();
            let offset = lines.next()?.strip_prefix("offset ")?.parse().ok()?;
            Some((file, offset))
        }
    };
    Some(Position { seq, place })
}

fn check(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn cursors_dir(trail_dir: &Path) -> PathBuf {
    trail_dir.join(".vigil").join("cursors")
}

/// The cursor of a sink, as it lies beside a trail; see [`cursors`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cursor {
    /// The name of the sink.
    pub sink: String,
    /// The number of the first event that the sink has not got; `None` if the file is damaged, and the sink will be
    /// given everything again.
    pub next_seq: Option<u64>,
    /// The file of the trail in which that event was to stand, if that is known.
    pub file: Option<String>,
}

/// The cursors of all sinks that have ever followed the trail in this directory, also of those that no program has any
/// more, by name.
///
/// What none of them needs any more can be removed from the trail; see [`needed_from`].
///
/// # Errors
///
/// [`Error::is_io`] if the directory of the cursors cannot be read. That there is none is no error.
///
/// # Examples
///
/// ```
/// use vigil::sink::{cursors, needed_from};
///
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// for cursor in cursors(dir)? {
///     println!("{} has got all events before {:?}", cursor.sink, cursor.next_seq);
/// }
/// if let Some(seq) = needed_from(&cursors(dir)?) {
///     println!("events from {seq} on must be kept");
/// }
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn cursors(trail_dir: impl AsRef<Path>) -> Result<Vec<Cursor>, Error> {
    let dir = cursors_dir(trail_dir.as_ref());
    let failed = |error| Error::io("cannot read the directory of the cursors", &dir, error);
    let entries = match fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut cursors = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let Some(sink) = entry
            .file_name()
            .to_str()
            .filter(|name| check_sink_name(name).is_ok())
            .map(str::to_owned)
        else {
            continue;
        };
        let position = match load(&entry.path()) {
            Ok(Some(position)) => Some(position),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            // Removed meanwhile.
            Ok(None) => continue,
            Err(error) => return Err(Error::io("cannot read the cursor", &entry.path(), error)),
        };
        cursors.push(Cursor {
            sink,
            next_seq: position.as_ref().map(|position| position.seq),
            file: position
                .and_then(|position| position.place)
                .map(|(file, _)| file),
        });
    }
    cursors.sort_unstable_by(|a, b| a.sink.cmp(&b.sink));
    Ok(cursors)
}

/// The lowest number of an event that one of the cursors still needs: everything from it on has to be kept. `None` if
/// there are no cursors; 0, which is everything, if one of them is damaged.
#[must_use]
pub fn needed_from(cursors: &[Cursor]) -> Option<u64> {
    cursors
        .iter()
        .map(|cursor| cursor.next_seq.unwrap_or(0))
        .min()
}

/// Why `name` cannot be the name of a sink, if so: it is the name of a file.
pub(crate) fn check_sink_name(name: &str) -> Result<(), &'static str> {
    crate::trail::check_trail_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position() -> Position {
        Position {
            seq: 1042,
            place: Some(("audit_audit_2026-11-23.log".to_owned(), 182_340)),
        }
    }

    #[test]
    fn a_cursor_is_read_back_and_stays_what_it_is() {
        for position in [position(), Position::before(7)] {
            assert_eq!(parse(&render(&position)), Some(position));
        }
        assert_eq!(
            render(&position()),
            "vigil cursor 1\nseq 1042\nfile audit_audit_2026-11-23.log\noffset 182340\ncheck 4a494bfd61fd7afa\n"
        );
    }

    #[test]
    fn no_part_of_a_cursor_and_no_changed_one_is_believed() {
        let text = render(&position());
        for end in 0..text.len() {
            assert_eq!(parse(&text[..end]), None, "{end}");
        }
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert_eq!(parse(&String::from_utf8(bytes).unwrap()), None, "{at}");
        }
    }

    #[test]
    fn the_lowest_of_all_cursors_is_needed() {
        let dir = tempfile::tempdir().unwrap();
        assert!(cursors(dir.path()).unwrap().is_empty());
        for (sink, seq) in [("search", 12), ("archive", 7)] {
            let file = CursorFile::new(dir.path(), sink);
            file.save(&Position::before(99)).unwrap();
            file.save(&Position::before(seq)).unwrap();
            assert_eq!(file.load().unwrap(), Some(Position::before(seq)));
        }
        let found = cursors(dir.path()).unwrap();
        assert_eq!(
            (found[0].sink.as_str(), found[0].next_seq),
            ("archive", Some(7))
        );
        assert_eq!((found.len(), needed_from(&found)), (2, Some(7)));
        fs::write(dir.path().join(".vigil/cursors/old"), "vigil cursor 1\nse").unwrap();
        fs::write(dir.path().join(".vigil/cursors/search.tmp"), "x").unwrap();
        let found = cursors(dir.path()).unwrap();
        assert_eq!((found.len(), needed_from(&found)), (3, Some(0)));
        assert_eq!(needed_from(&[]), None);
    }
}
