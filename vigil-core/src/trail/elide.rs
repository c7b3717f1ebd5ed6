//! Makes an event fit into a line: the biggest values go first, each leaves a mark, and what is left is valid JSON of
//! the same types. The marks are those of the sanitizer: `…$truncated(+N bytes)` ends a text, `{"$truncated":N}` stands
//! for a value of so many bytes, and `"$truncated":N` beside other members for so many more of them.
//!
//! Only events beyond 64 KiB come here, so this code may allocate and sort; it may not lose more than it must. A value
//! is shortened by itself (the other members stay whole), and only where thousands of small members make up the size
//! are the last of them left out.

use crate::event::record::{Record, Section};

/// A value shorter than this is not worth shortening.
const SHORT: usize = 1024;
/// Of a string that is shortened, this much stays.
const KEPT_TEXT: usize = 512;

/// How much of a section is kept at most if shortening values was not enough, in the order in which they are cut. The
/// sum, with 1 KiB for the thread's name and 8 KiB for what the line says besides, stays below 64 KiB.
const LIMITS: [(Section, usize); 10] = [
    (Section::Checkpoints, 4 * 1024),
    (Section::Custom, 8 * 1024),
    (Section::Changes, 8 * 1024),
    (Section::Parameters, 12 * 1024),
    (Section::ResultValue, 8 * 1024),
    (Section::Error, 6 * 1024),
    (Section::Context, 2 * 1024),
    (Section::Resource, 2 * 1024),
    (Section::Actor, 2 * 1024),
    (Section::Redactions, 1024),
];

/// The sections of a record that was too big, cut to size.
#[derive(Debug)]
pub(super) struct Elided {
    sections: [Vec<u8>; Section::ALL.len()],
}

impl Elided {
    /// Shortens what `record` says by at least `excess` bytes.
    pub(super) fn to_save(excess: usize, record: &Record<'_>) -> Self {
        let mut parts = Section::ALL.map(|section| Part::of(section, record.section(section)));
        let mut excess = excess;
        shorten_values(&mut parts, &mut excess);
        for (section, limit) in LIMITS {
            if excess == 0 {
                break;
            }
            if let Some(part) = parts.iter_mut().find(|part| part.section == section) {
                part.cut(limit, &mut excess);
            }
        }
        Self {
            sections: parts.map(|part| part.render()),
        }
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        Section::ALL
            .iter()
            .position(|known| *known == section)
            .and_then(|at| self.sections.get(at))
            .map_or(&[], Vec::as_slice)
    }
}

/// The biggest first, until enough is saved.
fn shorten_values(parts: &mut [Part<'_>], excess: &mut usize) {
    let mut values: Vec<&mut Value<'_>> = parts
        .iter_mut()
        .flat_map(|part| &mut part.members)
        .map(|member| &mut member.value)
        .filter(|value| value.as_bytes().len() > SHORT)
        .collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.as_bytes().len()));
    for value in values {
        if *excess == 0 {
            return;
        }
        let before = value.as_bytes().len();
        value.shorten();
        *excess = excess.saturating_sub(before.saturating_sub(value.as_bytes().len()));
    }
}

/// A section taken apart.
struct Part<'a> {
    section: Section,
    /// Whether braces stand around the members.
    braced: bool,
    /// One without a key if the section is a value and no object.
    members: Vec<Member<'a>>,
    left_out: usize,
}

struct Member<'a> {
    /// With its quotes and the colon; empty for a value by itself.
    key: &'a [u8],
    value: Value<'a>,
}

enum Value<'a> {
    Whole(&'a [u8]),
    Shortened(Vec<u8>),
}

impl<'a> Part<'a> {
    fn of(section: Section, json: &'a [u8]) -> Self {
        let in_braces = json
            .strip_prefix(b"{")
            .and_then(|json| json.strip_suffix(b"}"));
        let is_members = matches!(
            section,
            Section::Parameters
                | Section::Error
                | Section::Context
                | Section::Custom
                | Section::Redactions
                | Section::Changes
                | Section::Checkpoints
        );
        let (braced, members) = match in_braces {
            _ if is_members => (false, split_members(json)),
            Some(inside) => (true, split_members(inside)),
            None if json.is_empty() => (false, Vec::new()),
            None => (
                false,
                vec![Member {
                    key: b"",
                    value: Value::Whole(json),
                }],
            ),
        };
        Self {
            section,
            braced,
            members,
            left_out: 0,
        }
    }

    /// Keeps the leading members that fit into `limit` bytes, or more of them if that is enough.
    fn cut(&mut self, limit: usize, excess: &mut usize) {
        // Room for the mark.
        let enough = *excess + 32;
        let whole: usize = self.members.iter().map(Member::len).sum();
        let limit = limit.max(whole.saturating_sub(enough));
        let mut length = 0;
        let mut kept = 0;
        for member in &self.members {
            length += member.len();
            if length > limit {
                break;
            }
            kept += 1;
        }
        let left_out = self.members.split_off(kept);
        let saved: usize = left_out.iter().map(Member::len).sum();
        self.left_out = left_out.len();
        *excess = excess.saturating_sub(saved.saturating_sub(self.mark().len()));
    }

    /// Says how many members are missing.
    fn mark(&self) -> String {
        match self.left_out {
            0 => String::new(),
            // Elements, and no members.
            count if self.section == Section::Checkpoints => {
                let comma = if self.members.is_empty() { "" } else { "," };
                format!("{comma}{{\"$truncated\":{count}}}")
            }
            count if self.members.is_empty() => format!("\"$truncated\":{count}"),
            count => format!(",\"$truncated\":{count}"),
        }
    }

    fn render(self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.braced {
            out.push(b'{');
        }
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(member.key);
            out.extend_from_slice(member.value.as_bytes());
        }
        out.extend_from_slice(self.mark().as_bytes());
        if self.braced {
            out.push(b'}');
        }
        out
    }
}

impl Member<'_> {
    /// With the comma.
    fn len(&self) -> usize {
        self.key.len() + self.value.as_bytes().len() + 1
    }
}

impl Value<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Whole(json) => json,
            Self::Shortened(json) => json,
        }
    }

    /// A string stays a string, an array an array and an object an object, so that a schema that held still holds.
    fn shorten(&mut self) {
        let json = self.as_bytes();
        let short = match json.first() {
            Some(b'"') => shortened_string(json),
            // The elements of a backtrace and of roles are texts, so the mark is one too.
            Some(b'[') => format!("[\"…$truncated(+{} bytes)\"]", json.len()).into_bytes(),
            Some(b'{') => format!("{{\"$truncated\":{}}}", json.len()).into_bytes(),
            // No number or word is that long; whatever it is, it goes.
            _ => b"null".to_vec(),
        };
        *self = Self::Shortened(short);
    }
}

/// The beginning of a JSON string, cut between two characters, and the mark.
fn shortened_string(json: &[u8]) -> Vec<u8> {
    let mut end = 1;
    while let Some(next) = json.get(end).map(|_| end + char_len(&json[end..])) {
        if next > KEPT_TEXT || json.get(end) == Some(&b'"') {
            break;
        }
        end = next;
    }
    let kept = json.get(..end).unwrap_or_default();
    let mark = format!(
        "…$truncated(+{} bytes)\"",
        json.len().saturating_sub(end + 1)
    );
    [kept, mark.as_bytes()].concat()
}

/// The length of the first character of the inside of a JSON string.
fn char_len(text: &[u8]) -> usize {
    match text {
        // Half of a surrogate pair is no character.
        [
            b'\\',
            b'u',
            b'd' | b'D',
            b'8' | b'9' | b'a' | b'A' | b'b' | b'B',
            ..,
        ] => 12,
        [b'\\', b'u', ..] => 6,
        [b'\\', ..] => 2,
        _ => {
            1 + text[1..]
                .iter()
                .take_while(|byte| **byte & 0xc0 == 0x80)
                .count()
        }
    }
}

/// Members at the outermost level of JSON that has no braces around it.
fn split_members(json: &[u8]) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    let (mut start, mut colon) = (0, None);
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in json.iter().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && colon.is_none() => colon = Some(at + 1),
            b',' if depth == 0 => {
                members.push(member(&json[start..at], colon.map(|colon| colon - start)));
                start = at + 1;
                colon = None;
            }
            _ => {}
        }
    }
    if start < json.len() {
        members.push(member(&json[start..], colon.map(|colon| colon - start)));
    }
    members
}

fn member(json: &[u8], after_colon: Option<usize>) -> Member<'_> {
    let (key, value) = json
        .split_at_checked(after_colon.unwrap_or(0))
        .unwrap_or((b"", json));
    Member {
        key,
        value: Value::Whole(value),
    }
}
