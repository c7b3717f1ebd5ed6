//! How a hold names a subject: by a digest under a key of its own. Who gets hold of a hold, or of the event that tells of
//! it, cannot try out names without the key.

use std::fs;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Error;
use crate::disk::{is_missing, replace_file};
use crate::trail::evidence::Places;

/// Before the subject, so that the digest is good for nothing else.
const DOMAIN: &[u8] = b"vigil hold subject v1\0";
const LENGTH: usize = 32;

/// The digest of a subject, by the key that is there.
pub(super) fn digest(places: &Places, subject: &str) -> Result<String, Error> {
    let path = places.holds_key();
    let key = match fs::read(&path) {
        Ok(key) if key.len() == LENGTH => key,
        Ok(_) => {
            return Err(Error::trail(format!(
                "{} is damaged: put back the one that was there when the holds were placed",
                path.display()
            )));
        }
        Err(error) => return Err(Error::io("cannot read the key of the holds", &path, error)),
    };
    let mac = Hmac::<Sha256>::new_from_slice(&key);
    let Ok(mut mac) = mac else {
        return Err(Error::trail("the key of the holds is none"));
    };
    mac.update(DOMAIN);
    mac.update(subject.as_bytes());
    let digest = mac.finalize().into_bytes();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// As [`digest`], by a key that is made if there is none.
pub(super) fn new_digest(places: &Places, subject: &str) -> Result<String, Error> {
    let path = places.holds_key();
    let failed = |error| Error::io("cannot make the key of the holds", &path, error);
    match fs::symlink_metadata(&path) {
        Ok(_) => {}
        Err(error) if is_missing(&error) => {
            let mut key = [0; LENGTH];
            getrandom::fill(&mut key)
                .map_err(|error| failed(std::io::Error::other(error.to_string())))?;
            replace_file(&path, &key).map_err(failed)?;
        }
        Err(error) => return Err(failed(error)),
    }
    digest(places, subject)
}
