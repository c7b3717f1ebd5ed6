//! Whom closed segments are encrypted to, and who can read them.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::age;
use crate::Error;

/// An identity file is some lines; nobody has a thousand times as many.
const LONGEST: u64 = 1 << 20;

/// The secret keys by which encrypted segments are read: those of identity files as `age-keygen` writes them. None by
/// default. They are overwritten in memory when the last copy goes.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{Identities, VerifyOptions, verify};
///
/// let identities = Identities::read("auditor.key")?;
/// let report = verify("logs/audit", &VerifyOptions::new().identities(&identities))?;
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Identities {
    keys: Arc<Vec<age::Key>>,
}

impl Identities {
    /// None: what is encrypted stays so.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Those in a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is no identity file; if encryption is not built in.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::none().and(path)
    }

    /// Those in a file as well.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn and(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let failed = |error| Error::io("cannot read the identity file", path, error);
        let file = std::fs::File::open(path).map_err(failed)?;
        // Room for all of it at once: a text that grows leaves copies of itself behind.
        let size = file.metadata().map_err(failed)?.len().min(LONGEST);
        let room = usize::try_from(size).unwrap_or(0) + 1;
        let mut text = Zeroizing::new(String::with_capacity(room));
        file.take(LONGEST)
            .read_to_string(&mut text)
            .map_err(failed)?;
        let more = age::keys_of(text)
            .map_err(|what| Error::config(format!("{}: {what}", path.display())))?;
        let mut keys = Arc::try_unwrap(self.keys).unwrap_or_else(|shared| copies(&shared));
        keys.extend(more);
        Ok(Self {
            keys: Arc::new(keys),
        })
    }

    pub(in crate::trail) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    #[cfg(feature = "encryption")]
    pub(super) fn of_key(key: age::Key) -> Self {
        Self {
            keys: Arc::new(vec![key]),
        }
    }

    pub(in crate::trail) fn decrypt<'r>(
        &self,
        file: impl BufRead + Send + 'r,
    ) -> io::Result<Box<dyn Read + Send + 'r>> {
        if self.is_empty() {
            return Err(locked("it is encrypted, and no identity was given"));
        }
        age::decrypt(file, &self.keys)
    }
}

/// Nobody has the key.
#[derive(Debug)]
struct Locked(&'static str);

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Locked {}

pub(super) fn locked(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, Locked(what))
}

/// Whether it is for want of an identity that something cannot be read, and not because the system refuses it.
pub(crate) fn is_locked(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Locked>())
}

fn copies(keys: &[age::Key]) -> Vec<age::Key> {
    keys.to_vec()
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.keys.len())
    }
}

/// Checks the text of a recipient, and says what one looks like.
pub(crate) fn check_recipient(text: &str) -> Result<(), String> {
    age::recipient(text).map(drop).map_err(|_| {
        if cfg!(feature = "encryption") {
            "a recipient: age1 and 58 small letters and digits, as `age-keygen` prints it behind \"public key:\"".to_owned()
        } else {
            "no recipient, because this program was built without the feature `encryption` of vigil".to_owned()
        }
    })
}

/// What a message says in place of a text that is the secret half of a key: messages get into logs.
pub(crate) fn secret(text: &str) -> Option<&'static str> {
    const HEAD: &str = "AGE-SECRET-KEY-";
    let head = text.trim_start().get(..HEAD.len())?;
    head.eq_ignore_ascii_case(HEAD)
        .then_some("the secret half of a key, which is for those who read and for nobody else")
}

/// A text that was taken for a recipient, as a message has it.
pub(super) fn shown(text: &str) -> String {
    secret(text).map_or_else(|| format!("{text:?}"), str::to_owned)
}

/// Those of texts that have been checked.
pub(super) fn recipients(texts: &[String]) -> Result<Vec<age::Recipient>, Error> {
    let parse = |text: &String| {
        let parsed = age::recipient(text);
        parsed.map_err(|_| {
            let expected = check_recipient(text).err().unwrap_or_default();
            Error::config(format!("expected {expected}, found {}", shown(text)))
        })
    };
    texts.iter().map(parse).collect()
}
