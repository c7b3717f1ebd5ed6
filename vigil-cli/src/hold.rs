//! `vigil hold`: legal holds on a trail.

use std::io::Write;

use clap::Subcommand;
use vigil_core::trail::about;
use vigil_core::trail::holds::{Hold, NewHold, add, list, of_subject, remove};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Keeps events from being removed or erased, whatever retention says, for a court, an authority or an investigation.
///
/// A hold is in force when the command returns, whether or not a program writes the trail. The trail tells of each, as
/// audit_hold_added and audit_hold_removed. A hold whose file is damaged holds everything.
///
/// Exit codes: 0 done, 1 something cannot be read or written, 2 bad arguments, or there is no such trail or hold.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Remove(Remove),
}

/// Places a hold; without further arguments on everything
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct Add {
    #[command(flatten)]
    trail: Where,

    /// Why; it stands in the trail
    #[arg(long)]
    reason: String,

    /// The number of the case
    #[arg(long, value_name = "ID")]
    case: Option<String>,

    /// Only events from this time on: 2026-11-23 or 2026-11-23T20:00:00Z
    #[arg(long, value_name = "TIME")]
    from: Option<String>,

    /// Only events before this time; a date stands for its end
    #[arg(long, value_name = "TIME")]
    to: Option<String>,

    /// Only events of this category. May be given several times
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,

    /// Only events of this subject. Neither the hold nor the trail tells who it is; retention keeps all events of the time
    #[arg(long)]
    subject: Option<String>,

    /// Who places it; by default the user of this process
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Lists the holds
#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    trail: Where,

    /// Only those that keep this subject from being erased
    #[arg(long)]
    subject: Option<String>,

    /// Writes a JSON array
    #[arg(long)]
    json: bool,
}

/// Ends a hold, also one whose file is damaged
#[derive(Debug, clap::Args)]
struct Remove {
    /// What `vigil hold list` calls it
    #[arg(value_name = "HOLD")]
    id: String,

    #[command(flatten)]
    trail: Where,
}

const EXAMPLES: &str = "\
Examples:
  vigil hold add --reason 'subpoena of 3 March' --case 24-cv-1138 --from 2026-01-01 --to 2026-02-28 /var/log/shop
  vigil hold add --reason 'complaint' --subject u-17 /var/log/shop";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = match &arguments.command {
        Command::Add(arguments) => {
            let hold = place(arguments).map_err(failed)?;
            writeln!(out, "{}", hold.id)
        }
        Command::List(arguments) => {
            let dir = &arguments.trail.dir;
            // Of what is no trail nobody shall believe that it is not held.
            about(dir).map_err(failed)?;
            let holds = match &arguments.subject {
                Some(subject) => of_subject(dir, subject),
                None => list(dir),
            };
            let holds = holds.map_err(failed)?;
            if arguments.json {
                serde_json::to_writer(&mut out, &holds)
                    .map_err(std::io::Error::from)
                    .and_then(|()| writeln!(out))
            } else {
                holds.iter().try_for_each(|hold| tell(hold, &mut out))
            }
        }
        Command::Remove(arguments) => {
            let hold = remove(&arguments.trail.dir, &arguments.id).map_err(failed)?;
            match hold {
                Some(hold) => writeln!(out, "ended: {hold}"),
                None => writeln!(out, "ended: {}, whose file was damaged", arguments.id),
            }
        }
    };
    written.map_err(|error| Failure::writing(&error))
}

fn place(arguments: &Add) -> Result<Hold, vigil_core::Error> {
    let mut hold = NewHold::new(&arguments.reason);
    if let Some(case) = &arguments.case {
        hold = hold.case(case);
    }
    if let Some(by) = &arguments.by {
        hold = hold.by(by);
    }
    if let Some(from) = &arguments.from {
        hold = hold.from(from)?;
    }
    if let Some(to) = &arguments.to {
        hold = hold.to(to)?;
    }
    for category in &arguments.category {
        hold = hold.category(category)?;
    }
    if let Some(subject) = &arguments.subject {
        hold = hold.subject(subject);
    }
    add(&arguments.trail.dir, &hold)
}

fn tell(hold: &Hold, out: &mut impl Write) -> std::io::Result<()> {
    write!(
        out,
        "{}  placed {} by {}: {}",
        hold.id, hold.placed, hold.by, hold.reason
    )?;
    if let Some(case) = &hold.case {
        write!(out, "; case {case}")?;
    }
    if let Some(from) = &hold.from {
        write!(out, "; from {from}")?;
    }
    if let Some(to) = &hold.to {
        write!(out, "; to {to}")?;
    }
    if !hold.categories.is_empty() {
        write!(out, "; {}", hold.categories.join(", "))?;
    }
    if hold.subject.is_some() {
        write!(out, "; one subject")?;
    }
    writeln!(out)
}
