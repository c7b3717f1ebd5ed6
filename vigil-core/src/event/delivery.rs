//! How safe an event must be before its call may return, and what happens when there is no room for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How safe an event is when the audited call returns: `delivery = "..."` of the macros, or what the configuration
/// says of the category.
///
/// Ordered from the weakest to the strongest.
///
/// # Examples
///
/// ```
/// use vigil::Delivery;
///
/// assert!(Delivery::Durable > Delivery::Journaled);
/// assert_eq!(Delivery::Required.as_str(), "required");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Delivery {
    /// In the journal: it survives the death of the process. What there is no room for is dealt with by [`Overflow`].
    Journaled,
    /// On disk: it survives the loss of power. The call waits for that; in async code the wait is an `.await`.
    Durable,
    /// On disk before the body runs, as an event of what is about to be done, and again with the outcome. Where that
    /// cannot be, the body does not run, and the caller gets an [`Error`](crate::Error).
    Required,
}

impl Delivery {
    /// The word as it stands in attributes and in the catalogue.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Journaled => "journaled",
            Self::Durable => "durable",
            Self::Required => "required",
        }
    }
}

impl fmt::Display for Delivery {
    /// As [`Delivery::as_str`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens to an event for which the journal has no room: `overflow = "..."` of the macros, or what the
/// configuration says of the category.
///
/// Ordered from the weakest to the strongest.
///
/// # Examples
///
/// ```
/// use vigil::Overflow;
///
/// assert!(Overflow::Drop < Overflow::Block);
/// assert_eq!(Overflow::Deny.as_str(), "deny");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Overflow {
    /// The event is dropped at once. Drops are counted, and recorded when there is room again.
    Drop,
    /// The call waits for room, for a limited time; then the event is dropped as above.
    Block,
    /// The call is refused before its body runs, and the caller gets an [`Error`](crate::Error).
    Deny,
}

impl Overflow {
    /// The word as it stands in attributes and in the catalogue.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Block => "block",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Overflow {
    /// As [`Overflow::as_str`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
