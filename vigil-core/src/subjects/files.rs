//! The files of a store of keys:
//!
//! ```text
//! lock               who changes something has it locked
//! index.key          the key under which subjects are looked up
//! keys/<kid>         a wrapped key, and the digest of its subject
//! subjects/<digest>  the kid of a subject
//! erasing/<kid>      an erasure that has begun
//! erased             a line for each key that was destroyed; it only grows
//! kek/               the built-in key-encryption keys
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroize as _;

use super::random_id;
use super::wrapper::{FileWrapper, SecretKey, Wrapped};
use crate::disk::{create_directory, is_missing, private, replace_file, sync_directory};
use crate::error::Error;
use crate::trail::destroy_file;

/// What stands in the file of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeyFile {
    pub(super) version: u32,
    pub(super) kek: String,
    pub(super) wrapped: String,
    pub(super) subject: String,
}

impl KeyFile {
    pub(super) fn new(wrapped: &Wrapped, subject: &str) -> Self {
        Self {
            version: 1,
            kek: wrapped.kek.clone(),
            wrapped: Base64::encode_string(&wrapped.bytes),
            subject: subject.to_owned(),
        }
    }

    pub(super) fn wrapped(&self) -> Option<Wrapped> {
        Some(Wrapped {
            kek: self.kek.clone(),
            bytes: Base64::decode_vec(&self.wrapped).ok()?,
        })
    }
}

pub(super) struct Files {
    dir: PathBuf,
    index: SecretKey,
}

/// Nobody else changes the store while it lives.
pub(super) struct Locked {
    _file: File,
}

impl Files {
    /// Opens the store in a directory, which is made if there is none and `create` says so.
    pub(super) fn open(dir: &Path, create: bool) -> Result<Self, Error> {
        let failed = |error| Error::io("cannot open the store of keys", dir, error);
        if !create && !dir.join("index.key").exists() {
            return Err(Error::trail(format!(
                "{} is no store of keys: there is no index.key in it",
                dir.display()
            )));
        }
        for part in ["keys", "subjects", "erasing", "kek"] {
            create_directory(&dir.join(part)).map_err(failed)?;
        }
        let locked = lock(dir)?;
        let path = dir.join("index.key");
        let index = match fs::read(&path) {
            Ok(mut bytes) => {
                let key = SecretKey::from_slice(&bytes);
                bytes.zeroize();
                key.ok_or_else(|| {
                    Error::trail(format!(
                        "{} is damaged: put it back from a copy, or no subject is found again",
                        path.display()
                    ))
                })?
            }
            Err(error) if is_missing(&error) => {
                let has_keys = fs::read_dir(dir.join("keys")).map_err(failed)?.next();
                if has_keys.is_some() {
                    return Err(Error::trail(format!(
                        "{} is missing, and there are keys: put it back from a copy",
                        path.display()
                    )));
                }
                let key = SecretKey::random().map_err(|error| failed(io::Error::other(error)))?;
                replace_file(&path, key.as_bytes()).map_err(failed)?;
                key
            }
            Err(error) => return Err(failed(error)),
        };
        let files = Self {
            dir: dir.to_owned(),
            index,
        };
        files.sweep().map_err(failed)?;
        drop(locked);
        Ok(files)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn lock(&self) -> Result<Locked, Error> {
        lock(&self.dir)
    }

    /// What a crash has left half written, under the lock.
    fn sweep(&self) -> io::Result<()> {
        for part in ["keys", "subjects", "erasing"] {
            for entry in fs::read_dir(self.dir.join(part))? {
                let path = entry?.path();
                if path.extension().is_some_and(|end| end == "new") {
                    destroy_file(&path)?;
                }
            }
        }
        Ok(())
    }

    /// How a subject is called here: nobody can try out names without the key.
    pub(super) fn digest(&self, subject: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.index.as_bytes()) else {
            return String::new();
        };
        mac.update(b"vigil subject v1\0");
        mac.update(subject.as_bytes());
        let digest = mac.finalize().into_bytes();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Grows with each erasure, so that who holds keys in memory knows when to let go of them.
    pub(super) fn erasures(&self) -> u64 {
        fs::metadata(self.dir.join("erased")).map_or(0, |erased| erased.len())
    }

    /// When a key was destroyed; `None` if it was not.
    pub(super) fn erased(&self, kid: &str) -> Option<String> {
        let erased = fs::read_to_string(self.dir.join("erased")).ok()?;
        erased.lines().find_map(|line| {
            let (own, when) = line.split_once(' ')?;
            (own == kid).then(|| when.to_owned())
        })
    }

    fn key_path(&self, kid: &str) -> PathBuf {
        self.dir.join("keys").join(kid)
    }

    fn subject_path(&self, digest: &str) -> PathBuf {
        self.dir.join("subjects").join(digest)
    }

    fn erasing_path(&self, kid: &str) -> PathBuf {
        self.dir.join("erasing").join(kid)
    }

    /// The kid of a subject that has a key.
    pub(super) fn kid_of(&self, digest: &str) -> Result<Option<String>, Error> {
        match read(&self.subject_path(digest))? {
            Some(kid) if is_kid(&kid) => Ok(Some(kid)),
            Some(_) => Err(Error::trail(format!(
                "{} is damaged",
                self.subject_path(digest).display()
            ))),
            None => Ok(None),
        }
    }

    pub(super) fn key(&self, kid: &str) -> Result<Option<KeyFile>, Error> {
        let path = self.key_path(kid);
        let Some(text) = read(&path)? else {
            return Ok(None);
        };
        match serde_json::from_str(&text) {
            Ok(key) => Ok(Some(key)),
            // Overwritten, and not yet removed, when a crash came.
            Err(_) if self.erased(kid).is_some() => Ok(None),
            Err(_) => Err(Error::trail(format!("{} is damaged", path.display()))),
        }
    }

    pub(super) fn put_key(&self, kid: &str, key: &KeyFile) -> Result<(), Error> {
        let path = self.key_path(kid);
        let failed = |error| Error::io("cannot write", &path, error);
        let json = serde_json::to_vec(key).map_err(|error| failed(error.into()))?;
        replace_file(&path, &json).map_err(failed)
    }

    pub(super) fn put_subject(&self, digest: &str, kid: &str) -> Result<(), Error> {
        let path = self.subject_path(digest);
        replace_file(&path, kid.as_bytes()).map_err(|error| Error::io("cannot write", &path, error))
    }

    /// The kids of all keys.
    pub(super) fn kids(&self) -> Result<Vec<String>, Error> {
        names(&self.dir.join("keys"))
    }

    /// The kids whose erasure has begun.
    pub(super) fn erasing(&self) -> Result<Vec<String>, Error> {
        names(&self.dir.join("erasing"))
    }

    pub(super) fn read_erasing(&self, kid: &str) -> Result<Option<String>, Error> {
        read(&self.erasing_path(kid))
    }

    pub(super) fn put_erasing(&self, kid: &str, json: &[u8]) -> Result<(), Error> {
        let path = self.erasing_path(kid);
        replace_file(&path, json).map_err(|error| Error::io("cannot write", &path, error))
    }

    pub(super) fn done_erasing(&self, kid: &str) -> Result<(), Error> {
        remove(&self.erasing_path(kid))
    }

    /// Destroys a key and what leads to it; under the lock. Whoever does it again does no harm.
    pub(super) fn destroy(&self, kid: &str, digest: &str, when: &str) -> Result<(), Error> {
        let failed = |error| Error::io("cannot destroy a key in", &self.dir, error);
        if self.erased(kid).is_none() {
            self.tell_erased(kid, when).map_err(failed)?;
        }
        let key = self.key_path(kid);
        destroy_file(&key).map_err(failed)?;
        destroy_file(&key.with_extension("new")).map_err(failed)?;
        sync_directory(&self.dir.join("keys")).map_err(failed)?;
        if self.kid_of(digest)?.is_some_and(|own| own == kid) {
            remove(&self.subject_path(digest))?;
        }
        Ok(())
    }

    fn tell_erased(&self, kid: &str, when: &str) -> io::Result<()> {
        let path = self.dir.join("erased");
        let torn = fs::read(&path).is_ok_and(|text| text.last().is_some_and(|end| *end != b'\n'));
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        private(&mut options);
        let mut file = options.open(&path)?;
        let begin = if torn { "\n" } else { "" };
        file.write_all(format!("{begin}{kid} {when}\n").as_bytes())?;
        file.sync_all()?;
        sync_directory(&self.dir)
    }

    pub(super) fn built_in(&self) -> Result<FileWrapper, Error> {
        let wrapper = FileWrapper::of_store(&self.dir);
        let _locked = self.lock()?;
        if wrapper.current()?.is_none() {
            if !self.kids()?.is_empty() {
                return Err(Error::trail(format!(
                    "{} has keys and no key-encryption key: put kek/ back from a copy, or give the wrapper of the program",
                    self.dir.display()
                )));
            }
            wrapper.renew()?;
        }
        Ok(wrapper)
    }
}

/// A new kid.
pub(super) fn new_kid() -> io::Result<String> {
    random_id("k_")
}

/// Whether this is a name that [`new_kid`] gives; also that it leads out of no directory.
pub(super) fn is_kid(text: &str) -> bool {
    text.strip_prefix("k_")
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn lock(dir: &Path) -> Result<Locked, Error> {
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    let locked = options.open(&path).and_then(|file| {
        file.lock()?;
        Ok(Locked { _file: file })
    });
    locked.map_err(|error| Error::io("cannot lock", &path, error))
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(Error::io("cannot read", path, error)),
    }
}

/// Removes a file that holds no key. It is not overwritten before: a crash would leave one that cannot be read.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => Err(error),
        _ => path.parent().map_or(Ok(()), sync_directory),
    }
    .map_err(|error| Error::io("cannot remove", path, error))
}

fn names(dir: &Path) -> Result<Vec<String>, Error> {
    let failed = |error| Error::io("cannot read", dir, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if let Some(name) = name.to_str().filter(|name| is_kid(name)) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
