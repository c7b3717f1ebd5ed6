//! Strings: what each treatment makes of a text, and the one pass of the detectors over it.

use super::json::{self, floor_boundary};
use super::substitute::substitute;
use super::{REDACTED, Rule, Writer};
use zeroize::Zeroizing;

use crate::sanitize::sealing;
use crate::sanitize::treatment::Treatment;

/// Bytes that the detectors see beyond the cut of a long string, so that a secret that lies across it is seen whole.
pub(super) const LOOK_AHEAD: usize = 1024;

/// Bytes kept of the name of a member that is known at run time only.
const NAME_BYTES: usize = 256;

/// What follows the text in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing.
    None,
    /// More, but its formatting was stopped.
    Unknown,
    /// Whatever the formatter did not get to write before it failed.
    Failed,
}

impl Writer<'_> {
    /// Writes a text by the treatment in force.
    pub(super) fn treated(&mut self, text: &str) {
        self.treated_with(text, Rest::None);
    }

    pub(super) fn treated_with(&mut self, text: &str, rest: Rest) {
        let limit = self.rules.limits().string_bytes;
        match self.mode {
            Treatment::Default if !self.listed => self.hidden(text),
            Treatment::Default => self.searched(text, limit, rest),
            Treatment::Truncate(chars) => {
                let keep = text
                    .char_indices()
                    .nth(chars)
                    .map_or(text.len(), |(at, _)| at);
                self.searched(text, keep.min(limit), rest);
            }
            Treatment::Keep => self.kept(text, limit, rest),
            Treatment::Redact | Treatment::RedactAs(_) => self.hidden(text),
            Treatment::Encrypt if text.len() <= limit && rest == Rest::None => {
                let json = serde_json::to_string(text).map(Zeroizing::new);
                self.sealed(json.as_deref().map_or("", String::as_str));
            }
            // What is written in place of these has to be of the whole text.
            treatment if text.len() > limit || rest != Rest::None => {
                if matches!(
                    treatment,
                    Treatment::Hash | Treatment::HashAs(_) | Treatment::Mask(_)
                ) {
                    self.instead(text, treatment);
                } else {
                    self.replaced(Rule::Attribute);
                }
            }
            treatment => self.instead(text, treatment),
        }
    }

    /// Writes what a treatment makes of a whole text: a string, redacted if nothing can be made of it.
    fn instead(&mut self, text: &str, treatment: Treatment) {
        let start = self.buf.len();
        self.buf.push(b'"');
        let kind = self.kind.name().unwrap_or("value");
        if !substitute(self.rules, treatment, text, kind, self.buf) {
            self.buf.truncate(start);
            return self.replaced(Rule::Attribute);
        }
        self.counts.add(Rule::Attribute);
        let written = self.buf.get(start + 1..).unwrap_or_default();
        let room = self.end.saturating_sub(start);
        if written.len() <= room && json::is_plain(written) {
            self.buf.push(b'"');
            return;
        }
        let written = self.buf.split_off(start + 1);
        let written = String::from_utf8(written).unwrap_or_default();
        self.escaped(&written);
        self.buf.push(b'"');
    }

    /// Writes a value, given as JSON, encrypted; redacted if it cannot be, or has no room.
    #[cold]
    pub(super) fn sealed(&mut self, json: &str) {
        let start = self.buf.len();
        let room = self.end.saturating_sub(start);
        if json.is_empty()
            || !sealing::seal(json, self.buf)
            || self.buf.len().saturating_sub(start) > room
        {
            self.buf.truncate(start);
            return self.replaced(Rule::Attribute);
        }
        self.counts.add(Rule::Attribute);
    }

    /// Writes the name of a member that is known at run time only: searched like any text, since maps are keyed by
    /// e-mail addresses too.
    pub(super) fn key(&mut self, name: &str) {
        match self.mode {
            Treatment::Keep => self.kept(name, NAME_BYTES, Rest::None),
            _ => self.searched(name, NAME_BYTES, Rest::None),
        }
    }

    /// A text in which nothing has to be replaced nor escaped.
    #[inline]
    pub(super) fn clean(&mut self, text: &str) {
        if self.buf.len() + 1 + text.len() > self.end {
            return self.kept(text, usize::MAX, Rest::None);
        }
        self.buf.reserve(text.len() + 2);
        self.buf.push(b'"');
        self.buf.extend_from_slice(text.as_bytes());
        self.buf.push(b'"');
    }

    /// The text as it is, within the limits.
    pub(super) fn kept(&mut self, text: &str, limit: usize, rest: Rest) {
        let cut = cut(text, limit);
        self.buf.push(b'"');
        let written = self.escaped(text.get(..cut).unwrap_or(text));
        self.finish(text.len() - written, rest);
    }

    /// Appends text up to the end of the parameter's room; says how much of it.
    pub(super) fn escaped(&mut self, text: &str) -> usize {
        json::escaped(self.buf, text, self.end.saturating_sub(self.buf.len()))
    }

    /// Ends a string, with what is missing of it.
    pub(super) fn finish(&mut self, left_out: usize, rest: Rest) {
        if left_out > 0 || rest == Rest::Unknown {
            self.counts.add(Rule::Truncated);
            self.buf.extend_from_slice("…$truncated(+".as_bytes());
            if rest == Rest::None {
                json::integer(self.buf, left_out as u64);
            } else {
                self.buf.push(b'?');
            }
            self.buf.extend_from_slice(b" bytes)");
        } else if rest == Rest::Failed {
            self.buf.extend_from_slice("…$failed".as_bytes());
        }
        self.buf.push(b'"');
    }

    /// A text under a sensitive key. Nothing, and a placeholder that a program has not filled in, are no secrets.
    fn hidden(&mut self, text: &str) {
        if text.is_empty() || text == REDACTED || is_placeholder(text) {
            return json::quoted(self.buf, text);
        }
        self.replaced(Rule::Key);
    }
}

/// Where a text is cut. One that has been cut before is not cut again for the mark it bears.
#[inline]
pub(super) fn cut(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    const LONGEST_MARK: usize = 48;
    let grown = limit + grown(text, limit);
    if text.len() <= grown {
        return text.len();
    }
    if text.len() > limit {
        let mark = text
            .len()
            .checked_sub(LONGEST_MARK)
            .filter(|start| *start <= grown)
            .map(|start| floor_boundary(text, start))
            .and_then(|start| text.get(start..))
            .is_some_and(|tail| tail.contains("…$truncated(+") && tail.ends_with(" bytes)"));
        if mark {
            return text.len();
        }
    }
    floor_boundary(text, limit)
}

/// By how many bytes a text of at most `limit` may have become longer when it was sanitized before: what stands in place
/// of a short secret is longer than it.
fn grown(text: &str, limit: usize) -> usize {
    const EMAIL: &str = "***@***.***";
    // Behind the shortest name, `pw=a`, nothing becomes four times as long.
    if text.len() > limit.saturating_mul(4) {
        return 0;
    }
    text.matches(REDACTED).count() * (REDACTED.len() - 1)
        + text.matches(EMAIL).count() * (EMAIL.len() - "@b.cd".len())
}

/// `${NAME}`
fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}
