//! A text as the blocks that are hashed.

pub(super) const BLOCK: usize = 64;

/// A text with its first byte and its padding (section 5.1.1), in blocks.
pub(super) struct Message<'t> {
    text: &'t [u8],
    first: [u8; BLOCK],
    /// The last block, or the last two.
    end: [u8; 2 * BLOCK],
    /// Blocks of the text alone.
    whole: usize,
    pub(super) blocks: usize,
}

impl<'t> Message<'t> {
    #[inline(always)]
    pub(super) fn new(prefix: u8, text: &'t [u8]) -> Self {
        let length = text.len() + 1;
        let whole = length / BLOCK;
        // A byte for the bit, eight for the length.
        let blocks = (length + 9).div_ceil(BLOCK);
        let mut first = [prefix; BLOCK];
        let mut end = [0; 2 * BLOCK];
        end[0] = prefix;
        let rest = match whole {
            0 => text,
            _ => {
                first[1..].copy_from_slice(&text[..BLOCK - 1]);
                &text[whole * BLOCK - 1..]
            }
        };
        let start = usize::from(whole == 0);
        end[start..start + rest.len()].copy_from_slice(rest);
        end[start + rest.len()] = 0x80;
        let bits = (length as u64).wrapping_mul(8);
        let last = (blocks - whole) * BLOCK;
        end[last - 8..last].copy_from_slice(&bits.to_be_bytes());
        Self {
            text,
            first,
            end,
            whole,
            blocks,
        }
    }

    #[inline(always)]
    pub(super) fn block(&self, index: usize) -> &[u8; BLOCK] {
        let found = if index >= self.whole {
            self.end[(index - self.whole) * BLOCK..].first_chunk()
        } else if index > 0 {
            self.text[index * BLOCK - 1..].first_chunk()
        } else {
            None
        };
        found.unwrap_or(&self.first)
    }
}
