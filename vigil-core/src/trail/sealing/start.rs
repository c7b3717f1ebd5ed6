//! The start of a trail that proves itself: keys, checkpoints, segments, in this order; and what to do where they do not
//! fit.

use std::path::PathBuf;
use std::sync::Arc;

use super::aside::{Damage, set_aside};
use super::examine::{Examined, Trouble, examine};
use super::growing::{Closed, Growing, create_directories};
use super::leaves::each_line;
use super::{Integrity, OnDamage};
use crate::Error;
use crate::trail::checkpoint::{Checkpoint, Note, VerifierKey};
use crate::trail::evidence::{Checkpoints, Places, SidecarWriter, split_notes};
use crate::trail::keys::{Keys, Signer};
use crate::trail::name::SegmentName;
use crate::trail::segment::Segment;
use crate::trail::store::{TrailConfig, segments};
use crate::trail::tree::Hash;

/// What whoever signs needs to know.
pub(crate) struct Signing {
    pub(crate) places: Places,
    pub(crate) keys: Keys,
    pub(crate) origin: String,
    /// The size of the latest checkpoint; `None` if there has been none.
    pub(crate) signed: Option<u64>,
    /// The hash of the last seal.
    pub(crate) last_seal: Option<Hash>,
    pub(crate) damage: Option<Damage>,
}

/// What stands in the directory before anything is changed.
pub(in crate::trail) struct Found {
    examined: Examined,
    signing: Signing,
    notes: Vec<String>,
}

/// Looks at the trail, and sets it aside if need be. `origin` is that of a trail which has none yet.
pub(in crate::trail) fn look(
    config: &TrailConfig,
    origin: &str,
    signer: Option<&Arc<dyn Signer>>,
) -> Result<Found, Error> {
    match look_once(config, origin, signer)? {
        Ok(mut found) => {
            found.signing.damage = Damage::untold(&found.signing.places);
            let damage = found.signing.damage.as_ref();
            found.notes.extend(damage.map(|damage| damage.note(config)));
            Ok(found)
        }
        Err(what) if config.integrity.on_damage == OnDamage::Refuse => Err(Error::trail(format!(
            "the trail in {} is not what was signed: {what}. Nothing has been changed. Keep it, find out who did it, and \
             move it elsewhere; or set trail.integrity.on_damage to set_aside, which does so and begins a new trail",
            config.dir.display()
        ))),
        Err(what) => {
            let places = Places::of_trail(&config.dir);
            let next = next_origin(&origin_of(&places).unwrap_or_else(|| origin.to_owned()));
            let damage =
                set_aside(&config.dir, &config.name, &places, what, &next).map_err(|error| {
                    Error::io(
                        "cannot set aside what is not as it was signed in",
                        &config.dir,
                        error,
                    )
                })?;
            match look_once(config, origin, signer)? {
                Ok(mut found) => {
                    found.notes.push(damage.note(config));
                    found.signing.damage = Some(damage);
                    Ok(found)
                }
                Err(what) => Err(Error::trail(format!(
                    "the new trail in {} is not what was signed either: {what}",
                    config.dir.display()
                ))),
            }
        }
    }
}

impl Damage {
    fn note(&self, config: &TrailConfig) -> String {
        format!(
            "the trail in {} was not what had been signed: {}. It has been moved to {}, and a new one begins; keep it, \
             and find out who did it",
            config.dir.display(),
            self.what,
            self.aside.display()
        )
    }
}

/// The inner error is a sentence about damage.
fn look_once(
    config: &TrailConfig,
    origin: &str,
    signer: Option<&Arc<dyn Signer>>,
) -> Result<Result<Found, String>, Error> {
    let places = Places::of_trail(&config.dir);
    create_directories(&places)
        .map_err(|error| Error::io("cannot create directories in", places.inner(), error))?;
    check_name(config, &places)?;
    let origin = origin_of(&places).unwrap_or_else(|| origin.to_owned());
    let mut notes = Vec::new();
    let names = segments(config)?;
    let keys = Keys::known(&places, signer)?;
    let checkpoint = match latest(&places, keys.verifiers(), &origin, &mut notes)? {
        Latest::Checkpoint(checkpoint) => Some(checkpoint),
        Latest::Never => None,
        Latest::Missing => {
            let what =
                "its checkpoints are gone, or are signed by a key that is not its own".to_owned();
            return Ok(Err(what));
        }
    };
    let verifiers = keys.verifiers();
    let examined = examine(
        config,
        &places,
        verifiers,
        checkpoint.as_ref(),
        &origin,
        &names,
    );
    let examined = match examined {
        Ok(examined) => examined,
        Err(Trouble::Damaged(what)) => return Ok(Err(what)),
        Err(Trouble::Io(path, error)) => return Err(Error::io("cannot examine", &path, error)),
    };
    let keys = keys.open(&places, &origin, signer.cloned(), &mut notes)?;
    // A start that has nothing new to say does not wait for the disk.
    if origin_of(&places).as_ref() != Some(&origin) {
        crate::disk::replace_file(&places.origin(), format!("{origin}\n").as_bytes())
            .map_err(|error| Error::io("cannot write", &places.origin(), error))?;
    }
    Checkpoints::new(&places)
        .mend()
        .map_err(|error| Error::io("cannot mend", &places.checkpoints(), error))?;
    let signing = Signing {
        keys,
        origin,
        signed: checkpoint.map(|checkpoint| checkpoint.size),
        last_seal: examined.last_seal,
        damage: None,
        places,
    };
    Ok(Ok(Found {
        examined,
        signing,
        notes,
    }))
}

/// The hashes, checkpoints and keys in a directory are those of one trail.
fn check_name(config: &TrailConfig, places: &Places) -> Result<(), Error> {
    let dir = places.hashes_dir();
    let failed = |error| Error::io("cannot read the directory", &dir, error);
    for entry in std::fs::read_dir(&dir).map_err(failed)? {
        let file = entry.map_err(failed)?.file_name();
        if let Some(file) = file.to_str()
            && file.starts_with("audit_")
            && SegmentName::parse(file, &config.name).is_none()
        {
            return Err(Error::config(format!(
                "trail.name: {} holds a signed trail of another name, to which {file} belongs; give {} a trail.dir of \
                 its own",
                config.dir.display(),
                config.name
            )));
        }
    }
    Ok(())
}

/// That of the trail there is.
fn origin_of(places: &Places) -> Option<String> {
    let text = std::fs::read_to_string(places.origin()).ok()?;
    let origin = text.trim_end();
    crate::trail::checkpoint::check_origin(origin)
        .is_ok()
        .then(|| origin.to_owned())
}

/// `shop/audit`, `shop/audit~2`, `shop/audit~3`: two trails of one origin would contradict each other.
fn next_origin(origin: &str) -> String {
    if let Some((base, number)) = origin.rsplit_once('~')
        && let Ok(number) = number.parse::<u32>()
    {
        return format!("{base}~{}", number.saturating_add(1));
    }
    format!("{origin}~2")
}

enum Latest {
    Checkpoint(Checkpoint),
    /// The trail has not been signed yet.
    Never,
    /// It has been, and none is left that verifies.
    Missing,
}

/// The largest of the checkpoints that verify.
fn latest(
    places: &Places,
    keys: &[VerifierKey],
    origin: &str,
    notes: &mut Vec<String>,
) -> Result<Latest, Error> {
    let checkpoints = Checkpoints::new(places);
    let failed = |path: PathBuf| move |error| Error::io("cannot read", &path, error);
    let one = checkpoints.latest().map_err(failed(places.checkpoint()))?;
    let all = checkpoints.all().map_err(failed(places.checkpoints()))?;
    let read = |note: &str| -> Option<Checkpoint> {
        let note = Note::parse(note).ok()?;
        note.verify(keys).ok()?;
        let checkpoint = Checkpoint::parse(note.text).ok()?;
        (checkpoint.origin == origin).then_some(checkpoint)
    };
    let single = one.as_deref().and_then(read);
    if one.is_some() && single.is_none() {
        notes.push(format!(
            "{} could not be read; the latest in {} stands in for it",
            places.checkpoint().display(),
            places.checkpoints().display()
        ));
    }
    // From the end: they are in the order in which they were signed, and most are not needed.
    let (list, _) = split_notes(&all);
    let listed = list.iter().rev().find_map(|note| read(note));
    let largest = [single, listed]
        .into_iter()
        .flatten()
        .max_by_key(|checkpoint| checkpoint.size);
    Ok(match largest {
        Some(checkpoint) => Latest::Checkpoint(checkpoint),
        None if one.is_none() && all.is_empty() && !places.epochs().exists() => Latest::Never,
        None => Latest::Missing,
    })
}

impl Found {
    /// The newest of these segments, unless it is sealed: lines go into one that is not.
    pub(in crate::trail) fn appendable(&self, names: &[SegmentName]) -> Option<SegmentName> {
        let newest = *names.last()?;
        let sealed = self.examined.last_sealed;
        sealed
            .is_none_or(|sealed| newest > sealed)
            .then_some(newest)
    }

    /// The newest segment, also if only its seal is left.
    pub(in crate::trail) fn newest(&self, names: &[SegmentName]) -> Option<SegmentName> {
        names.last().copied().max(self.examined.last_sealed)
    }

    /// Goes on with `segment`, the end of which has been mended. Gives back what signs, too.
    pub(in crate::trail) fn begin(
        self,
        segment: &Segment,
        trail: &str,
        notes: &mut Vec<String>,
    ) -> Result<(Growing, Signing), Error> {
        let Self {
            examined,
            signing,
            notes: found,
            ..
        } = self;
        notes.extend(found);
        let places = signing.places.clone();
        let mut tree = examined.tree;
        let mut account = super::account::Account::of(segment.name.file_name(trail), tree.size());
        let mut sidecar = SidecarWriter::new(places.hashes(&account.segment), 0);
        let mut closed = Vec::new();
        for unsealed in examined.unsealed {
            let path = places.hashes(&unsealed.account.segment);
            if unsealed.is_contradicted {
                notes.push(format!(
                    "{} did not say what the lines of its segment say, which are those that were signed; it has been \
                     made again",
                    path.display()
                ));
            }
            let is_last = unsealed.name == segment.name;
            let mut of_segment = SidecarWriter::new(path, unsealed.right);
            let opened;
            let file = if is_last {
                segment.file()
            } else {
                let name = unsealed.account.segment.clone();
                let dir = segment.path().parent().unwrap_or(segment.path());
                let path = dir.join(name);
                opened = std::fs::File::open(&path)
                    .map_err(|error| Error::io("cannot open", &path, error))?;
                &opened
            };
            let (known, mut of_account) = (unsealed.account.count, unsealed.account);
            let end = if is_last {
                segment.size()
            } else {
                of_account.size
            };
            each_line(file, unsealed.right_end..end, |leaf, line| {
                if of_segment.count() >= known {
                    // The line whose newline was missing.
                    tree.push(*leaf);
                    of_account.add(line, 1);
                    of_account.add_losses(line);
                }
                of_segment.extend(std::slice::from_ref(leaf));
                if of_segment.count().is_multiple_of(1 << 16) {
                    of_segment.write()?;
                }
                Ok(())
            })
            .and_then(|_| of_segment.write())
            .map_err(|error| {
                Error::io("cannot make the hashes again in", of_segment.path(), error)
            })?;
            if is_last {
                (account, sidecar) = (of_account, of_segment);
            } else {
                closed.push(Closed {
                    seal: of_account.seal(&signing.origin, &unsealed.tree),
                    sidecar: of_segment,
                });
            }
        }
        let origin = signing.origin.clone();
        let sealing = Growing::new(places, origin, tree, account, sidecar, closed);
        Ok((sealing, signing))
    }
}

impl Integrity {
    /// The origin of a trail that has none yet.
    pub(crate) fn origin_for(&self, host: Option<&str>, service: &str, trail: &str) -> String {
        if let Some(origin) = &self.origin {
            return origin.clone();
        }
        let plain = |text: &str| -> String {
            text.chars()
                .map(|c| match c {
                    '+' | '/' | '~' => '-',
                    c if c.is_whitespace() || c.is_control() => '-',
                    c => c,
                })
                .take(64)
                .collect()
        };
        let parts = [host.unwrap_or("localhost"), service, trail];
        parts.map(plain).join("/")
    }
}
