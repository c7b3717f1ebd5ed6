//! Event ids: UUID version 7 (RFC 9562, section 5.7), made by the calling thread.

use std::fmt;
use std::str::FromStr;

use crate::random;

/// The id of one event: a UUID version 7, so ids sort by the time the call began.
///
/// The caller makes it, not the writer: an id made later would differ after a crash, and the event would be written
/// twice.
///
/// # Examples
///
/// ```
/// use vigil::EventId;
///
/// let id: EventId = "01934f3c-6a1b-7def-8123-456789abcdef".parse()?;
/// assert_eq!(id.to_string(), "01934f3c-6a1b-7def-8123-456789abcdef");
/// assert_eq!(id.unix_millis(), 0x0193_4f3c_6a1b);
/// # Ok::<(), vigil::ParseEventIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

/// Where the digits of each byte stand in the text form.
const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// The digits of each byte, since the writer of the trail spells an id for every line.
static HEX: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

impl EventId {
    /// A new id for something that began at `unix_nanos`.
    ///
    /// 48 bits of milliseconds, 12 bits of the fraction of the millisecond (RFC 9562, section 6.2, method 3), and 62
    /// bits of the thread's own random sequence, so no system call is made for an event.
    #[must_use]
    pub fn new(unix_nanos: u64) -> Self {
        let millis = unix_nanos / 1_000_000;
        let fraction = (unix_nanos % 1_000_000) * 4096 / 1_000_000;
        let high = u128::from(millis << 16 | 0x7000 | fraction);
        let low = 0x8000_0000_0000_0000 | random::next() >> 2;
        Self((high << 64 | u128::from(low)).to_be_bytes())
    }

    /// An id from its 16 bytes, as written by [`EventId::as_bytes`].
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes in network order.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Milliseconds since the Unix epoch at which the event began.
    #[must_use]
    pub fn unix_millis(&self) -> u64 {
        self.0[..6]
            .iter()
            .fold(0, |millis, byte| millis << 8 | u64::from(*byte))
    }

    /// The 36 characters of the text form, without allocating.
    pub(crate) fn encode(&self) -> [u8; 36] {
        let mut text = [b'-'; 36];
        for (byte, at) in self.0.iter().zip(PLACES) {
            text[at..at + 2].copy_from_slice(&HEX[usize::from(*byte)]);
        }
        text
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.encode()).unwrap_or_default())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventId({self})")
    }
}

/// The text is not a UUID in its hyphenated form of 36 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseEventIdError(());

impl fmt::Display for ParseEventIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event id is a hyphenated UUID of 36 characters")
    }
}

impl std::error::Error for ParseEventIdError {}

impl FromStr for EventId {
    type Err = ParseEventIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.as_bytes();
        let mut bytes = [0; 16];
        let mut at = 0;
        if text.len() != 36 {
            return Err(ParseEventIdError(()));
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                if text[at] != b'-' {
                    return Err(ParseEventIdError(()));
                }
                at += 1;
            }
            let high = char::from(text[at])
                .to_digit(16)
                .ok_or(ParseEventIdError(()))?;
            let low = char::from(text[at + 1])
                .to_digit(16)
                .ok_or(ParseEventIdError(()))?;
            *byte = (high << 4 | low) as u8;
            at += 2;
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for EventId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for EventId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_id_is_a_version_7_uuid_of_its_time() {
        let id = EventId::new(1_795_435_200_123_999_999);
        let text = id.to_string();
        assert_eq!(id.unix_millis(), 1_795_435_200_123);
        assert_eq!(&text[14..15], "7");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn ids_of_several_threads_at_one_instant_all_differ() {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                std::thread::spawn(|| (0..20_000).map(|_| EventId::new(1)).collect::<Vec<_>>())
            })
            .collect();
        let ids: Vec<_> = threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 80_000);
    }

    #[test]
    fn text_that_is_no_uuid_is_refused() {
        for text in [
            "",
            "01934f3c6a1b7def8123456789abcdef",
            "01934f3c-6a1b-7def-8123-456789abcdeg",
            "é1934f3c-6a1b-7def-8123-456789abcde",
        ] {
            assert!(text.parse::<EventId>().is_err(), "{text}");
        }
    }
}
