//! How much of a value is written, whatever it is: the host's time and the line's length come before completeness.

/// The bounds of one recorded value.
///
/// Beyond a bound nothing is passed on unseen: what is too deep is redacted, what is too long is cut with a mark that
/// says how much is left out.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::Limits;
///
/// let limits = Limits { string_bytes: 1024, ..Limits::default() };
/// assert_eq!((limits.depth, limits.value_bytes), (32, 16 * 1024));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Objects and arrays inside one another: 32. What lies deeper is `***REDACTED***`.
    pub depth: usize,
    /// Bytes kept of one string: 4096. A longer one is cut between characters and ends in `…$truncated(+N bytes)`. The
    /// detectors look past the cut, so that no half of a secret stays before it.
    pub string_bytes: usize,
    /// Bytes of JSON of one parameter: 16 KiB. An object or array that would be longer ends with a member or element
    /// `"$truncated"` that says how many more there are; iterators are not driven further.
    pub value_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 32,
            string_bytes: 4096,
            value_bytes: 16 * 1024,
        }
    }
}

impl Limits {
    /// What a configuration can ask for at most; more than this is cut down to it, because the depth is the host's
    /// stack and the rest has to fit into a line.
    pub(crate) fn bounded(self) -> Self {
        Self {
            depth: self.depth.clamp(1, 64),
            string_bytes: self.string_bytes.clamp(16, 1 << 16),
            value_bytes: self.value_bytes.clamp(64, 1 << 18),
        }
    }
}
