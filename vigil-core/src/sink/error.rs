//! Why a sink did not take a batch.

use std::fmt;
use std::io;

/// Why a batch could not be delivered; whichever it is, the batch stays and is tried again.
///
/// # Examples
///
/// ```
/// use vigil::sink::SinkError;
///
/// let error = SinkError::transient("connection refused");
/// assert!(!error.is_permanent());
/// let error = SinkError::permanent("column \"tenant\" does not exist");
/// assert_eq!(error.to_string(), "column \"tenant\" does not exist");
/// ```
#[derive(Debug)]
pub struct SinkError {
    permanent: bool,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl SinkError {
    /// It may go well the next time: the network, a busy server, a full disk. Tried again soon, then less and less
    /// often.
    pub fn transient(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            permanent: false,
            source: error.into(),
        }
    }

    /// It will not go well until somebody mends something: a missing table, a refused event. Of a batch, ever smaller
    /// parts are tried, until the event is found that is refused; that is reported, and tried again at the longest
    /// interval only. A shutdown does not wait for it.
    pub fn permanent(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            permanent: true,
            source: error.into(),
        }
    }

    /// Whether trying again is of no use as things stand.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for SinkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}

impl From<io::Error> for SinkError {
    /// As [`SinkError::transient`].
    fn from(error: io::Error) -> Self {
        Self::transient(error)
    }
}
