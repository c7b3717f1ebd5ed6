//! `vigil retention`: how long a trail is kept.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use vigil_core::trail::retention::{
    Action, Age, Applied, ApplyOptions, Keep, Plan, PlannedSegment, Retention, RetentionProfile,
    apply, plan,
};

use crate::failure::Failure;
use crate::trail::{Where, failed};

/// Tells which closed segments of a trail are due to be removed, and removes them.
///
/// The rules are those of the configuration (trail.retention in --config, else in the file that VIGIL_CONFIG names, else in
/// vigil.yaml), unless they are given here. Only lines go: hashes and seals stay, and the trail tells of it as
/// audit_retention_purged, so that `vigil verify` ends with 0 as before.
///
/// Exit codes: 0 done, 1 something cannot be read, written or removed, 2 bad arguments or rules, or there is no such trail.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Plan(PlanArguments),
    Apply(ApplyArguments),
}

/// Tells what would go and why, what stays and why, and whether what the profiles ask for is so. Nothing is changed
#[derive(Debug, clap::Args)]
struct PlanArguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    rules: Rules,

    /// Writes a JSON object
    #[arg(long)]
    json: bool,
}

/// Removes what is due, with --yes; without, tells what it would be
///
/// Where a program writes the trail, that program is asked to do so and goes by its own rules, not by those given here.
#[derive(Debug, clap::Args)]
struct ApplyArguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    rules: Rules,

    /// Removes
    #[arg(long)]
    yes: bool,

    /// Who has it done; it stands in the trail. By default the user of this process
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,

    /// You have looked at the clock: does not wait although time has made a leap
    #[arg(long)]
    clock_is_right: bool,

    /// Writes a JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Rules {
    /// The configuration whose trail.retention holds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "age", "max_size", "category"])]
    config: Option<PathBuf>,

    /// pci, hipaa, fedramp or gdpr
    #[arg(long)]
    profile: Option<String>,

    /// What is older goes: 90d, 12mo, 6y
    #[arg(long)]
    age: Option<String>,

    /// Where there are more bytes, the oldest go
    #[arg(long, value_name = "BYTES")]
    max_size: Option<u64>,

    /// How long a category is kept: PAYMENT=pci, API=30d, ADMIN=off. May be given several times
    #[arg(long, value_name = "NAME=TIME")]
    category: Vec<String>,
}

impl Rules {
    fn read(&self) -> Result<Retention, Failure> {
        let is_given = self.profile.is_some()
            || self.age.is_some()
            || self.max_size.is_some()
            || !self.category.is_empty();
        if !is_given {
            return Retention::configured(self.config.as_deref()).map_err(failed);
        }
        let mut retention = Retention::new();
        if let Some(name) = &self.profile {
            let profile = RetentionProfile::from_name(name).ok_or_else(|| {
                Failure::input(format!(
                    "--profile: expected pci, hipaa, fedramp or gdpr, found {name:?}"
                ))
            })?;
            retention = retention.profile(profile);
        }
        if let Some(age) = &self.age {
            retention = retention.age(self::age("--age", age)?);
        }
        if let Some(size) = self.max_size {
            retention = retention.max_size(size);
        }
        for category in &self.category {
            let (name, keep) = category.split_once('=').ok_or_else(|| {
                Failure::input(format!(
                    "--category: expected NAME=TIME such as API=30d, found {category:?}"
                ))
            })?;
            let keep = match (keep, RetentionProfile::from_name(keep)) {
                ("off", _) => Keep::Forever,
                (_, Some(profile)) => Keep::As(profile),
                (_, None) => Keep::For(age("--category", keep)?),
            };
            retention = retention.category(name, keep);
        }
        Ok(retention)
    }
}

fn age(argument: &str, text: &str) -> Result<Age, Failure> {
    text.parse()
        .map_err(|error| Failure::input(format!("{argument}: {error}")))
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = match &arguments.command {
        Command::Plan(arguments) => {
            let plan = plan(&arguments.trail.dir, &arguments.rules.read()?).map_err(failed)?;
            if arguments.json {
                json(&plan, &mut out)
            } else {
                tell(&plan, &mut out)
            }
        }
        Command::Apply(arguments) => return run_apply(arguments, &mut out),
    };
    written.map_err(|error| Failure::writing(&error))
}

fn run_apply(arguments: &ApplyArguments, out: &mut impl Write) -> Result<(), Failure> {
    let (dir, retention) = (&arguments.trail.dir, arguments.rules.read()?);
    let written = if arguments.yes {
        let mut options = ApplyOptions::new().clock_is_right(arguments.clock_is_right);
        if let Some(operator) = &arguments.operator {
            options = options.operator(operator);
        }
        let applied = apply(dir, &retention, &options).map_err(failed)?;
        if arguments.json {
            json(&applied, out)
        } else {
            tell_applied(&applied, out)
        }
    } else {
        let plan = plan(dir, &retention).map_err(failed)?;
        if arguments.json {
            json(&plan, out)
        } else {
            tell(&plan, out)
                .and_then(|()| writeln!(out, "nothing was removed: --yes removes what is due"))
        }
    };
    written.map_err(|error| Failure::writing(&error))
}

fn json(what: &impl serde::Serialize, out: &mut impl Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, what)?;
    writeln!(out)
}

fn tell(plan: &Plan, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}: {} bytes of lines", plan.directory, plan.size)?;
    writeln!(out, "rules: {}", plan.policy)?;
    for segment in &plan.segments {
        tell_segment(segment, out)?;
    }
    let (mut count, mut events, mut bytes) = (0, 0, 0);
    for segment in plan.due() {
        count += 1;
        events += segment.events;
        bytes += segment.size;
    }
    writeln!(out, "due: {count} segments, {events} events, {bytes} bytes")?;
    for stopped in &plan.stopped_by {
        writeln!(out, "stopped: {stopped}")?;
    }
    for asked in &plan.compliance {
        let met = if asked.is_met { "met" } else { "NOT MET" };
        writeln!(
            out,
            "{}: {}: {met}: {}",
            asked.asked_by, asked.demand, asked.finding
        )?;
    }
    Ok(())
}

fn tell_segment(segment: &PlannedSegment, out: &mut impl Write) -> std::io::Result<()> {
    let action = match segment.action {
        Action::Keep => "keep",
        Action::Purge => "PURGE",
        Action::Blocked => "BLOCKED",
        Action::Purged => "purged",
        Action::Missing => "MISSING",
        _ => "?",
    };
    write!(
        out,
        "{action:8} {}  {} events, {} bytes",
        segment.name, segment.events, segment.size
    )?;
    if let (Some(from), Some(to)) = (&segment.from, &segment.to) {
        write!(out, ", {from} to {to}")?;
    }
    write!(out, "  ({}", segment.reason)?;
    if let (Action::Keep, Some(due)) = (segment.action, &segment.due) {
        write!(out, ", due {due}")?;
    }
    writeln!(out, ")")?;
    for by in &segment.kept_by {
        writeln!(out, "         kept by {by}")?;
    }
    Ok(())
}

fn tell_applied(applied: &Applied, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "rules: {}", applied.policy)?;
    for segment in &applied.finished {
        writeln!(out, "removed {segment}, of which an earlier event tells")?;
    }
    for segment in &applied.segments {
        writeln!(out, "removed {segment}")?;
    }
    for (segment, by) in &applied.kept {
        writeln!(out, "kept    {segment}: {}", by.join("; "))?;
    }
    writeln!(
        out,
        "{} segments, {} events, {} bytes have gone",
        applied.segments.len(),
        applied.events,
        applied.bytes
    )?;
    for event in &applied.told_by {
        writeln!(out, "told by event {event}")?;
    }
    for stopped in applied.stopped_by.iter().chain(&applied.too_large) {
        writeln!(out, "{stopped}")?;
    }
    Ok(())
}
