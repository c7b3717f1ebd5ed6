//! Legal holds: what must not be removed, whatever retention says, because a court, an authority or an investigation wants
//! it kept.
//!
//! A hold is a file of its own in `.vigil/holds`. It wins over retention, and over the erasure of a subject. One that
//! cannot be read holds everything: who wants something gone must not get it by damaging a file.
//!
//! # Examples
//!
//! ```
//! # let dir = tempfile::tempdir().unwrap();
//! # let dir = dir.path();
//! # drop(vigil::builder().config_text("").trail(dir).init()?);
//! use vigil::trail::holds::{self, NewHold};
//!
//! let hold = holds::add(dir, &NewHold::new("subpoena").case("24-cv-1138").subject("u-17"))?;
//! assert_eq!(holds::of_subject(dir, "u-17")?.len(), 1);
//! assert!(holds::of_subject(dir, "u-18")?.is_empty());
//! holds::remove(dir, &hold.id)?;
//! # Ok::<(), vigil::Error>(())
//! ```

mod file;
mod subject;

use std::fmt;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::closed::ClosedSegment;
use super::evidence::Places;
use super::verify::parse_time;
use crate::Error;

pub use crate::engine::holds::{add, remove};
pub(crate) use file::{Ended, Survey, keep, let_go, survey};

/// A call may have begun, and got its time, so long before its event came into the trail: a segment is taken for that much
/// wider than the times of its first and its last line.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

/// A hold that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hold {
    /// Of the format of the file.
    pub(crate) version: u32,
    /// What it is called: to be given to [`remove`].
    pub id: String,
    /// Why it was placed.
    pub reason: String,
    /// The number of the case, as the others call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// When it was placed.
    pub placed: String,
    /// By whom.
    pub by: String,
    /// Events from this time on; from the first if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Events before this time; to the last if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Events of these categories; of all if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Events of this subject, as a keyed digest that does not tell who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// A hold that is to be placed. Without further words it holds everything.
///
/// # Examples
///
/// ```
/// use vigil::trail::holds::NewHold;
///
/// let hold = NewHold::new("audit of 2026").from("2026-01-01")?.to("2026-12-31")?.category("PAYMENT")?;
/// # let _ = hold;
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "it holds nothing until it is given to add"]
pub struct NewHold {
    pub(super) reason: String,
    pub(super) case: Option<String>,
    pub(super) by: Option<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    pub(super) categories: Vec<String>,
    pub(super) subject: Option<String>,
}

impl NewHold {
    /// For this reason, which stands in the trail.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            case: None,
            by: None,
            from: None,
            to: None,
            categories: Vec::new(),
            subject: None,
        }
    }

    /// The number of the case.
    pub fn case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }

    /// Who places it; by default the user that the process runs as.
    pub fn by(mut self, by: impl Into<String>) -> Self {
        self.by = Some(by.into());
        self
    }

    /// Only events from this time on: `2026-11-23T20:00:00Z`, or a date, which stands for its beginning in UTC.
    ///
    /// # Errors
    ///
    /// If the text is no time.
    pub fn from(mut self, time: &str) -> Result<Self, Error> {
        self.from = Some(parse_time(time, false)?);
        Ok(self)
    }

    /// Only events before this time; a date stands for its end in UTC.
    ///
    /// # Errors
    ///
    /// If the text is no time.
    pub fn to(mut self, time: &str) -> Result<Self, Error> {
        self.to = Some(parse_time(time, true)?);
        Ok(self)
    }

    /// Only events of this category; may be given several times.
    ///
    /// # Errors
    ///
    /// If that is no name of a category.
    pub fn category(mut self, name: &str) -> Result<Self, Error> {
        let allowed = |byte: u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) {
            return Err(Error::config(format!(
                "{name:?} is no name of a category such as DATABASE"
            )));
        }
        self.categories.push(name.to_owned());
        Ok(self)
    }

    /// Only events of this subject. Neither the file of the hold nor the trail tells who it is: they have a digest, under
    /// a key that lies beside the trail.
    ///
    /// A segment does not tell of whom its events are, so retention keeps all that lie in the time of the hold.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

impl Hold {
    /// Whether it may hold events of a segment.
    pub(crate) fn covers(&self, segment: &ClosedSegment) -> bool {
        let is_before = |earlier: Option<Timestamp>, later: Option<Timestamp>| {
            let pair = earlier.zip(later);
            pair.is_some_and(|(earlier, later)| {
                earlier
                    .checked_add(MARGIN)
                    .is_ok_and(|earlier| earlier < later)
            })
        };
        // What is no time was refused when the hold was read.
        let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
        let (from, to) = (time(&self.from), time(&self.to));
        if is_before(segment.last_time, from) || is_before(to, segment.first_time) {
            return false;
        }
        match &segment.categories {
            Some(categories) if !self.categories.is_empty() => self
                .categories
                .iter()
                .any(|held| categories.contains_key(held)),
            _ => true,
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.id, self.reason)?;
        if let Some(case) = &self.case {
            write!(f, ", case {case}")?;
        }
        write!(f, ")")
    }
}

/// The holds on the trail in a directory, the oldest first.
///
/// # Errors
///
/// If one of them cannot be read: until that is mended everything is held.
pub fn list(dir: impl AsRef<Path>) -> Result<Vec<Hold>, Error> {
    file::list(&Places::of_trail(dir.as_ref()))
}

/// The holds that keep a subject from being erased: those that name it, and those that name no subject, for they may hold
/// events of anybody.
///
/// # Errors
///
/// If one of the holds, or the key under which they name subjects, cannot be read: the subject must not be erased then.
pub fn of_subject(dir: impl AsRef<Path>, subject: &str) -> Result<Vec<Hold>, Error> {
    let places = Places::of_trail(dir.as_ref());
    let mut holds = file::list(&places)?;
    if holds.iter().any(|hold| hold.subject.is_some()) {
        let digest = subject::digest(&places, subject)?;
        holds.retain(|hold| hold.subject.as_ref().is_none_or(|held| *held == digest));
    }
    Ok(holds)
}
