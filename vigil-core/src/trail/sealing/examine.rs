//! The start looks whether the trail is still what was signed. It reads, and changes nothing.
//!
//! From the newest seal on that the latest checkpoint covers, each line is hashed again, so a start takes time in
//! proportion to the last segment and not to the trail; closed segments are `verify`'s to read.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use super::account::Account;
use super::leaves::each_line;
use crate::disk::is_missing;
use crate::trail::checkpoint::{Checkpoint, VerifierKey};
use crate::trail::evidence::{Places, SealFile, Sidecar};
use crate::trail::name::SegmentName;
use crate::trail::store::TrailConfig;
use crate::trail::tail;
use crate::trail::tree::{Hash, Peaks};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Examined {
    /// Over all whole lines of all segments.
    pub(super) tree: Peaks,
    /// The segments behind the last seal, in their order.
    pub(super) unsealed: Vec<Unsealed>,
    /// The hash of the last seal.
    pub(super) last_seal: Option<Hash>,
    /// The name of the last sealed segment.
    pub(super) last_sealed: Option<SegmentName>,
}

/// A segment without a seal.
#[derive(Debug)]
pub(super) struct Unsealed {
    pub(super) name: SegmentName,
    pub(super) account: Account,
    /// The tree at its end.
    pub(super) tree: Peaks,
    /// So many leaves at the beginning of its sidecar are those of its lines.
    pub(super) right: u64,
    /// Where the line behind those begins.
    pub(super) right_end: u64,
    /// The sidecar says something else of a line than the line.
    pub(super) is_contradicted: bool,
}

/// Why the trail is not what was signed, or cannot be read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A sentence.
    Damaged(String),
    Io(PathBuf, io::Error),
}

struct Examination<'a> {
    config: &'a TrailConfig,
    places: &'a Places,
    keys: &'a [VerifierKey],
    checkpoint: Option<&'a Checkpoint>,
    origin: &'a str,
    found: Examined,
    /// The tree was as large as the checkpoint says, and then its root was another.
    differs: bool,
}

/// Holds the segments against the checkpoint, the latest that was signed.
pub(super) fn examine(
    config: &TrailConfig,
    places: &Places,
    keys: &[VerifierKey],
    checkpoint: Option<&Checkpoint>,
    origin: &str,
    names: &[SegmentName],
) -> Result<Examined, Trouble> {
    let mut examination = Examination {
        config,
        places,
        keys,
        checkpoint,
        origin,
        found: Examined::default(),
        differs: false,
    };
    examination.look_at(names)?;
    Ok(examination.found)
}

impl Examination<'_> {
    fn look_at(&mut self, names: &[SegmentName]) -> Result<(), Trouble> {
        let seals = self.seals()?;
        // In front of the newest seal that the checkpoint covers.
        let size = self.checkpoint.map_or(0, |checkpoint| checkpoint.size);
        let mut before = (Peaks::default(), None);
        for (name, seal) in &seals {
            let tree = self.found.tree.clone();
            self.follow(*name, seal)?;
            if seal.seal.first <= size && size < seal.seal.end() {
                before = (tree, Some(*name));
            }
            if size == seal.seal.end() {
                self.compare(&self.found.tree.clone());
            }
        }
        if let (tree, Some(name)) = before {
            self.look_within(tree, name, size)?;
        }
        if size == 0 {
            self.compare(&Peaks::default());
        }
        let behind = |name: &&SegmentName| self.found.last_sealed.is_none_or(|last| **name > last);
        let unsealed: Vec<SegmentName> = names.iter().filter(behind).copied().collect();
        for (at, name) in unsealed.iter().enumerate() {
            let unsealed = self.hash(*name, at + 1 == unsealed.len())?;
            self.found.unsealed.push(unsealed);
        }
        if self.differs {
            return Err(Trouble::Damaged(self.what_differs(size)));
        }
        let holds = self.found.tree.size();
        if holds < size {
            return Err(Trouble::Damaged(format!(
                "it holds {holds} events, and a signed checkpoint says that it had {size}: its end is missing"
            )));
        }
        Ok(())
    }

    /// All seals, by the names of their segments.
    fn seals(&self) -> Result<BTreeMap<SegmentName, SealFile>, Trouble> {
        let dir = self.places.seals_dir();
        let mut seals = BTreeMap::new();
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(seals),
            Err(error) => return Err(Trouble::Io(dir, error)),
        };
        for entry in entries {
            let path = entry
                .map_err(|error| Trouble::Io(dir.clone(), error))?
                .path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str()?.strip_suffix(".json"))
                .and_then(|name| SegmentName::parse(name, &self.config.name));
            let Some(name) = name else {
                continue;
            };
            let text =
                fs::read_to_string(&path).map_err(|error| Trouble::Io(path.clone(), error))?;
            let seal = SealFile::parse(&text)
                .map_err(|error| Trouble::Damaged(format!("{}: {error}", path.display())))?;
            seals.insert(name, seal);
        }
        Ok(seals)
    }

    /// The next seal must go on where the one before ends.
    fn follow(&mut self, name: SegmentName, file: &SealFile) -> Result<(), Trouble> {
        let segment = name.file_name(&self.config.name);
        let seal = &file.seal;
        let wrong = |what: &str| {
            let path = self.places.seal(&segment);
            Err(Trouble::Damaged(format!("{}: {what}", path.display())))
        };
        if seal.segment != segment || seal.origin != self.origin {
            return wrong("it is the seal of another segment or another trail");
        }
        if seal.first != self.found.tree.size() || seal.previous != self.found.last_seal {
            return wrong(
                "it does not follow from the seal before; one between them is missing, or was changed",
            );
        }
        let Some(tree) = seal.tree() else {
            return wrong("its root does not follow from its peaks");
        };
        if let Err(error) = file.verify(self.keys) {
            return wrong(&error.to_string());
        }
        self.found.tree = tree;
        self.found.last_seal = Some(file.hash());
        self.found.last_sealed = Some(name);
        Ok(())
    }

    /// The checkpoint lies within a sealed segment: only after a power failure, which takes the latest checkpoints away
    /// and leaves what they covered.
    fn look_within(&mut self, tree: Peaks, name: SegmentName, size: u64) -> Result<(), Trouble> {
        let path = self.places.hashes(&name.file_name(&self.config.name));
        let failed = |error| Trouble::Io(path.clone(), error);
        let mut sidecar = Sidecar::open(&path).map_err(failed)?;
        let (mut tree, first) = (tree.clone(), tree.size());
        while tree.size() < size {
            match sidecar.leaf(tree.size() - first).map_err(failed)? {
                Some(leaf) => tree.push(leaf),
                None => {
                    let what = "it has fewer hashes than its segment had events";
                    return Err(Trouble::Damaged(format!("{}: {what}", path.display())));
                }
            }
        }
        self.compare(&tree);
        Ok(())
    }

    fn compare(&mut self, tree: &Peaks) {
        if let Some(checkpoint) = self.checkpoint
            && tree.size() == checkpoint.size
        {
            self.differs |= tree.root() != checkpoint.root;
        }
    }

    /// Hashes the lines of a segment, and compares them with its sidecar.
    fn hash(&mut self, name: SegmentName, is_last: bool) -> Result<Unsealed, Trouble> {
        let segment = name.file_name(&self.config.name);
        let path = self.config.dir.join(&segment);
        let failed = |error| Trouble::Io(path.clone(), error);
        let file = File::open(&path).map_err(failed)?;
        let whole = tail::whole_lines(&file).map_err(failed)?;
        // One that cannot be read is made again.
        let mut sidecar = Sidecar::open(&self.places.hashes(&segment)).ok();
        let mut unsealed = Unsealed {
            name,
            account: Account::of(segment, self.found.tree.size()),
            tree: Peaks::default(),
            right: 0,
            right_end: 0,
            is_contradicted: false,
        };
        let mut last = Vec::new();
        let mut tree = std::mem::take(&mut self.found.tree);
        each_line(&file, 0..whole, |leaf, line| {
            let index = unsealed.account.count;
            tree.push(*leaf);
            unsealed.account.add(line, 1);
            unsealed.account.add_losses(line);
            let kept = sidecar
                .as_mut()
                .and_then(|sidecar| sidecar.leaf(index).ok()?);
            if unsealed.right == index {
                match kept {
                    Some(kept) if kept == *leaf => {
                        unsealed.right += 1;
                        unsealed.right_end += line.len() as u64;
                    }
                    Some(_) => unsealed.is_contradicted = true,
                    None => {}
                }
            }
            self.compare(&tree);
            if is_last && unsealed.account.size == whole {
                last.extend_from_slice(line);
            }
            Ok(())
        })
        .map_err(failed)?;
        if let Some(seq) = tail::seq_of(&last)
            && seq + 1 != tree.size()
        {
            return Err(Trouble::Damaged(format!(
                "{}: its last event has the number {seq}, and it is the {}th: events are missing or doubled",
                path.display(),
                tree.size()
            )));
        }
        self.found.tree = tree.clone();
        unsealed.tree = tree;
        Ok(unsealed)
    }

    fn what_differs(&self, size: u64) -> String {
        let contradicted = self
            .found
            .unsealed
            .iter()
            .find(|unsealed| unsealed.is_contradicted);
        match contradicted {
            Some(Unsealed { account, right, .. }) if account.first + right < size => format!(
                "line {} of {} is not what was written there (event {}); a signed checkpoint over {size} events says \
                 otherwise",
                right + 1,
                account.segment,
                account.first + right
            ),
            _ => {
                format!("its first {size} events are not those over which a checkpoint was signed")
            }
        }
    }
}
