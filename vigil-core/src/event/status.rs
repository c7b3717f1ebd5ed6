//! How an audited call ended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The outcome of an audited call: `action.result.status`.
///
/// # Examples
///
/// ```
/// assert_eq!(vigil::Status::Cancelled.as_str(), "CANCELLED");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
#[repr(u8)]
pub enum Status {
    /// The call returned, and not an `Err`.
    Success = 0,
    /// The call returned `Err`, or `ok_if` said no.
    Failure = 1,
    /// The call panicked; the panic went on unchanged.
    Panic = 2,
    /// A future was dropped before it finished, or a scope without a verdict.
    Cancelled = 3,
    /// The program refused the action.
    Denied = 4,
    /// The call is about to begin; another event with its id in `context.attempt_id` tells how it ended.
    Attempt = 5,
    /// The process died before the outcome of an attempt was known.
    Incomplete = 6,
}

impl fmt::Display for Status {
    /// As [`Status::as_str`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Status {
    const ALL: [Self; 7] = [
        Self::Success,
        Self::Failure,
        Self::Panic,
        Self::Cancelled,
        Self::Denied,
        Self::Attempt,
        Self::Incomplete,
    ];

    /// The word in the trail.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Panic => "PANIC",
            Self::Cancelled => "CANCELLED",
            Self::Denied => "DENIED",
            Self::Attempt => "ATTEMPT",
            Self::Incomplete => "INCOMPLETE",
        }
    }

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}
