//! The leaves of the lines in a file.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use crate::trail::tree::{Hash, leaves};

const BLOCK: usize = 1 << 20;
/// A line of a trail has at most 64 KiB, and one that somebody else has put there is not much longer.
const LONGEST: usize = 64 << 20;

/// Hands each whole line between these places of the file to `take`: its leaf, and itself with its newline. Gives back
/// where the last of them ends.
pub(super) fn each_line(
    file: &File,
    bytes: Range<u64>,
    mut take: impl FnMut(&Hash, &[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    let mut file = file;
    file.seek(SeekFrom::Start(bytes.start))?;
    let mut reader = file.take(bytes.end - bytes.start);
    let mut block = vec![0; BLOCK];
    let (mut filled, mut at) = (0, bytes.start);
    loop {
        if filled == block.len() {
            if filled >= LONGEST {
                let what = "a line in it is longer than any of a trail";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            block.resize(filled * 2, 0);
        }
        let count = match reader.read(&mut block[filled..]) {
            Ok(0) => return Ok(at),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let searched = filled;
        filled += count;
        let newline = memchr::memrchr(b'\n', &block[searched..filled]);
        let end = newline.map_or(0, |newline| searched + newline + 1);
        let mut start = 0;
        for (line, leaf) in leaves(&block[..end]) {
            let end = start + line.len() + 1;
            take(&leaf, &block[start..end])?;
            start = end;
        }
        at += end as u64;
        block.copy_within(end..filled, 0);
        filled -= end;
    }
}
