//! A key in a file. Its format is that of Go's `note` package, so that other programs can sign with it if need be:
//! `PRIVATE+KEY+<name>+<key id>+<base 64 of 0x01 and the seed>`.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::{Zeroize as _, Zeroizing};

use super::signer::{SignError, Signer};
use crate::disk::{is_missing, private, sync_directory};
use crate::trail::checkpoint::VerifierKey;

const PREFIX: &str = "PRIVATE+KEY+";
const ED25519: u8 = 0x01;
/// No key is longer: its name has at most 255 bytes.
const LONGEST: usize = 512;

/// Signs by a key that it has read from a file. The key leaves the memory with it.
pub(crate) struct FileSigner {
    name: String,
    key: SigningKey,
}

impl FileSigner {
    /// Makes a new key, and keeps it at `path`, for the owner's eyes only. When it returns, a power failure no longer
    /// takes the key away; what was at `path` is gone.
    pub(crate) fn create(path: &Path, name: &str) -> io::Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|error| io::Error::other(error.to_string()))?;
        let signer = Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(&seed),
        };
        let text = signer.text()?;
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".new");
        let fresh = Path::new(&fresh);
        // A crash may have left one, which nobody has signed by.
        match fs::remove_file(fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let mut file = options.open(fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(fresh, path)?;
        path.parent().map_or(Ok(()), sync_directory)?;
        Ok(signer)
    }

    /// Reads a key.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // Of this capacity from the beginning: where a vector grows, it leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        File::open(path)?
            .take(LONGEST as u64)
            .read_to_end(&mut bytes)?;
        parse(&bytes).ok_or_else(|| {
            let what = "it is not an Ed25519 signing key as Vigil writes it";
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    pub(crate) fn verifier_key(&self) -> io::Result<VerifierKey> {
        VerifierKey::new(&self.name, &self.key.verifying_key().to_bytes())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }

    fn text(&self) -> io::Result<Zeroizing<String>> {
        let id = u32::from_be_bytes(self.verifier_key()?.id());
        let mut key = Zeroizing::new([ED25519; 33]);
        let mut seed = self.key.to_bytes();
        key[1..].copy_from_slice(&seed);
        seed.zeroize();
        let mut encoded = Zeroizing::new([0; 44]);
        let encoded = Base64::encode(&*key, &mut *encoded).map_err(io::Error::other)?;
        let mut text = Zeroizing::new(String::with_capacity(LONGEST));
        writeln!(text, "{PREFIX}{}+{id:08x}+{encoded}", self.name).map_err(io::Error::other)?;
        Ok(text)
    }
}

fn parse(bytes: &[u8]) -> Option<FileSigner> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (name, rest) = text.strip_prefix(PREFIX)?.split_once('+')?;
    let (id, encoded) = rest.split_once('+')?;
    let mut key = Zeroizing::new([0; 48]);
    let key = Base64::decode(encoded, &mut *key).ok()?;
    let (&ED25519, seed) = key.split_first()? else {
        return None;
    };
    let seed = Zeroizing::new(<[u8; 32]>::try_from(seed).ok()?);
    let signer = FileSigner {
        name: name.to_owned(),
        key: SigningKey::from_bytes(&seed),
    };
    let own = u32::from_be_bytes(signer.verifier_key().ok()?.id());
    (format!("{own:08x}") == id).then_some(signer)
}

/// Overwrites a secret and removes its file. What a file system keeps of the blocks before is beyond this.
pub(crate) fn destroy(path: &Path) -> io::Result<()> {
    let mut file = match fs::OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.metadata()?.len().min(4096)).unwrap_or_default();
    file.write_all(&vec![0; length])?;
    file.sync_data()?;
    fs::remove_file(path)
}

impl Signer for FileSigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.key.try_sign(message)?.to_bytes())
    }
}

/// The secret is not for logs.
impl std::fmt::Debug for FileSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSigner")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
