//! What has been read, and where it stood.

/// A place between two lines of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    /// The number of the event that follows.
    pub(crate) seq: u64,
    /// Where it should be: the name of a file, and how many bytes stand before it there.
    pub(crate) place: Option<(String, u64)>,
}

impl Position {
    /// Before this event, wherever it is.
    pub(crate) fn before(seq: u64) -> Self {
        Self { seq, place: None }
    }
}

/// Consecutive events as they stand in one file.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(super) text: String,
    first_seq: u64,
    pub(super) file: String,
    /// Where each line ends, in `text` and in the file.
    ends: Vec<(usize, u64)>,
}

impl Lines {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of the line at this index.
    pub(crate) fn seq(&self, index: usize) -> u64 {
        self.first_seq + index as u64
    }

    /// The lines from one index to before another, with their newlines.
    pub(crate) fn text(&self, from: usize, to: usize) -> &str {
        let end = |lines: usize| lines.checked_sub(1).map_or(0, |last| self.ends[last].0);
        &self.text[end(from)..end(to)]
    }

    /// The place behind so many lines, at least one.
    pub(crate) fn position_after(&self, lines: usize) -> Position {
        Position {
            seq: self.seq(lines),
            place: Some((self.file.clone(), self.ends[lines - 1].1)),
        }
    }

    pub(super) fn push(&mut self, seq: u64, line: &str, end: u64) {
        if self.ends.is_empty() {
            self.first_seq = seq;
        }
        self.text.push_str(line);
        self.text.push('\n');
        self.ends.push((self.text.len(), end));
    }
}
