//! A trail as C2SP tiles (<https://c2sp.org/tlog-tiles>), which tools of others read.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use serde::Serialize;

use super::checkpoint_of;
use super::leaves::Leaves;
use crate::Error;
use crate::disk::{create_directory, private};
use crate::trail::MAX_LINE;
use crate::trail::packing::Identities;
use crate::trail::tree::{Growing, Hash, Peaks};
use crate::trail::verify::{Chunk, Chunks};

/// Hashes and entries in a tile.
const WIDTH: usize = 256;

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Exported {
    /// The number of events, as in the checkpoint.
    pub events: u64,
    /// The number of files.
    pub files: u64,
    /// With entries: of so many events there are none, because retention has removed their lines or those of others in
    /// their bundle of 256. Their hashes are in the tiles.
    pub without_entries: u64,
}

/// Writes a trail as tiles into a new directory: `checkpoint`, `tile/…` and, if asked for, `tile/entries/…` with the
/// events themselves.
///
/// The tiles are those of the newest checkpoint; what stands behind it is not exported. Where retention has removed lines, the
/// bundles of entries that held them are left out, as of a log that was pruned. Without entries, a tool that
/// verifies needs the lines of the trail besides.
///
/// # Errors
///
/// If the directory is there and not empty, if the trail is not what its newest checkpoint says, or if something cannot
/// be read or written.
///
/// # Examples
///
/// ```no_run
/// let exported = vigil::trail::export_tlog("logs/audit", "exported", true)?;
/// println!("{} events", exported.events);
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn export_tlog(
    dir: impl AsRef<Path>,
    into: impl AsRef<Path>,
    entries: bool,
) -> Result<Exported, Error> {
    export_tlog_with(dir, into, entries, &Identities::none())
}

/// As [`export_tlog`], and reads the entries of encrypted segments by these.
///
/// # Errors
///
/// As [`export_tlog`].
pub fn export_tlog_with(
    dir: impl AsRef<Path>,
    into: impl AsRef<Path>,
    entries: bool,
    identities: &Identities,
) -> Result<Exported, Error> {
    let (dir, into) = (dir.as_ref(), into.as_ref());
    let signed = checkpoint_of(dir, &[])?;
    let leaves = Leaves::of_trail(dir, signed.checkpoint.size, identities)?;
    let size = signed.checkpoint.size;
    if leaves.size() < size {
        return Err(signed.shorter(leaves.size()));
    }
    let mut out = Out::new(into)?;
    let mut levels = vec![Level::default()];
    let mut tree = Growing::default();
    leaves.each(0, size, |leaf| {
        tree.push(leaf);
        push(&mut levels, 0, leaf, &mut out)
    })?;
    // Before the last tiles and the checkpoint: without those nobody takes it for an export.
    if tree.root() != signed.checkpoint.root {
        return Err(signed.differs());
    }
    for (number, level) in levels.iter().enumerate() {
        level.write(number, &mut out)?;
    }
    let mut without_entries = 0;
    if entries {
        without_entries = export_entries(&leaves, size, &mut out)?;
    }
    out.write(Path::new("checkpoint"), signed.note.as_bytes())?;
    Ok(Exported {
        events: size,
        files: out.files,
        without_entries,
    })
}

/// The tile of a level that is being filled.
#[derive(Default)]
struct Level {
    full: u64,
    hashes: Vec<Hash>,
}

fn push(levels: &mut Vec<Level>, number: usize, hash: Hash, out: &mut Out) -> Result<(), Error> {
    if levels.len() == number {
        levels.push(Level::default());
    }
    let level = &mut levels[number];
    level.hashes.push(hash);
    if level.hashes.len() < WIDTH {
        return Ok(());
    }
    level.write(number, out)?;
    let mut above = Peaks::default();
    for hash in level.hashes.drain(..) {
        above.push(hash);
    }
    level.full += 1;
    push(levels, number + 1, above.root(), out)
}

impl Level {
    fn write(&self, number: usize, out: &mut Out) -> Result<(), Error> {
        if self.hashes.is_empty() {
            return Ok(());
        }
        let path = tile_path(&number.to_string(), self.full, self.hashes.len());
        out.write(&path, self.hashes.as_flattened())
    }
}

/// `tile/<level>/x001/x234/067`, and with `.p/<width>` if it is not full.
fn tile_path(level: &str, number: u64, width: usize) -> PathBuf {
    let mut path = format!("{:03}", number % 1_000);
    let mut rest = number / 1_000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1_000);
        rest /= 1_000;
    }
    let partial = match width {
        WIDTH => String::new(),
        width => format!(".p/{width}"),
    };
    PathBuf::from(format!("tile/{level}/{path}{partial}"))
}

/// Each entry with its length in two bytes before it. Gives back how many are not there.
fn export_entries(leaves: &Leaves, size: u64, out: &mut Out) -> Result<u64, Error> {
    let mut bundles = Bundles {
        size,
        bundle: Vec::new(),
        next: 0,
        is_whole: true,
        without: 0,
    };
    for segment in &leaves.segments {
        if segment.first >= size {
            break;
        }
        let Some(stored) = &segment.slot.stored else {
            if leaves.purge_of(segment).is_some() || segment.count == 0 {
                for _ in 0..segment.count {
                    bundles.pass(out)?;
                }
                continue;
            }
            return Err(Error::trail(format!(
                "the segment {} is missing; export without entries",
                segment.slot.segment
            )));
        };
        let failed = |error| Error::io("cannot read", &stored.path, error);
        let unheard = AtomicU64::new(0);
        let mut chunks = Chunks::new(stored.open(&unheard).map_err(failed)?);
        while let Some(chunk) = chunks.next().map_err(failed)? {
            match chunk {
                Chunk::Lines(lines) => {
                    for line in lines.split_inclusive(|byte| *byte == b'\n') {
                        bundles.put(line.strip_suffix(b"\n").unwrap_or(line), out)?;
                    }
                }
                Chunk::Long { length, .. } => {
                    bundles.put(&vec![0; usize::try_from(length).unwrap_or(usize::MAX)], out)?;
                }
            }
        }
    }
    Ok(bundles.without)
}

/// The bundle of entries that is being filled.
struct Bundles {
    size: u64,
    bundle: Vec<u8>,
    /// The number of the next event.
    next: u64,
    /// No entry of this bundle is missing.
    is_whole: bool,
    without: u64,
}

impl Bundles {
    fn put(&mut self, line: &[u8], out: &mut Out) -> Result<(), Error> {
        if self.next >= self.size {
            return Ok(());
        }
        let length = u16::try_from(line.len()).map_err(|_| {
            Error::trail(format!(
                "event {} is longer than {MAX_LINE} bytes, and cannot be an entry of a tile; export without entries",
                self.next
            ))
        })?;
        if self.is_whole {
            self.bundle.extend(length.to_be_bytes());
            self.bundle.extend(line);
        }
        self.end(out)
    }

    /// There is no line of the next event.
    fn pass(&mut self, out: &mut Out) -> Result<(), Error> {
        if self.next >= self.size {
            return Ok(());
        }
        self.is_whole = false;
        self.end(out)
    }

    fn end(&mut self, out: &mut Out) -> Result<(), Error> {
        let width = WIDTH as u64;
        self.next += 1;
        if !self.next.is_multiple_of(width) && self.next < self.size {
            return Ok(());
        }
        let number = (self.next - 1) / width;
        let within = self.next - number * width;
        if self.is_whole {
            let path = tile_path("entries", number, usize::try_from(within).unwrap_or(WIDTH));
            out.write(&path, &self.bundle)?;
        } else {
            self.without += within;
        }
        self.bundle.clear();
        self.is_whole = true;
        Ok(())
    }
}

/// The directory that is written.
struct Out {
    dir: PathBuf,
    files: u64,
}

impl Out {
    fn new(dir: &Path) -> Result<Self, Error> {
        create_directory(dir).map_err(|error| Error::io("cannot create", dir, error))?;
        let mut entries =
            fs::read_dir(dir).map_err(|error| Error::io("cannot list", dir, error))?;
        if entries.next().is_some() {
            return Err(Error::trail(format!(
                "{} is not empty; give a new directory",
                dir.display()
            )));
        }
        Ok(Self {
            dir: dir.to_owned(),
            files: 0,
        })
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let path = self.dir.join(path);
        let failed = |error| Error::io("cannot write", &path, error);
        if let Some(parent) = path.parent() {
            create_directory(parent).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let mut file = options.open(&path).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        self.files += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_named_as_the_specification_says() {
        let shown = |level, number, width| tile_path(level, number, width).display().to_string();
        assert_eq!(shown("0", 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(shown("1", 0, 256), "tile/1/000");
        assert_eq!(shown("entries", 1_000, 7), "tile/entries/x001/000.p/7");
    }
}
