//! The tree as it grows leaf by leaf, held against every checkpoint on the way.

use jiff::Timestamp;

use super::notes::{Entry, List, Notes};
use super::report::{Finding, Kind};
use crate::trail::checkpoint::{Checkpoint, Note, NoteError, VerifierKey};
use crate::trail::tree::{Growing, Hash, Peaks};

/// As many findings of one kind are told one by one.
const TOLD: u64 = 5;

/// What all parts of the check go by.
#[derive(Clone, Copy)]
pub(super) struct Trust<'a> {
    pub(super) keys: &'a [VerifierKey],
    /// Whether the caller has given them.
    pub(super) pinned: bool,
    pub(super) origin: &'a str,
    pub(super) list: Option<&'a List>,
    /// Checkpoints that are not in the list, the smallest first.
    pub(super) kept: &'a [Kept],
    /// The numbers of events whose leaves are wanted, in their order.
    pub(super) wanted: &'a [u64],
}

/// A checkpoint that is not in the list.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) size: u64,
    pub(super) root: Hash,
    /// The trail itself has it as its latest; otherwise it was given by the caller, or is a receipt.
    pub(super) own: bool,
    /// Those who vouch for it besides the trail's own key: their numbers in the list of anchors.
    pub(super) by: Vec<By>,
}

/// Who vouches for a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct By {
    /// Its number in the list of anchors.
    pub(super) anchor: usize,
    /// Since when it has, at the latest.
    pub(super) time: Option<Timestamp>,
}

/// The trail's own checkpoints from a place of the list on, those only that are signed.
pub(super) struct Marks<'a> {
    trust: Trust<'a>,
    notes: Notes<'a>,
    peeked: Option<Mark>,
    /// None that is larger.
    limit: u64,
    last: u64,
    /// What has been found wrong is told once, and not again in a second reading.
    quiet: bool,
    refused: u64,
    pub(super) findings: Vec<Finding>,
}

struct Mark {
    size: u64,
    root: Hash,
    offset: u64,
}

impl<'a> Marks<'a> {
    pub(super) fn from(trust: Trust<'a>, offset: u64, limit: Option<u64>, quiet: bool) -> Self {
        Self {
            trust,
            notes: match trust.list {
                Some(list) => list.from(offset),
                None => Notes::none(),
            },
            peeked: None,
            limit: limit.unwrap_or(u64::MAX),
            last: 0,
            quiet,
            refused: 0,
            findings: Vec::new(),
        }
    }

    /// From where a second reading finds the one that is next.
    fn place(&mut self) -> Option<u64> {
        self.peek().map(|mark| mark.offset)
    }

    fn peek(&mut self) -> Option<&Mark> {
        while self.peeked.is_none() {
            let Some(entry) = self.notes.next() else {
                break;
            };
            let Entry::Note {
                offset,
                text,
                checkpoint,
            } = entry
            else {
                // Told by whoever has read the list first.
                continue;
            };
            if checkpoint.size > self.limit {
                self.notes = Notes::none();
                break;
            }
            if checkpoint.size < self.last || !self.is_signed(text, &checkpoint, offset) {
                continue;
            }
            self.last = checkpoint.size;
            self.peeked = Some(Mark {
                size: checkpoint.size,
                root: checkpoint.root,
                offset,
            });
        }
        self.peeked.as_ref()
    }

    fn is_signed(&mut self, text: &str, checkpoint: &Checkpoint, offset: u64) -> bool {
        match refusal(text, checkpoint, self.trust) {
            None => true,
            Some(finding) => {
                self.refused += 1;
                if !self.quiet && self.refused <= TOLD {
                    let mut finding = finding.file(".vigil/checkpoints");
                    finding.message = format!("at byte {offset}: {}", finding.message);
                    self.findings.push(finding);
                }
                false
            }
        }
    }
}

/// Why a checkpoint counts for nothing, if so.
pub(super) fn refusal(text: &str, checkpoint: &Checkpoint, trust: Trust<'_>) -> Option<Finding> {
    let size = checkpoint.size;
    if checkpoint.origin != trust.origin {
        let message = format!(
            "a checkpoint of the trail {}, and this is {}",
            checkpoint.origin, trust.origin
        );
        return Some(Finding::new(Kind::OtherOrigin, message));
    }
    if trust.keys.is_empty() {
        // Told once, as a whole: there are no keys.
        return None;
    }
    let error = Note::parse(text)
        .and_then(|note| note.verify(trust.keys).map(|_| ()))
        .err()?;
    Some(match error {
        NoteError::Unsigned => Finding::new(
            Kind::SignedByOthers,
            format!(
                "a checkpoint over {size} events is signed by {}, and not by {}",
                signers(text),
                whose(trust.pinned)
            ),
        ),
        error => Finding::new(
            Kind::SignatureWrong,
            format!("a checkpoint over {size} events: {error}"),
        ),
    })
}

pub(super) fn whose(pinned: bool) -> &'static str {
    if pinned {
        "a key that was given"
    } else {
        "a key of the trail"
    }
}

/// The keys that a note names.
fn signers(text: &str) -> String {
    let Ok(note) = Note::parse(text) else {
        return "nobody".to_owned();
    };
    let names = note.signatures.iter().map(|signature| {
        let id = u32::from_be_bytes(signature.key_id);
        format!("{}+{id:08x}", signature.name)
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The tree so far, and what was said of it.
#[derive(Debug, Clone)]
pub(super) struct Tape {
    /// The number of leaves.
    pub(super) at: u64,
    /// `None` where what stands before is not known.
    pub(super) tree: Option<Growing>,
    /// The largest size at which something signed agreed, and its root.
    pub(super) good: Option<(u64, Hash)>,
    /// The smallest size at which a checkpoint of the trail did not.
    pub(super) bad: Option<u64>,
    /// Where two that are signed contradict each other.
    pub(super) forked: Option<u64>,
    pub(super) checkpoints: u64,
    /// By their numbers, whether the kept checkpoints agree.
    pub(super) kept: Vec<(usize, bool)>,
    next_kept: usize,
    /// Something is to be compared at this size.
    next: u64,
    /// The wanted leaves, as far as the tree was known there.
    pub(super) leaves: Vec<(u64, Hash)>,
    /// The next event whose leaf is wanted.
    next_wanted: u64,
}

impl Tape {
    pub(super) fn new(at: u64, tree: Option<Peaks>, trust: &Trust<'_>) -> Self {
        let next_kept = trust.kept.partition_point(|kept| kept.size < at);
        Self {
            at,
            tree: tree.map(Growing::from),
            good: None,
            bad: None,
            forked: None,
            checkpoints: 0,
            kept: Vec::new(),
            next_kept,
            next: at,
            leaves: Vec::new(),
            next_wanted: next_wanted(trust, at),
        }
    }

    /// Where the marks of this place begin in the list.
    pub(super) fn place(marks: &mut Marks<'_>) -> Option<u64> {
        marks.place()
    }

    pub(super) fn push(&mut self, leaf: Hash, marks: &mut Marks<'_>) {
        if let Some(tree) = &mut self.tree {
            tree.push(leaf);
            if self.at == self.next_wanted {
                self.leaves.push((self.at, leaf));
                self.next_wanted = next_wanted(&marks.trust, self.at + 1);
            }
        }
        self.at += 1;
        if self.at >= self.next {
            self.compare(marks);
        }
    }

    /// The root of the tree as it is now, where it is known.
    pub(super) fn root(&mut self) -> Option<Hash> {
        self.tree.as_mut().map(Growing::root)
    }

    /// Holds the tree against what is said of its size.
    pub(super) fn compare(&mut self, marks: &mut Marks<'_>) {
        let root = self.root();
        let (mut agree, mut differ) = (0, 0);
        while let Some(mark) = marks.peek().filter(|mark| mark.size <= self.at) {
            if let Some(root) = root
                && mark.size == self.at
            {
                if mark.root == root {
                    agree += 1;
                } else {
                    differ += 1;
                }
            }
            marks.peeked = None;
        }
        self.checkpoints += agree;
        match (agree, differ, root) {
            (1.., 0, Some(root)) => self.good = Some((self.at, root)),
            (1.., _, Some(root)) => {
                self.good = Some((self.at, root));
                self.forked.get_or_insert(self.at);
            }
            (0, 1.., _) => {
                self.bad.get_or_insert(self.at);
            }
            _ => {}
        }
        let kept = marks.trust.kept;
        while let Some(checkpoint) = kept.get(self.next_kept)
            && checkpoint.size <= self.at
        {
            if let Some(root) = root
                && checkpoint.size == self.at
            {
                match (checkpoint.own, checkpoint.root == root) {
                    (true, true) => self.good = Some((self.at, root)),
                    (true, false) => {
                        self.bad.get_or_insert(self.at);
                    }
                    (false, agrees) => self.kept.push((self.next_kept, agrees)),
                }
            }
            self.next_kept += 1;
        }
        let next_kept = kept.get(self.next_kept).map_or(u64::MAX, |kept| kept.size);
        let next_mark = marks.peek().map_or(u64::MAX, |mark| mark.size);
        self.next = next_kept.min(next_mark);
    }

    /// Goes on at another place; what is said of the ones before is passed over.
    pub(super) fn go_to(&mut self, at: u64, tree: Option<Growing>, marks: &mut Marks<'_>) {
        self.at = at;
        self.next_wanted = next_wanted(&marks.trust, at);
        self.tree = None;
        self.compare(marks);
        self.tree = tree;
    }

    /// Something signed, which is not a checkpoint, agrees with the tree as it is.
    pub(super) fn agree(&mut self) {
        if let Some(root) = self.root() {
            self.good = Some((self.at, root));
        }
    }

    /// The largest checkpoint that lies beyond the tree.
    pub(super) fn beyond(&self, marks: &mut Marks<'_>) -> Option<u64> {
        let kept = marks.trust.kept[self.next_kept..].iter();
        let mut largest = kept.rev().find(|kept| kept.own).map(|kept| kept.size);
        while let Some(mark) = marks.peek() {
            largest = largest.max(Some(mark.size));
            marks.peeked = None;
        }
        largest
    }
}

/// The first event from `at` on whose leaf is wanted.
fn next_wanted(trust: &Trust<'_>, at: u64) -> u64 {
    let before = trust.wanted.partition_point(|wanted| *wanted < at);
    trust.wanted.get(before).copied().unwrap_or(u64::MAX)
}
