//! The text of XML elements with a sensitive name: `<password>...</password>`.

use super::bytes::{run, run_back};
use super::harmless::{IN_QUOTES, is_harmless};
use super::pair::LONGEST_KEY;
use super::{Rule, Span};
use crate::sanitize::key::{Class, kind_of, may_be_known};
use crate::sanitize::rules::Rules;

/// The text of an XML element that a sensitive name opens, whose `>` stands at `at`.
pub(super) fn find(text: &str, at: usize, floor: usize, rules: &Rules) -> Option<Span> {
    let bytes = text.as_bytes();
    let kind = kind_of(text.get(name(bytes, at, floor)?)?, rules.words());
    if kind.class() < Class::Sensitive {
        return None;
    }
    let start = at + 1;
    let len = run(bytes, start, 4096, |byte| byte != b'<');
    let found = text.get(start..start + len)?;
    let closed = bytes.get(start + len..start + len + 2) == Some(b"</");
    (closed && !is_harmless(found.trim(), IN_QUOTES, ""))
        .then(|| Span::redacted(start..start + len, Rule::Key))
}

/// The name in the tag that ends at `at`, without its attributes and namespace.
fn name(bytes: &[u8], at: usize, floor: usize) -> Option<std::ops::Range<usize>> {
    let len = run_back(bytes, floor, at, LONGEST_KEY, |byte| {
        !matches!(byte, b'<' | b'>' | b'\n')
    });
    let start = at - len;
    let opens = start
        .checked_sub(1)
        .is_some_and(|open| bytes.get(open) == Some(&b'<'));
    let name = run(bytes, start, len, |byte| {
        !byte.is_ascii_whitespace() && byte != b'/'
    });
    (opens && name > 0).then_some(start..start + name)
}

/// Whether the tag that ends at `at` may have a sensitive name.
pub(super) fn may_be(bytes: &[u8], at: usize) -> bool {
    name(bytes, at, 0).is_some_and(|name| may_be_known(bytes.get(name).unwrap_or_default()))
}
