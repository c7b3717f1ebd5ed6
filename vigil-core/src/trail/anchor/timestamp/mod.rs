//! Time stamps by RFC 3161: an authority signs that it has seen the hash of a checkpoint, and when.
//!
//! An authority knows nothing of the trail, and stamps what it is given: also another history, later. What it cannot be
//! made to do is to say that it saw that history earlier. So a stamp tells since when the events before it are what they
//! are, which a witness tells only to those who have its key and believe its clock.

mod algorithms;
mod authority;
mod certificate;
mod fields;
mod flaw;
#[cfg(any(test, fuzzing))]
pub(in crate::trail) mod made_up;
mod request;
mod response;
mod sha512;
mod status;
#[cfg(test)]
mod tests;
mod time;
mod token;

use std::time::Duration;

pub use authority::TimestampCa;
pub(crate) use flaw::Flaw;
use request::Request;
pub(crate) use response::granted;

use super::http::{Answer, Client};
use super::{Anchor, AnchorError, Receipt, SignedCheckpoint};
use crate::Error;

/// Has checkpoints stamped by a time-stamping authority (RFC 3161), and keeps its answer only if it fits and was signed by
/// whom the given certificates vouch for.
///
/// Answer and checkpoint are kept beside the trail, in `.vigil/anchors/<name>/timestamps`, as files that `openssl ts -verify`
/// reads. An authority stamps every history that it is shown, so it never refuses one that was rewritten; its older stamps
/// convict that. Keep copies of them elsewhere.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
/// use vigil::trail::{TimestampAnchor, TimestampCa};
///
/// let ca = TimestampCa::read("/etc/vigil/tsa-ca.pem")?;
/// let vigil = vigil::builder()
///     .anchor("tsa", TimestampAnchor::new("https://tsa.example/", ca)?, Duration::from_secs(3_600))
///     .init()?;
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug)]
pub struct TimestampAnchor {
    client: Client,
    url: String,
    ca: TimestampCa,
}

impl TimestampAnchor {
    /// The authority at this URL (`http` or `https`), whose certificate one of these has to vouch for.
    ///
    /// # Errors
    ///
    /// If it is no URL.
    pub fn new(url: &str, ca: TimestampCa) -> Result<Self, Error> {
        Ok(Self {
            client: Client::new(url)?,
            url: url.to_owned(),
            ca,
        })
    }

    /// How long an exchange may take as a whole; 10 seconds otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.client.timeout = timeout;
        self
    }

    /// The bytes that it has answered, if they are said to be a reply at all.
    fn reply(&self, request: &Request) -> Result<Vec<u8>, AnchorError> {
        let url = &self.url;
        let answer = self
            .client
            .post(url, "application/timestamp-query", &request.der())?;
        let text = answer.shown();
        match answer {
            Answer { status: 200, .. } if answer.is("application/timestamp-reply") => {
                Ok(answer.body)
            }
            Answer {
                status: 200,
                content_type,
                ..
            } => Err(AnchorError::new(format!(
                "{url} has answered {}, and not application/timestamp-reply{text}: is it the address of a time-stamping \
                 authority?",
                content_type.as_deref().unwrap_or("without a content type")
            ))),
            Answer { status, .. } => Err(AnchorError::new(format!(
                "{url} has answered {status}{text}"
            ))),
        }
    }
}

impl Anchor for TimestampAnchor {
    fn anchor(&mut self, checkpoint: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
        let note = checkpoint.note().as_bytes();
        let request = Request::new(note)
            .map_err(|error| AnchorError::new(format!("there is no randomness: {error}")))?;
        let reply = self.reply(&request)?;
        let checked = || -> Result<(), Flaw> {
            let token = granted(&reply)?;
            token.fits(note)?;
            token.answers(&request)?;
            self.ca.check(&token).map(drop)
        };
        checked().map_err(|flaw| {
            AnchorError::new(format!("{} has answered no time stamp: {flaw}", self.url))
        })?;
        Ok(Receipt::new().timestamp(&reply))
    }
}
