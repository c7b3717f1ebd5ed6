//! How a trail is to be checked.

use std::collections::HashSet;
use std::fmt;
use std::num::NonZero;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::Error;
#[cfg(feature = "anchors-http")]
use crate::trail::anchor::TimestampCa;
use crate::trail::anchor::WitnessKey;
use crate::trail::checkpoint::VerifierKey;
use crate::trail::packing::Identities;

/// Hears how far the check has come: bytes that were read, and bytes that are to be read, as they lie on disk.
pub type Progress<'p> = dyn Fn(u64, u64) + Sync + 'p;

/// How a trail is to be checked.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{VerifyOptions, verify};
///
/// let report = verify(
///     "logs/audit",
///     &VerifyOptions::new()
///         .key("shop.example/audit+f00dcafe+AV…")?
///         .kept(std::fs::read_to_string("kept/yesterday.checkpoint").unwrap()),
/// )?;
/// println!("{:?}", report.verdict);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Default)]
pub struct VerifyOptions<'p> {
    pub(super) name: Option<String>,
    pub(super) keys: Vec<VerifierKey>,
    pub(super) kept: Vec<KeptNote>,
    pub(super) witnesses: Vec<WitnessKey>,
    #[cfg(feature = "anchors-http")]
    pub(super) timestamp_ca: Option<TimestampCa>,
    /// Closed segments that were read before, and are as they were then.
    pub(super) unchanged: HashSet<String>,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) anchored_within: Option<u64>,
    pub(super) anchored_since: Option<Duration>,
    pub(super) threads: Option<NonZero<usize>>,
    pub(super) progress: Option<&'p Progress<'p>>,
    pub(super) identities: Identities,
}

/// A checkpoint that the caller has kept.
#[derive(Debug, Clone)]
pub(super) struct KeptNote {
    pub(super) text: String,
    /// When it was there at the latest, as the caller says.
    pub(super) time: Option<Timestamp>,
    /// The time stamp of it that was kept with it.
    #[cfg(feature = "anchors-http")]
    pub(super) stamp: Option<Vec<u8>>,
}

impl KeptNote {
    pub(super) fn new(text: impl Into<String>, time: Option<Timestamp>) -> Self {
        Self {
            text: text.into(),
            time,
            #[cfg(feature = "anchors-http")]
            stamp: None,
        }
    }
}

impl<'p> VerifyOptions<'p> {
    /// The whole trail, by the keys that lie beside it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the trail, where files of several lie in one directory: `audit` in `audit_audit_2026-11-23.log`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Trusts this verifier key, and no others than those given so. It is the line of `.vigil/log.vkey`, got from a place
    /// that is not the trail's own.
    ///
    /// # Errors
    ///
    /// If the text is not a verifier key.
    pub fn key(mut self, key: &str) -> Result<Self, Error> {
        let parsed = VerifierKey::parse(key.trim())
            .map_err(|error| Error::trail(format!("{error}: {}", key.trim())))?;
        self.keys.push(parsed);
        Ok(self)
    }

    /// Holds the trail against a checkpoint that was kept elsewhere, a whole signed note. Only this tells a trail that was
    /// rolled back, or rewritten and signed anew.
    #[must_use]
    pub fn kept(mut self, note: impl Into<String>) -> Self {
        self.kept.push(KeptNote::new(note, None));
        self
    }

    /// As [`kept`](Self::kept), of a checkpoint of which is known when it was there at the latest: by the time of the file
    /// that another machine has of it, say.
    #[must_use]
    pub fn kept_at(mut self, note: impl Into<String>, time: SystemTime) -> Self {
        let time = Timestamp::try_from(time).ok();
        self.kept.push(KeptNote::new(note, time));
        self
    }

    /// As [`kept`](Self::kept), of a checkpoint that was kept with a time stamp of it, as both lie in
    /// `.vigil/anchors/<name>/timestamps`: what an authority has answered. It tells when the checkpoint was there if
    /// [certificates](Self::timestamp_ca) vouch for it.
    #[cfg(feature = "anchors-http")]
    #[must_use]
    pub fn kept_stamped(mut self, note: impl Into<String>, response: impl Into<Vec<u8>>) -> Self {
        let stamp = Some(response.into());
        self.kept.push(KeptNote {
            stamp,
            ..KeptNote::new(note, None)
        });
        self
    }

    /// Believes the cosignatures of this witness: on the receipts that lie beside the trail, and on the checkpoints that
    /// were [kept](Self::kept). The key is that which the witness publishes, `<name>+<key id>+<base 64>`; whoever has
    /// written the trail anew cannot have made them. May be called several times.
    ///
    /// # Errors
    ///
    /// If the text is not the key of a witness.
    pub fn witness(mut self, key: &str) -> Result<Self, Error> {
        let parsed = WitnessKey::parse(key.trim())
            .map_err(|error| Error::trail(format!("{error}: {}", key.trim())))?;
        self.witnesses.push(parsed);
        Ok(self)
    }

    /// Believes the time stamps that lie beside the trail if these certificates vouch for who has signed them, as of the time
    /// that each has. Whoever has written the trail anew cannot have made older ones. May be called several times.
    #[cfg(feature = "anchors-http")]
    #[must_use]
    pub fn timestamp_ca(mut self, ca: &TimestampCa) -> Self {
        self.timestamp_ca.get_or_insert_default().and(ca);
        self
    }

    /// Passes over closed segments whose events are all older: a time (`2026-11-23T20:00:00Z`) or a date, which stands
    /// for its beginning in UTC. Their seals are checked, their lines are not read.
    ///
    /// # Errors
    ///
    /// If the text is no time.
    pub fn since(mut self, time: &str) -> Result<Self, Error> {
        self.since = Some(parse_time(time, false)?);
        Ok(self)
    }

    /// Passes over closed segments whose events are all younger; a date stands for its end in UTC.
    ///
    /// # Errors
    ///
    /// If the text is no time.
    pub fn until(mut self, time: &str) -> Result<Self, Error> {
        self.until = Some(parse_time(time, true)?);
        Ok(self)
    }

    /// Demands that at most so many of the newest events are not covered by one of the [kept](Self::kept) checkpoints, or
    /// by one that a [witness](Self::witness) has cosigned, or that has a time stamp which was checked; otherwise an intact
    /// trail is [not anchored](super::Verdict::NotAnchored).
    #[must_use]
    pub fn anchored_within(mut self, events: u64) -> Self {
        self.anchored_within = Some(events);
        self
    }

    /// Demands that the newest anchor by a witness or by a time stamp which was checked, or checkpoint that was
    /// [kept with its time](Self::kept_at), is not older than this, unless nothing has come behind it; otherwise an intact trail is
    /// [not anchored](super::Verdict::NotAnchored).
    #[must_use]
    pub fn anchored_since(mut self, age: Duration) -> Self {
        self.anchored_since = Some(age);
        self
    }

    /// Uses so many threads instead of one for each processor.
    #[must_use]
    pub fn threads(mut self, threads: NonZero<usize>) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Reads encrypted segments by these. Without them the hashes beside such a segment stand for its lines, and the trail is
    /// [incomplete](super::Verdict::Incomplete).
    #[must_use]
    pub fn identities(mut self, identities: &Identities) -> Self {
        self.identities = identities.clone();
        self
    }

    /// Tells how far the check has come, from any of its threads.
    #[must_use]
    pub fn progress(mut self, progress: &'p Progress<'p>) -> Self {
        self.progress = Some(progress);
        self
    }
}

impl fmt::Debug for VerifyOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyOptions")
            .field("name", &self.name)
            .field("keys", &self.keys.len())
            .field("kept", &self.kept.len())
            .field("since", &self.since)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

pub(in crate::trail) fn parse_time(text: &str, end: bool) -> Result<Timestamp, Error> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let of_date = || {
        let date: jiff::civil::Date = text.parse().ok()?;
        let date = if end { date.tomorrow().ok()? } else { date };
        jiff::tz::TimeZone::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()
    };
    of_date().ok_or_else(|| {
        Error::trail(format!(
            "{text:?} is no time: write 2026-11-23 or 2026-11-23T20:00:00Z"
        ))
    })
}
