//! Strings: what each treatment makes of a text, and the one pass of the detectors over it.

use super::json::{self, floor_boundary};
use super::{REDACTED, Rule, Writer};
use crate::sanitize::form;
use crate::sanitize::treatment::{Mask, Treatment};

/// Bytes that the detectors see beyond the cut of a long string, so that a secret that lies across it is seen whole.
pub(super) const LOOK_AHEAD: usize = 1024;

/// Bytes of a value that go into its pseudonym; of a longer one its length goes in as well.
pub(super) const HASHED: usize = 1 << 16;

/// Bytes kept of the name of a member that is known at run time only.
const NAME_BYTES: usize = 256;

/// Characters of a masked text that are written at most.
const MASKED_CHARS: usize = 64;

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
            Treatment::Mask(mask) => self.masked(text, mask),
            Treatment::Hash => self.pseudonym(text),
            Treatment::Pii(kind) => {
                let start = self.buf.len();
                self.buf.push(b'"');
                let window = text.get(..floor_boundary(text, limit)).unwrap_or_default();
                let whole = window.len() == text.len() && rest == Rest::None;
                let shown = whole
                    && self.rules.profile().shows_part()
                    && form::write(kind, window.trim(), self.buf);
                if shown {
                    self.buf.push(b'"');
                    self.counts.add(Rule::Attribute);
                } else {
                    self.buf.truncate(start);
                    self.replaced(Rule::Attribute);
                }
            }
        }
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

    fn masked(&mut self, text: &str, mask: Mask) {
        self.counts.add(Rule::Attribute);
        self.buf.push(b'"');
        let shown = mask.keep_first.saturating_add(mask.keep_last);
        // As many characters are looked at as are needed to know that a third is not exceeded, and to write the mask.
        let enough = shown.saturating_mul(3).clamp(MASKED_CHARS, 4096);
        let chars = text.chars().take(enough).count();
        let (first, last) = if shown.saturating_mul(3) <= chars {
            (mask.keep_first, mask.keep_last)
        } else {
            (0, 0)
        };
        let hidden = (chars - first - last).min(MASKED_CHARS);
        let tail = text
            .char_indices()
            .rev()
            .take(last)
            .last()
            .map_or(text.len(), |(at, _)| at);
        let head = text
            .char_indices()
            .nth(first)
            .map_or(text.len(), |(at, _)| at);
        self.escaped(text.get(..head).unwrap_or_default());
        for _ in 0..hidden {
            self.escaped(mask.char.encode_utf8(&mut [0; 4]));
        }
        self.escaped(text.get(tail..).unwrap_or_default());
        self.buf.push(b'"');
    }

    fn pseudonym(&mut self, text: &str) {
        let Some(pseudonym) = self.rules.pseudonym() else {
            return self.replaced(Rule::Attribute);
        };
        self.counts.add(Rule::Attribute);
        self.buf.push(b'"');
        let bytes = text.as_bytes();
        match bytes.get(..HASHED) {
            Some(begin) if bytes.len() > HASHED => {
                let mut value = begin.to_vec();
                value.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
                pseudonym.write(&value, self.buf);
            }
            _ => pseudonym.write(bytes, self.buf),
        }
        self.buf.push(b'"');
    }
}

/// Where a text is cut. One that has been cut before is not cut again for the mark it bears.
#[inline]
pub(super) fn cut(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    const LONGEST_MARK: usize = 48;
    if text.len() > limit {
        let mark = text
            .len()
            .checked_sub(LONGEST_MARK)
            .filter(|start| *start <= limit)
            .map(|start| floor_boundary(text, start))
            .and_then(|start| text.get(start..))
            .is_some_and(|tail| tail.contains("…$truncated(+") && tail.ends_with(" bytes)"));
        if mark {
            return text.len();
        }
    }
    floor_boundary(text, limit)
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
