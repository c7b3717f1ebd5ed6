//! What became of the audited places between two versions of a program.

use std::fmt;

use super::protection::protection;
use super::{Argument, Catalogue, Class, Entry};
use crate::event::{Delivery, Overflow};

/// The differences between two catalogues; made by [`diff`]. As text it is a list for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diff {
    /// What is audited no more.
    pub gone: Vec<Entry>,
    /// What is audited now.
    pub came: Vec<Entry>,
    /// What is audited in another way.
    pub changed: Vec<Change>,
}

/// An audited place that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// As it was.
    pub old: Entry,
    /// As it is.
    pub new: Entry,
    /// In what it differs.
    pub differences: Vec<Difference>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// In words.
    pub what: String,
    /// Whether less is protected, or less is recorded, than before.
    pub weaker: bool,
}

/// Compares two catalogues.
///
/// Where something stands is no difference, as long as it is called the same: lines and files move all the time.
///
/// # Examples
///
/// ```
/// use vigil::catalogue::{Catalogue, diff};
///
/// let now = vigil::catalogue();
/// let before = Catalogue::parse(&now.to_json())?;
/// assert!(diff(&before, &now).is_empty());
/// # Ok::<(), vigil::catalogue::ParseError>(())
/// ```
#[must_use]
pub fn diff(old: &Catalogue, new: &Catalogue) -> Diff {
    let mut old: Vec<&Entry> = old.entries.iter().collect();
    let mut new: Vec<&Entry> = new.entries.iter().collect();
    let mut diff = Diff::default();
    // The nearest first: an operation may be recorded at several places, and a place may have moved to another module.
    let rounds: [fn(&Entry, &Entry) -> bool; 4] = [
        |a, b| {
            same_name(a, b)
                && a.schema == b.schema
                && a.arguments == b.arguments
                && a.result == b.result
        },
        same_name,
        |a, b| same_operation(a, b) && a.schema == b.schema,
        same_operation,
    ];
    for is_same in rounds {
        old.retain(|before| {
            let Some(at) = new.iter().position(|after| is_same(before, after)) else {
                return true;
            };
            let after = new.remove(at);
            let differences = differences(before, after);
            if !differences.is_empty() {
                diff.changed.push(Change {
                    old: (*before).clone(),
                    new: after.clone(),
                    differences,
                });
            }
            false
        });
    }
    diff.gone = old.into_iter().cloned().collect();
    diff.came = new.into_iter().cloned().collect();
    diff
}

fn same_operation(a: &Entry, b: &Entry) -> bool {
    a.operation == b.operation
}

fn same_name(a: &Entry, b: &Entry) -> bool {
    same_operation(a, b) && a.module == b.module
}

impl Diff {
    /// Whether the two catalogues say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.came.is_empty() && self.changed.is_empty()
    }

    /// What is weaker than before, in words: places gone, categories changed or mandatory no more, deliveries lowered,
    /// treatments loosened, arguments that are recorded no more or are recorded raw.
    #[must_use]
    pub fn weaker(&self) -> Vec<String> {
        let gone = self
            .gone
            .iter()
            .map(|entry| format!("{entry} is audited no more"));
        let changed = self.changed.iter().flat_map(|change| {
            let weaker = change.differences.iter().filter(|what| what.weaker);
            weaker.map(|difference| format!("{}: {}", change.new, difference.what))
        });
        let came = self.came.iter().flat_map(|entry| {
            let raw = raw(entry);
            raw.map(move |difference| format!("{entry}: {}", difference.what))
        });
        gone.chain(changed).chain(came).collect()
    }
}

/// What an entry that has come records as it is.
fn raw(entry: &Entry) -> impl Iterator<Item = Difference> {
    let values = entry.values().filter(|(_, argument)| is_raw(argument));
    values.map(|(label, argument)| recorded_now(&label, argument))
}

fn is_raw(argument: &Argument) -> bool {
    protection(argument).is_some_and(|protection| protection.is_raw())
}

fn difference(weaker: bool, what: String) -> Difference {
    Difference { what, weaker }
}

fn differences(old: &Entry, new: &Entry) -> Vec<Difference> {
    let mut found = Vec::new();
    if old.module != new.module {
        let what = format!("moved from {} to {}", old.module, new.module);
        found.push(difference(false, what));
    }
    if old.category != new.category {
        // Filters, sampling and retention go by it.
        let what = format!("category {} became {}", old.category, new.category);
        found.push(difference(true, what));
    }
    if old.kind != new.kind {
        found.push(difference(
            false,
            format!("type {} became {}", old.kind, new.kind),
        ));
    }
    found.extend(of_delivery(old, new));
    for (label, before) in old.values() {
        match new.values().find(|(other, _)| *other == label) {
            Some((_, after)) => found.extend(of_argument(&label, before, after)),
            None => found.push(difference(true, format!("{label} is recorded no more"))),
        }
    }
    for (label, after) in new.values() {
        if !old.values().any(|(other, _)| other == label) {
            found.push(recorded_now(&label, after));
        }
    }
    found
}

/// What differs in how safe the events are.
fn of_delivery(old: &Entry, new: &Entry) -> Vec<Difference> {
    let mut found = Vec::new();
    if old.mandatory != new.mandatory {
        let what = if new.mandatory {
            "the category is mandatory now"
        } else {
            "the category is mandatory no more"
        };
        found.push(difference(old.mandatory, what.to_owned()));
    }
    if old.delivery != new.delivery {
        let what = format!(
            "delivery {} became {}",
            said(old.delivery),
            said(new.delivery)
        );
        // Where the code says nothing, at least this much holds.
        let safety = |entry: &Entry| entry.delivery.unwrap_or(Delivery::Journaled);
        found.push(difference(safety(new) < safety(old), what));
    }
    if old.overflow != new.overflow {
        let what = format!(
            "overflow {} became {}",
            said(old.overflow),
            said(new.overflow)
        );
        let safety = |entry: &Entry| entry.overflow.unwrap_or(Overflow::Block);
        found.push(difference(safety(new) < safety(old), what));
    }
    found
}

fn said(word: Option<impl fmt::Display>) -> String {
    word.map_or_else(|| "as configured".to_owned(), |word| word.to_string())
}

fn recorded_now(label: &str, argument: &Argument) -> Difference {
    let raw = is_raw(argument);
    let how = if raw { ", raw" } else { "" };
    let what = format!(
        "{label} is recorded now{how} ({}, {}, {})",
        argument.written(),
        argument.class,
        argument.handling(),
    );
    difference(raw, what)
}

/// What differs in an argument that both have.
fn of_argument(label: &str, old: &Argument, new: &Argument) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |weaker, what: &str, from: &str, to: &str| {
        let what = format!("{label}: {what} {from} became {to}");
        found.push(difference(weaker, what));
    };
    if old.written() != new.written() {
        let what = if new.ty.is_some() { "type" } else { "value" };
        note(false, what, &old.written(), &new.written());
    }
    let looser = protection(new) < protection(old) || shows_more(old, new);
    if old.handling() != new.handling() {
        note(looser, "treatment", &old.handling(), &new.handling());
    }
    if old.class != new.class {
        let text = |class: Class| class.to_string();
        note(looser, "class", &text(old.class), &text(new.class));
    }
    found
}

/// `Debug` and `Display` go past the treatments that the fields of a type ask for.
fn shows_more(old: &Argument, new: &Argument) -> bool {
    let past = |argument: &Argument| matches!(argument.form.as_deref(), Some("debug" | "display"));
    past(new) && !past(old) && protection(new) <= protection(old)
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.gone {
            writeln!(f, "- {entry}\n    weaker: it is audited no more")?;
        }
        for entry in &self.came {
            writeln!(f, "+ {entry}")?;
            raw(entry).try_for_each(|difference| write_difference(f, &difference))?;
        }
        for change in &self.changed {
            writeln!(f, "~ {}", change.new)?;
            change
                .differences
                .iter()
                .try_for_each(|difference| write_difference(f, difference))?;
        }
        Ok(())
    }
}

fn write_difference(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let weaker = if difference.weaker { "weaker: " } else { "" };
    writeln!(f, "    {weaker}{}", difference.what)
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
