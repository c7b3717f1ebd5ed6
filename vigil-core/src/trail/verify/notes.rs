//! The list of checkpoints.

use std::io;
use std::path::Path;

use super::trusted::whole;
use crate::trail::checkpoint::{Checkpoint, Note};

/// A note is never longer; what is, is none.
const LONGEST: usize = 64 * 1024;
/// The writer keeps the list shorter than a tenth of this.
const LONGEST_LIST: u64 = 64 << 20;

/// The list as it was when the check began: the writer may put a shorter one in its place at any time.
#[derive(Debug)]
pub(super) struct List(Vec<u8>);

/// Reads it from a place on.
pub(super) struct Notes<'l> {
    bytes: &'l [u8],
    offset: usize,
}

/// What stands at a place of the list.
#[derive(Debug)]
pub(super) enum Entry<'l> {
    Note {
        offset: u64,
        /// The whole note.
        text: &'l str,
        checkpoint: Checkpoint,
    },
    /// Not a checkpoint.
    Other { offset: u64 },
    /// The last one is not whole, as a crash leaves it.
    Torn,
}

impl List {
    pub(super) fn look(path: &Path) -> io::Result<Option<Self>> {
        Ok(whole(path, LONGEST_LIST)?.map(Self))
    }

    pub(super) fn length(&self) -> u64 {
        self.0.len() as u64
    }

    pub(super) fn from(&self, offset: u64) -> Notes<'_> {
        Notes {
            bytes: &self.0,
            offset: usize::try_from(offset).unwrap_or(usize::MAX),
        }
    }
}

impl<'l> Notes<'l> {
    /// Of a trail that has no list.
    pub(super) fn none() -> Self {
        Self {
            bytes: &[],
            offset: 0,
        }
    }

    /// The next entry; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Entry<'l>> {
        let rest = self.bytes.get(self.offset..)?;
        if rest.is_empty() {
            return None;
        }
        let offset = self.offset as u64;
        let (text, end) = match paragraph(rest) {
            Some(end) if is_checkpoint(&rest[..end]) => (&rest[..end], end),
            // What follows is looked at anew, so that what is no checkpoint does not hide the good ones behind it.
            Some(end) => {
                self.offset += end;
                return Some(Entry::Other { offset });
            }
            None => {
                self.offset = self.bytes.len();
                let torn = rest.len() < LONGEST && is_torn(rest);
                return Some(if torn {
                    Entry::Torn
                } else {
                    Entry::Other { offset }
                });
            }
        };
        let Some(signatures) = paragraph(&rest[text.len()..]) else {
            self.offset = self.bytes.len();
            return Some(if is_torn(rest) {
                Entry::Torn
            } else {
                Entry::Other { offset }
            });
        };
        let note = &rest[..end + signatures];
        let parsed = note
            .strip_suffix(b"\n")
            .and_then(|note| std::str::from_utf8(note).ok())
            .and_then(|text| {
                let note = Note::parse(text).ok()?;
                Some((text, Checkpoint::parse(note.text).ok()?))
            });
        Some(match parsed {
            Some((text, checkpoint)) => {
                self.offset += note.len();
                Entry::Note {
                    offset,
                    text,
                    checkpoint,
                }
            }
            None => {
                self.offset += end;
                Entry::Other { offset }
            }
        })
    }
}

/// The length of the lines up to an empty one, with that.
fn paragraph(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&b'\n') {
        return Some(1);
    }
    Some(memchr::memmem::find(bytes, b"\n\n")? + 2)
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
        let notes = List::look(&path).unwrap().unwrap();
        let mut notes = notes.from(0);
        let mut sizes = Vec::new();
        while let Some(entry) = notes.next() {
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
