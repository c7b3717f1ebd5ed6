//! JSON inside strings: a request's body in a log line is where secrets travel most.

use serde_json::Value;

use super::Writer;
use crate::sanitize::Sanitize;
use crate::sanitize::treatment::Treatment;

/// The text with its secrets replaced, if it is a JSON object or array that holds any; its members are then in the
/// order of their names. Without any, `None`: the text stays as it is, spaces, order of members and all.
#[inline]
pub(super) fn rewritten(out: &mut Writer<'_>, text: &str) -> Option<String> {
    match text.as_bytes().first()? {
        b'{' | b'[' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => rewritten_json(out, text),
        _ => None,
    }
}

fn rewritten_json(out: &mut Writer<'_>, text: &str) -> Option<String> {
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
    let document: Value = serde_json::from_str(trimmed).ok()?;
    let before = out.counts.total();
    let mut json = Vec::with_capacity(trimmed.len());
    let mut inside = Writer {
        buf: &mut json,
        rules: out.rules,
        counts: out.counts,
        mode: Treatment::Default,
        end: usize::MAX,
        depth: out.depth + 1,
        pointers: 0,
        done: false,
        in_array: false,
        kind: out.kind,
        listed: true,
    };
    document.sanitize(&mut inside);
    if out.counts.total() == before {
        return None;
    }
    String::from_utf8(json).ok()
}
