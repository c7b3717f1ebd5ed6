//! `vigil verify --watch`: the check that does not end before something is wrong.

use std::io::{IsTerminal as _, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;
use vigil_core::trail::{RepeatedVerify, Verdict, VerifyOptions, VerifyReport};

use super::bar::Bar;
use super::{Arguments, code, tell, verdict};
use crate::failure::Failure;
use crate::reading::Reading;
use crate::trail::undecided;

/// A check that takes long does not follow the one before at once, so that the disk is there for the program.
const REST: u32 = 4;

pub(super) fn run(
    arguments: &Arguments,
    options: VerifyOptions<'_>,
    bar: &Bar,
    reading: &mut Reading,
) -> Result<ExitCode, Failure> {
    let all_every = Duration::from_secs(arguments.all_every.get());
    let every = Duration::from_secs(arguments.every.get());
    let mut watch = RepeatedVerify::new(&arguments.trail.dir, options).read_all_every(all_every);
    reading.detail("watch", true);
    reading.goes_on()?;
    let mut is_first = true;
    loop {
        let began = Instant::now();
        let report = look(&mut watch)?;
        bar.clear();
        if let Some(report) = &report {
            let is_wrong = report.verdict != Verdict::Intact;
            show(report, arguments.json, is_first || is_wrong)
                .map_err(|error| Failure::writing(&error))?;
            is_first = false;
            if is_wrong {
                reading.count(report.events);
                reading.detail("verdict", verdict(report));
                return Ok(code(report));
            }
        }
        std::thread::sleep(every.max(began.elapsed() * REST));
    }
}

/// What is wrong is looked at twice: an alarm that was none makes the next one be overheard.
fn look(watch: &mut RepeatedVerify<'_>) -> Result<Option<VerifyReport>, Failure> {
    let report = watch.look().map_err(undecided)?;
    match report {
        Some(report) if report.verdict != Verdict::Intact => {
            let again = watch.look().map_err(undecided)?;
            Ok(Some(again.unwrap_or(report)))
        }
        report => Ok(report),
    }
}

fn show(report: &VerifyReport, json: bool, whole: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json && whole {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)?;
    } else if json {
        let line = json!({
            "verdict": report.verdict,
            "events": report.events,
            "covered": report.covered,
            "root": report.root,
        });
        writeln!(out, "{line}")?;
    } else if whole {
        tell(report, &mut out)?;
    } else if std::io::stderr().is_terminal() {
        let mut terminal = std::io::stderr();
        write!(
            terminal,
            "\r{}: {} events, {} covered ",
            verdict(report),
            report.events,
            report.covered
        )?;
    }
    out.flush()
}
