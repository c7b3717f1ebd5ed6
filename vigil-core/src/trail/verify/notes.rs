//! The list of all checkpoints, read as a stream: a busy trail has a million of them a day.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::disk::is_missing;
use crate::trail::checkpoint::{Checkpoint, Note};

/// A note is never longer; what is, is none.
const LONGEST: u64 = 64 * 1024;

/// A part of the list as it was when the check began.
#[derive(Debug, Clone)]
pub(super) struct List {
    path: PathBuf,
    length: u64,
}

/// Reads it from a place on.
pub(super) struct Notes {
    reader: Option<BufReader<io::Take<File>>>,
    offset: u64,
}

/// What stands at a place of the list.
#[derive(Debug)]
pub(super) enum Entry {
    Note {
        offset: u64,
        /// The whole note.
        text: String,
        checkpoint: Checkpoint,
    },
    /// Not a checkpoint.
    Other { offset: u64 },
    /// The last one is not whole, as a crash leaves it.
    Torn,
}

impl List {
    pub(super) fn look(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(Some(Self {
                path: path.to_owned(),
                length: metadata.len(),
            })),
            Ok(_) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a regular file",
            )),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn from(&self, offset: u64) -> io::Result<Notes> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(offset))?;
        let rest = self.length.saturating_sub(offset);
        Ok(Notes {
            reader: Some(BufReader::with_capacity(64 * 1024, file.take(rest))),
            offset,
        })
    }
}

impl Notes {
    /// Of a trail that has no list.
    pub(super) fn none() -> Self {
        Self {
            reader: None,
            offset: 0,
        }
    }

    /// The next entry; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let offset = self.offset;
        let mut bytes = Vec::new();
        // The text and its signatures, each with an empty line behind it.
        for part in 0..2 {
            if !self.paragraph(&mut bytes)? {
                let torn = is_torn(&bytes).then_some(Entry::Torn);
                return Ok((!bytes.is_empty()).then(|| torn.unwrap_or(Entry::Other { offset })));
            }
            // If this is no checkpoint, what follows is looked at anew, so that it does not hide the good ones behind it.
            if bytes.len() as u64 >= LONGEST || part == 0 && !is_checkpoint(&bytes) {
                return Ok(Some(Entry::Other { offset }));
            }
        }
        bytes.pop();
        let Ok(text) = String::from_utf8(bytes) else {
            return Ok(Some(Entry::Other { offset }));
        };
        let parsed = Note::parse(&text).and_then(|note| Checkpoint::parse(note.text));
        Ok(Some(match parsed {
            Ok(checkpoint) => Entry::Note {
                offset,
                text,
                checkpoint,
            },
            Err(_) => Entry::Other { offset },
        }))
    }

    /// Appends lines up to an empty one, and that. False at the end of the list.
    fn paragraph(&mut self, into: &mut Vec<u8>) -> io::Result<bool> {
        let Some(reader) = &mut self.reader else {
            return Ok(false);
        };
        loop {
            let before = into.len();
            let count = reader.by_ref().take(LONGEST).read_until(b'\n', into)?;
            self.offset += count as u64;
            if count == 0 || into.last() != Some(&b'\n') && count as u64 != LONGEST {
                return Ok(false);
            }
            if into[before..] == *b"\n" || into.len() as u64 >= LONGEST {
                return Ok(true);
            }
        }
    }
}

/// Whether this may be the beginning of a note.
fn is_torn(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The dash of a signature, cut.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.contains(|c: char| c.is_control() && c != '\n')
}

/// Whether these lines, with an empty one behind them, are the text of a checkpoint.
fn is_checkpoint(paragraph: &[u8]) -> bool {
    paragraph
        .strip_suffix(b"\n")
        .and_then(|text| std::str::from_utf8(text).ok())
        .is_some_and(|text| Checkpoint::parse(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn note(size: u64) -> String {
        format!("shop\n{size}\n{ROOT}\n\n\u{2014} shop AAAAAAAA\n")
    }

    fn read(text: &[u8]) -> Vec<Option<u64>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("checkpoints");
        std::fs::write(&path, text).unwrap();
        let mut notes = List::look(&path).unwrap().unwrap().from(0).unwrap();
        let mut sizes = Vec::new();
        while let Some(entry) = notes.next().unwrap() {
            sizes.push(match entry {
                Entry::Note {
                    checkpoint, text, ..
                } => {
                    assert_eq!(text, note(checkpoint.size));
                    Some(checkpoint.size)
                }
                Entry::Other { .. } => None,
                Entry::Torn => Some(u64::MAX),
            });
        }
        sizes
    }

    #[test]
    fn what_is_no_note_does_not_hide_those_behind_it() {
        let (one, two) = (note(1), note(2));
        assert_eq!(read(b""), []);
        assert_eq!(
            read(format!("{one}\n{two}\n").as_bytes()),
            [Some(1), Some(2)]
        );
        assert_eq!(
            read(format!("{one}\nrubbish\n\n{two}\n").as_bytes()),
            [Some(1), None, Some(2)]
        );
        let mut bytes = format!("{one}\n").into_bytes();
        bytes.extend(b"\xff\xff\n\n");
        bytes.extend(format!("{two}\n").as_bytes());
        assert_eq!(read(&bytes), [Some(1), None, Some(2)]);
        let long = "x".repeat(200_000);
        let read = read(format!("{one}\n{long}\n\n{two}\n").as_bytes());
        assert_eq!(
            (read.first(), read.last()),
            (Some(&Some(1)), Some(&Some(2)))
        );
        assert!(read.contains(&None));
    }

    #[test]
    fn a_note_cut_at_any_byte_is_torn() {
        let (one, two) = (note(1), note(2));
        let text = format!("{one}\n{two}\n");
        for cut in one.len() + 2..text.len() {
            assert_eq!(
                read(&text.as_bytes()[..cut]),
                [Some(1), Some(u64::MAX)],
                "{cut}"
            );
        }
    }
}
