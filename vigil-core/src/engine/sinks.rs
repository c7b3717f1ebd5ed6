//! The sinks that the program and the configuration name, each with its options.

use crate::config::Config;
use crate::error::Error;
use crate::sink::{Feed, Registered, Sink, SinkOptions, Stdout, check_sink_name};
use crate::suggest::closest;

/// A sink as the program has handed it over.
pub(super) type Given = (Box<dyn Sink>, SinkOptions);

/// What is known of the sinks of an engine before and while they run.
#[derive(Debug)]
pub(super) struct Roster {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    /// What the program says, and what the sink itself does.
    program: SinkOptions,
    own: SinkOptions,
}

impl Roster {
    /// Asks each sink for its name, once.
    pub(super) fn of(sinks: &[Given]) -> Self {
        let entries = sinks.iter().map(|(sink, program)| Entry {
            name: sink.name().to_owned(),
            program: *program,
            own: sink.options(),
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// How each sink is fed, in their order; or all that is wrong with them.
    pub(super) fn feeds(&self, config: &Config) -> Result<Vec<Feed>, Error> {
        let mut feeds = Vec::with_capacity(self.entries.len());
        let mut problems = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let name = &entry.name;
            if let Err(expected) = check_sink_name(name) {
                problems.push(format!(
                    "a sink is called {name:?}: expected {expected}; correct what its name() gives back"
                ));
                continue;
            }
            if self.entries[..at].iter().any(|other| other.name == *name) {
                problems.push(format!(
                    "two sinks are called {name:?}; give one of them another name"
                ));
                continue;
            }
            let file = config.sinks.get(name).copied().unwrap_or_default();
            match entry.program.or(file).or(entry.own).resolve() {
                Ok(feed) => feeds.push(feed),
                Err((key, expected)) => {
                    problems.push(format!("sinks.{name}.{key}: expected {expected}"));
                }
            }
        }
        problems.extend(self.unknown(config));
        if problems.is_empty() {
            Ok(feeds)
        } else {
            Err(Error::config(problems.join("\n")))
        }
    }

    /// Options for a sink that is not there are a misspelt name, unless it is merely switched off.
    fn unknown(&self, config: &Config) -> Vec<String> {
        let mut names: Vec<&str> = self.entries.iter().map(|entry| &*entry.name).collect();
        names.push("stdout");
        let unknown = config
            .sinks
            .keys()
            .filter(|name| !names.contains(&&***name));
        unknown
            .map(|name| {
                let meant = closest(name, &names)
                    .map_or_else(String::new, |meant| format!("; did you mean {meant:?}?"));
                format!("sinks.{name}: this program has no sink of that name{meant}")
            })
            .collect()
    }
}

/// The sinks to be started, and what is known of them.
pub(super) fn register(
    mut sinks: Vec<Given>,
    config: &Config,
) -> Result<(Vec<Registered>, Roster), Error> {
    if config.stdout {
        sinks.push((Box::new(Stdout::new()), SinkOptions::new()));
    }
    let roster = Roster::of(&sinks);
    let feeds = roster.feeds(config)?;
    let registered =
        sinks
            .into_iter()
            .zip(&roster.entries)
            .zip(feeds)
            .map(|(((sink, _), entry), feed)| Registered {
                name: entry.name.clone(),
                sink,
                feed,
            });
    Ok((registered.collect(), roster))
}
