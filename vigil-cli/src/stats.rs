//! `vigil stats`: what a trail holds, counted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use vigil_core::trail::{Identities, TrailReader};

use crate::cat::tell_missing;
use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Where, failed};

/// Counts the events of a trail by day, category, operation and outcome.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, there is no such trail, or no
/// identity opens it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    /// So many of the most frequent operations
    #[arg(long, default_value_t = 20)]
    top: usize,

    /// Writes a JSON object, with all operations
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Default, Serialize)]
struct Counted {
    events: u64,
    bytes: u64,
    /// Lines that are no events.
    others: u64,
    first: Option<String>,
    last: Option<String>,
    days: BTreeMap<String, u64>,
    categories: BTreeMap<String, u64>,
    statuses: BTreeMap<String, u64>,
    actors: BTreeMap<String, u64>,
    operations: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    actor: Actor<'a>,
    #[serde(borrow)]
    action: Action<'a>,
}

#[derive(Deserialize)]
struct Actor<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Action<'a> {
    #[serde(borrow)]
    category: Cow<'a, str>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    result: Outcome<'a>,
}

#[derive(Deserialize)]
struct Outcome<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.trail.dir;
    let mut reading = Reading::begin(&arguments.audit, dir, "stats")?;
    let counted = Counted::of(dir, &arguments.identity.read()?);
    if let Ok(counted) = &counted {
        reading.count(counted.events);
    }
    let counted = reading.end(counted)?;
    let mut out = std::io::stdout().lock();
    let written = if arguments.json {
        serde_json::to_writer(&mut out, &counted)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        counted.tell(arguments.top, &mut out)
    };
    written.map_err(|error| Failure::writing(&error))
}

impl Counted {
    fn of(dir: &Path, identities: &Identities) -> Result<Self, Failure> {
        let mut lines = TrailReader::open_with(dir, identities).map_err(failed)?;
        let mut counted = Self::default();
        while let Some(block) = lines.next_lines().map_err(failed)? {
            for line in block.split_inclusive(|byte| *byte == b'\n') {
                counted.count(line);
            }
        }
        tell_missing(&lines);
        Ok(counted)
    }

    fn count(&mut self, line: &[u8]) {
        self.bytes += line.len() as u64;
        let Ok(event) = serde_json::from_slice::<Line<'_>>(line) else {
            self.others += 1;
            return;
        };
        self.events += 1;
        let time = event.timestamp.as_ref();
        if self.first.is_none() {
            self.first = Some(time.to_owned());
        }
        self.last = Some(time.to_owned());
        let day = time.get(..10).unwrap_or(time);
        for (counts, key) in [
            (&mut self.days, day),
            (&mut self.categories, &event.action.category),
            (&mut self.statuses, &event.action.result.status),
            (&mut self.actors, &event.actor.kind),
            (&mut self.operations, &event.action.operation),
        ] {
            match counts.get_mut(key) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(key.to_owned(), 1);
                }
            }
        }
    }

    fn tell(&self, top: usize, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "{} events, {} bytes", self.events, self.bytes)?;
        if let (Some(first), Some(last)) = (&self.first, &self.last) {
            writeln!(out, "from {first} to {last}")?;
        }
        if self.others > 0 {
            writeln!(out, "{} lines are no events", self.others)?;
        }
        for (name, counts) in [
            ("day", &self.days),
            ("category", &self.categories),
            ("outcome", &self.statuses),
            ("actor", &self.actors),
        ] {
            writeln!(out, "\nby {name}")?;
            for (key, count) in counts {
                writeln!(out, "{count:>12}  {key}")?;
            }
        }
        let mut operations: Vec<_> = self.operations.iter().collect();
        operations.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        writeln!(out, "\nby operation")?;
        for (operation, count) in operations.iter().take(top) {
            writeln!(out, "{count:>12}  {operation}")?;
        }
        if operations.len() > top {
            writeln!(out, "{:>12}  others", operations.len() - top)?;
        }
        Ok(())
    }
}
