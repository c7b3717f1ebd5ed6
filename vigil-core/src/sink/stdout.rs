//! The lines of the trail on standard output.

use std::io::{self, Write};

use super::{Batch, Sink, SinkError, SinkOptions, Start};

/// Repeats the lines of the trail on standard output, for people who watch and for containers whose output is
/// collected. The configuration's `stdout: true` adds it.
///
/// By default it begins with the next event each time the engine starts. Where what is collected from the output has to
/// be complete, give it a cursor (in `vigil.yaml`: `sinks: {stdout: {cursor: true}}`).
///
/// A pipe that has been closed stays closed, so that is a permanent error: a shutdown does not wait for it.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let vigil = vigil::builder().trail(dir).stdout(true).init()?;
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Stdout(());

impl Stdout {
    /// The standard output of this process.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Sink for Stdout {
    fn name(&self) -> &str {
        "stdout"
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        write(&mut io::stdout().lock(), batch.as_bytes())
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new().start(Start::End).cursor(false)
    }
}

fn write(out: &mut impl Write, lines: &[u8]) -> Result<(), SinkError> {
    out.write_all(lines)
        .and_then(|()| out.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => SinkError::permanent(error),
            _ => SinkError::transient(error),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails(io::ErrorKind);

    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_closed_for_good_and_a_full_disk_is_not() {
        let error = |kind| write(&mut Fails(kind), b"{}\n").unwrap_err();
        assert!(error(io::ErrorKind::BrokenPipe).is_permanent());
        assert!(!error(io::ErrorKind::StorageFull).is_permanent());
    }

    #[test]
    fn lines_come_out_as_they_are() {
        let mut out = Vec::new();
        write(&mut out, b"{}\n{}\n").unwrap();
        assert_eq!(out, b"{}\n{}\n");
    }
}
