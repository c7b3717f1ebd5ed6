//! The text of a proof, as <https://c2sp.org/tlog-proof> has it.

use std::fmt;

use base64ct::{Base64, Encoding as _};

use crate::Error;
use crate::trail::tree::Hash;

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2⁶⁴ leaves is no higher.
const MOST_HASHES: usize = 64;

/// The proof that an event stands at its place in a trail: it is printed as the text of a `.tlog-proof` file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// The number of the event.
    pub index: u64,
    /// From its leaf upwards, the hashes from which the root follows.
    pub(super) hashes: Vec<Hash>,
    /// The checkpoint that is signed, a whole note.
    pub checkpoint: String,
    /// The line of the event without its newline. It is not a part of the text: who is to check the proof gets it with it.
    pub event: Vec<u8>,
    /// Where retention has removed the line, a sentence that says so: `event` is empty then, and the proof is of the hash
    /// of the line, for who still has it.
    pub gone: Option<String>,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nindex {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", Base64::encode_string(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(fuzzing)]
impl Proof {
    /// Of an event among others, by the leaves of all of them.
    pub(in crate::trail) fn of(
        index: u64,
        leaves: &[Hash],
        checkpoint: String,
        event: Vec<u8>,
    ) -> Self {
        let size = leaves.len() as u64;
        let Ok(hashes) = crate::trail::tree::inclusion(index, size, &mut &*leaves);
        Self {
            gone: None,
            index,
            hashes: hashes.unwrap_or_default(),
            checkpoint,
            event,
        }
    }
}

/// A proof that has been read and not checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parsed<'t> {
    pub(super) index: u64,
    pub(super) hashes: Vec<Hash>,
    pub(super) checkpoint: &'t str,
}

pub(super) fn parse(text: &str) -> Result<Parsed<'_>, Error> {
    let malformed = |what: &str| Error::trail(format!("this is no tlog-proof: {what}"));
    let (head, checkpoint) = text
        .split_once("\n\n")
        .ok_or_else(|| malformed("it has no empty line before the checkpoint"))?;
    let mut lines = head.split('\n').peekable();
    if lines.next() != Some(HEADER) {
        return Err(malformed(&format!("its first line is not {HEADER}")));
    }
    // Something for other applications, that means nothing here.
    lines.next_if(|line| line.starts_with("extra "));
    let index = lines
        .next()
        .and_then(|line| line.strip_prefix("index "))
        .and_then(|text| Some((text.parse::<u64>().ok()?, text)))
        .filter(|(index, text)| index.to_string() == *text)
        .ok_or_else(|| malformed("it has no index"))?
        .0;
    let mut hashes = Vec::new();
    for line in lines {
        let hash = Base64::decode_vec(line).ok();
        let hash = hash.and_then(|bytes| Hash::try_from(bytes).ok());
        hashes.push(hash.ok_or_else(|| malformed("one of its hashes is none"))?);
        if hashes.len() > MOST_HASHES {
            return Err(malformed("it has more hashes than any tree is high"));
        }
    }
    Ok(Parsed {
        index,
        hashes,
        checkpoint,
    })
}
