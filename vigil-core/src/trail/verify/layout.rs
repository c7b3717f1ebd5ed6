//! What lies in the directory of a trail: which segments there are, in which files, with which seals.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::report::{Finding, Kind};
use super::stored::{Form, Stored};
use crate::Error;
use crate::disk::is_missing;
use crate::trail::evidence::{Places, SealError, SealFile};
use crate::trail::name::SegmentName;
use crate::trail::packing::Identities;

/// A seal is some thousand bytes, and 64 times as many peaks and keys would be none.
const LONGEST_SEAL: u64 = 1 << 20;

/// A segment, whatever there is of it.
#[derive(Debug)]
pub(in crate::trail) struct Slot {
    /// Its file as it was written.
    pub(in crate::trail) segment: String,
    pub(in crate::trail) stored: Option<Stored>,
    /// The same segment in other forms.
    pub(in crate::trail) copies: Vec<Stored>,
    pub(in crate::trail) seal: Option<SealFile>,
    /// There is a file for its seal, be it one or not.
    pub(super) has_seal_file: bool,
    pub(in crate::trail) has_hashes: bool,
}

/// The trail as it lies there.
#[derive(Debug)]
pub(in crate::trail) struct Layout {
    /// That of the trail.
    pub(in crate::trail) name: String,
    pub(in crate::trail) slots: Vec<Slot>,
    pub(in crate::trail) findings: Vec<Finding>,
    pub(super) notes: Vec<String>,
}

#[derive(Default)]
struct Parts {
    stored: Vec<Stored>,
    seal: Option<SealFile>,
    has_seal_file: bool,
    has_hashes: bool,
}

impl Layout {
    /// Looks at everything, and reads the seals.
    pub(in crate::trail) fn look(dir: &Path, name: Option<&str>) -> Result<Self, Error> {
        let places = Places::of_trail(dir);
        check_directory(dir)?;
        // The seals first: a segment whose seal is there has a file, if nobody took it away.
        let seals = names_in(&places.seals_dir())?;
        let hashes = names_in(&places.hashes_dir())?;
        let files = names_in(dir)?;

        let mut layout = Self {
            name: String::new(),
            slots: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
        };
        let evidence = seals
            .iter()
            .filter_map(|name| name.strip_suffix(".json"))
            .chain(hashes.iter().map(String::as_str));
        let stored = files.iter().map(|name| Form::of_name(name).1);
        let trail = layout.choose(dir, name, evidence, stored)?;

        let mut parts: BTreeMap<SegmentName, Parts> = BTreeMap::new();
        for file in &seals {
            let segment = file.strip_suffix(".json").unwrap_or_default();
            if let Some(name) = SegmentName::parse(segment, &trail) {
                let path = places.seal(segment);
                let shown = format!(".vigil/seals/{file}");
                let part = parts.entry(name).or_default();
                part.has_seal_file = true;
                match read_seal(&path) {
                    Ok(seal) => part.seal = Some(seal),
                    Err(finding) => layout.findings.push(finding.file(shown)),
                }
            }
        }
        for segment in &hashes {
            if let Some(name) = SegmentName::parse(segment, &trail) {
                parts.entry(name).or_default().has_hashes = true;
            }
        }
        for file in &files {
            let (form, segment) = Form::of_name(file);
            let Some(name) = SegmentName::parse(segment, &trail) else {
                continue;
            };
            match Stored::of(dir.join(file), form) {
                Ok(stored) => parts.entry(name).or_default().stored.push(stored),
                // Gone between listing and looking: compressed, or purged.
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(Error::io("cannot look at", &dir.join(file), error)),
            }
        }
        layout.name.clone_from(&trail);
        for (name, mut part) in parts {
            let segment = name.file_name(&trail);
            part.stored.sort_by_key(|stored| stored.form);
            if part.stored.len() > 1 {
                layout.notes.push(format!(
                    "{segment} lies there {} times, in several forms; only {} was read",
                    part.stored.len(),
                    part.stored[0].path.display()
                ));
            }
            let mut forms = part.stored.into_iter();
            let stored = forms.next();
            let plain_size = part.seal.as_ref().map(|file| file.seal.size);
            let sized = |stored: Stored| Stored {
                plain_size,
                ..stored
            };
            layout.slots.push(Slot {
                stored: stored.or_else(|| look_again(dir, &segment)).map(sized),
                copies: forms.map(sized).collect(),
                segment,
                seal: part.seal,
                has_seal_file: part.has_seal_file,
                has_hashes: part.has_hashes,
            });
        }
        layout.name = trail;
        Ok(layout)
    }

    /// Encrypted segments are read by these.
    pub(in crate::trail) fn by(mut self, identities: &Identities) -> Self {
        for slot in &mut self.slots {
            for stored in slot.stored.iter_mut().chain(&mut slot.copies) {
                stored.identities = identities.clone();
            }
        }
        self
    }

    /// The name of the trail: what the caller says, or what the evidence speaks of, or what there is only one of.
    fn choose<'n>(
        &mut self,
        dir: &Path,
        name: Option<&str>,
        evidence: impl Iterator<Item = &'n str>,
        stored: impl Iterator<Item = &'n str>,
    ) -> Result<String, Error> {
        let of_evidence: BTreeSet<&str> = evidence.filter_map(trail_of).collect();
        let mut all: BTreeSet<&str> = stored.filter_map(trail_of).collect();
        all.extend(&of_evidence);
        let list = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(", ");
        let shown = dir.display();
        let chosen = match name {
            Some(name) if all.contains(name) => name,
            Some(name) if all.is_empty() => {
                return Err(Error::trail(format!(
                    "{shown} holds no trail: no file is called audit_{name}_<date>.log"
                )));
            }
            Some(name) => {
                return Err(Error::trail(format!(
                    "{shown} holds no trail {name}; it holds {}",
                    list(&all)
                )));
            }
            None if of_evidence.len() == 1 => of_evidence.first().copied().unwrap_or_default(),
            None if all.len() == 1 => all.first().copied().unwrap_or_default(),
            None if all.is_empty() => {
                return Err(Error::trail(format!(
                    "{shown} holds no trail: no file is called audit_<name>_<date>.log; \
                     give the directory that trail.dir names"
                )));
            }
            None => {
                return Err(Error::trail(format!(
                    "{shown} holds files of several trails: {}; say which by its name",
                    list(&all)
                )));
            }
        };
        all.remove(chosen);
        if !all.is_empty() {
            self.notes.push(format!(
                "files of other trails lie here too ({}); nothing was checked of them",
                list(&all)
            ));
        }
        Ok(chosen.to_owned())
    }
}

/// The files that hold a segment, in whatever form.
pub(in crate::trail) fn files_of(dir: &Path, segment: &str) -> Result<Vec<PathBuf>, Error> {
    let names = names_in(dir)?.into_iter();
    let of_segment = names.filter(|name| Form::of_name(name).1 == segment);
    Ok(of_segment.map(|name| dir.join(name)).collect())
}

/// A segment that had no file a moment ago may have been compressed since.
pub(in crate::trail) fn look_again(dir: &Path, segment: &str) -> Option<Stored> {
    ["", ".zst", ".gz", ".age", ".zst.age", ".gz.age"]
        .iter()
        .find_map(|ending| {
            let file = format!("{segment}{ending}");
            Stored::of(dir.join(&file), Form::of_name(&file).0).ok()
        })
}

fn check_directory(dir: &Path) -> Result<(), Error> {
    let metadata = match fs::metadata(dir) {
        Err(error) if is_missing(&error) => {
            return Err(Error::trail(format!(
                "there is no trail: the directory {} does not exist; give the one that trail.dir names",
                dir.display()
            )));
        }
        found => found.map_err(|error| Error::io("cannot open the trail directory", dir, error))?,
    };
    if !metadata.is_dir() {
        return Err(Error::trail(format!(
            "{} is not a directory; give the one that the trail lies in",
            dir.display()
        )));
    }
    Ok(())
}

/// Those that are text; the others are none of ours.
fn names_in(dir: &Path) -> Result<Vec<String>, Error> {
    let failed = |error: io::Error| Error::io("cannot list", dir, error);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(failed)?.file_name().into_string().ok());
    }
    Ok(names)
}

/// The name of the trail that a segment of this name belongs to.
fn trail_of(segment: &str) -> Option<&str> {
    let rest = segment.strip_prefix("audit_")?;
    let (trail, _) = rest.rsplit_once('_')?;
    SegmentName::parse(segment, trail).map(|_| trail)
}

fn read_seal(path: &Path) -> Result<SealFile, Finding> {
    let unreadable = |error: io::Error| {
        Finding::new(
            Kind::Unreadable,
            format!("the seal cannot be read: {error}"),
        )
    };
    let metadata = fs::symlink_metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let message = "it is not a regular file, and was not read as a seal";
        return Err(Finding::new(Kind::NotAFile, message));
    }
    if metadata.len() > LONGEST_SEAL {
        return Err(Finding::new(Kind::SealAltered, "it is too long for a seal"));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    SealFile::parse(&text).map_err(|error| match error {
        SealError::Version(_) => Finding::new(Kind::UnknownVersion, error.to_string()),
        error => Finding::new(Kind::SealAltered, error.to_string()),
    })
}
