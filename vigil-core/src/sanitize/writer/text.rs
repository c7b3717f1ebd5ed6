//! Strings: what each treatment makes of a text, and the one pass of the detectors over it.

use super::json::{self, floor_boundary};
use super::{REDACTED, Rule, Writer, embedded};
use crate::sanitize::detect::{Outlook, Replacement, Scanner};
use crate::sanitize::treatment::{Mask, Treatment};
use crate::sanitize::vault::{Scope, Substitute};
use crate::sanitize::{form, tenant};

/// Bytes that the detectors see beyond the cut of a long string, so that a secret that lies across it is seen whole.
pub(super) const LOOK_AHEAD: usize = 1024;

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
        if self.substitute(
            text.trim(),
            text,
            treatment,
            self.kind.name().unwrap_or("value"),
        ) {
            self.buf.push(b'"');
            self.counts.add(Rule::Attribute);
        } else {
            self.buf.truncate(start);
            self.replaced(Rule::Attribute);
        }
    }

    /// Appends what a treatment makes of a value, without quotes; false, and nothing appended, if it makes nothing of
    /// it. Forms are read without blanks around them.
    fn substitute(&mut self, trimmed: &str, text: &str, treatment: Treatment, kind: &str) -> bool {
        let rules = self.rules;
        match treatment {
            Treatment::Mask(mask) => {
                self.mask(text, mask);
                true
            }
            Treatment::Hash => self.pseudonym(text, kind),
            Treatment::HashAs(kind) => self.pseudonym(text, kind),
            Treatment::Pii(kind) => {
                rules.profile().shows_part() && form::write(kind, trimmed, self.buf)
            }
            Treatment::Generalize(how) => how.write(trimmed, &rules.around(), self.buf),
            Treatment::Tokenize => self.by_vault(rules.tokenizer(), text, kind),
            Treatment::Encrypt => self.by_vault(rules.encryptor(), text, kind),
            Treatment::Truncate(chars) => {
                let keep = text
                    .char_indices()
                    .nth(chars)
                    .map_or(text.len(), |(at, _)| at);
                self.escaped(text.get(..keep).unwrap_or_default());
                true
            }
            _ => false,
        }
    }

    fn by_vault(&mut self, vault: Option<&Substitute>, text: &str, kind: &str) -> bool {
        let tenant = tenant::current();
        let scope = Scope {
            kind,
            tenant: tenant.as_deref(),
        };
        match vault.and_then(|vault| vault.replace(scope, text)) {
            Some(text) => {
                self.escaped(&text);
                true
            }
            None => false,
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

    /// The text with what the detectors find in it replaced.
    #[inline]
    fn searched(&mut self, text: &str, limit: usize, rest: Rest) {
        if rest != Rest::None || text.len() > limit {
            return self.searched_in_part(text, limit, rest);
        }
        if let Some(rewritten) = embedded::rewritten(self, text) {
            return self.kept(&rewritten, usize::MAX, Rest::None);
        }
        match Outlook::of(text, self.rules) {
            Outlook::Clean => self.clean(text),
            Outlook::Nothing => self.kept(text, limit, rest),
            Outlook::Unsure(scanner) => {
                self.with_replacements(text, text, text.len(), rest, scanner);
            }
        }
    }

    /// The same of a text that is not there as a whole, or not written so.
    #[inline(never)]
    fn searched_in_part(&mut self, text: &str, limit: usize, rest: Rest) {
        let cut = cut(text, limit);
        let window = text
            .get(..floor_boundary(text, cut.saturating_add(LOOK_AHEAD)))
            .unwrap_or(text);
        match Outlook::of(window, self.rules) {
            Outlook::Clean | Outlook::Nothing => self.kept(text, limit, rest),
            Outlook::Unsure(scanner) => self.with_replacements(text, window, cut, rest, scanner),
        }
    }

    /// The text up to `cut`, with what is found in the window of it replaced.
    #[inline(never)]
    fn with_replacements(
        &mut self,
        text: &str,
        window: &str,
        cut: usize,
        rest: Rest,
        mut scanner: Scanner<'_>,
    ) {
        self.buf.push(b'"');
        let mut at = 0;
        loop {
            let span = scanner.next();
            let until = span
                .as_ref()
                .map_or(window.len(), |span| span.range.start)
                .min(cut);
            at += self.escaped(window.get(at..until).unwrap_or_default());
            if at < until || self.buf.len() >= self.end {
                break;
            }
            let Some(span) = span.filter(|span| span.range.start < cut) else {
                break;
            };
            let found = window.get(span.range.clone()).unwrap_or_default();
            self.replace(found, span.rule, span.replacement);
            at = span.range.end;
            if at >= cut {
                break;
            }
        }
        self.finish(text.len().saturating_sub(at), rest);
    }

    fn replace(&mut self, found: &str, rule: Rule, replacement: Replacement) {
        // Found again in text that has been sanitized before: nothing new has been hidden.
        if found == REDACTED {
            self.buf.extend_from_slice(REDACTED.as_bytes());
            return;
        }
        if let Replacement::Custom(index) = replacement {
            if let Some(pattern) = self.rules.custom().get(index) {
                self.counts.add_custom(&pattern.name);
                let dropped = pattern.method == Treatment::Drop;
                let method = self.rules.profile().tightened(pattern.method);
                if !dropped && !self.substitute(found, found, method, &pattern.name) {
                    self.escaped(&pattern.replacement);
                }
            }
            return;
        }
        self.counts.add(rule);
        replacement.write(found, self.rules.profile(), self.buf);
    }

    /// A text in which nothing has to be replaced nor escaped.
    #[inline]
    fn clean(&mut self, text: &str) {
        if self.buf.len() + 1 + text.len() > self.end {
            return self.kept(text, usize::MAX, Rest::None);
        }
        self.buf.reserve(text.len() + 2);
        self.buf.push(b'"');
        self.buf.extend_from_slice(text.as_bytes());
        self.buf.push(b'"');
    }

    /// The text as it is, within the limits.
    fn kept(&mut self, text: &str, limit: usize, rest: Rest) {
        let cut = cut(text, limit);
        self.buf.push(b'"');
        let written = self.escaped(text.get(..cut).unwrap_or(text));
        self.finish(text.len() - written, rest);
    }

    /// Appends text up to the end of the parameter's room; says how much of it.
    fn escaped(&mut self, text: &str) -> usize {
        json::escaped(self.buf, text, self.end.saturating_sub(self.buf.len()))
    }

    /// Ends a string, with what is missing of it.
    fn finish(&mut self, left_out: usize, rest: Rest) {
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

    fn mask(&mut self, text: &str, mask: Mask) {
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
    }

    fn pseudonym(&mut self, text: &str, kind: &str) -> bool {
        let Some(pseudonym) = self.rules.pseudonym() else {
            return false;
        };
        let tenant = tenant::current();
        let scope = Scope {
            kind,
            tenant: tenant.as_deref(),
        };
        pseudonym.write(scope, text.as_bytes(), self.buf);
        true
    }
}

/// Where a text is cut. One that has been cut before is not cut again for the mark it bears.
#[inline]
fn cut(text: &str, limit: usize) -> usize {
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
