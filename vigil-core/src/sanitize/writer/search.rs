//! The passes of the detectors over a text.
//!
//! What has been replaced can change what its neighbours are: digits that were part of a longer number stand alone, an
//! address that was glued to a token has a beginning. So what comes out is searched again until nothing more is found,
//! which also makes a text that has been sanitized before stay as it is.

use std::cell::Cell;

use super::json::floor_boundary;
use super::substitute::substitute;
use super::text::{LOOK_AHEAD, Rest, cut};
use super::{REDACTED, Rule, Writer, embedded};
use crate::sanitize::detect::{Outlook, Replacement, Scanner};
use crate::sanitize::treatment::Treatment;

/// Passes after the first. A text that still changes then has been made to, and is hidden as a whole.
pub(in crate::sanitize) const MOST_PASSES: usize = 4;

/// Two texts, of which one is made from the other.
#[derive(Default)]
struct Scratch {
    text: Vec<u8>,
    next: Vec<u8>,
}

impl Scratch {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or(REDACTED)
    }
}

thread_local! {
    /// Kept, so that in steady state nothing is allocated.
    static SCRATCH: Cell<Scratch> = const { Cell::new(Scratch { text: Vec::new(), next: Vec::new() }) };
}

impl Writer<'_> {
    /// The text with what the detectors find in it replaced.
    #[inline]
    pub(super) fn searched(&mut self, text: &str, limit: usize, rest: Rest) {
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
        let Some(first) = scanner.next() else {
            return self.kept(text, cut, rest);
        };
        let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
        scratch.text.clear();
        let mut span = Some(first);
        let mut at = 0;
        loop {
            let until = span.as_ref().map_or(cut, |span| span.range.start).min(cut);
            scratch
                .text
                .extend_from_slice(window.get(at..until).unwrap_or_default().as_bytes());
            at = at.max(until);
            let Some(found) = span.filter(|span| span.range.start < cut) else {
                break;
            };
            let old = window.get(found.range.clone()).unwrap_or_default();
            self.replace(old, found.rule, found.replacement, &mut scratch.text);
            at = found.range.end;
            if at >= cut {
                break;
            }
            span = scanner.next();
        }
        self.until_nothing_more(&mut scratch);
        self.buf.push(b'"');
        let written = self.escaped(scratch.text());
        let left = text.len().saturating_sub(at) + (scratch.text.len() - written);
        self.finish(left, rest);
        // Not kept where one huge value has made it huge.
        if scratch.text.capacity() + scratch.next.capacity() <= 1 << 17 {
            let _ = SCRATCH.try_with(|kept| kept.set(scratch));
        }
    }

    fn until_nothing_more(&mut self, scratch: &mut Scratch) {
        for _ in 0..MOST_PASSES {
            if !self.once_more(scratch) {
                return;
            }
            std::mem::swap(&mut scratch.text, &mut scratch.next);
        }
        if self.once_more(scratch) {
            scratch.text.clear();
            scratch.text.extend_from_slice(REDACTED.as_bytes());
        }
    }

    /// Searches the text again; whether something was found, and `next` differs from it.
    fn once_more(&mut self, scratch: &mut Scratch) -> bool {
        let Scratch { text, next } = scratch;
        let text = std::str::from_utf8(text).unwrap_or(REDACTED);
        let Outlook::Unsure(mut scanner) = Outlook::of(text, self.rules) else {
            return false;
        };
        next.clear();
        let mut at = 0;
        let mut changed = false;
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        while let Some(span) = scanner.next() {
            let found = part(span.range.clone());
            // A pattern of the user's may match what it has been replaced by.
            if found == REDACTED || matches!(span.replacement, Replacement::Custom(_)) {
                continue;
            }
            changed = true;
            next.extend_from_slice(part(at..span.range.start).as_bytes());
            self.replace(found, span.rule, span.replacement, next);
            at = span.range.end;
        }
        next.extend_from_slice(part(at..text.len()).as_bytes());
        changed
    }

    fn replace(&mut self, found: &str, rule: Rule, replacement: Replacement, out: &mut Vec<u8>) {
        // Found again in text that has been sanitized before: nothing new has been hidden.
        if found == REDACTED {
            out.extend_from_slice(REDACTED.as_bytes());
            return;
        }
        if let Replacement::Custom(index) = replacement {
            if let Some(pattern) = self.rules.custom().get(index) {
                self.counts.add_custom(&pattern.name);
                let method = self.rules.profile().tightened(pattern.method);
                if method != Treatment::Drop
                    && !substitute(self.rules, method, found, &pattern.name, out)
                {
                    out.extend_from_slice(pattern.replacement.as_bytes());
                }
            }
            return;
        }
        self.counts.add(rule);
        replacement.write(found, self.rules.profile(), out);
    }
}
