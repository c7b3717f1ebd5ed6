//! What the thread that signs does, one thing after the other.

use std::io;
use std::path::Path;

use crate::disk::replace_file;
use crate::engine::Role;
use crate::engine::monitor::Proof;
use crate::engine::system_events::{self, KEY_ROTATED};
use crate::error::Error;
use crate::event::Status;
use crate::trail::checkpoint::{Checkpoint, VerifierKey, sign};
use crate::trail::evidence::{Checkpoints, SealFile};
use crate::trail::keys::{SignError, Signer, Untold};
use crate::trail::{Closed, Signing, Tree};

pub(in crate::engine) struct Signatory {
    signing: Signing,
    checkpoints: Checkpoints,
    /// By which checkpoints were signed since the last seal.
    signed_by: Vec<VerifierKey>,
}

impl Signatory {
    pub(in crate::engine) fn new(signing: Signing) -> Self {
        Self {
            checkpoints: Checkpoints::new(&signing.places),
            signed_by: vec![signing.keys.current.clone()],
            signing,
        }
    }

    pub(super) fn proof(&self) -> Proof {
        Proof {
            origin: self.signing.origin.clone(),
            verifier_key: self.signing.keys.current.to_string(),
        }
    }

    /// Signs a checkpoint and keeps it.
    pub(in crate::engine) fn sign(&mut self, tree: Tree) -> Result<(), Error> {
        let signer = self.signing.keys.signer.clone();
        self.sign_by(tree, &[&*signer])?;
        let Signing { keys, places, .. } = &mut self.signing;
        if keys.epochs.last() == Some(&keys.current) {
            return Ok(());
        }
        // The first by this key. That the trail is signed must not be known before there is a checkpoint that stays.
        let kept = self
            .checkpoints
            .sync()
            .and_then(|()| keys.begin_epoch(places));
        kept.map_err(|error| Error::io("cannot keep the verifier keys in", &places.epochs(), error))
    }

    fn sign_by(&self, tree: Tree, signers: &[&dyn Signer]) -> Result<(), Error> {
        let checkpoint = Checkpoint {
            origin: self.signing.origin.clone(),
            size: tree.size,
            root: tree.root,
        };
        let note = sign(&checkpoint.text(), signers).map_err(not_signed)?;
        let path = self.signing.places.checkpoints();
        self.checkpoints
            .add(&note)
            .map_err(|error| Error::io("cannot keep the checkpoint in", &path, error))
    }

    /// Seals a segment, of which all checkpoints have been signed.
    pub(in crate::engine) fn seal(&mut self, closed: &mut Closed) -> Result<(), Error> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| Error::io("cannot seal the segment in", &path, error)
        };
        let path = closed.sidecar.path().to_owned();
        closed.sidecar.sync().map_err(failed(&path))?;
        self.checkpoints
            .sync()
            .map_err(failed(&self.signing.places.checkpoints()))?;
        let mut seal = closed.seal.clone();
        seal.previous = self.signing.last_seal;
        seal.keys = self.signed_by.iter().map(ToString::to_string).collect();
        let path = self.signing.places.seal(&seal.segment);
        let written = || -> Result<SealFile, SignError> {
            let mut file = SealFile::new(seal)?;
            file.sign(&[&*self.signing.keys.signer])?;
            Ok(file)
        };
        let file = written().map_err(not_signed)?;
        let text = file
            .to_text()
            .map_err(|error| failed(&path)(error.into()))?;
        replace_file(&path, text.as_bytes()).map_err(failed(&path))?;
        self.signing.last_seal = Some(file.hash());
        self.signed_by = vec![self.signing.keys.current.clone()];
        Ok(())
    }

    /// Makes a new key, and lets the old one sign for it. The trail is to tell of it, and then that it
    /// [has](Untold::is_told).
    pub(in crate::engine) fn rotate(&mut self, tree: Tree) -> Result<Untold, Error> {
        let keys = &self.signing.keys;
        if keys.epochs.last() != Some(&keys.current) {
            // Nobody knows the old key yet, so nobody would believe what it says of the new one.
            self.sign(tree)?;
        }
        let dir = self.signing.places.keys_dir();
        let io = |error: io::Error| Error::io("cannot change the signing key in", &dir, error);
        let Signing { places, keys, .. } = &self.signing;
        let next = keys.make_next(places).map_err(io)?;
        let untold = next
            .verifier_key()
            .map(|new| Untold::new(&keys.current, &new, tree.size))
            .map_err(io)?;
        untold.keep(places).map_err(io)?;
        // From here on the new key is known by a signature of the old one.
        self.sign_by(tree, &[&*keys.signer, &next])?;
        self.checkpoints.sync().map_err(io)?;
        self.signing
            .keys
            .take_over(&self.signing.places, next)
            .map_err(io)?;
        self.signed_by.push(self.signing.keys.current.clone());
        Ok(untold)
    }

    /// As [`rotate`](Self::rotate); tells of it by the journal.
    pub(super) fn rotate_and_tell(&mut self, tree: Tree) -> Result<(), Error> {
        let parameters = self.rotate(tree)?.parameters();
        // It may wait for room, which others make. Without this event the keys of the trail would not be told by itself.
        Role::Caller.during(|| system_events::submit(&KEY_ROTATED, Status::Success, &parameters));
        // In the journal it is kept from whatever becomes of this process.
        Untold::is_told(&self.signing.places).map_err(|error| {
            Error::io(
                "the key was changed, and cannot remove",
                &self.signing.places.untold_rotation(),
                error,
            )
        })
    }
}

fn not_signed(error: SignError) -> Error {
    Error::trail(format!(
        "the trail could not be signed ({error}): events go on into it, and the next checkpoint will cover them"
    ))
}
