//! Keys that encrypt keys: what makes the keys of subjects fit to lie on a disk.

use std::fs;
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use zeroize::{Zeroize as _, Zeroizing};

use crate::disk::{is_missing, replace_file};
use crate::error::Error;
use crate::trail::destroy_file;

/// A key of 256 bits, which leaves the memory when it is dropped.
///
/// # Examples
///
/// ```
/// use vigil_core::trail::subjects::SecretKey;
///
/// let key = SecretKey::new([7; 32]);
/// assert_eq!(key.as_bytes(), &[7; 32]);
/// assert_eq!(format!("{key:?}"), "SecretKey");
/// ```
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// Of these bytes; the caller's copy is the caller's to wipe.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Random.
    pub(super) fn random() -> Result<Self, WrapError> {
        let mut key = Self(Zeroizing::new([0; 32]));
        getrandom::fill(&mut *key.0).map_err(|error| error.to_string())?;
        Ok(key)
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Zeroizing::new([0; 32]));
        (bytes.len() == 32).then(|| key.0.copy_from_slice(bytes))?;
        Some(key)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

/// Why a key could not be wrapped or unwrapped.
pub type WrapError = Box<dyn std::error::Error + Send + Sync>;

/// A key that has been wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// The id of the key-encryption key.
    pub kek: String,
    /// What it has made of the key.
    pub bytes: Vec<u8>,
}

/// Wraps the keys of subjects by a key-encryption key, such as one in a KMS or HSM.
///
/// It is called where a subject is new to the process, on the thread of the audited call; so it should answer within
/// milliseconds. Where it fails, values are redacted.
///
/// # Examples
///
/// ```
/// use vigil_core::trail::subjects::{KeyWrapper, SecretKey, WrapError, Wrapped};
///
/// struct Kms;
/// # fn call(_: &str, _: &[u8]) -> Result<Vec<u8>, WrapError> { Err("no network here".into()) }
///
/// impl KeyWrapper for Kms {
///     fn wrap(&self, kid: &str, key: &SecretKey) -> Result<Wrapped, WrapError> {
///         // `kid` goes with it as additional data, so that no wrapped key can be put in the place of another.
///         let bytes = call(kid, key.as_bytes())?;
///         Ok(Wrapped { kek: "arn:aws:kms:…/7".into(), bytes })
///     }
///
///     fn unwrap(&self, kid: &str, wrapped: &Wrapped) -> Result<SecretKey, WrapError> {
///         let bytes = call(kid, &wrapped.bytes)?;
///         Ok(SecretKey::new(bytes.as_slice().try_into()?))
///     }
/// }
/// ```
pub trait KeyWrapper: Send + Sync + 'static {
    /// Wraps a key by the key-encryption key that is in force.
    ///
    /// # Errors
    ///
    /// If it cannot.
    fn wrap(&self, kid: &str, key: &SecretKey) -> Result<Wrapped, WrapError>;

    /// Gets a key back.
    ///
    /// # Errors
    ///
    /// If it cannot, as where the key-encryption key is gone or the bytes are not its own.
    fn unwrap(&self, kid: &str, wrapped: &Wrapped) -> Result<SecretKey, WrapError>;
}

/// Key-encryption keys in files that only their owner can read: `kek/<id>.key`, and in `kek/current` which is in force.
#[derive(Debug, Clone)]
pub(super) struct FileWrapper {
    dir: PathBuf,
}

const NONCE: usize = 12;

impl FileWrapper {
    pub(super) fn of_store(store: &Path) -> Self {
        Self {
            dir: store.join("kek"),
        }
    }

    /// The id of the key in force; `None` if there never was one.
    pub(super) fn current(&self) -> Result<Option<String>, Error> {
        let path = self.dir.join("current");
        match fs::read_to_string(&path) {
            Ok(id) => Ok(Some(id.trim_end().to_owned())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(Error::io("cannot read", &path, error)),
        }
    }

    /// Makes a new key, and puts it in force. A crash leaves one key in force or the other.
    pub(super) fn renew(&self) -> Result<String, Error> {
        let failed = |error| Error::io("cannot make a key-encryption key in", &self.dir, error);
        let id = super::random_id("e_").map_err(failed)?;
        let key = SecretKey::random().map_err(|error| failed(std::io::Error::other(error)))?;
        replace_file(&self.path(&id), key.as_bytes()).map_err(failed)?;
        replace_file(&self.dir.join("current"), id.as_bytes()).map_err(failed)?;
        Ok(id)
    }

    /// Destroys all keys but the one in force.
    pub(super) fn destroy_old(&self) -> Result<(), Error> {
        let Some(current) = self.current()? else {
            return Ok(());
        };
        let failed = |error| {
            Error::io(
                "cannot destroy old key-encryption keys in",
                &self.dir,
                error,
            )
        };
        let keep = [format!("{current}.key"), "current".to_owned()];
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if !keep.iter().any(|name| entry.file_name() == **name) {
                destroy_file(&entry.path()).map_err(failed)?;
            }
        }
        crate::disk::sync_directory(&self.dir).map_err(failed)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.key"))
    }

    fn cipher(&self, id: &str) -> Result<Aes256Gcm, WrapError> {
        if id.is_empty()
            || !id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err(format!("{id:?} is no id of a key-encryption key in a file").into());
        }
        let path = self.path(id);
        only_for_the_owner(&path)?;
        let mut bytes =
            fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let key = SecretKey::from_slice(&bytes);
        bytes.zeroize();
        let key = key.ok_or_else(|| format!("{} is damaged", path.display()))?;
        Ok(Aes256Gcm::new(key.as_bytes().into()))
    }
}

#[cfg(unix)]
fn only_for_the_owner(path: &Path) -> Result<(), WrapError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(format!("others than its owner may open {path}: chmod 600 {path}").into());
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_for_the_owner(_: &Path) -> Result<(), WrapError> {
    Ok(())
}

impl KeyWrapper for FileWrapper {
    fn wrap(&self, kid: &str, key: &SecretKey) -> Result<Wrapped, WrapError> {
        let kek = self.current()?.ok_or("there is no key-encryption key")?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| error.to_string())?;
        let payload = Payload {
            msg: key.as_bytes(),
            aad: kid.as_bytes(),
        };
        let sealed = self.cipher(&kek)?.encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| "it cannot be encrypted")?;
        Ok(Wrapped {
            kek,
            bytes: [&nonce[..], &sealed].concat(),
        })
    }

    fn unwrap(&self, kid: &str, wrapped: &Wrapped) -> Result<SecretKey, WrapError> {
        let damaged = || {
            format!(
                "the key {kid} is damaged, or not wrapped by {}",
                wrapped.kek
            )
        };
        let (nonce, sealed) = wrapped
            .bytes
            .split_first_chunk::<NONCE>()
            .ok_or_else(damaged)?;
        let payload = Payload {
            msg: sealed,
            aad: kid.as_bytes(),
        };
        let key = self.cipher(&wrapped.kek)?.decrypt(nonce.into(), payload);
        let key = Zeroizing::new(key.map_err(|_| damaged())?);
        SecretKey::from_slice(&key).ok_or_else(|| damaged().into())
    }
}
