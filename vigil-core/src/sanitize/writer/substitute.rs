//! What stands in place of a value by a treatment: a mask, a pseudonym, a coarser value, a token.

use crate::sanitize::pseudonym::is_pseudonym;
use crate::sanitize::rules::Rules;
use crate::sanitize::treatment::{Mask, Treatment};
use crate::sanitize::vault::{Scope, Substitute};
use crate::sanitize::{form, tenant};

/// Characters of a masked text that are written at most.
const MASKED_CHARS: usize = 64;

/// Appends what a treatment makes of a value of this kind, as it is, not as JSON; false, and nothing appended, if it
/// makes nothing of it, so that it has to be redacted.
pub(super) fn substitute(
    rules: &Rules,
    treatment: Treatment,
    text: &str,
    kind: &str,
    out: &mut Vec<u8>,
) -> bool {
    match treatment {
        Treatment::Mask(how) => {
            mask(how, text, out);
            true
        }
        Treatment::Hash => pseudonym(rules, kind, text, out),
        Treatment::HashAs(kind) => pseudonym(rules, kind, text, out),
        // Forms are read without blanks around them.
        Treatment::Pii(kind) => rules.profile().shows_part() && form::write(kind, text.trim(), out),
        Treatment::Generalize(how) => how.write(text.trim(), &rules.around(), out),
        Treatment::Tokenize => by_vault(rules.tokenizer(), kind, text, out),
        Treatment::Truncate(chars) => {
            let keep = text
                .char_indices()
                .nth(chars)
                .map_or(text.len(), |(at, _)| at);
            out.extend_from_slice(text.get(..keep).unwrap_or_default().as_bytes());
            true
        }
        // What is encrypted is a whole value; of a span of a text nothing can be made.
        Treatment::Encrypt
        | Treatment::Default
        | Treatment::Redact
        | Treatment::RedactAs(_)
        | Treatment::Keep
        | Treatment::Drop
        | Treatment::Class(_) => false,
    }
}

fn mask(mask: Mask, text: &str, out: &mut Vec<u8>) {
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
    out.extend_from_slice(text.get(..head).unwrap_or_default().as_bytes());
    for _ in 0..hidden {
        out.extend_from_slice(mask.char.encode_utf8(&mut [0; 4]).as_bytes());
    }
    out.extend_from_slice(text.get(tail..).unwrap_or_default().as_bytes());
}

fn pseudonym(rules: &Rules, kind: &str, text: &str, out: &mut Vec<u8>) -> bool {
    if is_pseudonym(text) {
        out.extend_from_slice(text.as_bytes());
        return true;
    }
    let Some(pseudonym) = rules.pseudonym() else {
        return false;
    };
    let tenant = tenant::current();
    let scope = Scope {
        kind,
        tenant: tenant.as_deref(),
    };
    pseudonym.write(scope, text.as_bytes(), out);
    true
}

fn by_vault(vault: Option<&Substitute>, kind: &str, text: &str, out: &mut Vec<u8>) -> bool {
    let tenant = tenant::current();
    let scope = Scope {
        kind,
        tenant: tenant.as_deref(),
    };
    let replaced = vault.and_then(|vault| vault.replace(scope, text));
    if let Some(replaced) = &replaced {
        out.extend_from_slice(replaced.as_bytes());
    }
    replaced.is_some()
}
