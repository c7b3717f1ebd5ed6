//! The keys of a trail: the one that signs now, and those that have.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::file::{FileSigner, destroy};
use super::signer::Signer;
use crate::Error;
use crate::disk::{is_missing, replace_file, sync_directory};
use crate::trail::checkpoint::VerifierKey;
use crate::trail::evidence::Places;

/// The keys before a new one may have been made.
pub(crate) struct Known {
    /// Of all epochs, in their order; then the one that signs now, if it is not among them yet.
    verifiers: Vec<VerifierKey>,
    epochs: usize,
    file: Option<FileSigner>,
}

/// A key that signs, and the public keys that checkpoints may be signed by.
pub(crate) struct Keys {
    pub(crate) signer: Arc<dyn Signer>,
    /// The public key of `signer`.
    pub(crate) current: VerifierKey,
    /// Of all epochs, the first one first.
    pub(crate) epochs: Vec<VerifierKey>,
    /// The key is in a file of ours, and not the program's affair.
    pub(crate) is_own: bool,
    /// The key before this one is gone without having signed for it.
    pub(crate) without_handover: bool,
}

impl Keys {
    /// Reads what there is.
    pub(crate) fn known(places: &Places, signer: Option<&Arc<dyn Signer>>) -> Result<Known, Error> {
        let mut verifiers = read_epochs(&places.epochs())?;
        let epochs = verifiers.len();
        let path = places.signing_key();
        let (file, current) = match signer {
            Some(signer) => (None, Some(verifier_key(&**signer)?)),
            None => match finish_rotation(places, verifiers.last())
                .and_then(|()| FileSigner::open(&path))
            {
                Ok(file) => {
                    let key = verifier_key(&file)?;
                    (Some(file), Some(key))
                }
                Err(error) if is_missing(&error) || error.kind() == io::ErrorKind::InvalidData => {
                    (None, None)
                }
                Err(error) => {
                    return Err(Error::io("cannot read the signing key", &path, error));
                }
            },
        };
        verifiers.extend(current.filter(|current| !verifiers.contains(current)));
        Ok(Known {
            verifiers,
            epochs,
            file,
        })
    }

    /// Whether the key that signs lies in its file, and no change of keys is under way. Changes nothing.
    pub(crate) fn lie_beside(places: &Places) -> bool {
        let current = FileSigner::open(&places.signing_key()).and_then(|file| file.verifier_key());
        let epochs = read_epochs(&places.epochs()).unwrap_or_default();
        !places.next_signing_key().exists()
            && current.is_ok_and(|current| epochs.last() == Some(&current))
    }

    /// A key for the next epoch, which nobody knows of yet.
    pub(crate) fn make_next(&self, places: &Places) -> io::Result<FileSigner> {
        FileSigner::create(&places.next_signing_key(), self.signer.name())
    }

    /// From now on `next` signs, and nothing else: the secret before it is destroyed. A crash on the way is
    /// [finished](finish_rotation) by the next start.
    pub(crate) fn take_over(&mut self, places: &Places, next: FileSigner) -> io::Result<()> {
        self.current = next.verifier_key()?;
        self.signer = Arc::new(next);
        self.begin_epoch(places)?;
        finish_rotation(places, Some(&self.current))?;
        write_verifier_key(places, &self.current)
    }

    /// Adds the key that signs now to the epochs, once it has signed something.
    pub(crate) fn begin_epoch(&mut self, places: &Places) -> io::Result<()> {
        if self.epochs.last() == Some(&self.current) {
            return Ok(());
        }
        let epochs = self.epochs.iter().chain([&self.current]);
        let text: String = epochs.map(|key| format!("{key}\n")).collect();
        replace_file(&places.epochs(), text.as_bytes())?;
        self.epochs.push(self.current.clone());
        self.without_handover = false;
        Ok(())
    }
}

impl Known {
    pub(crate) fn verifiers(&self) -> &[VerifierKey] {
        &self.verifiers
    }

    /// The key that signs from now on: the user's, that in the file, or a new one.
    pub(crate) fn open(
        self,
        places: &Places,
        origin: &str,
        signer: Option<Arc<dyn Signer>>,
        notes: &mut Vec<String>,
    ) -> Result<Keys, Error> {
        remove_unfinished(places);
        let path = places.signing_key();
        let mut epochs = self.verifiers;
        epochs.truncate(self.epochs);
        let is_given = signer.is_some();
        let signer: Arc<dyn Signer> = match (signer, self.file) {
            (Some(signer), _) => signer,
            (None, Some(file)) => Arc::new(file),
            (None, None) => {
                if !epochs.is_empty() {
                    notes.push(format!(
                        "the signing key {} is missing or cannot be read; a new one has been made. Who checks the trail \
                         must be told of the new verifier key, for the old one cannot vouch for it",
                        path.display()
                    ));
                }
                let made = FileSigner::create(&path, origin);
                Arc::new(
                    made.map_err(|error| Error::io("cannot make the signing key", &path, error))?,
                )
            }
        };
        let current = verifier_key(&*signer)?;
        let is_own = !is_given;
        let without_handover = epochs.last().is_some_and(|last| *last != current);
        write_verifier_key(places, &current)
            .map_err(|error| Error::io("cannot write", &places.verifier_key(), error))?;
        Ok(Keys {
            signer,
            current,
            epochs,
            is_own,
            without_handover,
        })
    }
}

/// Puts the key of the last epoch in its place, if a rotation has got so far; a key that has not become one is
/// destroyed.
fn finish_rotation(places: &Places, last_epoch: Option<&VerifierKey>) -> io::Result<()> {
    let path = places.next_signing_key();
    let next = match FileSigner::open(&path) {
        Ok(next) => Some(next.verifier_key()?),
        Err(error) if is_missing(&error) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
        Err(error) => return Err(error),
    };
    if next.is_none() || next.as_ref() != last_epoch {
        return destroy(&path);
    }
    destroy(&places.signing_key())?;
    fs::rename(&path, places.signing_key())?;
    sync_directory(&places.keys_dir())
}

/// Removes what a process has left that was killed while it made a file of keys, which may be a secret that nobody signs by.
fn remove_unfinished(places: &Places) {
    let Ok(entries) = fs::read_dir(places.keys_dir()) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|ending| ending == "new") {
            // The next one that is made under this name is put in its place otherwise.
            let _ = destroy(&path);
        }
    }
}

/// The file by which others check the trail.
fn write_verifier_key(places: &Places, key: &VerifierKey) -> io::Result<()> {
    let text = format!("{key}\n");
    let path = places.verifier_key();
    if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    replace_file(&path, text.as_bytes())
}

fn verifier_key(signer: &dyn Signer) -> Result<VerifierKey, Error> {
    VerifierKey::new(signer.name(), &signer.public_key())
        .map_err(|error| Error::config(format!("the signer cannot sign the trail: {error}")))
}

fn read_epochs(path: &Path) -> Result<Vec<VerifierKey>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text
            .lines()
            .filter_map(|line| VerifierKey::parse(line).ok())
            .collect()),
        Err(error) if is_missing(&error) => Ok(Vec::new()),
        Err(error) => Err(Error::io("cannot read the verifier keys in", path, error)),
    }
}
