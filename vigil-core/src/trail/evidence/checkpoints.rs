//! The signed checkpoints: the latest in a file of its own, which programs of others look for, and all of them in
//! another, each followed by an empty line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use super::places::Places;
use crate::disk::{is_missing, private, replace_file, sync_directory};
use crate::trail::checkpoint::{Checkpoint, Note};

/// The file of all checkpoints is made shorter when it has become longer than this.
const LONGEST: u64 = 4 << 20;
/// So many of the last ones then stay.
const KEPT: usize = 1_000;

/// The two files of checkpoints.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoints(Places);

impl Checkpoints {
    pub(crate) fn new(places: &Places) -> Self {
        Self(places.clone())
    }

    /// Cuts off a note at the end that a crash has torn.
    pub(crate) fn mend(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let mut file = match options.open(self.0.checkpoints()) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        let end = find_end(&mut file)?;
        file.set_len(end)
    }

    /// Adds a signed note, and makes it the latest. After a power failure both may be missing, or the one of them,
    /// unless they are [synced](Self::sync).
    pub(crate) fn add(&self, note: &str) -> io::Result<()> {
        let entry = format!("{note}\n");
        // Opened each time: somebody may have moved the file.
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        private(&mut options);
        let mut file = options.open(self.0.checkpoints())?;
        let end = file.seek(SeekFrom::End(0))?;
        if let Err(error) = file.write_all(entry.as_bytes()) {
            // If this fails too, the next start cuts it off.
            let _ = file.set_len(end);
            return Err(error);
        }
        if end > LONGEST {
            self.thin_out()?;
        }
        let mut fresh = self.0.checkpoint().into_os_string();
        fresh.push(".new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        private(&mut options);
        options.open(&fresh)?.write_all(note.as_bytes())?;
        fs::rename(fresh, self.0.checkpoint())
    }

    /// What a checkpoint says, each later one says as well, so the old ones need not stay for ever: ten a second are
    /// 200 MB a day. Those by which one key vouches for the next stay.
    fn thin_out(&self) -> io::Result<()> {
        let all = self.all()?;
        let (notes, _) = split_notes(&all);
        let old = notes.len().saturating_sub(KEPT);
        // Those of witnesses are longer.
        let of_keys = |note: &Note<'_>| {
            let lines = note.signatures.iter();
            lines.filter(|line| line.signature.len() == 64).count()
        };
        let is_handover = |note: &str| Note::parse(note).is_ok_and(|note| of_keys(&note) > 1);
        let kept: String = notes
            .iter()
            .enumerate()
            .filter(|(at, note)| *at >= old || is_handover(note))
            .map(|(_, note)| format!("{note}\n"))
            .collect();
        replace_file(&self.0.checkpoints(), kept.as_bytes())
    }

    /// Makes what was added survive a power failure.
    pub(crate) fn sync(&self) -> io::Result<()> {
        for path in [self.0.checkpoints(), self.0.checkpoint()] {
            match File::open(path) {
                Ok(file) => file.sync_data()?,
                // Somebody has removed them; the next checkpoint makes them again.
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        sync_directory(self.0.inner())
    }

    /// The text of the latest note, as it was found; `None` if there is none.
    pub(crate) fn latest(&self) -> io::Result<Option<String>> {
        read_text(self.0.checkpoint())
    }

    /// All of them as they were found, for [`split_notes`].
    pub(crate) fn all(&self) -> io::Result<String> {
        Ok(read_text(self.0.checkpoints())?.unwrap_or_default())
    }
}

/// What is not UTF-8 is damaged, and no note either way.
fn read_text(path: PathBuf) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the last whole note ends, found in the last part of the file.
fn find_end(file: &mut File) -> io::Result<u64> {
    const LAST: u64 = 64 * 1024;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(LAST);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(LAST).read_to_end(&mut bytes)?;
    // A note ends with two newlines, and has two in its middle.
    let mut end = bytes.len();
    loop {
        let Some(at) = bytes[..end].windows(2).rposition(|pair| pair == b"\n\n") else {
            return Ok(start);
        };
        let before = bytes[..at].iter().rposition(|byte| *byte == b'\n');
        let line = &bytes[before.map_or(0, |newline| newline + 1)..at];
        if line.starts_with("\u{2014} ".as_bytes()) {
            return Ok(start + at as u64 + 2);
        }
        end = at + 1;
    }
}

/// The notes of the file of all checkpoints, each of which is a checkpoint, and what stands behind the last whole one, or where the first stands that
/// is none: the mark of a crash, or of a hand.
pub(crate) fn split_notes(text: &str) -> (Vec<&str>, &str) {
    let mut notes = Vec::new();
    let mut rest = text;
    // The text of a checkpoint has no empty lines, so a note is what stands before the second.
    while let Some(end) = rest
        .find("\n\n")
        .and_then(|middle| Some(middle + 2 + rest[middle + 2..].find("\n\n")?))
    {
        let note = &rest[..=end];
        if Note::parse(note)
            .and_then(|note| Checkpoint::parse(note.text))
            .is_err()
        {
            break;
        }
        notes.push(note);
        rest = &rest[end + 2..];
    }
    (notes, rest)
}
