//! Keys and tokens that their issuers give a prefix, so that they can be found.

use super::bytes::run;
use super::shapes::{Body, Len, SHAPES, Shape};
use super::{Rule, Span};

/// The places in [`SHAPES`], those of one first byte in a row.
static BY_FIRST: [u8; SHAPES.len()] = {
    let mut places = [0; SHAPES.len()];
    let mut filled = 0;
    let mut first = 0;
    while first < 128 {
        let mut i = 0;
        while i < SHAPES.len() {
            if SHAPES[i].prefix.as_bytes()[0] == first {
                places[filled] = i as u8;
                filled += 1;
            }
            i += 1;
        }
        first += 1;
    }
    places
};

/// For each first byte where in [`BY_FIRST`] its row begins; it ends where the next one does.
static ROWS: [u8; 129] = {
    let mut rows = [0; 129];
    let mut i = 0;
    while i < SHAPES.len() {
        let mut later = SHAPES[i].prefix.as_bytes()[0] as usize + 1;
        while later < rows.len() {
            rows[later] += 1;
            later += 1;
        }
        i += 1;
    }
    rows
};

/// What has been seen of the bodies, by what they are made of, so that a text full of prefixes is read once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// All bytes are of the body's.
    runs: [Run; Body::COUNT],
    /// There is no digit and no capital among them.
    plain: [Run; Body::COUNT],
    /// Letters, digits, `_` and `-`.
    more: Run,
}

/// Bytes that are alike.
#[derive(Debug, Default, Clone, Copy)]
struct Run {
    from: usize,
    until: usize,
}

impl Run {
    /// How far from `start` on all bytes are wanted, at most to `most`. What is known already is not read again, so
    /// that together the calls read no byte twice.
    fn end(
        &mut self,
        bytes: &[u8],
        start: usize,
        most: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> usize {
        if !(self.from..=self.until).contains(&start) {
            *self = Self {
                from: start,
                until: start,
            };
        }
        if self.until < most {
            self.until += run(bytes, self.until, most - self.until, wanted);
        }
        self.until.min(most)
    }
}

/// The shapes whose prefix stands at `at`.
fn shapes(bytes: &[u8], at: usize) -> impl Iterator<Item = &'static Shape> {
    let rest = bytes.get(at..).unwrap_or_default();
    let first = rest.first().map_or(0, |first| usize::from(*first));
    let row = match (ROWS.get(first), ROWS.get(first + 1)) {
        (Some(from), Some(to)) => usize::from(*from)..usize::from(*to),
        _ => 0..0,
    };
    BY_FIRST
        .get(row)
        .unwrap_or_default()
        .iter()
        .filter_map(|place| SHAPES.get(usize::from(*place)))
        .filter(|shape| {
            let prefix = shape.prefix.as_bytes();
            // All have two bytes, and seldom the same second one.
            prefix.get(1) == rest.get(1) && rest.starts_with(prefix)
        })
}

/// Whether a token can begin at `at`.
pub(super) fn has_prefix(bytes: &[u8], at: usize) -> bool {
    shapes(bytes, at).next().is_some()
}

/// The token that begins at `at`.
pub(super) fn find(bytes: &[u8], at: usize, seen: &mut Seen) -> Option<Span> {
    shapes(bytes, at).find_map(|shape| {
        let end = body(bytes, at + shape.prefix.len(), shape, seen)?;
        Some(Span::redacted(at..end, Rule::Token))
    })
}

/// Bytes of a body that are looked at to see whether it is one.
const ENOUGH: usize = 512;

/// The end of the body of a token of this shape that begins at `start`.
fn body(bytes: &[u8], start: usize, shape: &Shape, seen: &mut Seen) -> Option<usize> {
    match shape.len {
        Len::Exactly(exactly) => {
            let len = run(bytes, start, exactly + 1, |byte| shape.body.has(byte));
            let end = start + len;
            (len == exactly && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric))
                .then_some(end)
        }
        Len::AtLeast(least) => {
            let body = shape.body as usize;
            let most = bytes.len().min(start + ENOUGH);
            let end = seen.runs[body].end(bytes, start, most, |byte| shape.body.has(byte));
            let plain = seen.plain[body].end(bytes, start, end, |byte| {
                !byte.is_ascii_digit() && !byte.is_ascii_uppercase()
            });
            let mut len = end - start;
            // The full stop at the end is the sentence's.
            if len > 0 && bytes.get(end - 1) == Some(&b'.') {
                len -= 1;
            }
            // Long enough, with a capital it needs no digit to be none of the language's words.
            let sure =
                plain < end && (len >= 30 || bytes.get(plain..end)?.iter().any(u8::is_ascii_digit));
            if len < least || !sure {
                return None;
            }
            // What goes on with a further letter, digit or `_` belongs to it all the same.
            let url = Body::Url;
            Some(
                seen.more
                    .end(bytes, start + len, bytes.len(), |byte| url.has(byte)),
            )
        }
    }
}
