//! The trail held against checkpoints that others have seen: those that the caller has kept, and the receipts of anchors
//! that lie beside the trail, as far as a witness or a time-stamping authority vouches for them.

use jiff::Timestamp;

use super::anchor_report::{AnchorKind, AnchorReport};
use super::notes::{Entry, List};
use super::options::{KeptNote, VerifyOptions};
use super::report::{Finding, Kind, VerifyReport};
use super::stamped::{Stamped, said_of_kept};
use super::tape::{By, Kept, Trust, refusal};
use crate::Error;
use crate::trail::anchor::{Receipts as Files, WitnessKey};
use crate::trail::checkpoint::{Checkpoint, Note, NoteError};
use crate::trail::evidence::Places;

/// The receipts of one anchor, as they lie beside the trail.
pub(super) struct Receipts {
    name: String,
    list: Option<List>,
    stamped: Option<Stamped>,
}

/// What somebody vouches for, besides the trail itself.
#[derive(Default)]
pub(super) struct Anchored {
    pub(super) anchors: Vec<AnchorReport>,
    pub(super) kept: Vec<Kept>,
}

/// All receipts there are.
pub(super) fn receipts(places: &Places, findings: &mut Vec<Finding>) -> Vec<Receipts> {
    let mut unreadable = |file: String, error: std::io::Error| {
        let message = format!("it cannot be read: {error}");
        findings.push(Finding::new(Kind::Unreadable, message).file(file));
    };
    let names = Files::names(places).unwrap_or_else(|error| {
        unreadable(".vigil/anchors".to_owned(), error);
        Vec::new()
    });
    let mut all = Vec::new();
    for name in names {
        let list = List::look(&places.anchor(&name).checkpoints()).unwrap_or_else(|error| {
            unreadable(file_of(&name), error);
            None
        });
        let stamped = Stamped::look(places, &name)
            .map_err(|error| unreadable(format!(".vigil/anchors/{name}/timestamps"), error));
        all.push(Receipts {
            name,
            list,
            stamped: stamped.ok(),
        });
    }
    all
}

fn file_of(name: &str) -> String {
    format!(".vigil/anchors/{name}/checkpoints")
}

impl Anchored {
    /// Reads and checks them all.
    ///
    /// # Errors
    ///
    /// If what the caller has given is no checkpoint, or was changed.
    pub(super) fn of(
        options: &VerifyOptions<'_>,
        receipts: Vec<Receipts>,
        trust: Trust<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, Error> {
        let mut anchored = Self::default();
        let witnesses: Vec<(usize, &WitnessKey)> = options
            .witnesses
            .iter()
            .map(|key| (anchored.anchor(key.name(), AnchorKind::Witness), key))
            .collect();
        if !options.kept.is_empty() {
            let given = anchored.anchor("given", AnchorKind::Given);
            for note in &options.kept {
                let by = (given, &witnesses[..]);
                anchored.add_given(note, by, options, trust, findings)?;
            }
        }
        for Receipts {
            name,
            list,
            stamped,
        } in receipts
        {
            if let Some(stamped) = stamped {
                anchored.add_stamped(&stamped, options, trust, findings);
            }
            let Some(list) = list else { continue };
            let number = anchored.anchor(&name, AnchorKind::Receipt);
            let mut notes = list.from(0);
            let mut refused = false;
            while let Some(entry) = notes.next() {
                // What is no note is the mark of a crash, and says nothing.
                let Entry::Note {
                    text, checkpoint, ..
                } = entry
                else {
                    continue;
                };
                let finding = refusal(text, &checkpoint, trust);
                let by = witnessed(text, &witnesses);
                let finding = finding.or_else(|| {
                    let error = by.as_ref().err()?;
                    let size = checkpoint.size;
                    let message = format!("a receipt for a checkpoint over {size} events: {error}");
                    Some(Finding::new(Kind::SignatureWrong, message))
                });
                if let Some(finding) = finding {
                    // One is enough to look at the file.
                    if !std::mem::replace(&mut refused, true) {
                        findings.push(finding.file(file_of(&name)));
                    }
                    continue;
                }
                let mut by = by.unwrap_or_default();
                by.push(By {
                    anchor: number,
                    time: None,
                });
                anchored.add(checkpoint, by);
            }
        }
        Ok(anchored)
    }

    pub(super) fn anchor(&mut self, name: &str, kind: AnchorKind) -> usize {
        self.anchors.push(AnchorReport {
            name: name.to_owned(),
            kind,
            checkpoints: 0,
            uncompared: 0,
            size: None,
            time: None,
            first_size: None,
            first_time: None,
            unchecked: None,
        });
        self.anchors.len() - 1
    }

    fn add_given(
        &mut self,
        kept: &KeptNote,
        (given, witnesses): (usize, &[(usize, &WitnessKey)]),
        options: &VerifyOptions<'_>,
        trust: Trust<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        let KeptNote { text, time, .. } = kept;
        let checkpoint = Note::parse(text)
            .and_then(|note| Checkpoint::parse(note.text))
            .map_err(|error| Error::trail(format!("the kept checkpoint is none: {error}")))?;
        let changed =
            |error| Error::trail(format!("the kept checkpoint was changed itself: {error}"));
        if let Err(error @ NoteError::WrongSignature(_)) =
            Note::parse(text).and_then(|note| note.verify(trust.keys).map(|_| ()))
        {
            return Err(changed(error));
        }
        let mut by = witnessed(text, witnesses).map_err(changed)?;
        if let Some(mut finding) = refusal(text, &checkpoint, trust) {
            finding.message = format!("the kept checkpoint: {}", finding.message);
            findings.push(finding);
            return Ok(());
        }
        by.push(By {
            anchor: given,
            time: *time,
        });
        if let Some(said) = said_of_kept(kept, options)? {
            by.push(self.by_authority(said));
        }
        self.add(checkpoint, by);
        Ok(())
    }

    pub(super) fn add(&mut self, checkpoint: Checkpoint, by: Vec<By>) {
        let Checkpoint { size, root, .. } = checkpoint;
        self.kept.push(Kept {
            size,
            root,
            own: false,
            by,
        });
    }

    /// Says how the trail stands to them: `agreed` by each of them in turn, `None` where it could not be compared.
    pub(super) fn judge(
        mut self,
        report: &mut VerifyReport,
        agreed: &[Option<bool>],
        end: u64,
        newest: u64,
    ) {
        let is_cut = report
            .findings
            .iter()
            .any(|finding| finding.kind == Kind::Cut);
        let mut agreed_up_to = 0;
        let mut anchored_at: Option<Timestamp> = None;
        let kept = std::mem::take(&mut self.kept);
        for (kept, agrees) in kept.iter().zip(agreed).filter(|(kept, _)| !kept.own) {
            let size = kept.size;
            let whose = self.words(kept);
            let is_trusted = |by: &&By| self.anchors[by.anchor].kind.is_trusted();
            let trusted = kept.by.iter().any(|by| is_trusted(&by));
            let time = kept
                .by
                .iter()
                .filter(is_trusted)
                .filter_map(|by| by.time)
                .max();
            let finding = match agrees {
                Some(true) => {
                    agreed_up_to = size;
                    for by in &kept.by {
                        self.anchors[by.anchor].agrees(size, by.time);
                    }
                    if trusted {
                        report.anchored = Some(size);
                        anchored_at = anchored_at.max(time);
                    }
                    if size <= newest {
                        continue;
                    }
                    let message = format!(
                        "the newest checkpoint here covers {newest} events, and {whose} covers {size}: the checkpoints \
                         were rolled back"
                    );
                    Finding::new(Kind::RolledBack, message)
                        .event(newest)
                        .file(".vigil/checkpoint")
                }
                Some(false) => {
                    let message = format!(
                        "the trail agrees with itself, and not with {whose} over {size} events: it was rewritten and \
                         signed anew, or that checkpoint is of another copy of it"
                    );
                    Finding::new(Kind::HistoryRewritten, message)
                        .event(agreed_up_to)
                        .before(size)
                }
                None if size > end && !is_cut => {
                    let message = format!(
                        "the trail ends after {end} events, and {whose} says that it had {size}: it was rolled back"
                    );
                    Finding::new(Kind::RolledBack, message).event(end)
                }
                None => {
                    for by in &kept.by {
                        self.anchors[by.anchor].uncompared += 1;
                    }
                    if trusted {
                        report.notes.push(format!(
                            "{whose} over {size} events could not be compared, because of what is missing before it"
                        ));
                    }
                    continue;
                }
            };
            // A rewritten trail disagrees with all that were kept since; the first says where.
            let told = report.findings.iter().any(|told| {
                told.kind == finding.kind
                    && told.message.contains(&whose)
                    && told.index == finding.index
            });
            if !told {
                report.findings.push(finding);
            }
        }
        report.anchored_at = anchored_at.map(|time| time.to_string());
        report.anchors = self.anchors;
    }

    /// Whose checkpoint it is, for a sentence.
    fn words(&self, kept: &Kept) -> String {
        let of = |kind: AnchorKind| {
            let anchors = kept.by.iter().map(|by| &self.anchors[by.anchor]);
            anchors.into_iter().find(|anchor| anchor.kind == kind)
        };
        if let Some(witness) = of(AnchorKind::Witness) {
            return format!("the checkpoint cosigned by {}", witness.name);
        }
        if let Some(authority) = of(AnchorKind::Timestamp) {
            return format!("the checkpoint stamped by {}", authority.name);
        }
        if let Some(unchecked) = of(AnchorKind::UncheckedTimestamp) {
            return format!("the checkpoint with a time stamp of {}", unchecked.name);
        }
        match of(AnchorKind::Receipt) {
            Some(receipt) => format!("the receipt of the anchor {}", receipt.name),
            None => "the kept checkpoint".to_owned(),
        }
    }
}

impl AnchorReport {
    fn agrees(&mut self, size: u64, time: Option<Timestamp>) {
        self.checkpoints += 1;
        // The smallest come first.
        if self.first_size.is_none() {
            self.first_size = Some(size);
            self.first_time = time.map(|time| time.to_string());
        }
        self.size = Some(size);
        self.time = time.map(|time| time.to_string());
    }
}

fn witnessed(text: &str, witnesses: &[(usize, &WitnessKey)]) -> Result<Vec<By>, NoteError> {
    let note = Note::parse(text)?;
    let mut by = Vec::new();
    for (anchor, key) in witnesses {
        if let Some(time) = key.time_of(&note)? {
            by.push(By {
                anchor: *anchor,
                time: Some(time),
            });
        }
    }
    Ok(by)
}

/// Whether the trail is anchored as the caller demands.
pub(super) fn as_demanded(report: &VerifyReport, options: &VerifyOptions<'_>) -> bool {
    let anchored = report.anchored.unwrap_or(0);
    let behind = (report.events + report.purged).saturating_sub(anchored);
    let near = options
        .anchored_within
        .is_none_or(|events| behind <= events);
    let recent = options.anchored_since.is_none_or(|age| {
        let at = report.anchored_at.as_deref();
        let at: Option<Timestamp> = at.and_then(|time| time.parse().ok());
        behind == 0 && report.anchored.is_some()
            || at.is_some_and(|at| {
                let passed = Timestamp::now().duration_since(at);
                passed.is_negative() || passed.unsigned_abs() <= age
            })
    });
    near && recent
}
