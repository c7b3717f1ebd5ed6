//! Lines of files or of the standard input, one at a time and never more memory than the longest of them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The longest line that is read: 16 MiB. A longer one is no line of text, and would be held in memory whole.
const LONGEST: usize = 16 << 20;

/// Read in blocks of this size.
const BLOCK: usize = 256 << 10;

/// Lines, with the name of where they come from and their numbers.
pub(crate) struct Lines {
    name: String,
    reader: Box<dyn BufRead>,
    number: u64,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Lines {
    /// Those of a file, or of the standard input if it is called `-`.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::of("the standard input", io::stdin()));
        }
        let name = path.display().to_string();
        let file = File::open(path)
            .map_err(|error| Failure::input(format!("cannot open {name}: {error}")))?;
        Ok(Self::of(&name, file))
    }

    fn of(name: &str, from: impl Read + 'static) -> Self {
        Self {
            name: name.to_owned(),
            reader: Box::new(BufReader::with_capacity(BLOCK, from)),
            number: 0,
        }
    }

    /// Appends the next line with its end to `into`; false at the end of the input.
    pub(crate) fn append(&mut self, into: &mut Vec<u8>) -> Result<bool, Failure> {
        let before = into.len();
        (&mut self.reader)
            .take(LONGEST as u64 + 1)
            .read_until(b'\n', into)
            .map_err(|error| Failure::reading(&self.name, &error))?;
        let read = into.len() - before;
        if read > 0 {
            self.number += 1;
        }
        if read > LONGEST {
            return Err(self.bad("longer than 16 MiB, which no line of text is"));
        }
        Ok(read > 0)
    }

    /// How many lines have been read.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// A failure for the line that was read last.
    pub(crate) fn bad(&self, problem: &str) -> Failure {
        self.bad_at(self.number, problem)
    }

    /// A failure for a line of this number.
    pub(crate) fn bad_at(&self, number: u64, problem: &str) -> Failure {
        Failure::input(format!("{}:{number}: {problem}", self.name))
    }
}

/// Each of the files in turn; the standard input if there are none.
pub(crate) fn each(
    files: &[PathBuf],
    mut read: impl FnMut(Lines) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if files.is_empty() {
        return read(Lines::open(Path::new("-"))?);
    }
    files.iter().try_for_each(|file| read(Lines::open(file)?))
}
