//! Composes the JSON line of an event from its record.
//!
//! This runs for every event on the one writer thread, so it only copies: what a callsite and the process always say is
//! rendered once, the caller has already rendered the rest, and numbers are formatted into the line. The reader of
//! these lines is [`Event`](crate::event::model::Event); a test takes lines through both.

use super::MAX_LINE;
use super::digits::{Stamp, push_thousandths, push_u64};
use super::elide::Elided;
use crate::event::record::{Header, Record, Section};
use crate::event::{EventId, SiteText};
use crate::filter::dedup::Repeats;

/// More callsites than any program has.
const MOST_CALLSITES: usize = 1 << 20;
const ANONYMOUS: &[u8] = b"{\"type\":\"anonymous\"}";

/// Makes lines of the records of one process.
#[derive(Debug)]
pub(crate) struct Composer {
    /// `,"system":{... "process_id":7`: the thread, if known, and the closing braces follow.
    system: String,
    /// By callsite id, less one.
    sites: Vec<Option<SiteText>>,
    stamp: Stamp,
}

impl Composer {
    pub(crate) fn new(system: String, sites: Vec<SiteText>) -> Self {
        Self {
            system,
            sites: sites.into_iter().map(Some).collect(),
            stamp: Stamp::default(),
        }
    }

    /// Appends the line of `record`, with its newline, to `out`.
    pub(crate) fn compose(&mut self, record: &Record<'_>, seq: u64, out: &mut Vec<u8>) {
        self.compose_within(MAX_LINE, record, seq, out);
    }

    /// A line of at most so many bytes, its newline not counted.
    fn compose_within(&mut self, most: usize, record: &Record<'_>, seq: u64, out: &mut Vec<u8>) {
        let Self {
            system,
            sites,
            stamp,
        } = self;
        let system = system.as_bytes();
        let site = site(sites, record);
        let stamp = stamp.at(record.header.started_unix_nanos);
        let start = out.len();
        let header = &record.header;
        write_line(out, system, site, header, stamp, seq, |s| record.section(s));
        let length = out.len() - start;
        if length > most {
            out.truncate(start);
            let elided = Elided::to_save(length - most, record);
            write_line(out, system, site, header, stamp, seq, |s| elided.section(s));
        }
        out.push(b'\n');
    }

    /// As [`Composer::compose`], for a line that stands for several events, of which `record` is the last.
    pub(crate) fn compose_repeats(
        &mut self,
        record: &Record<'_>,
        repeats: &Repeats,
        seq: u64,
        out: &mut Vec<u8>,
    ) {
        let mut members = b",\"repeated\":".to_vec();
        push_u64(&mut members, repeats.count);
        let mut stamp = Stamp::default();
        members.extend_from_slice(b",\"first_timestamp\":\"");
        members.extend_from_slice(stamp.at(repeats.first_unix_nanos));
        members.extend_from_slice(b"\",\"last_timestamp\":\"");
        members.extend_from_slice(stamp.at(repeats.last_unix_nanos));
        members.extend_from_slice(b"\",\"repeat_of\":\"");
        members.extend_from_slice(&repeats.of.encode());
        members.push(b'"');
        self.compose_within(MAX_LINE - members.len(), record, seq, out);
        let end = out.len() - b"}\n".len();
        out.splice(end..end, members);
    }
}

/// What the record's callsite says; noted when it is first met.
fn site<'a>(sites: &'a mut Vec<Option<SiteText>>, record: &Record<'_>) -> &'a SiteText {
    // Ids are dense and given out by the registry, so the vector is as long as there are callsites. A record that was
    // damaged and still passed for one must not make it longer.
    let index = match record.header.callsite as usize {
        id if id <= MOST_CALLSITES => id.saturating_sub(1),
        _ => MOST_CALLSITES,
    };
    if sites.len() <= index {
        sites.resize(index + 1, None);
    }
    sites[index].get_or_insert_with(|| {
        SiteText::from_section(record.section(Section::Site)).unwrap_or_else(SiteText::unknown)
    })
}

/// The line without its newline; the order of members is part of the format.
fn write_line<'a>(
    out: &mut Vec<u8>,
    system: &[u8],
    site: &SiteText,
    header: &Header,
    stamp: &[u8],
    seq: u64,
    section: impl Fn(Section) -> &'a [u8],
) {
    out.extend_from_slice(b"{\"event_id\":\"");
    out.extend_from_slice(&header.id.encode());
    out.extend_from_slice(b"\",\"timestamp\":\"");
    out.extend_from_slice(stamp);
    out.extend_from_slice(b"\",\"version\":\"1.0.0\",\"seq\":");
    push_u64(out, seq);
    out.extend_from_slice(b",\"actor\":");
    let actor = section(Section::Actor);
    out.extend_from_slice(if actor.is_empty() { ANONYMOUS } else { actor });

    out.extend_from_slice(site.action.as_bytes());
    out.extend_from_slice(section(Section::Parameters));
    out.extend_from_slice(b"},\"result\":{\"status\":\"");
    out.extend_from_slice(header.status.as_str().as_bytes());
    out.push(b'"');
    push_member(out, b",\"value\":", section(Section::ResultValue), b"");
    out.push(b'}');
    push_member(out, b",\"changes\":{", section(Section::Changes), b"}");
    out.push(b'}');

    push_member(out, b",\"resource\":", section(Section::Resource), b"");
    push_member(out, b",\"error\":{", section(Section::Error), b"}");
    let attempt = section(Section::Attempt)
        .try_into()
        .map(EventId::from_bytes);
    push_context(out, section(Section::Context), header.parent, attempt.ok());
    push_performance(
        out,
        header.took_nanos,
        header.slow,
        section(Section::Checkpoints),
    );

    out.extend_from_slice(system);
    push_member(out, b",\"thread\":", section(Section::Thread), b"");
    out.extend_from_slice(b"}}");
    out.extend_from_slice(site.source.as_bytes());
    push_member(out, b",\"custom\":{", section(Section::Custom), b"}");
    push_member(
        out,
        b",\"redactions\":{",
        section(Section::Redactions),
        b"}",
    );
    out.push(b'}');
}

/// Nothing at all if there is no value: absent means absent.
fn push_member(out: &mut Vec<u8>, before: &[u8], value: &[u8], after: &[u8]) {
    if !value.is_empty() {
        out.extend_from_slice(before);
        out.extend_from_slice(value);
        out.extend_from_slice(after);
    }
}

fn push_context(
    out: &mut Vec<u8>,
    members: &[u8],
    parent: Option<EventId>,
    attempt: Option<EventId>,
) {
    if members.is_empty() && parent.is_none() && attempt.is_none() {
        return;
    }
    out.extend_from_slice(b",\"context\":{");
    out.extend_from_slice(members);
    let mut comma = !members.is_empty();
    for (name, id) in [("parent_id", parent), ("attempt_id", attempt)] {
        let Some(id) = id else { continue };
        if comma {
            out.push(b',');
        }
        comma = true;
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":\"");
        out.extend_from_slice(&id.encode());
        out.push(b'"');
    }
    out.push(b'}');
}

fn push_performance(out: &mut Vec<u8>, took_nanos: u64, slow: bool, checkpoints: &[u8]) {
    let micros = took_nanos / 1000 + u64::from(took_nanos % 1000 >= 500);
    out.extend_from_slice(b",\"performance\":{\"duration_ms\":");
    push_thousandths(out, micros);
    out.extend_from_slice(if slow {
        b",\"slow_query\":true".as_slice()
    } else {
        b",\"slow_query\":false".as_slice()
    });
    push_member(out, b",\"checkpoints\":[", checkpoints, b"]");
    out.push(b'}');
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
