//! The end of a file: where its last whole line ends, what lies behind it, and which number the last event has.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::segment::Segment;
use crate::disk::{create_directory, private};

const BLOCK: u64 = 64 * 1024;
/// So many lines that are no events may stand at the end of a file, put there by somebody else, before we say that it
/// is not our trail.
const FOREIGN_LINES: u64 = 100;

/// Makes the file end with a whole line. What has to be cut off for that is kept in `torn`, and the note says where.
pub(super) fn mend(segment: &mut Segment, torn: &Path) -> io::Result<Option<String>> {
    let size = segment.file().metadata()?.len();
    let whole = whole_lines(segment.file())?;
    if whole == size {
        segment.cut(size)?;
        return Ok(None);
    }
    let path = segment.path().display().to_string();
    let length = size - whole;
    if length <= super::MAX_LINE as u64 && seq_of(&read(segment.file(), whole, length)?).is_some() {
        segment.file().seek(SeekFrom::Start(size))?;
        segment.file().write_all(b"\n")?;
        segment.cut(size + 1)?;
        return Ok(Some(format!(
            "the last line of {path} was whole but for its newline, which has been added"
        )));
    }
    let kept = keep(segment, whole, torn)?;
    segment.cut(whole)?;
    Ok(Some(format!(
        "{path} ended with {length} bytes of an unfinished line; they have been moved to {}",
        kept.display()
    )))
}

/// Copies what lies behind `offset` into a file of its own.
fn keep(segment: &mut Segment, offset: u64, torn: &Path) -> io::Result<PathBuf> {
    create_directory(torn)?;
    let name = segment
        .path()
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let mut attempt = 1;
    loop {
        let path = torn.join(format!("{name}.torn-{attempt}"));
        match options.open(&path) {
            Ok(mut kept) => {
                segment.file().seek(SeekFrom::Start(offset))?;
                io::copy(&mut segment.file(), &mut kept)?;
                kept.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The number for the next event by what stands in `file`, which ends with a whole line at `size`; `None` if it holds
/// nothing at all. Lines that are no events count as one event each, so that no number is given twice.
pub(super) fn next_seq(file: &File, size: u64) -> io::Result<Option<Resume>> {
    let mut end = size;
    let mut foreign = 0;
    while end > 0 {
        let start = rfind_newline(file, end - 1)?.map_or(0, |newline| newline + 1);
        let length = end - 1 - start;
        let seq = if length <= super::MAX_LINE as u64 {
            seq_of(&read(file, start, length)?)
        } else {
            None
        };
        if let Some(seq) = seq {
            return Ok(Some(Resume {
                seq: seq.saturating_add(1).saturating_add(foreign),
                foreign,
            }));
        }
        foreign += 1;
        if foreign > FOREIGN_LINES {
            break;
        }
        end = start;
    }
    if foreign == 0 {
        return Ok(None);
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidData,
        "its last lines are not events; move the file away or choose another trail.dir",
    ))
}

/// Where to go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resume {
    pub(super) seq: u64,
    /// So many lines after the last event are none.
    pub(super) foreign: u64,
}

/// `None` if the line is not an event.
pub(super) fn seq_of(line: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }
    serde_json::from_slice(line)
        .ok()
        .map(|Numbered { seq }| seq)
}

fn read(file: &File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = file;
    file.seek(SeekFrom::Start(start))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The place of the last newline before `end`.
fn rfind_newline(file: &File, end: u64) -> io::Result<Option<u64>> {
    let mut end = end;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let block = read(file, start, end - start)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(Some(start + at as u64));
        }
        end = start;
    }
    Ok(None)
}

/// How much of a file is whole lines.
pub(super) fn whole_lines(file: &File) -> io::Result<u64> {
    let size = file.metadata()?.len();
    Ok(rfind_newline(file, size)?.map_or(0, |newline| newline + 1))
}
