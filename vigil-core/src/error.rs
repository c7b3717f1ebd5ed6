//! The one error type of Vigil.

use std::fmt;
use std::path::Path;

use crate::trail::packing::is_locked;

/// What went wrong in starting, flushing or stopping the engine.
///
/// The kind is private so that kinds can be added without breaking anyone; ask with the `is_*` methods. The message
/// names the file, line, key or path concerned and what to do, and never holds an audited value.
///
/// # Examples
///
/// ```
/// let error = vigil::builder().config_text("sampling:\n  rate: 7\n").init().unwrap_err();
/// assert!(error.is_config());
/// // What a program shows whose `main` returns it is the message as well.
/// assert_eq!(format!("{error:?}"), error.to_string());
/// ```
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Config,
    Io,
    AlreadyRunning,
    Trail,
    Sink,
    Timeout,
    Stopped,
    Refused,
    Locked,
}

impl Error {
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config, message.into())
    }

    /// `doing` is a phrase such as "cannot create the trail directory"; the path follows it.
    pub(crate) fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        let kind = if is_locked(&source) {
            Kind::Locked
        } else {
            Kind::Io
        };
        let mut error = Self::new(kind, format!("{doing} {}: {source}", path.display()));
        error.source = Some(Box::new(source));
        error
    }

    /// The disk of the trail has less room than what the key says.
    pub(crate) fn space(dir: &Path, free: u64, limit: u64, key: &str) -> Self {
        let message = format!(
            "{} MiB are free on the disk of the trail {}, fewer than {key} says ({} MiB): make room before the trail \
             cannot be written",
            free >> 20,
            dir.display(),
            limit >> 20
        );
        Self::new(Kind::Io, message)
    }

    pub(crate) fn already_running(message: impl Into<String>) -> Self {
        Self::new(Kind::AlreadyRunning, message.into())
    }

    /// Something was found in the trail and mended.
    pub(crate) fn trail(message: impl Into<String>) -> Self {
        Self::new(Kind::Trail, message.into())
    }

    /// A sink has not got what it should.
    pub(crate) fn sink(message: impl Into<String>) -> Self {
        Self::new(Kind::Sink, message.into())
    }

    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        Self::new(Kind::Timeout, message.into())
    }

    pub(crate) fn stopped(message: impl Into<String>) -> Self {
        Self::new(Kind::Stopped, message.into())
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message.into())
    }

    fn new(kind: Kind, message: String) -> Self {
        Self {
            kind,
            message,
            source: None,
        }
    }

    /// Whether a configuration file, variable or builder call is at fault.
    #[must_use]
    pub fn is_config(&self) -> bool {
        self.kind == Kind::Config
    }

    /// Whether the operating system refused something (a directory, a file, a full disk).
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.kind == Kind::Io
    }

    /// Whether another engine holds what this one needs: a second `init` in this process, or another process on the
    /// same trail directory.
    #[must_use]
    pub fn is_already_running(&self) -> bool {
        self.kind == Kind::AlreadyRunning
    }

    /// Whether something was wrong with the trail and has been mended: a line torn by a crash, a file that was gone.
    #[must_use]
    pub fn is_trail(&self) -> bool {
        self.kind == Kind::Trail
    }

    /// Whether a [`Sink`](crate::Sink) fails, hangs or lacks something. The trail itself is whole.
    #[must_use]
    pub fn is_sink(&self) -> bool {
        self.kind == Kind::Sink
    }

    /// Whether the work was not done within its time limit.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Timeout
    }

    /// Whether an audited call was refused before its body ran, because its event could not be kept as the code asks
    /// (`delivery = "required"`, `overflow = "deny"`).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// Whether something is encrypted, and none of the [`Identities`](crate::trail::Identities) that were given opens it.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }

    /// Whether there is no running engine to do what was asked.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.kind == Kind::Stopped
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// As `Display`: it is this form that Rust prints when `main` returns an error or a test unwraps one.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
