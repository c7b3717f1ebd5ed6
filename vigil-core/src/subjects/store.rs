//! The store of keys: each subject's key, from its first encrypted value to its erasure.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::envelope::DataKey;
use super::files::{Files, KeyFile, new_kid};
use super::wrapper::{FileWrapper, KeyWrapper, SecretKey};
use crate::error::Error;
use crate::sanitize::sealing::{Seal, Whose};

/// So many keys are kept ready.
const MOST_KEYS: usize = 1024;

/// A store of the keys of subjects, in a directory of its own.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use vigil_core::trail::subjects::SubjectKeys;
///
/// let keys = SubjectKeys::create(dir.path())?;
/// assert_eq!(keys.rewrap()?, 0, "there is no key yet");
/// # Ok::<(), vigil_core::Error>(())
/// ```
pub struct SubjectKeys {
    pub(super) files: Files,
    wrapper: Arc<dyn KeyWrapper>,
    /// The wrapper is that of the files.
    built_in: Option<FileWrapper>,
    cache: Mutex<Cache>,
}

/// Keys that are ready; each is zeroized when nobody uses it any more.
#[derive(Default)]
struct Cache {
    /// What [`Files::erasures`] said when they were put here.
    erasures: u64,
    /// By the digest of the subject, with when it was used last.
    keys: HashMap<String, (Arc<DataKey>, u64)>,
    uses: u64,
}

impl Cache {
    fn at(&mut self, erasures: u64) -> &mut Self {
        if self.erasures != erasures {
            self.erasures = erasures;
            self.keys.clear();
        }
        self
    }

    fn get(&mut self, digest: &str) -> Option<Arc<DataKey>> {
        self.uses += 1;
        let (key, used) = self.keys.get_mut(digest)?;
        *used = self.uses;
        Some(Arc::clone(key))
    }

    fn put(&mut self, digest: String, key: Arc<DataKey>) {
        if self.keys.len() >= MOST_KEYS {
            let oldest = self.keys.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(digest, _)| digest.clone()) {
                self.keys.remove(&oldest);
            }
        }
        self.keys.insert(digest, (key, self.uses));
    }
}

impl SubjectKeys {
    /// Opens the store in a directory, whose key-encryption key lies in the same; makes it if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be made or read, or a part of it is damaged or missing.
    pub fn create(dir: impl AsRef<Path>) -> Result<Self, Error> {
        Self::built_in(Files::open(dir.as_ref(), true)?)
    }

    /// As [`SubjectKeys::create`], of keys that are wrapped by something else, such as a KMS.
    ///
    /// # Errors
    ///
    /// As [`SubjectKeys::create`].
    pub fn create_with(dir: impl AsRef<Path>, wrapper: Arc<dyn KeyWrapper>) -> Result<Self, Error> {
        Ok(Self::new(Files::open(dir.as_ref(), true)?, wrapper, None))
    }

    /// Opens the store in a directory.
    ///
    /// # Errors
    ///
    /// [`Error::is_trail`] if there is none, or a part of it is damaged or missing; [`Error::is_io`] if it cannot be read.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, Error> {
        Self::built_in(Files::open(dir.as_ref(), false)?)
    }

    fn built_in(files: Files) -> Result<Self, Error> {
        let wrapper = files.built_in()?;
        Ok(Self::new(files, Arc::new(wrapper.clone()), Some(wrapper)))
    }

    fn new(files: Files, wrapper: Arc<dyn KeyWrapper>, built_in: Option<FileWrapper>) -> Self {
        Self {
            files,
            wrapper,
            built_in,
            cache: Mutex::default(),
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of keys that have been destroyed, also where nobody asks for one.
    pub(crate) fn forget_erased(&self) {
        let erasures = self.files.erasures();
        self.cache().at(erasures);
    }

    #[cfg(test)]
    pub(super) fn cached(&self) -> usize {
        self.cache().keys.len()
    }

    /// The key of a subject; a new one is safe on disk when this returns.
    fn key_of(&self, subject: &str) -> Result<Arc<DataKey>, Error> {
        let digest = self.files.digest(subject);
        let erasures = self.files.erasures();
        if let Some(key) = self.cache().at(erasures).get(&digest) {
            return Ok(key);
        }
        let _locked = self.files.lock()?;
        // Under the lock no erasure is half done.
        let erasures = self.files.erasures();
        let kept = match self.files.kid_of(&digest)? {
            // An erasure that a crash has interrupted is one: nothing more is encrypted under the key.
            Some(kid) if self.files.erased(&kid).is_none() => self.load(&kid)?,
            _ => None,
        };
        let key = match kept {
            Some(key) => key,
            None => self.make(&digest)?,
        };
        let key = Arc::new(key);
        self.cache().at(erasures).put(digest, Arc::clone(&key));
        Ok(key)
    }

    /// The key of this kid, if it is there.
    pub(super) fn load(&self, kid: &str) -> Result<Option<DataKey>, Error> {
        let Some(file) = self.files.key(kid)? else {
            return Ok(None);
        };
        Ok(Some(DataKey::new(kid, &self.unwrap(kid, &file)?)))
    }

    fn unwrap(&self, kid: &str, file: &KeyFile) -> Result<SecretKey, Error> {
        let failed = |why| Error::trail(format!("cannot unwrap the key {kid}: {why}"));
        let wrapped = file
            .wrapped()
            .ok_or_else(|| failed("its file is damaged".to_owned()))?;
        let unwrapped = self.wrapper.unwrap(kid, &wrapped);
        unwrapped.map_err(|error| failed(error.to_string()))
    }

    /// First the key, then what leads to it: a crash between leaves a key that nothing was encrypted under.
    fn make(&self, digest: &str) -> Result<DataKey, Error> {
        let failed = |error| Error::io("cannot make a key in", self.files.dir(), error);
        let kid = new_kid().map_err(failed)?;
        let key = SecretKey::random().map_err(|error| failed(std::io::Error::other(error)))?;
        self.keep(&kid, &key, digest)?;
        self.files.put_subject(digest, &kid)?;
        Ok(DataKey::new(&kid, &key))
    }

    /// Wraps a key and puts it into its file. Gives back the key-encryption key.
    fn keep(&self, kid: &str, key: &SecretKey, digest: &str) -> Result<String, Error> {
        let wrapped = self.wrapper.wrap(kid, key);
        let wrapped =
            wrapped.map_err(|error| Error::trail(format!("cannot wrap a key: {error}")))?;
        self.files.put_key(kid, &KeyFile::new(&wrapped, digest))?;
        Ok(wrapped.kek)
    }

    /// Wraps all keys by a new key-encryption key, and destroys the old ones: what copies of the store still hold of
    /// keys that were erased cannot be read by anybody then. Gives back how many keys there are.
    ///
    /// With a wrapper of the program's, its key-encryption key is renewed there before, and destroyed there after.
    /// A process that writes the trail need not be stopped. Killed on the way, it is done by being called again.
    ///
    /// # Errors
    ///
    /// If a key cannot be read or written; then no key-encryption key has been destroyed.
    pub fn rewrap(&self) -> Result<u64, Error> {
        if let Some(built_in) = &self.built_in {
            let _locked = self.files.lock()?;
            built_in.renew()?;
        }
        let mut kept = 0;
        for kid in self.files.kids()? {
            // For each by itself: new subjects need not wait for all.
            let _locked = self.files.lock()?;
            if let Some(file) = self.files.key(&kid)? {
                self.keep(&kid, &self.unwrap(&kid, &file)?, &file.subject)?;
                kept += 1;
            }
        }
        if let Some(built_in) = &self.built_in {
            let _locked = self.files.lock()?;
            let current = built_in.current()?;
            // Another may have begun to do the same since.
            for kid in self.files.kids()? {
                if let Some(file) = self.files.key(&kid)?
                    && Some(&file.kek) != current.as_ref()
                {
                    self.keep(&kid, &self.unwrap(&kid, &file)?, &file.subject)?;
                }
            }
            built_in.destroy_old()?;
        }
        Ok(kept)
    }
}

impl Seal for SubjectKeys {
    fn seal(&self, whose: &Whose, path: &str, json: &str, out: &mut Vec<u8>) -> Result<(), Error> {
        let key = self.key_of(&whose.subject)?;
        key.seal(whose.event, path, json, out)
            .ok_or_else(|| Error::trail("the system gives no random bytes"))
    }
}

impl std::fmt::Debug for SubjectKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubjectKeys")
            .field("dir", &self.files.dir())
            .finish_non_exhaustive()
    }
}
