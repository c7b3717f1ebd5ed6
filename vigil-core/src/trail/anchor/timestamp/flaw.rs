//! What is wrong with an answer.

use std::fmt;

/// Why an answer is no time stamp, or is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is no time stamp, or one of something else.
    Form(String),
    /// Whoever has signed it is not trusted, or not for this.
    Untrusted(String),
    /// It is not what a trusted authority has signed.
    Signature(String),
}

impl Flaw {
    pub(super) fn form(what: impl Into<String>) -> Self {
        Self::Form(what.into())
    }

    pub(super) fn untrusted(what: impl Into<String>) -> Self {
        Self::Untrusted(what.into())
    }

    pub(super) fn signature(what: impl Into<String>) -> Self {
        Self::Signature(what.into())
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Form(what) | Self::Untrusted(what) | Self::Signature(what)) = self;
        f.write_str(what)
    }
}
