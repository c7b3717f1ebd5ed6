//! How many lines of a segment are of which category: by this a seal tells how long the segment has to be kept, without
//! anybody reading its lines again.

use std::collections::BTreeMap;

use memchr::memmem::Finder;

/// In a line of ours this much stands before its category, whatever the event: id, time, version and actor.
const HEAD: usize = 110;
/// What is longer was not written by us.
const LONGEST: usize = 64;
/// More categories than any program has: a segment that somebody else has written shall not take all memory.
const MOST: usize = 1_024;

/// Counts of lines by category.
#[derive(Debug, Clone)]
pub(super) struct Categories {
    finder: Finder<'static>,
    counts: Vec<(String, u64)>,
    /// The one that was met last: events of one kind come in a row.
    last: usize,
}

impl Default for Categories {
    fn default() -> Self {
        // In a string of JSON a quote has a backslash before it, and nothing before the action has such a member.
        Self {
            finder: Finder::new("\"category\":\""),
            counts: Vec::new(),
            last: 0,
        }
    }
}

impl Categories {
    /// Counts these whole lines. What is no event is left out: the counts then do not sum up to the number of lines.
    pub(super) fn add(&mut self, lines: &[u8]) {
        let mut rest = lines;
        // A short line that is no event of ours leads into a later one, which then counts for both: fewer.
        while let Some(line) = rest.get(HEAD..)
            && let Some(at) = self.finder.find(line)
        {
            let name = &line[at + self.finder.needle().len()..];
            let Some(end) = memchr::memchr(b'"', &name[..name.len().min(LONGEST + 1)]) else {
                return;
            };
            if let Ok(category) = std::str::from_utf8(&name[..end]) {
                self.count(category);
            }
            let Some(newline) = memchr::memchr(b'\n', &name[end..]) else {
                return;
            };
            rest = &name[end + newline + 1..];
        }
    }

    fn count(&mut self, category: &str) {
        let is_it = |(name, _): &(String, u64)| name == category;
        if !self.counts.get(self.last).is_some_and(is_it) {
            self.last = match self.counts.iter().position(is_it) {
                Some(known) => known,
                None if self.counts.len() == MOST => return,
                None => {
                    self.counts.push((category.to_owned(), 0));
                    self.counts.len() - 1
                }
            };
        }
        self.counts[self.last].1 += 1;
    }

    pub(super) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(category: &str, parameters: &str) -> String {
        format!(
            "{{\"event_id\":\"01995d2c-0000-7000-8000-000000000001\",\"timestamp\":\"2026-11-23T20:00:00.000000Z\",\
             \"version\":\"1.0.0\",\"seq\":1,\"actor\":{{\"type\":\"user\",\"id\":\"\\\"category\\\":\\\"X\\\"\"}},\
             \"action\":{{\"type\":\"READ\",\"category\":\"{category}\",\"operation\":\"f\",\"parameters\":{{{parameters}}}}}}}\n"
        )
    }

    fn counted(text: &str) -> BTreeMap<String, u64> {
        let mut categories = Categories::default();
        categories.add(text.as_bytes());
        categories.counts()
    }

    #[test]
    fn lines_are_counted_by_the_category_of_their_action() {
        let text = [
            line("AUTH", ""),
            line("AUTH", "\"category\":\"API\""),
            line("PHI_ACCESS", "\"text\":\"a\\\"category\\\":\\\"API\\\"\""),
            line("AUTH", ""),
        ];
        let expected: BTreeMap<_, _> =
            [("AUTH".to_owned(), 3), ("PHI_ACCESS".to_owned(), 1)].into();
        assert_eq!(counted(&text.concat()), expected);
        let mut one_by_one = Categories::default();
        text.iter().for_each(|line| one_by_one.add(line.as_bytes()));
        assert_eq!(one_by_one.counts(), expected);
    }

    #[test]
    fn what_is_no_event_makes_the_sum_too_small_and_never_too_large() {
        let foreign = format!("{{\"category\":\"{}\"}}\n", "X".repeat(200));
        for other in ["x\n", "\n\n\n", "{\"category\":\"API\"}\n", &foreign] {
            for text in [
                format!("{other}{}{}", line("AUTH", ""), line("API", "")),
                format!("{}{other}{}", line("AUTH", ""), line("API", "")),
                format!("{}{}{other}", line("AUTH", ""), line("API", "")),
            ] {
                let lines = text.matches('\n').count() as u64;
                assert!(counted(&text).values().sum::<u64>() < lines, "{text}");
            }
        }
    }
}
