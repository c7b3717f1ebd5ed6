//! Encryption in the format age (<https://age-encryption.org/v1>), by the crate of that name.

use std::io::{self, BufRead, Read, Write};

use age::x25519;
use zeroize::Zeroizing;

/// Opens what was encrypted to it. Its bytes are overwritten when it goes.
pub(super) type Key = x25519::Identity;
/// Whom something is encrypted to.
pub(super) type Recipient = x25519::Recipient;
/// Encrypts what is written.
pub(super) type Encrypting<W> = age::stream::StreamWriter<W>;

/// The keys of an identity file as `age-keygen` writes it.
pub(super) fn keys_of(text: Zeroizing<String>) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Never the line itself: it may be a key with a typing error.
        let key = line.parse().map_err(|_| {
            format!(
                "line {} is no identity: one is AGE-SECRET-KEY-1 and 58 more letters and digits, as `age-keygen` prints it",
                number + 1
            )
        })?;
        keys.push(key);
    }
    if keys.is_empty() {
        return Err("it holds no identity, a line that begins with AGE-SECRET-KEY-1".to_owned());
    }
    Ok(keys)
}

pub(super) fn recipient(text: &str) -> Result<Recipient, &'static str> {
    text.parse()
}

/// A key for a moment, and its other half.
pub(super) fn fresh_key() -> (Key, Recipient) {
    let key = x25519::Identity::generate();
    let recipient = key.to_public();
    (key, recipient)
}

pub(super) fn encrypt<W: Write>(recipients: &[Recipient], out: W) -> io::Result<Encrypting<W>> {
    let recipients = recipients
        .iter()
        .map(|recipient| recipient as &dyn age::Recipient);
    age::Encryptor::with_recipients(recipients)
        .map_err(|error| io::Error::other(error.to_string()))?
        .wrap_output(out)
}

/// Ends what is encrypted: without this it is a torn file.
pub(super) fn finish<W: Write>(encrypting: Encrypting<W>) -> io::Result<W> {
    encrypting.finish()
}

/// What stands in an encrypted file.
pub(super) fn decrypt<'r>(
    file: impl BufRead + Send + 'r,
    keys: &[Key],
) -> io::Result<Box<dyn Read + Send + 'r>> {
    let failed = |error: age::DecryptError| match error {
        age::DecryptError::Io(error) => error,
        age::DecryptError::NoMatchingKeys => {
            super::keys::locked("it is encrypted to others than the identities that were given")
        }
        error => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    };
    let keys = keys.iter().map(|key| key as &dyn age::Identity);
    let opened = age::Decryptor::new_buffered(file).and_then(|file| file.decrypt(keys));
    Ok(Box::new(opened.map_err(failed)?))
}
