//! `vigil verify`: whether a trail is still what was signed.

mod anchors;
mod bar;
mod watch;

use std::io::{IsTerminal as _, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use vigil_core::trail::{TimestampCa, Verdict, VerifyOptions, VerifyReport, verify};

use crate::failure::Failure;
use crate::reading::{Audit, Reading};
use crate::trail::{Identity, Keys, Where, undecided};
use bar::Bar;

/// Checks that no event of a trail was edited, deleted, inserted, reordered or cut.
///
/// Hashes every line, and holds it against the signed seals and checkpoints of the trail. The keys are those that lie
/// beside the trail unless --key says another: then the check proves who signed it. A trail that was rolled back, or
/// rewritten and signed anew, shows only against a checkpoint that was kept elsewhere (--kept). Compressed segments are
/// read as well, encrypted ones with --identity. The trail may be in use.
///
/// Exit codes: 0 intact, 1 altered, 2 incomplete or unreadable, 3 intact and not anchored as --anchored-within demands.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trail: Where,

    #[command(flatten)]
    keys: Keys,

    /// A checkpoint that was kept elsewhere, to hold the trail against, or a directory of them (*.checkpoint, as an anchor
    /// copies them), of which the times count. May be given several times
    #[arg(long, value_name = "FILE|DIR")]
    kept: Vec<PathBuf>,

    /// Believes the cosignatures of this witness, of which .vigil/anchors has the receipts: <name>+<key id>+<base 64>.
    /// May be given several times
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,

    /// Believes the time stamps in .vigil/anchors, and beside kept checkpoints (*.tsr), that the certificates in this file, in
    /// PEM, vouch for. May be given several times
    #[arg(long, value_name = "FILE")]
    timestamp_ca: Vec<PathBuf>,

    /// Ends with 3 if more than so many of the newest events (1000), or any that are older than this (90s, 10m, 24h, 7d),
    /// are not covered by a checkpoint that was kept, cosigned, or stamped
    #[arg(long, value_name = "EVENTS|AGE")]
    anchored_within: Option<anchors::Within>,

    /// Passes over closed segments that are older: 2026-11-23 or 2026-11-23T20:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Passes over closed segments that are younger
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// The name of the trail, where files of several lie in the directory
    #[arg(long)]
    name: Option<String>,

    /// Uses so many threads
    #[arg(long)]
    threads: Option<NonZero<usize>>,

    /// Goes on checking what is added, and ends with 1 at the first damage
    #[arg(long, conflicts_with_all = ["since", "until", "anchored_within"])]
    watch: bool,

    /// With --watch, looks each so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "10", requires = "watch")]
    every: NonZero<u64>,

    /// With --watch, reads all of it again each so many seconds, and not only what has changed
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "86400",
        requires = "watch"
    )]
    all_every: NonZero<u64>,

    /// Writes the report as a JSON object; with --watch, an object a line for each look that finds something new
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    identity: Identity,

    #[command(flatten)]
    audit: Audit,
}

const EXAMPLES: &str = "\
Examples:
  vigil verify
  vigil verify /var/log/shop --key shop.vkey --kept yesterday.checkpoint
  vigil verify --json | jq .verdict
  vigil verify --watch --json >> /var/log/vigil-watch.jsonl || alert";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let bar = Bar::new();
    let shown = |done, total| bar.show(done, total);
    let mut options =
        VerifyOptions::new().identities(&arguments.identity.read().map_err(Failure::undecided)?);
    for key in arguments.keys.read().map_err(Failure::undecided)? {
        options = options.key(&key).map_err(undecided)?;
    }
    for kept in &arguments.kept {
        let stamps = !arguments.timestamp_ca.is_empty();
        options = anchors::keep(options, kept, &arguments.trail.dir, stamps)
            .map_err(Failure::undecided)?;
    }
    for key in &arguments.witness {
        options = options.witness(key).map_err(undecided)?;
    }
    for file in &arguments.timestamp_ca {
        let ca = TimestampCa::read(file).map_err(undecided)?;
        options = options.timestamp_ca(&ca);
    }
    if let Some(since) = &arguments.since {
        options = options.since(since).map_err(undecided)?;
    }
    if let Some(until) = &arguments.until {
        options = options.until(until).map_err(undecided)?;
    }
    options = match arguments.anchored_within {
        Some(anchors::Within::Events(events)) => options.anchored_within(events),
        Some(anchors::Within::Age(age)) => options.anchored_since(age),
        None => options,
    };
    if let Some(name) = &arguments.name {
        options = options.name(name);
    }
    if let Some(threads) = arguments.threads {
        options = options.threads(threads);
    }
    if std::io::stderr().is_terminal() {
        options = options.progress(&shown);
    }
    let dir = &arguments.trail.dir;
    let mut reading = Reading::begin(&arguments.audit, dir, "verify")?;
    for (name, time) in [("since", &arguments.since), ("until", &arguments.until)] {
        if let Some(time) = time {
            reading.detail(name, time.as_str());
        }
    }
    if arguments.watch {
        let ended = watch::run(arguments, options, &bar, &mut reading);
        return reading.end(ended);
    }
    let report = verify(dir, &options).map_err(undecided);
    bar.clear();
    if let Ok(report) = &report {
        reading.count(report.events);
        reading.detail("verdict", verdict(report));
    }
    let report = reading.end(report)?;
    let mut out = std::io::stdout().lock();
    let written = if arguments.json {
        serde_json::to_writer(&mut out, &report)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        tell(&report, &mut out)
    };
    written.map_err(|error| Failure::writing(&error))?;
    Ok(code(&report))
}

fn code(report: &VerifyReport) -> ExitCode {
    ExitCode::from(match report.verdict {
        Verdict::Intact => 0,
        Verdict::Altered => 1,
        Verdict::NotAnchored => 3,
        // And what a later version may add.
        _ => 2,
    })
}

fn verdict(report: &VerifyReport) -> &'static str {
    match report.verdict {
        Verdict::Intact => "intact",
        Verdict::Altered => "altered",
        Verdict::Incomplete => "incomplete",
        Verdict::NotAnchored => "not anchored",
        _ => "unknown",
    }
}

fn tell(report: &VerifyReport, out: &mut impl Write) -> std::io::Result<()> {
    let verdict = match report.verdict {
        Verdict::Intact => verdict(report).to_owned(),
        _ => verdict(report).to_uppercase(),
    };
    writeln!(out, "{verdict}: {}", report.directory)?;
    if let Some(origin) = &report.origin {
        writeln!(out, "  trail        {origin}")?;
    }
    let segments = report.segments.len();
    writeln!(
        out,
        "  events       {} in {segments} segment{}, {} bytes of lines read",
        report.events,
        if segments == 1 { "" } else { "s" },
        report.bytes
    )?;
    writeln!(
        out,
        "  covered      {} events, by {} checkpoint{} and {} seal{} that fit",
        report.covered,
        report.checkpoints,
        if report.checkpoints == 1 { "" } else { "s" },
        report.seals,
        if report.seals == 1 { "" } else { "s" }
    )?;
    if let Some(root) = &report.root {
        writeln!(out, "  root         {root}")?;
    }
    for key in &report.keys {
        let whose = if report.pinned {
            "given"
        } else {
            "beside the trail"
        };
        writeln!(out, "  key          {key} ({whose})")?;
    }
    for purge in &report.purges {
        writeln!(out, "  purged       {purge}")?;
    }
    anchors::tell(report, out)?;
    let lost: u64 = report.lost.values().sum();
    if lost > 0 {
        let by: Vec<String> = report
            .lost
            .iter()
            .map(|(category, count)| format!("{category} {count}"))
            .collect();
        writeln!(out, "  declared lost  {lost} events ({})", by.join(", "))?;
    }
    if report.unfinished > 0 {
        writeln!(
            out,
            "  unfinished   {} calls that were announced, and of whose outcome nothing is said",
            report.unfinished
        )?;
    }
    if let Some(first) = report.first() {
        writeln!(out, "first: {first}")?;
    }
    for finding in &report.findings {
        writeln!(out, "- {finding}")?;
    }
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}
