//! What every line of one callsite has in common, as text.

use serde::{Deserialize, Serialize};

use super::Callsite;

/// No literal of a program and no name of a host is longer than this in a line, so that what cannot be elided always
/// leaves room for what can.
const MAX_LITERAL: usize = 1024;

/// The parts of a line that a callsite always says, ready to be copied into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteText {
    /// `,"action":{"type":... "parameters":{`
    pub(crate) action: String,
    /// `,"source":{...}`
    pub(crate) source: String,
}

impl SiteText {
    pub(crate) fn of(callsite: &Callsite) -> Self {
        let mut action = ",\"action\":{\"type\":".to_owned();
        push_literal(&mut action, callsite.action.as_str());
        action.push_str(",\"category\":");
        push_literal(&mut action, callsite.category.as_str());
        action.push_str(",\"operation\":");
        push_literal(&mut action, callsite.operation);
        action.push_str(",\"parameters\":{");
        let mut source = ",\"source\":{\"module\":".to_owned();
        push_literal(&mut source, callsite.module);
        source.push_str(",\"file\":");
        push_literal(&mut source, callsite.file);
        source.push_str(",\"line\":");
        source.push_str(&callsite.line.to_string());
        source.push_str(",\"schema\":");
        push_literal(&mut source, &callsite.schema());
        source.push('}');
        Self { action, source }
    }

    /// Of every callsite that has been reached, in the order of their ids.
    pub(crate) fn all() -> Vec<Self> {
        Callsite::reached().into_iter().map(Self::of).collect()
    }

    /// Stands for a callsite whose description has been lost.
    pub(crate) fn unknown() -> Self {
        Self {
            action: ",\"action\":{\"type\":\"EXECUTE\",\"category\":\"SYSTEM\",\"operation\":\"(unknown)\",\"parameters\":{"
                .to_owned(),
            source: ",\"source\":{\"module\":\"(unknown)\",\"file\":\"(unknown)\",\"line\":0}".to_owned(),
        }
    }

    /// As a section of a record, for a callsite of which no description is stored elsewhere.
    pub(crate) fn to_section(&self) -> Vec<u8> {
        [self.action.as_bytes(), self.source.as_bytes()].join(&0)
    }

    /// Reads what [`SiteText::to_section`] wrote.
    pub(crate) fn from_section(bytes: &[u8]) -> Option<Self> {
        // JSON has no zero bytes, also not in strings.
        let (action, source) = std::str::from_utf8(bytes).ok()?.split_once('\0')?;
        Some(Self {
            action: action.to_owned(),
            source: source.to_owned(),
        })
    }
}

/// A JSON string of a text that is not an argument: a name in the program, of the service, of the host.
pub(crate) fn push_literal(out: &mut String, text: &str) {
    let mut end = text.len();
    loop {
        // A string is always representable.
        let json = serde_json::to_string(&text[..end]).unwrap_or_default();
        if json.len() <= MAX_LITERAL {
            out.push_str(&json);
            return;
        }
        end /= 2;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_absurd_length_is_cut_between_characters() {
        let mut text = String::new();
        push_literal(&mut text, &"\u{1}é".repeat(70_000));
        assert!(text.len() <= MAX_LITERAL);
        assert!(
            serde_json::from_str::<String>(&text)
                .unwrap()
                .starts_with("\u{1}é")
        );
    }
}
