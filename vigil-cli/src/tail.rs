//! `vigil tail`: the events that come, one line each, for people.

use std::io::{IsTerminal as _, Write};
use std::time::Duration;

use serde_json::Value;
use vigil_core::trail::TrailTail;

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Where, failed};

/// Shows the last events of a trail, a line each.
///
/// A line has the time, the outcome, category and operation, who did it, to what, how long it took, and what went wrong.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, there is no such trail, or no
/// identity opens it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,

    /// Goes on with the events that come
    #[arg(long, short)]
    follow: bool,

    /// Begins so many events before the end
    #[arg(long, short = 'n', default_value_t = 10)]
    lines: usize,

    /// Shows these members of each event too, by their paths
    #[arg(long, value_delimiter = ',', value_name = "PATH")]
    fields: Vec<String>,

    /// Whether in colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
}

const EXAMPLES: &str = "\
Examples:
  vigil tail -f
  vigil tail -n 50 --fields action.parameters.plan,context.request_id";

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    Always,
    Never,
}

const PAUSE: Duration = Duration::from_millis(200);

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = std::io::stdout();
    let colored = match arguments.color {
        When::Always => true,
        When::Never => false,
        // https://no-color.org
        When::Auto => out.is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    let mut reading = Reading::begin(&arguments.audit, &arguments.trail.dir, "tail")?;
    reading.detail("follow", arguments.follow);
    if arguments.follow {
        reading.goes_on()?;
    }
    let shown = show_all(arguments, colored, &mut reading);
    reading.end(shown)
}

fn show_all(arguments: &Arguments, colored: bool, reading: &mut Reading) -> Result<(), Failure> {
    let out = std::io::stdout();
    let mut tail = TrailTail::open_with(
        &arguments.trail.dir,
        arguments.lines,
        &arguments.identity.read()?,
    )
    .map_err(failed)?;
    let mut lines = Vec::new();
    let mut shown = String::new();
    loop {
        lines.clear();
        tail.read(&mut lines).map_err(failed)?;
        for line in lines.split(|byte| *byte == b'\n') {
            if line.is_empty() {
                continue;
            }
            reading.count(1);
            shown.clear();
            show(line, &arguments.fields, colored, &mut shown);
            writeln!(out.lock(), "{shown}").map_err(|error| Failure::writing(&error))?;
        }
        if !arguments.follow {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
}

fn show(line: &[u8], fields: &[String], colored: bool, out: &mut String) {
    let Ok(event) = serde_json::from_slice::<Value>(line) else {
        let text = String::from_utf8_lossy(line);
        push(out, colored, "31", "(no event)");
        push(out, colored, "0", &text);
        return;
    };
    let text = |path: &str| at(&event, path).map(shown).unwrap_or_default();
    let time = text("timestamp");
    push(out, colored, "2", &time);
    let status = text("action.result.status");
    let color = match status.as_str() {
        "SUCCESS" => "32",
        "FAILURE" | "PANIC" | "INCOMPLETE" => "31",
        _ => "33",
    };
    push(out, colored, color, &format!("{status:<7}"));
    push(out, colored, "36", &text("action.category"));
    push(out, colored, "1", &text("action.operation"));
    let (actor, id) = (text("actor.type"), text("actor.id"));
    if id.is_empty() {
        push(out, colored, "0", &format!("by {actor}"));
    } else {
        push(out, colored, "0", &format!("by {actor} {id}"));
    }
    let (resource, id) = (text("resource.type"), text("resource.id"));
    if !resource.is_empty() {
        push(out, colored, "0", format!("on {resource} {id}").trim_end());
    }
    if let Some(took) = at(&event, "performance.duration_ms") {
        push(out, colored, "2", &format!("{took} ms"));
    }
    let error = text("error.message");
    if !error.is_empty() {
        push(out, colored, "31", &error);
    }
    for path in fields {
        push(out, colored, "0", &format!("{path}={}", text(path)));
    }
}

fn push(out: &mut String, colored: bool, color: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    // A terminal obeys what stands in a text; an event must not speak to it.
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if colored && color != "0" {
        out.push_str(&format!("\u{1b}[{color}m{text}\u{1b}[0m"));
    } else {
        out.push_str(&text);
    }
}

/// The member at a path with dots.
fn at<'v>(event: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.')
        .try_fold(event, |value, name| value.get(name))
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
