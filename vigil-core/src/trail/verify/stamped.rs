//! The time stamps that lie beside the trail: whether they are of what lies beside them, and whether they are to be
//! believed.

use std::io;

use jiff::Timestamp;

use super::anchor_report::AnchorKind;
use super::anchored::Anchored;
use super::options::{KeptNote, VerifyOptions};
use super::report::{Finding, Kind};
use super::tape::{By, Trust, refusal};
use super::trusted::whole;
use crate::Error;
use crate::trail::anchor::{STAMP, STAMPED, Stamps};
use crate::trail::checkpoint::{Checkpoint, Note};
use crate::trail::evidence::Places;

/// No answer of an authority, and no note, is longer.
const LONGEST: u64 = 64 << 10;

/// Those of one anchor. There may be many, so only their names are kept.
pub(super) struct Stamped {
    anchor: String,
    stamps: Stamps,
    names: Vec<String>,
}

/// One that is of the checkpoint beside it.
struct Stamp {
    note: String,
    checkpoint: Checkpoint,
    file: String,
    said: Said,
}

/// What a stamp says.
pub(super) struct Said {
    by: String,
    time: Option<Timestamp>,
    /// Why that is not believed, if so.
    unchecked: Option<String>,
}

impl Stamped {
    pub(super) fn look(places: &Places, anchor: &str) -> io::Result<Self> {
        let stamps = Stamps::of(&places.anchor(anchor));
        Ok(Self {
            anchor: anchor.to_owned(),
            names: stamps.names()?,
            stamps,
        })
    }

    /// Reads and checks them, one after the other.
    fn all(&self, options: &VerifyOptions<'_>) -> impl Iterator<Item = Result<Stamp, Finding>> {
        self.names.iter().map(|name| {
            self.one(name, options).map_err(|finding| {
                let file = file_of(&self.anchor, name);
                finding.file(file)
            })
        })
    }

    fn one(&self, name: &str, options: &VerifyOptions<'_>) -> Result<Stamp, Finding> {
        let read = |ending| {
            let unreadable = |what: String| Finding::new(Kind::Unreadable, what);
            whole(&self.stamps.path(name, ending), LONGEST)
                .map_err(|error| unreadable(format!("{name}.{ending} cannot be read: {error}")))?
                .ok_or_else(|| unreadable(format!("{name}.{ending} is missing")))
        };
        let (note, response) = (read(STAMPED)?, read(STAMP)?);
        let wrong = |what: String| Finding::new(Kind::SignatureWrong, what);
        let note = String::from_utf8(note)
            .map_err(|_| wrong(format!("{name}.{STAMPED} is no checkpoint: it is no text")))?;
        let checkpoint = Note::parse(&note)
            .and_then(|note| Checkpoint::parse(note.text))
            .map_err(|error| wrong(format!("{name}.{STAMPED} is no checkpoint: {error}")))?;
        let said = said(&note, &response, &self.anchor, options).map_err(|error| {
            let size = checkpoint.size;
            wrong(format!(
                "the time stamp of a checkpoint over {size} events: {error}"
            ))
        })?;
        Ok(Stamp {
            note,
            checkpoint,
            file: file_of(&self.anchor, name),
            said,
        })
    }
}

impl Anchored {
    /// Adds what was stamped, by whom and when.
    pub(super) fn add_stamped(
        &mut self,
        stamped: &Stamped,
        options: &VerifyOptions<'_>,
        trust: Trust<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let mut refused = false;
        for stamp in stamped.all(options) {
            let stamp =
                stamp.and_then(
                    |stamp| match refusal(&stamp.note, &stamp.checkpoint, trust) {
                        Some(finding) => Err(finding.file(stamp.file)),
                        None => Ok(stamp),
                    },
                );
            let Stamp {
                checkpoint, said, ..
            } = match stamp {
                Ok(stamp) => stamp,
                Err(finding) => {
                    // One is enough to look at all of them.
                    if !std::mem::replace(&mut refused, true) {
                        findings.push(finding);
                    }
                    continue;
                }
            };
            let by = self.by_authority(said);
            self.add(checkpoint, vec![by]);
        }
    }

    /// Who vouches by a stamp: all of one authority are told together.
    pub(super) fn by_authority(&mut self, said: Said) -> By {
        let Said {
            by,
            time,
            unchecked,
        } = said;
        let kind = match unchecked {
            None => AnchorKind::Timestamp,
            Some(_) => AnchorKind::UncheckedTimestamp,
        };
        let same = self.anchors.iter().position(|anchor| {
            anchor.kind == kind && anchor.name == by && anchor.unchecked == unchecked
        });
        let anchor = same.unwrap_or_else(|| {
            let anchor = self.anchor(&by, kind);
            self.anchors[anchor].unchecked = unchecked;
            anchor
        });
        By { anchor, time }
    }
}

fn file_of(anchor: &str, name: &str) -> String {
    format!(".vigil/anchors/{anchor}/timestamps/{name}.{STAMP}")
}

/// What a stamp says of a note; an error if it is none of it.
#[cfg(feature = "anchors-http")]
fn said(
    note: &str,
    response: &[u8],
    _anchor: &str,
    options: &VerifyOptions<'_>,
) -> Result<Said, crate::trail::anchor::Flaw> {
    use crate::trail::anchor::{Flaw, granted};
    let token = granted(response)?;
    token.fits(note.as_bytes())?;
    let checked = match &options.timestamp_ca {
        Some(ca) => ca.check(&token),
        None => Err(Flaw::Untrusted(
            "no certificates were given to check it by".to_owned(),
        )),
    };
    let (by, unchecked) = match checked {
        Ok(by) => (by, None),
        Err(Flaw::Untrusted(why)) => (token.claims(), Some(why)),
        Err(flaw) => return Err(flaw),
    };
    Ok(Said {
        by,
        time: Some(token.time),
        unchecked,
    })
}

#[cfg(not(feature = "anchors-http"))]
fn said(
    _note: &str,
    _response: &[u8],
    anchor: &str,
    _options: &VerifyOptions<'_>,
) -> Result<Said, std::convert::Infallible> {
    Ok(Said {
        by: format!("the anchor {anchor}"),
        time: None,
        unchecked: Some("this program was built without the feature anchors-http".to_owned()),
    })
}

/// What a stamp says that was kept with a checkpoint, if there is one.
#[cfg(feature = "anchors-http")]
pub(super) fn said_of_kept(
    kept: &KeptNote,
    options: &VerifyOptions<'_>,
) -> Result<Option<Said>, Error> {
    let Some(stamp) = &kept.stamp else {
        return Ok(None);
    };
    said(&kept.text, stamp, "given", options)
        .map(Some)
        .map_err(|error| {
            Error::trail(format!(
                "the time stamp of the kept checkpoint is none of it: {error}"
            ))
        })
}

#[cfg(not(feature = "anchors-http"))]
pub(super) fn said_of_kept(_: &KeptNote, _: &VerifyOptions<'_>) -> Result<Option<Said>, Error> {
    Ok(None)
}
