//! What the records of a journal refer to by number: the callsites of the process that wrote them, and the process.
//!
//! It is written once, at the start, beside the journal. After a crash it may be another program that reads the records,
//! or a newer version of the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::event::SiteText;

/// A process and its callsites, as their parts of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    /// What a line says of the process.
    pub(crate) system: String,
    /// In the order of their numbers, from 1 on.
    pub(crate) callsites: Vec<SiteText>,
}

impl Process {
    /// Writes the description with this number, so that it is there as a whole or not at all.
    pub(crate) fn write(&self, dir: &Path, number: u64) -> io::Result<()> {
        let json = serde_json::to_string(self)?;
        let text = format!("{json}\n{}", checksum(&json));
        crate::disk::replace_file(&path(dir, number), text.as_bytes())
    }

    /// Reads it, if it is as it was written: its texts become parts of lines as they are, which a single changed byte
    /// would make unreadable.
    pub(crate) fn read(dir: &Path, number: u64) -> io::Result<Self> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong");
        let text = fs::read_to_string(path(dir, number))?;
        let (json, sum) = text.split_once('\n').ok_or_else(damaged)?;
        if sum != checksum(json) {
            return Err(damaged());
        }
        Ok(serde_json::from_str(json)?)
    }

    /// The number of the newest description in `dir`.
    pub(crate) fn newest(dir: &Path) -> Option<u64> {
        let names = fs::read_dir(dir).ok()?;
        names
            .filter_map(|entry| number(entry.ok()?.file_name().to_str()?))
            .max()
    }

    /// Removes the descriptions that no record refers to any more: all but that with this number.
    pub(crate) fn remove_others(dir: &Path, number: u64) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let found = entry.file_name().to_str().and_then(self::number);
            if found.is_some_and(|found| found != number) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// What stands in the second line; JSON without blanks has one.
fn checksum(json: &str) -> String {
    format!("crc32c {:08x}\n", crc32c::crc32c(json.as_bytes()))
}

fn number(file_name: &str) -> Option<u64> {
    file_name
        .strip_prefix("process-")?
        .strip_suffix(".json")?
        .parse()
        .ok()
}

fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("process-{number}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_as_it_was_written_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let process = Process {
            system: r#""service":"shop\n""#.to_owned(),
            callsites: Vec::new(),
        };
        process.write(dir.path(), 3).unwrap();
        assert_eq!(Process::newest(dir.path()), Some(3));
        assert_eq!(Process::read(dir.path(), 3).unwrap(), process);
        let written = fs::read(path(dir.path(), 3)).unwrap();
        for at in 0..written.len() {
            let mut changed = written.clone();
            changed[at] ^= 1;
            fs::write(path(dir.path(), 3), changed).unwrap();
            assert!(Process::read(dir.path(), 3).is_err(), "byte {at}");
        }
    }
}
