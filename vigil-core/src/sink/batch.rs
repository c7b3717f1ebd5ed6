//! What a sink is given: consecutive lines of the trail.

use crate::event::{Event, ParseEventError};

/// Consecutive events, as they stand in the trail. Never empty.
///
/// # Examples
///
/// ```
/// use vigil::sink::Batch;
///
/// fn insert(batch: &Batch<'_>) {
///     // A copy that is to be verified takes the bytes as they are.
///     let _copy: &[u8] = batch.as_bytes();
///     for line in batch.lines() {
///         println!("{}: {}", line.seq(), line.as_str());
///         if let Ok(event) = line.parse() {
///             println!("{} by {}", event.action.operation, event.actor.kind);
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    text: &'a str,
    first_seq: u64,
    len: usize,
}

impl<'a> Batch<'a> {
    pub(super) fn new(text: &'a str, first_seq: u64, len: usize) -> Self {
        Self {
            text,
            first_seq,
            len,
        }
    }

    /// The number of the first event. The others follow without a gap.
    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    /// How many events there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no batch is empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes of the lines exactly as they stand in the trail, each with its newline.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// As [`Batch::as_bytes`]; a line is always UTF-8.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The events, one by one.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        (self.first_seq..)
            .zip(self.text.split_terminator('\n'))
            .map(|(seq, text)| Line { seq, text })
    }

    /// The events, parsed one by one.
    ///
    /// The error is for a line that a later version of Vigil wrote in a form this one cannot read.
    pub fn events(&self) -> impl Iterator<Item = Result<Event, ParseEventError>> + use<'a> {
        self.lines().map(|line| line.parse())
    }
}

/// One event of a [`Batch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    seq: u64,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// The number of the event: its `seq`. With it a sink recognizes what it has been given before.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The JSON as it stands in the trail, without its newline.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// As [`Line::as_str`].
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The event.
    ///
    /// # Errors
    ///
    /// If a later version of Vigil wrote the line in a form that this one cannot read.
    pub fn parse(&self) -> Result<Event, ParseEventError> {
        Event::parse(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_whole() {
        let text = "{\"a\":1}\n{\"b\":\"x\\r\"}\r\n";
        let batch = Batch::new(text, 7, 2);
        let lines: Vec<_> = batch
            .lines()
            .map(|line| (line.seq(), line.as_str()))
            .collect();
        assert_eq!(lines, [(7, "{\"a\":1}"), (8, "{\"b\":\"x\\r\"}\r")]);
        assert_eq!(batch.as_bytes(), text.as_bytes());
        assert!(batch.events().all(|event| event.is_err()));
    }
}
