//! The number that a line says it has, found without parsing it.

use memchr::memmem;

const KEY: &[u8] = b"\"seq\":";
/// In a line of ours the number stands before this.
const HEAD: usize = 256;

/// Finds numbers; it looks first where the last one was.
#[derive(Default)]
pub(in crate::trail) struct Seq {
    at: usize,
}

impl Seq {
    /// The number of a line; `None` if it has none at the place where ours have it.
    pub(in crate::trail) fn of(&mut self, line: &[u8]) -> Option<u64> {
        let digits = match line.get(self.at..).and_then(|rest| rest.strip_prefix(KEY)) {
            Some(digits) if self.at > 0 => digits,
            _ => {
                self.at = memmem::find(&line[..line.len().min(HEAD)], KEY)?;
                &line[self.at + KEY.len()..]
            }
        };
        let mut value: u64 = 0;
        for byte in digits {
            if !byte.is_ascii_digit() {
                break;
            }
            value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
        }
        Some(value)
    }
}
