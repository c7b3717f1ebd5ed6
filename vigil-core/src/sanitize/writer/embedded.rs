//! JSON inside strings: a request's body in a log line is where secrets travel most.
//!
//! The document is changed in place: members stay in their order, numbers and blanks as they were, and only what has to
//! be hidden is written anew. So valid JSON stays valid JSON, and a reader finds what he knows.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Rule, What, Writer};
use crate::sanitize::Sanitize;
use crate::sanitize::key::{Kind, kind_of};
use crate::sanitize::treatment::Treatment;

/// The text with its secrets replaced, if it is a JSON object or array. What is found in it by reading it as plain text is
/// no secret, and replacing that may leave no JSON; only a user's own expression may have the whole in mind.
#[inline]
pub(super) fn rewritten<'t>(out: &mut Writer<'_>, text: &'t str) -> Option<Cow<'t, str>> {
    match text.as_bytes().first()? {
        b'{' | b'[' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => rewritten_json(out, text),
        _ => None,
    }
}

fn rewritten_json<'t>(out: &mut Writer<'_>, text: &'t str) -> Option<Cow<'t, str>> {
    let trimmed = text.trim_ascii();
    let closing = match trimmed.as_bytes().first()? {
        b'{' => '}',
        b'[' => ']',
        _ => return None,
    };
    if trimmed.len() < 4 || !trimmed.ends_with(closing) {
        return None;
    }
    // What nests deeper than the parser follows is an error here, and then searched as plain text.
    serde_json::from_str::<IgnoredAny>(trimmed).ok()?;
    let before = out.counts.total();
    let mut json = Vec::with_capacity(text.len());
    let start = text.len() - text.trim_ascii_start().len();
    json.extend_from_slice(text.get(..start)?.as_bytes());
    let inside = Writer {
        buf: &mut json,
        rules: out.rules,
        counts: out.counts,
        mode: Treatment::Default,
        start: 0,
        end: usize::MAX,
        depth: out.depth + 1,
        pointers: 0,
        done: false,
        in_array: false,
        kind: out.kind,
        listed: true,
    };
    let mut document = Document {
        text,
        at: start,
        out: inside,
    };
    document.value(false);
    document.copy(text.len());
    if out.counts.total() == before {
        return out.rules.custom().is_empty().then_some(Cow::Borrowed(text));
    }
    String::from_utf8(json).ok().map(Cow::Owned)
}

/// A valid document on its way from one text to the other.
struct Document<'t, 'w> {
    text: &'t str,
    at: usize,
    out: Writer<'w>,
}

/// What the names and values that have been read so far say of the next value.
#[derive(Clone, Copy)]
enum Named {
    Not,
    /// By the member `name` or `key` beside it.
    Is(Kind),
}

impl<'t> Document<'t, '_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        let end = blanks(self.text.as_bytes(), self.at);
        self.copy(end);
    }

    /// Goes on to `end`, and leaves everything up to there as it is.
    fn copy(&mut self, end: usize) {
        let part = self.text.get(self.at..end).unwrap_or_default();
        self.out.buf.extend_from_slice(part.as_bytes());
        self.at = end;
    }

    /// The value that begins here, with nothing said of it by a key.
    fn value(&mut self, in_array: bool) {
        match self.peek() {
            b'{' | b'[' if self.out.depth >= self.out.rules.limits().depth => {
                self.at = end_of(self.text, self.at);
                self.out.replaced(Rule::Depth);
            }
            b'{' => {
                self.out.depth += 1;
                self.object();
                self.out.depth -= 1;
            }
            b'[' => {
                self.out.depth += 1;
                self.array(in_array);
                self.out.depth -= 1;
            }
            _ => self.leaf(What::visit(Treatment::Default)),
        }
    }

    /// The value that begins here, with what its key says of it.
    fn treated(&mut self, kind: Kind, in_array: bool) {
        match self.out.what("", |_| kind, Treatment::Default) {
            What::Visit {
                treatment: Treatment::Default,
                ..
            } => self.value(in_array),
            what => self.leaf(what),
        }
    }

    /// Lets the writer write the value that begins here, and keeps it as it was if nothing came of that.
    fn leaf(&mut self, what: What) {
        let end = end_of(self.text, self.at);
        let old = self.text.get(self.at..end).unwrap_or_default();
        let (start, before) = (self.out.buf.len(), self.out.counts.total());
        match serde_json::from_str::<Value>(old) {
            // Digits may be a card's: what stands for them is no number any more.
            Ok(Value::Number(_)) if what.is_default() => {
                self.out.inner(what, false, &old as &dyn Sanitize);
            }
            Ok(value) => self.out.inner(what, false, &value as &dyn Sanitize),
            // A number that only `arbitrary_precision` reads.
            Err(_) => self.out.buf.extend_from_slice(old.as_bytes()),
        }
        if self.out.counts.total() == before {
            self.out.buf.truncate(start);
            self.out.buf.extend_from_slice(old.as_bytes());
        }
        self.at = end;
    }

    fn object(&mut self) {
        let mut named = self.name_of_value();
        self.copy(self.at + 1);
        self.blanks();
        while self.peek() == b'"' {
            let key = string(self.text, self.at);
            self.name(&key);
            self.blanks();
            self.copy(self.at + 1);
            self.blanks();
            let own = kind_of(&key, self.out.rules.words());
            match key.to_ascii_lowercase().as_str() {
                "value" => match named {
                    Named::Is(kind) if kind.class() > own.class() => self.treated(kind, false),
                    _ => self.treated(own, false),
                },
                "name" | "key" if self.peek() == b'"' => {
                    named = Named::Is(kind_of(&string(self.text, self.at), self.out.rules.words()));
                    self.treated(own, false);
                }
                _ => self.treated(own, false),
            }
            self.blanks();
            if self.peek() != b',' {
                break;
            }
            self.copy(self.at + 1);
            self.blanks();
        }
        self.copy(self.at + 1);
    }

    /// The name of a member, searched like any text: maps are keyed by e-mail addresses too.
    fn name(&mut self, key: &str) {
        let end = end_of(self.text, self.at);
        let (start, before) = (self.out.buf.len(), self.out.counts.total());
        self.out.child(Treatment::Default).key(key);
        if self.out.counts.total() == before {
            self.out.buf.truncate(start);
            self.copy(end);
        }
        self.at = end;
    }

    /// What the member `name` or `key` of the object that begins here says of a member `value` before it.
    fn name_of_value(&self) -> Named {
        let bytes = self.text.as_bytes();
        let mut at = blanks(bytes, self.at + 1);
        let (mut value, mut name) = (false, None);
        while bytes.get(at) == Some(&b'"') {
            let key = string(self.text, at);
            at = blanks(bytes, end_of(self.text, at));
            at = blanks(bytes, at + 1);
            if key.eq_ignore_ascii_case("value") {
                value = true;
            } else if (key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("key"))
                && bytes.get(at) == Some(&b'"')
            {
                name = Some(at);
            }
            at = blanks(bytes, end_of(self.text, at));
            if bytes.get(at) != Some(&b',') {
                break;
            }
            at = blanks(bytes, at + 1);
        }
        match name {
            Some(at) if value => Named::Is(kind_of(&string(self.text, at), self.out.rules.words())),
            _ => Named::Not,
        }
    }

    fn array(&mut self, is_element: bool) {
        self.copy(self.at + 1);
        self.blanks();
        let mut place = 0;
        let mut kind = Kind::None;
        while self.peek() != b']' && self.peek() != 0 {
            if is_element && place == 0 && self.peek() == b'"' {
                kind = kind_of(&string(self.text, self.at), self.out.rules.words());
                self.value(true);
            } else if place == 1 {
                self.treated(kind, true);
            } else {
                self.value(true);
            }
            place += 1;
            self.blanks();
            if self.peek() != b',' {
                break;
            }
            self.copy(self.at + 1);
            self.blanks();
        }
        self.copy(self.at + 1);
    }
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_ascii_start().len()
}

/// Where the value of a valid document ends that begins at `at`.
fn end_of(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => {
                end += 1;
                while let Some(byte) = bytes.get(end).filter(|byte| **byte != b'"') {
                    end += if *byte == b'\\' { 2 } else { 1 };
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return end,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return end,
            byte if depth == 0 && byte.is_ascii_whitespace() => return end,
            _ => {
                end += 1;
                continue;
            }
        }
        end += 1;
        if depth == 0 {
            return end;
        }
    }
    bytes.len()
}

/// The string of a valid document that begins at `at`.
fn string(text: &str, at: usize) -> Cow<'_, str> {
    let raw = text.get(at..end_of(text, at)).unwrap_or_default();
    match raw.get(1..raw.len().saturating_sub(1)) {
        Some(inner) if !inner.contains('\\') => inner.into(),
        _ => serde_json::from_str::<String>(raw)
            .unwrap_or_default()
            .into(),
    }
}
