//! Where a trail lies, and by what its files end.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::Error;
use crate::trail::sealing::Integrity;

/// Where a trail lies and when it goes on in a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrailConfig {
    pub(crate) dir: PathBuf,
    /// The files are called `audit_<name>_<date>.log`.
    pub(crate) name: String,
    pub(crate) rotation: Rotation,
    pub(crate) integrity: Integrity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rotation {
    pub(crate) daily: Daily,
    /// A file is not made longer than this, unless a single line is.
    pub(crate) max_size: Option<u64>,
}

/// By which midnight a new file of the trail begins.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use vigil::Daily;
///
/// let vigil = vigil::builder().trail(dir.path()).daily(Daily::Local).init();
/// # drop(vigil);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Daily {
    /// By that of UTC, so that files of all machines change at the same moment.
    Utc,
    /// By that of the system's time zone.
    Local,
    /// By none: files end by size only, and carry the date (UTC) of the day on which they began.
    Off,
}

impl Default for TrailConfig {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("logs/audit"),
            name: "audit".to_owned(),
            rotation: Rotation::default(),
            integrity: Integrity::default(),
        }
    }
}

impl Default for Rotation {
    fn default() -> Self {
        Self {
            daily: Daily::Utc,
            max_size: Some(256 * 1024 * 1024),
        }
    }
}

pub(super) fn zone(config: &TrailConfig) -> Result<TimeZone, Error> {
    match config.rotation.daily {
        Daily::Utc | Daily::Off => Ok(TimeZone::UTC),
        // An unknown zone must not silently become UTC: the names of the files would be wrong.
        Daily::Local => TimeZone::try_system().map_err(|error| {
            Error::config(format!(
                "trail.rotation.daily: the time zone of the system cannot be determined ({error}); set TZ or use utc"
            ))
        }),
    }
}
