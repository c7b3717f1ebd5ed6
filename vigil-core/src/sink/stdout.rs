//! The echo of the trail on standard output.

use std::io::{self, Write};

/// Repeats lines on standard output, for people who watch and for containers whose output is collected.
///
/// The trail is the record; this is a courtesy. So the first failure (a closed pipe, say) ends it, and is told once.
#[derive(Debug)]
pub(crate) struct Stdout<W = io::Stdout> {
    /// `None` after a failure.
    out: Option<W>,
}

impl Stdout {
    pub(crate) fn new() -> Self {
        Self::to(io::stdout())
    }
}

impl<W: Write> Stdout<W> {
    fn to(out: W) -> Self {
        Self { out: Some(out) }
    }

    /// Writes the lines; an error is returned the first time, and nothing is written from then on.
    pub(crate) fn echo(&mut self, lines: &[u8]) -> Result<(), io::Error> {
        let Some(out) = &mut self.out else {
            return Ok(());
        };
        let result = out.write_all(lines).and_then(|()| out.flush());
        if result.is_err() {
            self.out = None;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ClosedAfter(usize);

    impl Write for ClosedAfter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.0 -= 1;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_told_once_and_then_left_alone() {
        let mut echo = Stdout::to(ClosedAfter(1));
        echo.echo(b"one\n").unwrap();
        let error = echo.echo(b"two\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        echo.echo(b"three\n").unwrap();
    }

    #[test]
    fn lines_come_out_as_they_are() {
        let mut out = Vec::new();
        Stdout::to(&mut out).echo(b"{}\n{}\n").unwrap();
        assert_eq!(out, b"{}\n{}\n");
    }
}
