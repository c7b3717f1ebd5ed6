//! What closed segments are to become.

use std::path::Path;

use super::keys::{check_recipient, shown};
use crate::Error;
use crate::trail::verify::Form;

/// How closed segments are compressed. What each of them makes of a trail, and how quickly, is printed by
/// `cargo bench -p vigil-benches --bench packing`.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use vigil::trail::Compression;
///
/// let vigil = vigil::builder().trail(dir.path()).compression(Compression::Zstd).init()?;
/// # drop(vigil);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// As `.zst`, which `zstd` reads (RFC 8878).
    Zstd,
    /// As `.gz`, which `gzip` reads (RFC 1952).
    Gzip,
}

/// What becomes of closed segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Packing {
    pub(crate) compression: Compression,
    /// Public keys; nothing is encrypted if there are none.
    pub(crate) recipients: Vec<String>,
}

impl Packing {
    pub(crate) fn is_off(&self) -> bool {
        self.compression == Compression::None && self.recipients.is_empty()
    }

    /// The same, as far as it goes without encryption.
    pub(super) fn compressed_only(&self) -> Self {
        Self {
            compression: self.compression,
            recipients: Vec::new(),
        }
    }

    /// What the name of a segment's file ends with.
    pub(super) fn ending(&self) -> String {
        let compressed = match self.compression {
            Compression::None => "",
            Compression::Zstd => ".zst",
            Compression::Gzip => ".gz",
        };
        let encrypted = if self.recipients.is_empty() {
            ""
        } else {
            ".age"
        };
        format!("{compressed}{encrypted}")
    }

    /// Whether a file of this name is as it is to be. What is compressed or encrypted already, by whatever, stays so.
    pub(super) fn is_met_by(&self, name: &str) -> bool {
        match Form::of_name(name).0 {
            Form::Encrypted => true,
            Form::Plain => self.is_off(),
            Form::Zstd | Form::Gzip => self.recipients.is_empty(),
        }
    }
}

/// What closed segments are to become by [`pack`](super::pack): compressed as [zstd](Compression::Zstd) if nothing else
/// is said.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{PackOptions, pack};
///
/// let packed = pack("logs/audit", &PackOptions::new())?;
/// println!("{} files, {} bytes less", packed.made.len(), packed.before - packed.after);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PackOptions {
    pub(super) packing: Packing,
}

impl Default for PackOptions {
    fn default() -> Self {
        Self {
            packing: Packing {
                compression: Compression::Zstd,
                recipients: Vec::new(),
            },
        }
    }
}

impl PackOptions {
    /// As [`Default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How they are compressed.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.packing.compression = compression;
        self
    }

    /// Encrypts them to this recipient as well, an `age1…`; each of several can read them.
    ///
    /// # Errors
    ///
    /// If it is no recipient, or encryption is not built in.
    pub fn recipient(mut self, recipient: &str) -> Result<Self, Error> {
        let recipient = recipient.trim();
        check_recipient(recipient).map_err(|expected| {
            Error::config(format!("expected {expected}, found {}", shown(recipient)))
        })?;
        self.packing.recipients.push(recipient.to_owned());
        Ok(self)
    }

    /// And to those in a file, a line each; lines that begin with `#` are comments.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or a line is no recipient.
    pub fn recipients_file(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::io("cannot read the recipients in", path, error))?;
        let lines = text.lines().map(str::trim).enumerate();
        let before = self.packing.recipients.len();
        for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            self = self.recipient(line).map_err(|error| {
                Error::config(format!("{}:{}: {error}", path.display(), number + 1))
            })?;
        }
        if self.packing.recipients.len() == before {
            let path = path.display();
            return Err(Error::config(format!(
                "{path}: it names no recipient, a line that begins with age1"
            )));
        }
        Ok(self)
    }
}
