//! The key of a trail that is to be.

use std::path::Path;

use super::file::FileSigner;
use crate::Error;
use crate::disk::{create_directory, replace_file};
use crate::trail::checkpoint::check_origin;
use crate::trail::evidence::Places;

/// Makes the key of a trail before it begins, in the directory where it is going to lie, and gives back the verifier key.
///
/// So that a witness, or who verifies, can be told of it before the first event. The engine takes the key and the origin
/// when it starts there.
///
/// # Errors
///
/// If `origin` is none, if a trail or a key is there already, or if it cannot be written.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let dir = dir.path();
/// let key = vigil::trail::init_keys(dir, "host-1/shop/audit")?;
/// assert!(key.starts_with("host-1/shop/audit+"));
/// assert!(vigil::trail::init_keys(dir, "host-1/shop/audit").is_err(), "it is never overwritten");
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn init_keys(dir: impl AsRef<Path>, origin: &str) -> Result<String, Error> {
    let dir = dir.as_ref();
    check_origin(origin).map_err(|what| Error::config(format!("{origin:?}: {what}")))?;
    let places = Places::of_trail(dir);
    for path in [
        places.signing_key(),
        places.next_signing_key(),
        places.epochs(),
        places.verifier_key(),
        places.origin(),
        places.checkpoints(),
    ] {
        if path.exists() {
            return Err(Error::trail(format!(
                "{} is there already, so the directory holds a key or a trail; nothing has been changed",
                path.display()
            )));
        }
    }
    let failed = |error| Error::io("cannot make the signing key in", &places.keys_dir(), error);
    create_directory(&places.keys_dir()).map_err(failed)?;
    let signer = FileSigner::create(&places.signing_key(), origin).map_err(failed)?;
    let key = signer.verifier_key().map_err(failed)?.to_string();
    replace_file(&places.verifier_key(), format!("{key}\n").as_bytes()).map_err(failed)?;
    // Last: by the origin a start knows that the key is meant for this trail.
    replace_file(&places.origin(), format!("{origin}\n").as_bytes()).map_err(failed)?;
    Ok(key)
}
