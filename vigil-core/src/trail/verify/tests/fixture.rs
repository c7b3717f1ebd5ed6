//! Trails made of the primitives, and hands that tamper with them.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::trail::checkpoint::{Checkpoint, sign};
use crate::trail::evidence::{Checkpoints, Places, SEAL_VERSION, Seal, SealFile, SidecarWriter};
use crate::trail::keys::FileSigner;
use crate::trail::tree::{Peaks, leaf_hash};
use crate::trail::verify::{Finding, Kind, VerifyOptions, VerifyReport, verify};

pub(in crate::trail) const ORIGIN: &str = "shop.example/audit";

/// A trail on disk.
pub(in crate::trail) struct Fixture {
    dir: TempDir,
    signer: FileSigner,
    /// The number of events of each segment; the last is the one that is being written.
    pub(in crate::trail) segments: Vec<u64>,
    /// All files as they were.
    saved: Vec<(PathBuf, Vec<u8>)>,
}

/// How the event of a number reads; `flavour` is another history.
pub(in crate::trail) fn line(seq: u64, flavour: &str) -> String {
    format!(
        "{{\"event_id\":\"01995d2c-0000-7000-8000-{seq:012x}\",\"timestamp\":\"2026-11-23T20:{:02}:{:02}.000000Z\",\
         \"version\":\"1.0.0\",\"seq\":{seq},\"actor\":{{\"type\":\"anonymous\"}},\"action\":{{\"type\":\"CREATE\",\
         \"category\":\"AUTH\",\"operation\":\"register{flavour}\",\"parameters\":{{}},\
         \"result\":{{\"status\":\"SUCCESS\"}}}}}}",
        seq / 60 % 60,
        seq % 60,
    )
}

pub(in crate::trail) fn segment_name(number: usize) -> String {
    match number {
        0 => "audit_audit_2026-11-23.log".to_owned(),
        number => format!("audit_audit_2026-11-23.{number}.log"),
    }
}

impl Fixture {
    /// Segments of these sizes.
    pub(in crate::trail) fn new(segments: &[u64]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::of_trail(dir.path());
        for dir in [places.hashes_dir(), places.seals_dir(), places.keys_dir()] {
            fs::create_dir_all(dir).unwrap();
        }
        let signer = FileSigner::create(&places.signing_key(), ORIGIN).unwrap();
        let key = format!("{}\n", signer.verifier_key().unwrap());
        fs::write(places.verifier_key(), &key).unwrap();
        fs::write(places.epochs(), &key).unwrap();
        let mut fixture = Self {
            dir,
            signer,
            segments: segments.to_vec(),
            saved: Vec::new(),
        };
        fixture.write("");
        fixture.save();
        fixture
    }

    /// Writes all of it, as the one who has the key would: a checkpoint here and there, and at each end.
    pub(in crate::trail) fn write(&self, flavour: &str) {
        let places = self.places();
        let _ = fs::remove_file(places.checkpoints());
        let (mut tree, mut previous) = (Peaks::default(), None);
        for (number, count) in self.segments.iter().enumerate() {
            let segment = segment_name(number);
            let _ = fs::remove_file(places.hashes(&segment));
            let mut sidecar = SidecarWriter::new(places.hashes(&segment), 0);
            let first = tree.size();
            let (mut text, mut lost) = (String::new(), 0);
            for seq in first..first + count {
                let line = line(seq, flavour);
                let leaf = leaf_hash(line.as_bytes());
                tree.push(leaf);
                sidecar.extend(&[leaf]);
                text.push_str(&line);
                text.push('\n');
                lost += seq;
                if seq % self.spacing() == 40 {
                    self.checkpoint(&tree);
                }
            }
            sidecar.write().unwrap();
            fs::write(self.path(&segment), &text).unwrap();
            self.checkpoint(&tree);
            if number + 1 < self.segments.len() {
                let mut file = SealFile::new(Seal {
                    version: SEAL_VERSION,
                    origin: ORIGIN.to_owned(),
                    segment: segment.clone(),
                    first,
                    count: *count,
                    first_time: None,
                    last_time: None,
                    size: text.len() as u64,
                    root: tree.root(),
                    peaks: tree.hashes().to_vec(),
                    previous,
                    lost: [("AUTH".to_owned(), lost)].into(),
                    categories: [("AUTH".to_owned(), *count)].into(),
                    keys: vec![self.key()],
                })
                .unwrap();
                file.sign(&[&self.signer]).unwrap();
                previous = Some(file.hash());
                fs::write(places.seal(&segment), file.to_text().unwrap()).unwrap();
            }
        }
    }

    fn checkpoint(&self, tree: &Peaks) {
        let note = self.note(tree);
        Checkpoints::new(&self.places()).add(&note).unwrap();
    }

    fn note(&self, tree: &Peaks) -> String {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: tree.size(),
            root: tree.root(),
        };
        sign(&checkpoint.text(), &[&self.signer]).unwrap()
    }

    /// The checkpoint that somebody has kept when the trail had so many events.
    pub(in crate::trail) fn kept(&self, size: u64) -> String {
        let mut tree = Peaks::default();
        for seq in 0..size {
            tree.push(leaf_hash(line(seq, "").as_bytes()));
        }
        self.note(&tree)
    }

    pub(in crate::trail) fn key(&self) -> String {
        self.signer.verifier_key().unwrap().to_string()
    }

    pub(in crate::trail) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(in crate::trail) fn places(&self) -> Places {
        Places::of_trail(self.dir())
    }

    pub(in crate::trail) fn path(&self, file: &str) -> PathBuf {
        self.dir().join(file)
    }

    pub(in crate::trail) fn total(&self) -> u64 {
        self.segments.iter().sum()
    }

    /// The number of the first event of a segment.
    pub(in crate::trail) fn first(&self, segment: usize) -> u64 {
        self.segments[..segment].iter().sum()
    }

    /// Changes the lines of a segment.
    pub(in crate::trail) fn edit(&self, segment: usize, edit: impl FnOnce(&mut Vec<String>)) {
        let path = self.path(&segment_name(segment));
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        edit(&mut lines);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(path, text).unwrap();
    }

    pub(in crate::trail) fn remove(&self, path: impl AsRef<Path>) {
        fs::remove_file(self.dir().join(path)).unwrap();
    }

    pub(in crate::trail) fn verify(&self) -> VerifyReport {
        self.verify_by(&VerifyOptions::new())
    }

    pub(in crate::trail) fn verify_by(&self, options: &VerifyOptions<'_>) -> VerifyReport {
        verify(self.dir(), options).unwrap()
    }

    /// The first change that is found.
    pub(in crate::trail) fn found(&self) -> Finding {
        self.verify().first().expect("nothing was found").clone()
    }

    /// So many events lie between two checkpoints at most.
    pub(in crate::trail) fn spacing(&self) -> u64 {
        97.max(self.total() / 20)
    }

    /// Remembers all files.
    pub(in crate::trail) fn save(&mut self) {
        let places = self.places();
        let dirs = [
            self.dir().to_owned(),
            places.inner().to_owned(),
            places.hashes_dir(),
            places.seals_dir(),
            places.keys_dir(),
        ];
        let entries = dirs.iter().flat_map(|dir| fs::read_dir(dir).unwrap());
        let files = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file());
        self.saved = files
            .map(|path| (path.clone(), fs::read(&path).unwrap()))
            .collect();
    }

    /// All of it is put back.
    pub(in crate::trail) fn restore(&self) {
        for entry in fs::read_dir(self.dir()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
        for (path, bytes) in &self.saved {
            fs::write(path, bytes).unwrap();
        }
    }
}

#[track_caller]
pub(in crate::trail) fn assert_found(finding: &Finding, kind: Kind, index: u64) {
    assert_eq!(
        (finding.kind, finding.index),
        (kind, Some(index)),
        "{finding}"
    );
}

impl Fixture {
    /// A checkpoint of another history of this size, signed by the real key.
    pub(in crate::trail) fn forged(&self, size: u64) -> String {
        let mut tree = Peaks::default();
        for seq in 0..size {
            tree.push(leaf_hash(line(seq, "_of_somebody_else").as_bytes()));
        }
        self.note(&tree)
    }
}

impl Fixture {
    /// Signs by the key of another one from now on.
    pub(in crate::trail) fn take_key_of(&mut self, other: &Self) {
        let (from, to) = (other.places(), self.places());
        for (from, to) in [
            (from.signing_key(), to.signing_key()),
            (from.epochs(), to.epochs()),
            (from.verifier_key(), to.verifier_key()),
        ] {
            fs::copy(from, to).unwrap();
        }
        self.signer = FileSigner::open(&to.signing_key()).unwrap();
    }
}

impl Fixture {
    /// Puts the times of their events into the seals, and signs them again.
    pub(in crate::trail) fn write_times(&self) {
        let mut previous = None;
        for number in 0..self.segments.len() - 1 {
            let path = self.places().seal(&segment_name(number));
            let mut seal = SealFile::parse(&fs::read_to_string(&path).unwrap())
                .unwrap()
                .seal;
            let time =
                |seq: u64| format!("2026-11-23T20:{:02}:{:02}.000000Z", seq / 60 % 60, seq % 60);
            seal.first_time = Some(time(seal.first));
            seal.last_time = Some(time(seal.end() - 1));
            seal.previous = previous;
            let mut file = SealFile::new(seal).unwrap();
            file.sign(&[&self.signer]).unwrap();
            previous = Some(file.hash());
            fs::write(path, file.to_text().unwrap()).unwrap();
        }
    }
}

impl Fixture {
    /// Puts these lines into the only segment, with hashes and a checkpoint that are theirs.
    pub(in crate::trail) fn sign_anew(&self, text: &str) {
        let segment = segment_name(0);
        let mut tree = Peaks::default();
        let mut leaves = Vec::new();
        for line in text.lines() {
            let leaf = leaf_hash(line.as_bytes());
            tree.push(leaf);
            leaves.extend(leaf);
        }
        fs::write(self.path(&segment), text).unwrap();
        fs::write(self.places().hashes(&segment), leaves).unwrap();
        fs::remove_file(self.places().checkpoints()).unwrap();
        self.checkpoint(&tree);
    }
}
