//! An anchor as configuration and command line name it: `copy:DIR`, `witness:URL`, `timestamp:URL`.

use std::path::Path;

use super::{Anchor, CopyAnchor};
use crate::Error;

/// What is expected of a text that names an anchor.
pub(crate) const TARGETS: &str = "copy:DIRECTORY, witness:URL or timestamp:URL";

/// What this names: `copy:DIRECTORY`, `witness:URL` with the key of the witness, or `timestamp:URL` with the file of the
/// certificates that vouch for the authority.
///
/// # Errors
///
/// If it names no anchor, or none that this program was built for; if what its answers are believed by is missing, or
/// cannot be used, or is that of another kind of anchor.
///
/// # Examples
///
/// ```
/// use vigil::trail::anchor_to;
///
/// assert!(anchor_to("copy:/mnt/auditor", None, None).is_ok());
/// assert!(anchor_to("carrier pigeon", None, None).is_err());
/// ```
pub fn anchor_to(
    target: &str,
    witness_key: Option<&str>,
    timestamp_ca: Option<&Path>,
) -> Result<Box<dyn Anchor>, Error> {
    let (kind, rest) = target.split_once(':').unwrap_or_default();
    if !is_target(target) {
        return Err(Error::config(format!(
            "expected {TARGETS}, found {target:?}"
        )));
    }
    if kind != "witness" && witness_key.is_some() {
        return Err(Error::config(format!(
            "{target}: only a witness has a key; leave it out"
        )));
    }
    if kind != "timestamp" && timestamp_ca.is_some() {
        return Err(Error::config(format!(
            "{target}: only a time-stamping authority has certificates; leave them out"
        )));
    }
    match (kind, witness_key, timestamp_ca) {
        ("witness", Some(key), _) => witness(rest, key),
        ("witness", None, _) => Err(Error::config(format!(
            "{target}: the key of the witness is missing, <name>+<key id>+<base 64>, by which its cosignatures are checked"
        ))),
        ("timestamp", _, Some(ca)) => timestamp(rest, ca),
        ("timestamp", _, None) => Err(Error::config(format!(
            "{target}: the file of the certificates is missing, in PEM, by which its time stamps are checked"
        ))),
        _ => Ok(Box::new(CopyAnchor::new(rest))),
    }
}

fn is_known(kind: &str) -> bool {
    matches!(kind, "copy" | "witness" | "timestamp")
}

/// Whether it names an anchor at all.
pub(crate) fn is_target(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(kind, rest)| is_known(kind) && !rest.is_empty())
}

#[cfg(feature = "anchors-http")]
fn witness(url: &str, key: &str) -> Result<Box<dyn Anchor>, Error> {
    Ok(Box::new(super::WitnessAnchor::new(url, key)?))
}

#[cfg(feature = "anchors-http")]
fn timestamp(url: &str, ca: &Path) -> Result<Box<dyn Anchor>, Error> {
    let ca = super::TimestampCa::read(ca)?;
    Ok(Box::new(super::TimestampAnchor::new(url, ca)?))
}

#[cfg(not(feature = "anchors-http"))]
fn witness(url: &str, _key: &str) -> Result<Box<dyn Anchor>, Error> {
    Err(not_built_for("witness", url))
}

#[cfg(not(feature = "anchors-http"))]
fn timestamp(url: &str, _ca: &Path) -> Result<Box<dyn Anchor>, Error> {
    Err(not_built_for("timestamp", url))
}

#[cfg(not(feature = "anchors-http"))]
fn not_built_for(kind: &str, url: &str) -> Error {
    Error::config(format!(
        "{kind}:{url}: this program was built without the feature anchors-http of vigil; build it with that, or let `vigil \
         anchor` do it"
    ))
}

impl Anchor for Box<dyn Anchor> {
    fn anchor(
        &mut self,
        checkpoint: &super::SignedCheckpoint,
    ) -> Result<super::Receipt, super::AnchorError> {
        (**self).anchor(checkpoint)
    }
}
