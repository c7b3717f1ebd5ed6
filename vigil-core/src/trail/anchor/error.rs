//! Why a checkpoint is not anchored.

use std::fmt;

/// Why an [`Anchor`](super::Anchor) has not taken a checkpoint.
///
/// # Examples
///
/// ```
/// use vigil::trail::AnchorError;
///
/// let error = AnchorError::refused("it has cosigned another history");
/// assert!(error.is_refused() && !AnchorError::new("the host does not answer").is_refused());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorError {
    message: String,
    refused: bool,
}

impl AnchorError {
    /// It could not be reached, or could not keep the checkpoint. It is tried again.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            refused: false,
        }
    }

    /// It knows another history than the one that the checkpoint is of: the trail was rewritten or rolled back, or the
    /// place is wrong about it. It is tried again as well, for the operator may mend it.
    #[must_use]
    pub fn refused(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            refused: true,
        }
    }

    /// Whether it contradicts the trail, rather than being in trouble itself.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.refused
    }
}

impl fmt::Display for AnchorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AnchorError {}
