//! The form in which an event crosses from the calling thread to the writer: a small binary header, then sections of
//! JSON (two are not) that the caller has sanitized and written once. Writer and reader of it stand here side by side.
//!
//! ```text
//! callsite u32 | status u8 | flags u8 | event id 16 | parent id 16 | started u64 | took u64 | { tag u8 | len u32 | bytes }*
//! ```
//!
//! Integers are little-endian. `started` is nanoseconds since the Unix epoch, `took` nanoseconds.

use super::{EventId, Status};

/// What stands in a section. The bytes are JSON, ready to be put into the line as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Section {
    /// Members of `action.parameters`, without the braces: `"sql":"select 1","user_id":7`.
    Parameters = 1,
    /// The value of `action.result.value`.
    ResultValue = 2,
    /// Members of `error`, without the braces.
    Error = 3,
    /// The value of `actor`, an object.
    Actor = 4,
    /// The value of `resource`, an object.
    Resource = 5,
    /// Members of `context`, without the braces; `parent_id` comes from the header.
    Context = 6,
    /// Members of `custom`, without the braces.
    Custom = 7,
    /// The value of `system.runtime.thread`, a string.
    Thread = 8,
    /// Members of `redactions`, without the braces.
    Redactions = 9,
    /// Members of `action.changes`, without the braces.
    Changes = 10,
    /// Elements of `performance.checkpoints`, without the brackets.
    Checkpoints = 11,
    /// The parts of a line that the callsite always says, as [`SiteText`](super::SiteText) puts them into one; where a
    /// reader in another process has no other way to know them.
    Site = 12,
    /// The 16 bytes of the id of the event that announced the call: `context.attempt_id`.
    Attempt = 13,
}

impl Section {
    pub(crate) const ALL: [Self; 13] = [
        Self::Parameters,
        Self::ResultValue,
        Self::Error,
        Self::Actor,
        Self::Resource,
        Self::Context,
        Self::Custom,
        Self::Thread,
        Self::Redactions,
        Self::Changes,
        Self::Checkpoints,
        Self::Site,
        Self::Attempt,
    ];
}

/// The fixed part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) callsite: u32,
    pub(crate) status: Status,
    /// Whether the call took at least its threshold.
    pub(crate) slow: bool,
    pub(crate) id: EventId,
    pub(crate) parent: Option<EventId>,
    pub(crate) started_unix_nanos: u64,
    pub(crate) took_nanos: u64,
}

const SLOW: u8 = 1;
const HAS_PARENT: u8 = 2;
const HEADER_LEN: usize = 4 + 1 + 1 + 16 + 16 + 8 + 8;

impl Header {
    /// Appends the header to `out`; the sections follow by [`push_section`].
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_bytes());
    }

    #[inline]
    fn to_bytes(self) -> [u8; HEADER_LEN] {
        let mut flags = 0;
        if self.slow {
            flags |= SLOW;
        }
        if self.parent.is_some() {
            flags |= HAS_PARENT;
        }
        let mut bytes = [0; HEADER_LEN];
        bytes[..4].copy_from_slice(&self.callsite.to_le_bytes());
        bytes[4] = self.status as u8;
        bytes[5] = flags;
        bytes[6..22].copy_from_slice(self.id.as_bytes());
        if let Some(parent) = &self.parent {
            bytes[22..38].copy_from_slice(parent.as_bytes());
        }
        bytes[38..46].copy_from_slice(&self.started_unix_nanos.to_le_bytes());
        bytes[46..].copy_from_slice(&self.took_nanos.to_le_bytes());
        bytes
    }
}

const SECTION_HEAD: usize = 5;

/// Where the parameters begin in a record that is begun by [`open`].
pub(crate) const PARAMETERS_AT: usize = HEADER_LEN + SECTION_HEAD;

/// Makes of `out` a record without header, whose parameters follow: they are known before all else, so they are written
/// where they are to stand.
#[inline]
pub(crate) fn open(out: &mut Vec<u8>) {
    if out.len() >= PARAMETERS_AT {
        out.truncate(PARAMETERS_AT);
    } else {
        out.resize(PARAMETERS_AT, 0);
    }
}

/// Ends the parameters of a record that was begun by [`open`], and puts the header before them; other sections follow
/// by [`push_section`].
#[inline]
pub(crate) fn close_parameters(out: &mut [u8], header: &Header) {
    let length = out.len().saturating_sub(PARAMETERS_AT);
    if let Some(head) = out.first_chunk_mut::<PARAMETERS_AT>() {
        let (place, section) = head.split_at_mut(HEADER_LEN);
        place.copy_from_slice(&header.to_bytes());
        section.copy_from_slice(&section_head(Section::Parameters, length));
    }
}

/// Appends a section to a record; an empty one is left out.
#[inline]
pub(crate) fn push_section(out: &mut Vec<u8>, section: Section, json: &[u8]) {
    if !json.is_empty() {
        push_filled(out, section, json);
    }
}

/// Appends the section that `write` writes; none if it writes nothing.
#[inline]
pub(crate) fn write_section(out: &mut Vec<u8>, section: Section, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; SECTION_HEAD]);
    let begin = out.len();
    write(out);
    let length = out.len() - begin;
    if length == 0 {
        out.truncate(start);
    } else if let Some(place) = out.get_mut(start..begin) {
        place.copy_from_slice(&section_head(section, length));
    }
}

#[inline]
fn section_head(section: Section, length: usize) -> [u8; SECTION_HEAD] {
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    [section as u8, a, b, c, d]
}

fn push_filled(out: &mut Vec<u8>, section: Section, json: &[u8]) {
    out.reserve(SECTION_HEAD + json.len());
    out.extend_from_slice(&section_head(section, json.len()));
    out.extend_from_slice(json);
}

/// A record read back.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    pub(crate) header: Header,
    sections: [&'a [u8]; Section::ALL.len()],
}

impl<'a> Record<'a> {
    /// Reads what [`Header::write`] and [`push_section`] wrote; `None` if the bytes are not such a record.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, mut rest) = bytes.split_at_checked(HEADER_LEN)?;
        let flags = header[5];
        let header = Header {
            callsite: u32::from_le_bytes(header[..4].try_into().ok()?),
            status: Status::from_byte(header[4])?,
            slow: flags & SLOW != 0,
            id: EventId::from_bytes(header[6..22].try_into().ok()?),
            parent: if flags & HAS_PARENT != 0 {
                Some(EventId::from_bytes(header[22..38].try_into().ok()?))
            } else {
                None
            },
            started_unix_nanos: u64::from_le_bytes(header[38..46].try_into().ok()?),
            took_nanos: u64::from_le_bytes(header[46..54].try_into().ok()?),
        };
        let mut sections: [&[u8]; Section::ALL.len()] = [&[]; Section::ALL.len()];
        while let Some((&tag, after)) = rest.split_first() {
            let (len, after) = after.split_at_checked(4)?;
            let len = usize::try_from(u32::from_le_bytes(len.try_into().ok()?)).ok()?;
            let (json, after) = after.split_at_checked(len)?;
            *sections.get_mut(usize::from(tag).checked_sub(1)?)? = json;
            rest = after;
        }
        Some(Self { header, sections })
    }

    /// The event that announced the call.
    pub(crate) fn attempt(&self) -> Option<EventId> {
        let bytes = self.section(Section::Attempt).try_into().ok()?;
        Some(EventId::from_bytes(bytes))
    }

    /// The JSON of a section; empty if the record has none.
    pub(crate) fn section(&self, section: Section) -> &'a [u8] {
        self.sections[section as usize - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            callsite: 7,
            status: Status::Panic,
            slow: true,
            id: EventId::new(5_000_000),
            parent: Some(EventId::new(4_000_000)),
            started_unix_nanos: 5_000_000,
            took_nanos: 99,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut bytes = Vec::new();
        let header = header();
        header.write(&mut bytes);
        push_section(&mut bytes, Section::Thread, b"\"main\"");
        push_section(&mut bytes, Section::Parameters, b"\"a\":1");
        push_section(&mut bytes, Section::Custom, b"");
        let record = Record::read(&bytes).unwrap();
        assert_eq!(record.header, header);
        assert_eq!(record.section(Section::Parameters), b"\"a\":1");
        assert_eq!(record.section(Section::Thread), b"\"main\"");
        assert_eq!(record.section(Section::Custom), b"");
    }

    #[test]
    fn a_record_that_was_opened_is_as_one_that_was_written_in_a_row() {
        let mut opened = vec![7; 200];
        let header = header();
        for parameters in ["\"a\":1", "", "\"b\":[2,3]"] {
            open(&mut opened);
            opened.extend_from_slice(parameters.as_bytes());
            close_parameters(&mut opened, &header);
            push_section(&mut opened, Section::Thread, b"\"main\"");
            let record = Record::read(&opened).unwrap();
            assert_eq!(record.header, header);
            assert_eq!(record.section(Section::Parameters), parameters.as_bytes());
            assert_eq!(record.section(Section::Thread), b"\"main\"");
        }
    }

    #[test]
    fn cut_or_foreign_bytes_are_no_record() {
        let mut bytes = Vec::new();
        header().write(&mut bytes);
        push_section(&mut bytes, Section::Parameters, b"\"a\":1");
        for end in (0..HEADER_LEN).chain(HEADER_LEN + 1..bytes.len()) {
            assert!(Record::read(&bytes[..end]).is_none(), "{end}");
        }
        let tag = HEADER_LEN;
        for foreign in [0, 14, 255] {
            bytes[tag] = foreign;
            assert!(Record::read(&bytes).is_none());
        }
    }
}
