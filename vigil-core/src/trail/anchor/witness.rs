//! Witnesses: servers that cosign a checkpoint after they have checked that it holds what they cosigned before
//! (<https://c2sp.org/tlog-witness>).

use std::time::Duration;

use super::http::{Answer, Client};
use super::{Anchor, AnchorError, Receipt, SignedCheckpoint, WitnessKey};
use crate::Error;
use crate::trail::checkpoint::{Note, base64};

/// Has checkpoints cosigned by a witness, and keeps its cosignature only if it is one by its key.
///
/// The witness has to know the trail: its origin and verifier key (`vigil keys public`) are told to whoever runs it. It
/// cosigns no two histories, so a trail that was rewritten or rolled back is refused, and one that was rewritten by
/// somebody who has the key cannot show a cosignature.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
/// use vigil::trail::WitnessAnchor;
///
/// let witness = WitnessAnchor::new("https://witness.example/", "witness.example/w1+0fdd2a1b+BP…")?;
/// let vigil = vigil::builder()
///     .anchor("witness", witness, Duration::from_secs(600))
///     .init()?;
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug)]
pub struct WitnessAnchor {
    client: Client,
    url: String,
    key: WitnessKey,
    /// The size of the latest checkpoint that it has cosigned, as far as that is known.
    old: u64,
}

impl WitnessAnchor {
    /// The witness below this URL (`http` or `https`; `/add-checkpoint` is added), with its key
    /// `<name>+<key id>+<base 64>`.
    ///
    /// # Errors
    ///
    /// If the one is no URL or the other no key of a witness.
    pub fn new(url: &str, key: &str) -> Result<Self, Error> {
        let key = WitnessKey::parse(key.trim())
            .map_err(|error| Error::config(format!("{error}: {}", key.trim())))?;
        let client = Client::new(url)?;
        Ok(Self {
            client,
            url: format!("{}/add-checkpoint", url.trim_end_matches('/')),
            key,
            old: 0,
        })
    }

    /// How long an exchange may take as a whole; 10 seconds otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.client.timeout = timeout;
        self
    }

    fn post(&self, checkpoint: &SignedCheckpoint) -> Result<Answer, AnchorError> {
        let proof = checkpoint
            .consistency(self.old)
            .map_err(|error| AnchorError::new(error.to_string()))?;
        let mut body = format!("old {}\n", self.old);
        for hash in proof {
            body.push_str(&base64::encode(&hash));
            body.push('\n');
        }
        body.push('\n');
        body.push_str(checkpoint.note());
        self.client.post(&self.url, "text/plain", body.as_bytes())
    }

    /// The lines of its key among those that it has answered.
    fn receipt(&self, checkpoint: &SignedCheckpoint, lines: &str) -> Result<Receipt, AnchorError> {
        let bad = |error: &dyn std::fmt::Display| {
            AnchorError::new(format!("{} has answered no cosignature: {error}", self.url))
        };
        let note = format!("{}{lines}", checkpoint.note());
        let parsed = Note::parse(&note).map_err(|error| bad(&error))?;
        if self
            .key
            .time_of(&parsed)
            .map_err(|error| bad(&error))?
            .is_none()
        {
            return Err(bad(&format_args!(
                "there is none by the key of {}",
                self.key.name()
            )));
        }
        let own = parsed.signatures.iter().filter(|line| self.key.is_of(line));
        Ok(own.fold(Receipt::new(), |receipt, line| {
            receipt.cosigned(&line.to_string())
        }))
    }
}

impl Anchor for WitnessAnchor {
    fn anchor(&mut self, checkpoint: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
        let mut answer = self.post(checkpoint)?;
        if answer.status == 409
            && let Some(size) = answer.size()
            && size != self.old
        {
            if size > checkpoint.size() {
                return Err(AnchorError::refused(format!(
                    "{} has cosigned {size} events, and the trail has a checkpoint over {}: it was rolled back",
                    self.url,
                    checkpoint.size()
                )));
            }
            // It has seen more of the trail than this process knows of, or less.
            self.old = size;
            answer = self.post(checkpoint)?;
        }
        let url = &self.url;
        let text = answer.shown();
        match answer.status {
            200 => {
                let lines = String::from_utf8_lossy(&answer.body);
                let receipt = self.receipt(checkpoint, &lines)?;
                self.old = checkpoint.size();
                Ok(receipt)
            }
            409 | 422 => Err(AnchorError::refused(format!(
                "{url} has cosigned another history of the first {} events ({}{text}): the trail was rewritten, or \
                 another one has the same origin",
                self.old, answer.status
            ))),
            403 => Err(AnchorError::new(format!(
                "{url} does not know the key that signs the trail (403{text}): tell whoever runs it `vigil keys public`"
            ))),
            404 => Err(AnchorError::new(format!(
                "{url} does not know the trail {} (404{text}): tell whoever runs it of the origin and the key",
                checkpoint.origin()
            ))),
            status => Err(AnchorError::new(format!(
                "{url} has answered {status}{text}"
            ))),
        }
    }
}
