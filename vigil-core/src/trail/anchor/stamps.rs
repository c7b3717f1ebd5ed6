//! Time stamps beside the trail, in `.vigil/anchors/<name>/timestamps/`: what was stamped, and what the authority has
//! answered, each in a file of its own, so that `openssl ts -verify` reads them.

use std::io;
use std::path::PathBuf;

use crate::disk::{create_directory, is_missing, replace_file, sync_directory};
use crate::trail::evidence::Places;

/// What is stamped: the note of a checkpoint.
pub(crate) const STAMPED: &str = "checkpoint";
/// What was answered: a `TimeStampResp`.
pub(crate) const STAMP: &str = "tsr";

/// The files of one anchor.
#[derive(Debug, Clone)]
pub(crate) struct Stamps {
    dir: PathBuf,
}

impl Stamps {
    pub(crate) fn of(anchor: &Places) -> Self {
        Self {
            dir: anchor.timestamps_dir(),
        }
    }

    /// `<number of events>.<time>`, so that they stand in their order.
    #[cfg(feature = "anchors-http")]
    pub(super) fn name(size: u64, time: jiff::Timestamp) -> String {
        let time = time.strftime("%Y%m%dT%H%M%SZ");
        format!("{size:020}.{time}")
    }

    /// One of the files of this name.
    pub(crate) fn path(&self, name: &str, ending: &str) -> PathBuf {
        self.dir.join(format!("{name}.{ending}"))
    }

    /// When it returns, a power failure no longer takes them away. One that is there already was made of the same events in
    /// the same second, and stays.
    pub(super) fn put(&self, name: &str, note: &str, response: &[u8]) -> io::Result<()> {
        if !self.dir.is_dir() {
            create_directory(&self.dir)?;
            self.dir.parent().map_or(Ok(()), sync_directory)?;
        }
        let stamp = self.path(name, STAMP);
        if stamp.try_exists()? {
            return Ok(());
        }
        // A stamp without what it stamps would say nothing.
        replace_file(&self.path(name, STAMPED), note.as_bytes())?;
        replace_file(&stamp, response)
    }

    /// The names of all there are, in their order.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let name = name
                .to_str()
                .and_then(|name| name.strip_suffix(STAMP)?.strip_suffix('.'));
            names.extend(name.map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }
}
