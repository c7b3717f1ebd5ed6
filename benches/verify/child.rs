//! A process that does one thing to a trail: `--child WHAT DIRECTORY`. It prints its seconds and its peak memory.

use std::error::Error;
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vigil::trail::{Verdict, VerifyOptions, Which, newest_checkpoint, prove, verify};
use vigil_benches::{peak_memory, processor_time, trail};

pub(crate) const CHILD: &str = "--child";

/// Bytes of a line, roughly: so many segments does a trail get.
const LINE: u64 = 700;
const SEGMENTS: u64 = 3;

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Nothing: what memory costs before anything is done.
    Bare,
    /// Checks the trail.
    Verify,
    /// The same, once closed segments are compressed.
    VerifyPacked,
    /// Proves an event by its number; in seconds that somebody waits.
    Prove,
    /// The same by its `event_id`, which has to be looked for.
    ProveById,
    /// Only hashes the files.
    Openssl,
    /// Likewise.
    Sha256sum,
}

impl What {
    const ALL: [Self; 7] = [
        Self::Bare,
        Self::Verify,
        Self::VerifyPacked,
        Self::Prove,
        Self::ProveById,
        Self::Openssl,
        Self::Sha256sum,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Verify => "verify",
            Self::VerifyPacked => "verify-packed",
            Self::Prove => "prove",
            Self::ProveById => "prove-by-id",
            Self::Openssl => "openssl",
            Self::Sha256sum => "sha256sum",
        }
    }

    /// Seconds and mebibytes; `None` if there is no such program on this machine.
    pub(crate) fn measure(self, dir: &Path) -> Result<Option<[f64; 2]>, Box<dyn Error>> {
        let text = start(&[self.name()], dir)?;
        let mut figures = text.split_whitespace().map(str::parse);
        Ok(match (figures.next(), figures.next()) {
            (Some(seconds), Some(memory)) => Some([seconds?, memory?]),
            _ => None,
        })
    }
}

/// Has a trail written, and says how many bytes its lines are.
pub(crate) fn write(dir: &Path, events: u64) -> Result<u64, Box<dyn Error>> {
    start(&["write", &events.to_string()], dir)?;
    let mut bytes = 0;
    for file in trail::files(dir)? {
        bytes += fs::metadata(file)?.len();
    }
    Ok(bytes)
}

fn start(words: &[&str], dir: &Path) -> Result<String, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .arg(CHILD)
        .args(words)
        .arg(dir)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", words.join(" "), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

pub(crate) fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let (name, dir) = match arguments {
        ["write", events, dir] => return write_trail(Path::new(dir), events.parse()?),
        [name, dir] => (name, Path::new(dir)),
        _ => return Err("a child is started by the benchmark itself".into()),
    };
    let what = What::ALL.into_iter().find(|what| what.name() == *name);
    let taken = match what.ok_or("no such work")? {
        What::Bare => Some(processor_time()),
        What::Verify | What::VerifyPacked => Some(check(dir)?),
        What::Prove => Some(prove_by_number(dir)?),
        What::ProveById => Some(prove_by_id(dir)?),
        What::Openssl => hash(Command::new("openssl").args(["dgst", "-sha256"]), dir)?,
        What::Sha256sum => hash(&mut Command::new("sha256sum"), dir)?,
    };
    if let Some(taken) = taken {
        #[allow(clippy::cast_precision_loss, reason = "rounded for people")]
        let memory = peak_memory() as f64 / f64::from(1 << 20);
        println!("{} {memory}", taken.as_secs_f64());
    }
    Ok(())
}

fn write_trail(dir: &Path, events: u64) -> Result<(), Box<dyn Error>> {
    let bytes = events.div_ceil(SEGMENTS) * LINE;
    trail::write(dir, bytes, |written| Ok(written >= events))
}

fn check(dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let report = verify(dir, &VerifyOptions::new().threads(NonZero::<usize>::MIN))?;
    match report.verdict {
        Verdict::Intact => Ok(processor_time()),
        _ => Err(format!("the trail is not intact: {report:?}").into()),
    }
}

/// Away from where a search would begin.
fn somewhere(dir: &Path) -> Result<u64, Box<dyn Error>> {
    let checkpoint = newest_checkpoint(dir)?;
    let size: u64 = checkpoint.lines().nth(1).ok_or("no size")?.parse()?;
    Ok(size / 2 + size / 7)
}

fn prove_by_number(dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let number = somewhere(dir)?;
    let began = Instant::now();
    prove(dir, number)?;
    Ok(began.elapsed())
}

fn prove_by_id(dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let proof = prove(dir, somewhere(dir)?)?;
    let event: serde_json::Value = serde_json::from_slice(&proof.event)?;
    let id = event["event_id"].as_str().ok_or("no event_id")?.parse()?;
    let began = Instant::now();
    prove(dir, Which::Id(id))?;
    Ok(began.elapsed())
}

/// The processor time of a program that reads all files of the trail.
fn hash(program: &mut Command, dir: &Path) -> Result<Option<Duration>, Box<dyn Error>> {
    program.args(trail::files(dir)?).stdout(Stdio::null());
    let Ok(status) = program.status() else {
        return Ok(None);
    };
    Ok(status.success().then(processor_time_of_children))
}

/// That of all that this process has started and waited for, as `/proc` tells it: `cutime` and `cstime`.
fn processor_time_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name of the program, in which blanks may stand, the first field is the third.
    let behind_name = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks: u64 = behind_name
        .split(' ')
        .skip(16 - 3)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    #[cfg(unix)]
    let a_second = rustix::param::clock_ticks_per_second();
    #[cfg(not(unix))]
    let a_second = 100;
    Duration::from_millis(ticks * 1_000 / a_second)
}
