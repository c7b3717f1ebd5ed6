//! Composes the JSON line of an event from its record.
//!
//! This runs for every event on the one writer thread, so it only copies: what a callsite and the process always say is
//! rendered once, the caller has already rendered the rest, and numbers are formatted into the line. The reader of
//! these lines is [`Event`](crate::event::model::Event); a test takes lines through both.

use super::digits::{Stamp, push_thousandths, push_u64};
use super::elide::Elided;
use super::{MAX_LINE, System};
use crate::event::record::{Header, Record, Section};
use crate::event::{Callsite, EventId};
use crate::filter::dedup::Repeats;

/// No literal of a program and no name of a host is longer than this in a line, so that what cannot be elided always
/// leaves room for what can.
const MAX_LITERAL: usize = 1024;
const ANONYMOUS: &[u8] = b"{\"type\":\"anonymous\"}";

/// Makes lines of records.
#[derive(Debug)]
pub(crate) struct Composer {
    /// `,"system":{... "process_id":7`: the thread, if known, and the closing braces follow.
    system: Vec<u8>,
    /// By callsite id.
    sites: Vec<Option<Site>>,
    stamp: Stamp,
}

/// What every line of one callsite has in common.
#[derive(Debug)]
struct Site {
    /// `,"action":{"type":... "parameters":{`
    action: Vec<u8>,
    /// `,"source":{...}`
    source: Vec<u8>,
}

impl Composer {
    pub(crate) fn new(system: System) -> Self {
        let mut text = b",\"system\":{\"service\":".to_vec();
        push_literal(&mut text, &system.service);
        text.extend_from_slice(b",\"host\":{");
        if let Some(hostname) = &system.hostname {
            text.extend_from_slice(b"\"hostname\":");
            push_literal(&mut text, hostname);
            text.push(b',');
        }
        text.extend_from_slice(b"\"os\":");
        push_literal(&mut text, system.os);
        text.extend_from_slice(b"},\"runtime\":{\"rust_version\":");
        push_literal(&mut text, system.rust_version);
        text.extend_from_slice(b",\"process_id\":");
        push_u64(&mut text, u64::from(system.process_id));
        Self {
            system: text,
            sites: Vec::new(),
            stamp: Stamp::default(),
        }
    }

    /// Appends the line of `record`, with its newline, to `out`.
    pub(crate) fn compose(
        &mut self,
        record: &Record<'_>,
        callsite: &'static Callsite,
        seq: u64,
        out: &mut Vec<u8>,
    ) {
        self.compose_within(MAX_LINE, record, callsite, seq, out);
    }

    /// A line of at most so many bytes, its newline not counted.
    fn compose_within(
        &mut self,
        most: usize,
        record: &Record<'_>,
        callsite: &'static Callsite,
        seq: u64,
        out: &mut Vec<u8>,
    ) {
        let Self {
            system,
            sites,
            stamp,
        } = self;
        let site = site(sites, callsite);
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
    #[cfg_attr(not(test), expect(dead_code, reason = "the writer does not fold yet"))]
    pub(crate) fn compose_repeats(
        &mut self,
        record: &Record<'_>,
        repeats: &Repeats,
        callsite: &'static Callsite,
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
        self.compose_within(MAX_LINE - members.len(), record, callsite, seq, out);
        let end = out.len() - b"}\n".len();
        out.splice(end..end, members);
    }
}

/// The rendered pieces of a callsite, made when it is first met.
fn site<'a>(sites: &'a mut Vec<Option<Site>>, callsite: &'static Callsite) -> &'a Site {
    // Ids are dense and given out by the registry, so the vector is as long as there are callsites.
    let index = callsite.id() as usize;
    if sites.len() <= index {
        sites.resize_with(index + 1, || None);
    }
    sites[index].get_or_insert_with(|| Site::of(callsite))
}

impl Site {
    fn of(callsite: &Callsite) -> Self {
        let mut action = b",\"action\":{\"type\":".to_vec();
        push_literal(&mut action, callsite.action.as_str());
        action.extend_from_slice(b",\"category\":");
        push_literal(&mut action, callsite.category.as_str());
        action.extend_from_slice(b",\"operation\":");
        push_literal(&mut action, callsite.operation);
        action.extend_from_slice(b",\"parameters\":{");
        let mut source = b",\"source\":{\"module\":".to_vec();
        push_literal(&mut source, callsite.module);
        source.extend_from_slice(b",\"file\":");
        push_literal(&mut source, callsite.file);
        source.extend_from_slice(b",\"line\":");
        push_u64(&mut source, u64::from(callsite.line));
        source.extend_from_slice(b",\"schema\":");
        push_literal(&mut source, &callsite.schema());
        source.push(b'}');
        Self { action, source }
    }
}

/// The line without its newline; the order of members is part of the format.
fn write_line<'a>(
    out: &mut Vec<u8>,
    system: &[u8],
    site: &Site,
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

    out.extend_from_slice(&site.action);
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
    push_context(out, section(Section::Context), header.parent);
    push_performance(
        out,
        header.took_nanos,
        header.slow,
        section(Section::Checkpoints),
    );

    out.extend_from_slice(system);
    push_member(out, b",\"thread\":", section(Section::Thread), b"");
    out.extend_from_slice(b"}}");
    out.extend_from_slice(&site.source);
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

fn push_context(out: &mut Vec<u8>, members: &[u8], parent: Option<EventId>) {
    if members.is_empty() && parent.is_none() {
        return;
    }
    out.extend_from_slice(b",\"context\":{");
    out.extend_from_slice(members);
    if let Some(parent) = parent {
        if !members.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(b"\"parent_id\":\"");
        out.extend_from_slice(&parent.encode());
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

/// A JSON string of a text that is not an argument: a name in the program, of the service, of the host.
fn push_literal(out: &mut Vec<u8>, text: &str) {
    let start = out.len();
    let mut end = text.len();
    loop {
        // Writing into a vector does not fail.
        let _ = serde_json::to_writer(&mut *out, &text[..end]);
        if out.len() - start <= MAX_LITERAL {
            return;
        }
        out.truncate(start);
        end /= 2;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
