//! The text of a checkpoint: origin, size and root, a line each.

use super::base64;
use super::note::NoteError;
use super::vkey::check_key_name;
use crate::trail::tree::Hash;

/// The trail at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Which trail it is: a name that no other trail has.
    pub(crate) origin: String,
    /// The number of events.
    pub(crate) size: u64,
    /// The root of the tree over them.
    pub(crate) root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub(crate) fn text(&self) -> String {
        let Self { origin, size, root } = self;
        format!("{origin}\n{size}\n{}\n", base64::encode(root))
    }

    /// Reads the text of a note. Lines behind the root are extensions that others may have added; they mean nothing here.
    pub(crate) fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = |what| NoteError::malformed(format!("the checkpoint has {what}"));
        let text = text
            .strip_suffix('\n')
            .ok_or_else(|| malformed("no newline at its end"))?;
        let mut lines = text.split('\n');
        let mut next = || lines.next().filter(|line| !line.is_empty());
        let origin = next().ok_or_else(|| malformed("no origin"))?.to_owned();
        let size = next()
            .and_then(parse_size)
            .ok_or_else(|| malformed("no size in its second line"))?;
        let root = next()
            .and_then(base64::decode)
            .and_then(|root| root.try_into().ok())
            .ok_or_else(|| malformed("no root of 32 bytes in its third line"))?;
        if lines.any(str::is_empty) {
            return Err(malformed("an empty line"));
        }
        Ok(Self { origin, size, root })
    }
}

/// A decimal number as it is written: no sign, no zeros in front.
fn parse_size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text).then_some(size)
}

/// Why this cannot be the origin of a trail, if so. It is the name of the key as well, which may not have some
/// characters.
pub(crate) fn check_origin(origin: &str) -> Result<(), &'static str> {
    if origin.len() > 255 {
        return Err("an origin has at most 255 bytes");
    }
    check_key_name(origin)
}
