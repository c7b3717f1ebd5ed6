//! Composes the JSON line of an event from its record.
//!
//! This runs for every event on the one writer thread, so it only copies: what a callsite and the process always say is
//! rendered once, the caller has already rendered the rest, and numbers are formatted into the line. The reader of
//! these lines is [`Event`](crate::event::model::Event); a test takes lines through both.

use super::elide::Elided;
use super::{MAX_LINE, System};
use crate::event::record::{Header, Record, Section};
use crate::event::{Callsite, EventId};

/// The version of the event format, `version` in every line.
const VERSION: &str = "1.0.0";
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
        let Self { system, sites } = self;
        let site = site(sites, callsite);
        let start = out.len();
        let header = &record.header;
        write_line(out, system, site, header, seq, |s| record.section(s));
        let length = out.len() - start;
        if length > MAX_LINE {
            out.truncate(start);
            let elided = Elided::to_save(length - MAX_LINE, record);
            write_line(out, system, site, header, seq, |s| elided.section(s));
        }
        out.push(b'\n');
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
    seq: u64,
    section: impl Fn(Section) -> &'a [u8],
) {
    out.extend_from_slice(b"{\"event_id\":\"");
    out.extend_from_slice(&header.id.encode());
    out.extend_from_slice(b"\",\"timestamp\":\"");
    push_timestamp(out, header.started_unix_nanos);
    out.extend_from_slice(b"\",\"version\":\"");
    out.extend_from_slice(VERSION.as_bytes());
    out.extend_from_slice(b"\",\"seq\":");
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
    out.extend_from_slice(b"}}");

    push_member(out, b",\"resource\":", section(Section::Resource), b"");
    push_member(out, b",\"error\":{", section(Section::Error), b"}");
    push_context(out, section(Section::Context), header.parent);
    push_performance(out, header.took_nanos, header.slow);

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

fn push_performance(out: &mut Vec<u8>, took_nanos: u64, slow: bool) {
    let micros = took_nanos / 1000 + u64::from(took_nanos % 1000 >= 500);
    out.extend_from_slice(b",\"performance\":{\"duration_ms\":");
    push_u64(out, micros / 1000);
    out.push(b'.');
    push_digits(out, micros % 1000, 3);
    out.extend_from_slice(if slow {
        b",\"slow_query\":true}".as_slice()
    } else {
        b",\"slow_query\":false}".as_slice()
    });
}

/// `2026-11-23T20:01:57.963017Z`, by hand: a formatter that knows all of RFC 3339 takes as long as the rest of the line.
fn push_timestamp(out: &mut Vec<u8>, unix_nanos: u64) {
    let seconds = unix_nanos / 1_000_000_000;
    let (year, month, day) = civil_date(seconds / 86_400);
    let second_of_day = seconds % 86_400;
    push_digits(out, year, 4);
    out.push(b'-');
    push_digits(out, month, 2);
    out.push(b'-');
    push_digits(out, day, 2);
    out.push(b'T');
    push_digits(out, second_of_day / 3600, 2);
    out.push(b':');
    push_digits(out, second_of_day / 60 % 60, 2);
    out.push(b':');
    push_digits(out, second_of_day % 60, 2);
    out.push(b'.');
    push_digits(out, unix_nanos % 1_000_000_000 / 1000, 6);
    out.push(b'Z');
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant's `civil_from_days`, which counts years
/// from March so that the leap day comes last).
fn civil_date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// The last `N` digits of `value`, zeros in front.
fn push_digits(out: &mut Vec<u8>, mut value: u64, count: usize) {
    let start = out.len();
    out.resize(start + count, b'0');
    for digit in out[start..].iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

fn push_u64(out: &mut Vec<u8>, value: u64) {
    let digits = value.checked_ilog10().unwrap_or(0) as usize + 1;
    push_digits(out, value, digits);
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
