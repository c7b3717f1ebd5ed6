//! Values that come by way of `Display` and `Debug`: formatted into a bounded scratch text, then treated like a string.

use std::cell::Cell;
use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::json::{self, floor_boundary};
use super::text::{self, Rest};
use super::{Rule, Writer};
use crate::sanitize::pseudonym::HASHED;
use crate::sanitize::treatment::Treatment;

/// A text that takes so much and then fails, which makes formatting stop.
struct Bounded {
    text: String,
    limit: usize,
    full: bool,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = self.limit.saturating_sub(self.text.len());
        let fits = floor_boundary(part, room);
        self.text.push_str(part.get(..fits).unwrap_or_default());
        if fits < part.len() {
            self.full = true;
            return Err(fmt::Error);
        }
        Ok(())
    }
}

thread_local! {
    /// Formatting in steady state allocates nothing; a formatter that itself formats through here finds it taken.
    static SCRATCH: Cell<String> = const { Cell::new(String::new()) };
}

impl Writer<'_> {
    /// Writes what the user's code formats.
    pub(super) fn formatted(&mut self, value: fmt::Arguments<'_>) {
        if !self.begin() {
            return;
        }
        if let Some(literal) = value.as_str() {
            return self.treated(literal);
        }
        let mut into = Bounded {
            text: SCRATCH.try_with(Cell::take).unwrap_or_default(),
            limit: match self.mode {
                Treatment::Hash | Treatment::HashAs(_) => HASHED,
                _ => self.rules.limits().string_bytes + text::LOOK_AHEAD,
            },
            full: false,
        };
        into.text.clear();
        let outcome = catch_unwind(AssertUnwindSafe(|| into.write_fmt(value)));
        let rest = match outcome {
            Ok(Ok(())) => Rest::None,
            Ok(Err(fmt::Error)) if into.full => Rest::Unknown,
            Ok(Err(fmt::Error)) => Rest::Failed,
            Err(payload) => {
                // Dropping the payload runs the user's code once more.
                std::mem::forget(payload);
                self.counts.add(Rule::Unreadable);
                Rest::Failed
            }
        };
        self.treated_with(&into.text, rest);
        // Not kept where one huge value has made it huge.
        if into.text.capacity() <= 1 << 16 {
            let _ = SCRATCH.try_with(|scratch| scratch.set(into.text));
        }
    }

    /// Writes a short text of our own making that holds nothing to search for.
    pub(in crate::sanitize) fn plain(&mut self, value: fmt::Arguments<'_>) {
        if !self.begin() {
            return;
        }
        let mut text = Short::default();
        // What does not fit is not there; nothing of ours is as long.
        let _ = text.write_fmt(value);
        if self.is_plain() {
            json::quoted(self.buf, text.as_str());
        } else {
            self.treated(text.as_str());
        }
    }
}

/// A text on the stack.
struct Short {
    bytes: [u8; 96],
    len: usize,
}

impl Default for Short {
    fn default() -> Self {
        Self {
            bytes: [0; 96],
            len: 0,
        }
    }
}

impl Short {
    fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }
}

impl fmt::Write for Short {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let end = self.len + part.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(part.as_bytes());
        self.len = end;
        Ok(())
    }
}
