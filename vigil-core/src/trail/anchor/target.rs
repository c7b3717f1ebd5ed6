//! An anchor as configuration and command line name it: `copy:DIR`, `witness:URL`.

use super::{Anchor, CopyAnchor};
use crate::Error;

/// What this names, with the key of the witness where there is one.
///
/// # Errors
///
/// If it names no anchor, or none that this program was built for.
///
/// # Examples
///
/// ```
/// use vigil::trail::anchor_to;
///
/// assert!(anchor_to("copy:/mnt/auditor", None).is_ok());
/// assert!(anchor_to("carrier pigeon", None).is_err());
/// ```
pub fn anchor_to(target: &str, witness_key: Option<&str>) -> Result<Box<dyn Anchor>, Error> {
    match target.split_once(':') {
        Some(("copy", dir)) if !dir.is_empty() => {
            if witness_key.is_some() {
                return Err(Error::config(format!(
                    "{target}: only a witness has a key; leave it out"
                )));
            }
            Ok(Box::new(CopyAnchor::new(dir)))
        }
        Some(("witness", url)) if !url.is_empty() => {
            let Some(key) = witness_key else {
                return Err(Error::config(format!(
                    "{target}: the key of the witness is missing, <name>+<key id>+<base 64>, by which its cosignatures are \
                     checked"
                )));
            };
            witness(url, key)
        }
        _ => Err(Error::config(format!(
            "expected copy:DIRECTORY or witness:URL, found {target:?}"
        ))),
    }
}

#[cfg(feature = "anchors-http")]
fn witness(url: &str, key: &str) -> Result<Box<dyn Anchor>, Error> {
    Ok(Box::new(super::WitnessAnchor::new(url, key)?))
}

#[cfg(not(feature = "anchors-http"))]
fn witness(url: &str, _key: &str) -> Result<Box<dyn Anchor>, Error> {
    Err(Error::config(format!(
        "witness:{url}: this program was built without the feature anchors-http of vigil; build it with that, or let \
         `vigil anchor` do it"
    )))
}

impl Anchor for Box<dyn Anchor> {
    fn anchor(
        &mut self,
        checkpoint: &super::SignedCheckpoint,
    ) -> Result<super::Receipt, super::AnchorError> {
        (**self).anchor(checkpoint)
    }
}
