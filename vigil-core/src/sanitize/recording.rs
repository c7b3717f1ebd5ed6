//! Values written as a call writes its parameters, without a call around them: what the benchmarks measure.

use super::Sanitize;
use super::counts::Counts;
use super::key::Key;
use super::rules::with_rules;
use super::treatment::Treatment;
use super::writer::Writer;

/// A buffer that is used again for one event after another, as each thread has them.
#[derive(Debug, Default)]
pub struct Recording {
    json: Vec<u8>,
    counts: Counts,
}

impl Recording {
    /// Forgets what has been written, and keeps the memory.
    pub fn clear(&mut self) {
        self.json.clear();
        self.counts.clear();
    }

    /// Appends one text, with its quotes.
    pub fn text(&mut self, text: &str) {
        with_rules(|rules| Writer::new(&mut self.json, rules, &mut self.counts).str(text));
    }

    /// Appends one member, after a comma if there are others.
    pub fn member(&mut self, key: &Key, treatment: Treatment, value: &dyn Sanitize) {
        with_rules(|rules| {
            Writer::new(&mut self.json, rules, &mut self.counts).member(key, treatment, value);
        });
    }

    /// What has been written.
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// Whether something has been replaced.
    #[must_use]
    pub fn has_redactions(&self) -> bool {
        !self.counts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::REDACTED;

    #[test]
    fn it_writes_what_a_call_does() {
        static PASSWORD: Key = Key::new("password");
        let mut recording = Recording::default();
        recording.text("to jane@example.com");
        assert_eq!(recording.json(), b"\"to j***@***.***\"");
        recording.clear();
        assert!(!recording.has_redactions());
        recording.member(&PASSWORD, Treatment::Default, &"hunter2");
        recording.member(&PASSWORD, Treatment::Keep, &7);
        let wanted = format!("\"password\":\"{REDACTED}\",\"password\":7");
        assert_eq!(recording.json(), wanted.as_bytes());
        assert!(recording.has_redactions());
    }
}
