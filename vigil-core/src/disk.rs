//! Files as an audit trail needs them: for the owner's eyes only, there as a whole or not at all, and told from others
//! that come to lie at the same path.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;

/// For the owner's eyes only.
pub(crate) fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Whether what lies at a path belongs to the user that this process runs as. True where there are no such users.
pub(crate) fn is_own(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(path)?);
        Ok(owner == rustix::process::geteuid().as_raw())
    }
    #[cfg(not(unix))]
    fs::metadata(path).map(|_| true)
}

/// A directory for the owner only, with those above it; one that exists is left as it is.
pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the names in a directory survive a power failure, where the system asks for it.
pub(crate) fn sync_directory(dir: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(dir)?.sync_all() {
        // A file system that cannot sync a directory has nothing to say about it.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

/// Puts a file with these bytes in place of the one at `path`, if any. Whenever the process dies or the power fails,
/// the one or the other is there.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Gives a file its place on the disk for these bytes, without making it longer.
#[cfg(target_os = "linux")]
pub(crate) fn reserve(file: &File, bytes: Range<u64>) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let length = bytes.end.saturating_sub(bytes.start);
    Ok(fallocate(
        file,
        FallocateFlags::KEEP_SIZE,
        bytes.start,
        length,
    )?)
}

/// No other system has this without making the file longer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn reserve(_: &File, _: Range<u64>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether nothing is at a path: a directory on the way may be missing too, or be a file by now.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Tells a file from another one at the same path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    /// Elsewhere the standard library knows no number of a file. A file that was replaced is a younger one.
    #[cfg(not(unix))]
    created: Option<std::time::SystemTime>,
}

impl Identity {
    pub(crate) fn of_file(file: &File) -> io::Result<Self> {
        Ok(Self::of(&file.metadata()?))
    }

    pub(crate) fn of_path(path: &Path) -> io::Result<Self> {
        Ok(Self::of(&fs::metadata(path)?))
    }

    #[cfg(unix)]
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device_and_inode: (metadata.dev(), metadata.ino()),
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        Self {
            created: metadata.created().ok(),
        }
    }
}
