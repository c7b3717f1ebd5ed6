//! Whether a trail is still what was signed: every line hashed again, held against the hashes beside it, the seals of its
//! segments, its checkpoints, and those that somebody has kept elsewhere.
//!
//! Nothing is believed because it lies there. A signature vouches for a root, a root for the leaves below it, a leaf for
//! a line. The hashes beside a segment are signed by nobody; once they lead to a signed root, they tell which line it
//! is that was changed, and how. What is read was perhaps written by whoever has something to hide: nothing in here
//! panics on it, and memory does not grow with it.

mod absent;
mod anchor_report;
mod anchored;
mod changed;
mod diagnose;
mod judge;
mod layout;
mod lines;
mod notes;
mod options;
mod plan;
mod purged;
mod reading;
mod repeated;
mod report;
mod segment;
mod seq;
mod stamped;
mod stored;
mod tape;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(in crate::trail) use tests::fixture as tests_fixture;
mod trusted;
mod watch;

use std::collections::HashMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::thread;

use jiff::Timestamp;

use crate::Error;
use crate::trail::evidence::{Places, Purges, Seal};
use crate::trail::tree::Hash;
use notes::List;
use plan::{Plan, Run};
use reading::Reader;
use segment::{Check, Outcome};
use tape::{Kept, Marks, Tape, Trust};
use trusted::Overview;
use watch::{Heard, Watch};

pub use anchor_report::{AnchorKind, AnchorReport};
pub(in crate::trail) use diagnose::{leaves, leaves_in};
pub(in crate::trail) use layout::{Layout, Slot, files_of, look_again};
pub(in crate::trail) use lines::{Chunk, Chunks};
pub(in crate::trail) use options::parse_time;
pub use options::{Progress, VerifyOptions};
pub use repeated::RepeatedVerify;
pub use report::{Finding, Kind, PurgeReport, SegmentReport, SegmentState, Verdict, VerifyReport};
pub(in crate::trail) use seq::Seq;
pub(in crate::trail) use stored::{Form, Stored};
pub(in crate::trail) use trusted::{own_keys, small_text};

/// Checks the trail that lies in a directory.
///
/// The directory may be one that is being written to: it is checked up to where it was when the check began.
///
/// # Errors
///
/// If there is no trail, or none that can be told from others; if what the options give cannot be used. What is wrong
/// with the trail itself is no error: it stands in the report.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{Verdict, VerifyOptions, verify};
///
/// let report = verify("logs/audit", &VerifyOptions::new())?;
/// if report.verdict != Verdict::Intact {
///     for finding in &report.findings {
///         eprintln!("{finding}");
///     }
/// }
/// # Ok::<(), vigil::Error>(())
/// ```
pub fn verify(dir: impl AsRef<Path>, options: &VerifyOptions<'_>) -> Result<VerifyReport, Error> {
    let dir = dir.as_ref();
    let places = Places::of_trail(dir);
    let mut findings = Vec::new();
    // Before the checkpoints that they are of: those were written first.
    let receipts = anchored::receipts(&places, &mut findings);
    // What is signed first, the lines last: what is signed has been written before.
    let latest = trusted::latest(&places, &mut findings);
    let list = List::look(&places.checkpoints())
        .map_err(|error| Error::io("cannot read", &places.checkpoints(), error))?;
    let mut layout = Layout::look(dir, options.name.as_deref())?.by(&options.identities);
    findings.append(&mut layout.findings);

    // Behind the files: what is gone was told before it went.
    let purges = Purges::look(&places)
        .map_err(|error| Error::io("cannot read", &places.purges_dir(), error))?;
    let wanted: Vec<u64> = purges.all.iter().map(|purge| purge.event).collect();

    let (own, mut of_keys) = own_keys(&places);
    let pinned = !options.keys.is_empty();
    let keys = if pinned {
        trusted::successors(options.keys.clone(), &own, list.as_ref())
    } else {
        findings.append(&mut of_keys);
        own
    };
    let first_seal = layout.slots.iter().find_map(|slot| slot.seal.as_ref());
    let origin = trusted::first_origin(list.as_ref())
        .or_else(|| first_seal.map(|file| file.seal.origin.clone()))
        .or_else(|| {
            latest
                .as_ref()
                .map(|(_, checkpoint)| checkpoint.origin.clone())
        });
    let trust = Trust {
        keys: &keys,
        pinned,
        origin: origin.as_deref().unwrap_or_default(),
        list: list.as_ref(),
        kept: &[],
        wanted: &wanted,
    };
    let mut anchored = match &origin {
        Some(_) => anchored::Anchored::of(options, receipts, trust, &mut findings)?,
        None => anchored::Anchored::default(),
    };
    let mut kept = std::mem::take(&mut anchored.kept);
    if let Some((text, checkpoint)) = &latest {
        match tape::refusal(text, checkpoint, trust) {
            Some(finding) => findings.push(finding.file(".vigil/checkpoint")),
            None => kept.push(Kept {
                size: checkpoint.size,
                root: checkpoint.root,
                own: true,
                by: Vec::new(),
            }),
        }
    }
    kept.sort_by_key(|kept| kept.size);
    let trust = Trust {
        kept: &kept,
        ..trust
    };

    plan::judge_seals(&mut layout.slots, trust, &mut findings);
    let mut plan = plan::plan(&layout.slots);
    findings.append(&mut plan.findings);
    let mut overview = trusted::overlook(list.as_ref(), &plan.runs);
    findings.append(&mut overview.findings);
    if overview.checkpoints == 0 && latest.is_some() && findings.is_empty() {
        let message = "the list of all checkpoints is missing or empty, and there is a latest one";
        findings.push(Finding::new(Kind::CheckpointsAltered, message).file(".vigil/checkpoints"));
    }
    let own = kept.iter().rev().find(|kept| kept.own);
    overview.newest = overview.newest.max(own.map_or(0, |kept| kept.size));

    let known = Known {
        places: &places,
        slots: &layout.slots,
        purges: &purges,
    };
    let outcomes = check(options, trust, known, &plan, &overview);
    let mut report = VerifyReport {
        verdict: Verdict::Intact,
        directory: dir.display().to_string(),
        origin,
        events: 0,
        purged: 0,
        purges: Vec::new(),
        bytes: 0,
        covered: 0,
        root: None,
        segments: Vec::new(),
        checkpoints: 0,
        seals: plan.seals,
        pinned,
        keys: keys.iter().map(ToString::to_string).collect(),
        anchored: None,
        anchored_at: None,
        anchors: Vec::new(),
        lost: Default::default(),
        unfinished: 0,
        findings,
        notes: layout.notes,
    };
    let leaves = outcomes.iter().flat_map(|outcome| outcome.leaves.clone());
    let leaves: HashMap<u64, Hash> = leaves.collect();
    anchored.kept = kept.clone();
    sum_up(&mut report, outcomes, &plan, anchored, overview.newest);
    purged::judge(&mut report, &layout.slots, &purges, &leaves);
    note_what_is_missing(
        &mut report,
        &plan,
        latest.is_some() || overview.checkpoints > 0,
    );
    conclude(&mut report, options);
    Ok(report)
}

/// What lies there.
#[derive(Clone, Copy)]
struct Known<'a> {
    places: &'a Places,
    slots: &'a [Slot],
    purges: &'a Purges,
}

/// Goes through all runs, by as many threads as there are.
fn check(
    options: &VerifyOptions<'_>,
    trust: Trust<'_>,
    known: Known<'_>,
    plan: &Plan,
    overview: &Overview,
) -> Vec<Outcome> {
    let Known {
        places,
        slots,
        purges,
    } = known;
    let read = AtomicU64::new(0);
    let passes_over =
        |seal: &Seal| options.unchanged.contains(&seal.segment) || is_outside(options, seal);
    let total = slots
        .iter()
        .filter(|slot| {
            !slot
                .seal
                .as_ref()
                .is_some_and(|file| passes_over(&file.seal))
        })
        .filter_map(|slot| slot.stored.as_ref())
        .map(|stored| stored.size)
        .sum();
    let progress = || {
        if let Some(progress) = options.progress {
            progress(read.load(Relaxed).min(total), total);
        }
    };
    let one = |number: usize, run: &Run| {
        let mut check = Check {
            trust,
            reader: Reader {
                places,
                read: &read,
                progress: &progress,
            },
            passes_over: &passes_over,
            newest: overview.newest,
            purges,
            tape: Tape::new(run.first, run.tree.clone(), &trust),
            marks: Marks::from(trust, overview.offsets[number], run.end, false),
            watch: Watch::new(),
            outcome: Outcome::default(),
            spoiled: false,
        };
        let checked = check.run(run, slots).map(|()| check.outcome);
        checked.unwrap_or_else(|error| {
            let message = format!(
                "the events from {} on could not be checked: {error}",
                run.first
            );
            let finding = Finding::new(Kind::Unreadable, message).event(run.first);
            Outcome {
                findings: vec![finding],
                end: run.end.unwrap_or(run.first),
                ..Outcome::default()
            }
        })
    };
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Outcome>>> = plan.runs.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let number = next.fetch_add(1, Relaxed);
            let Some(run) = plan.runs.get(number) else {
                break;
            };
            let outcome = one(number, run);
            *done[number]
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(outcome);
        }
    };
    let threads = options
        .threads
        .or_else(|| thread::available_parallelism().ok());
    thread::scope(|scope| {
        for _ in 1..threads.map_or(1, NonZero::get).min(plan.runs.len()) {
            scope.spawn(work);
        }
        work();
    });
    let outcomes = done.into_iter().filter_map(|outcome| {
        outcome
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    });
    outcomes.collect()
}

/// Whether all events of a closed segment lie outside of the time that was asked for.
fn is_outside(options: &VerifyOptions<'_>, seal: &Seal) -> bool {
    let time = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let (first, last) = (time(&seal.first_time), time(&seal.last_time));
    let before = options
        .since
        .zip(last)
        .is_some_and(|(since, last)| last < since);
    let after = options
        .until
        .zip(first)
        .is_some_and(|(until, first)| first > until);
    before || after
}

fn sum_up(
    report: &mut VerifyReport,
    outcomes: Vec<Outcome>,
    plan: &Plan,
    anchored: anchored::Anchored,
    newest: u64,
) {
    let mut heard = Heard::default();
    let mut good: Option<(u64, Hash)> = None;
    let mut agreed = vec![None; anchored.kept.len()];
    let mut end = 0;
    for outcome in outcomes {
        report.segments.extend(outcome.segments);
        report.findings.extend(outcome.findings);
        report.notes.extend(outcome.notes);
        report.events += outcome.events;
        report.bytes += outcome.bytes;
        report.checkpoints += outcome.checkpoints;
        heard.add(outcome.heard);
        end = outcome.end;
        if outcome.good.map(|(size, _)| size) > good.map(|(size, _)| size) {
            good = outcome.good;
        }
        for (number, agrees) in outcome.kept {
            agreed[number] = Some(agrees);
        }
    }
    report.unfinished = heard.unfinished();
    report.lost = heard.lost;
    if let Some((size, root)) = good {
        report.covered = size;
        report.root = Some(root.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    anchored.judge(report, &agreed, end, newest.max(plan.sealed));
}

fn note_what_is_missing(report: &mut VerifyReport, plan: &Plan, has_checkpoints: bool) {
    if !has_checkpoints {
        let message = if plan.seals > 0 {
            "there are no signed checkpoints; only the seals of closed segments prove something"
        } else {
            "there are no signed checkpoints and no seals, so nothing proves these events"
        };
        report
            .findings
            .push(Finding::new(Kind::NoEvidence, message));
    }
    if report.keys.is_empty() {
        let message = "there are no verifier keys, so no signature was checked; give them by hand";
        report.findings.push(Finding::new(Kind::NoKeys, message));
    }
    if !report.pinned {
        report.notes.push(
            "the keys are those that lie beside the trail: they prove that it agrees with itself, not who wrote it; \
             give the key that you got from elsewhere"
                .to_owned(),
        );
    }
    if has_checkpoints && report.uncovered() > 0 {
        let message = format!(
            "the last {} events are not covered by a signature yet",
            report.uncovered()
        );
        report.notes.push(message);
    }
}

fn conclude(report: &mut VerifyReport, options: &VerifyOptions<'_>) {
    let is_anchored = anchored::as_demanded(report, options);
    report.verdict = if report
        .findings
        .iter()
        .any(|finding| finding.kind.is_change())
    {
        Verdict::Altered
    } else if !report.findings.is_empty() {
        Verdict::Incomplete
    } else if !is_anchored {
        Verdict::NotAnchored
    } else {
        Verdict::Intact
    };
}
