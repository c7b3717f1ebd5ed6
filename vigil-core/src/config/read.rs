//! From the tree of a file to the configuration, collecting every problem on the way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::check;
use super::environment::Environment;
use super::keys::{self, Takes};
use super::nested::{ANCHOR_KEYS, NamedKey, PATTERN_KEYS, PatternTakes, SINK_KEYS};
use super::settings::{Config, PatternSection};
use super::substitute::substitute;
use super::text::{Expected, shown};
use super::yaml::{Key, Node, Value};
use crate::suggest::closest;

/// Puts what `root` says over `config`; `problems` gets what it says wrongly, each with file and line.
pub(super) fn apply(
    root: Node,
    file: &str,
    environment: &Environment,
    config: &mut Config,
    problems: &mut Vec<String>,
) {
    let mut reader = Reader {
        file,
        environment,
        config,
        problems,
    };
    match root.value {
        Value::Nothing => {}
        Value::Map(members) => reader.section("", members),
        other => reader.problem(
            root.line,
            format!(
                "expected keys such as \"enabled: true\", found {}",
                kind(&other)
            ),
        ),
    }
}

struct Reader<'r> {
    file: &'r str,
    environment: &'r Environment,
    config: &'r mut Config,
    problems: &'r mut Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, line: usize, message: impl AsRef<str>) {
        let message = message.as_ref();
        self.problems
            .push(format!("{}:{line}: {message}", self.file));
    }

    fn section(&mut self, section: &str, members: Vec<(Key, Node)>) {
        for (key, node) in self.once(section, members) {
            let path = join(section, &key.text);
            // The dotted form is how messages name a key; in the file it would be a second way to write it.
            if key.text.contains('.') {
                self.unknown(section, &key, &keys::within(section));
                continue;
            }
            if let Some(entry) = keys::find(&path) {
                self.entry(entry, node);
                continue;
            }
            if keys::within(&path).is_empty() {
                self.unknown(section, &key, &keys::within(section));
                continue;
            }
            match node.value {
                // A heading whose keys are all commented out.
                Value::Nothing => {}
                Value::Map(members) => self.section(&path, members),
                other => {
                    let valid = keys::within(&path).join(", ");
                    self.problem(
                        node.line,
                        format!("{path}: expected the keys {valid}, found {}", kind(&other)),
                    );
                }
            }
        }
    }

    /// The members without those whose key has stood before.
    fn once(&mut self, section: &str, members: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
        let mut lines: HashMap<String, usize> = HashMap::new();
        let mut kept = Vec::with_capacity(members.len());
        for (key, node) in members {
            match lines.entry(key.text.clone()) {
                Entry::Occupied(first) => {
                    let first = first.get();
                    let name = shown(&key.text);
                    let section = name_of(section);
                    self.problem(
                        key.line,
                        format!(
                            "duplicate key {name} in {section}; it stands on line {first} already"
                        ),
                    );
                }
                Entry::Vacant(place) => {
                    place.insert(key.line);
                    kept.push((key, node));
                }
            }
        }
        kept
    }

    fn unknown(&mut self, section: &str, key: &Key, valid: &[&str]) {
        let meant = closest(&key.text, valid)
            .map(|name| format!("; did you mean \"{name}\"?"))
            .unwrap_or_else(|| ";".to_owned());
        self.problem(
            key.line,
            format!(
                "unknown key {} in {}{meant} valid keys: {}",
                shown(&key.text),
                name_of(section),
                valid.join(", ")
            ),
        );
    }

    fn entry(&mut self, entry: &keys::Entry, node: Node) {
        let path = entry.path;
        match &entry.takes {
            Takes::Text(set) => {
                self.text(path, node, false, set);
            }
            Takes::Secret(set) => {
                self.text(path, node, true, set);
            }
            Takes::PerCategory(set) => self.named(path, node, "categories", check::category, set),
            Takes::PerOperation(set) => self.named(path, node, "operations", check::operation, set),
            Takes::Texts(check, set) => {
                if let Some(texts) = self.texts(path, node, *check) {
                    set(self.config, texts);
                }
            }
            Takes::Patterns => self.patterns(path, node),
            Takes::Sinks => {
                let sinks = self.named_sections(path, node, "sinks", check::sink_name, SINK_KEYS);
                self.config.sinks.extend(sinks);
            }
            Takes::Anchors => {
                let anchors =
                    self.named_sections(path, node, "anchors", check::anchor_name, ANCHOR_KEYS);
                self.config.anchors.extend(anchors);
            }
        }
    }

    /// A mapping of names that are not ours to a value each.
    fn named(
        &mut self,
        path: &str,
        node: Node,
        what: &str,
        check: fn(&str) -> Result<(), Expected>,
        set: &fn(&mut Config, &str, &str) -> Result<(), Expected>,
    ) {
        let with = format!("{what} with a value each");
        for (key, node) in self.names(path, node, &with, check) {
            let path = join(path, &key.text);
            self.text(&path, node, false, |config, text| {
                set(config, &key.text, text)
            });
        }
    }

    /// The members of a mapping whose names are not ours; those that cannot be names are told and left out.
    fn names(
        &mut self,
        path: &str,
        node: Node,
        of: &str,
        check: fn(&str) -> Result<(), Expected>,
    ) -> Vec<(Key, Node)> {
        let members = match node.value {
            Value::Nothing => return Vec::new(),
            Value::Map(members) => members,
            other => {
                let found = kind(&other);
                let message = format!("{path}: expected names of {of}, found {found}");
                self.problem(node.line, message);
                return Vec::new();
            }
        };
        let mut members = self.once(path, members);
        members.retain(|(key, _)| {
            let expected = check(&key.text);
            if let Err(expected) = &expected {
                let found = shown(&key.text);
                let message = format!("{path}: expected {expected}, found {found}");
                self.problem(key.line, message);
            }
            expected.is_ok()
        });
        members
    }

    /// The texts of a list, or one text, each checked; `None` if it is no list.
    fn texts(
        &mut self,
        path: &str,
        node: Node,
        check: fn(&str) -> Result<(), Expected>,
    ) -> Option<Vec<String>> {
        let items = match node.value {
            Value::Nothing => Vec::new(),
            Value::List(items) => items,
            Value::Text(_) => vec![node],
            Value::Map(_) => {
                self.problem(
                    node.line,
                    format!("{path}: expected a list, found a mapping"),
                );
                return None;
            }
        };
        let mut texts = Vec::new();
        for (i, item) in items.into_iter().enumerate() {
            self.text(&format!("{path}[{i}]"), item, false, |_, text| {
                check(text)?;
                texts.push(text.to_owned());
                Ok(())
            });
        }
        Some(texts)
    }

    /// Replaces the variables in a text and hands it to `set`.
    fn text(
        &mut self,
        path: &str,
        node: Node,
        secret: bool,
        set: impl FnOnce(&mut Config, &str) -> Result<(), Expected>,
    ) {
        let written = match &node.value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        let text = match substitute(written, &|name| self.environment.variable(name)) {
            Ok(text) => text,
            Err(problem) => return self.problem(node.line, format!("{path}: {problem}")),
        };
        let result = match &node.value {
            // What a key takes is checked on a value that no key takes, only to say what it would have been.
            Value::Text(_) => set(self.config, &text),
            _ => set(&mut self.config.clone(), "").and(Err("a text".to_owned())),
        };
        let Err(expected) = result else { return };
        let found = match &node.value {
            Value::Nothing => ", found nothing; remove the key to get its default".to_owned(),
            Value::Text(_) if secret => String::new(),
            // What a variable holds may be a secret put into the wrong place.
            Value::Text(written) if *written != text => {
                format!(", found what {} stands for", shown(written))
            }
            Value::Text(written) => format!(", found {}", shown(written)),
            other => format!(", found {}", kind(other)),
        };
        self.problem(node.line, format!("{path}: expected {expected}{found}"));
    }

    fn patterns(&mut self, path: &str, node: Node) {
        let items = match node.value {
            Value::Nothing => Vec::new(),
            Value::List(items) => items,
            other => {
                let found = kind(&other);
                return self.problem(
                    node.line,
                    format!("{path}: expected a list of patterns, found {found}"),
                );
            }
        };
        let mut patterns = Vec::new();
        for (i, item) in items.into_iter().enumerate() {
            patterns.push(self.pattern(&format!("{path}[{i}]"), item));
        }
        self.config.sanitize.patterns = patterns;
    }

    fn pattern(&mut self, path: &str, node: Node) -> PatternSection {
        let mut pattern = PatternSection::default();
        let names: Vec<&str> = PATTERN_KEYS.iter().map(|key| key.name).collect();
        let members = match node.value {
            Value::Map(members) => members,
            other => {
                let message = format!(
                    "{path}: expected the keys {}, found {}",
                    names.join(", "),
                    kind(&other)
                );
                self.problem(node.line, message);
                return pattern;
            }
        };
        let members = self.once(path, members);
        for key in PATTERN_KEYS {
            if key.required && !members.iter().any(|(member, _)| member.text == key.name) {
                self.problem(
                    node.line,
                    format!("{path}: the key \"{}\" is missing", key.name),
                );
            }
        }
        for (member, node) in members {
            match PATTERN_KEYS.iter().find(|key| key.name == member.text) {
                Some(key) => {
                    let path = join(path, key.name);
                    match key.takes {
                        PatternTakes::Text(set) => {
                            self.text(&path, node, false, |_, text| set(&mut pattern, text));
                        }
                        PatternTakes::Texts(check, set) => {
                            if let Some(texts) = self.texts(&path, node, check) {
                                set(&mut pattern, texts);
                            }
                        }
                    }
                }
                None => self.unknown(path, &member, &names),
            }
        }
        pattern
    }
}

impl Reader<'_> {
    /// A mapping of names of the user's to mappings with keys of ours.
    fn named_sections<T: Default>(
        &mut self,
        path: &str,
        node: Node,
        what: &str,
        check: fn(&str) -> Result<(), Expected>,
        keys: &[NamedKey<T>],
    ) -> Vec<(String, T)> {
        let what = format!("{what} with options each");
        let mut sections = Vec::new();
        for (key, node) in self.names(path, node, &what, check) {
            let section = self.named_section(&join(path, &key.text), node, keys);
            sections.push((key.text, section));
        }
        sections
    }

    fn named_section<T: Default>(&mut self, path: &str, node: Node, keys: &[NamedKey<T>]) -> T {
        let mut section = T::default();
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let members = match node.value {
            Value::Nothing => return section,
            Value::Map(members) => members,
            other => {
                let message = format!(
                    "{path}: expected the keys {}, found {}",
                    names.join(", "),
                    kind(&other)
                );
                self.problem(node.line, message);
                return section;
            }
        };
        for (member, node) in self.once(path, members) {
            match keys.iter().find(|key| key.name == member.text) {
                Some(key) => {
                    let path = join(path, key.name);
                    self.text(&path, node, false, |_, text| (key.set)(&mut section, text));
                }
                None => self.unknown(path, &member, &names),
            }
        }
        section
    }
}

fn join(section: &str, key: &str) -> String {
    if section.is_empty() {
        key.to_owned()
    } else {
        format!("{section}.{key}")
    }
}

fn name_of(section: &str) -> &str {
    if section.is_empty() {
        "the top level"
    } else {
        section
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nothing => "nothing",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}
