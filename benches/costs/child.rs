//! A process that measures one peer: `--child MEASUREMENT PEER THREADS COUNT DIRECTORY`. It prints one line of figures.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::peers::{PEERS, Peer};
use crate::{flat, latency, work};

pub(crate) const CHILD: &str = "--child";

/// What a process measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measurement {
    /// Single calls, with pauses: see [`latency`].
    Latency,
    /// As many as can be, until they stand in the file: see [`flat`].
    Flat,
    /// Nothing: it only calls, for somebody who watches from outside.
    Calls,
}

impl Measurement {
    const ALL: [Self; 3] = [Self::Latency, Self::Flat, Self::Calls];

    const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Flat => "flat",
            Self::Calls => "calls",
        }
    }
}

/// One run of one peer.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) measurement: Measurement,
    pub(crate) peer: &'a Peer,
    pub(crate) threads: usize,
    /// Calls, or bursts of them.
    pub(crate) count: usize,
}

impl Run<'_> {
    /// Runs it in a process, `before` which may stand what watches it.
    pub(crate) fn figures(&self, before: &[&str]) -> Result<Vec<f64>, Box<dyn Error>> {
        let dir = tempfile::tempdir_in(parent_dir())?;
        let own = std::env::current_exe()?;
        let own = own
            .to_str()
            .ok_or("the path of the benchmark is not UTF-8")?;
        let (threads, count) = (self.threads.to_string(), self.count.to_string());
        let what = [
            CHILD,
            self.measurement.name(),
            self.peer.name,
            &threads,
            &count,
        ];
        let mut words = before.iter().copied().chain([own]).chain(what);
        let output = Command::new(words.next().unwrap_or(own))
            .args(words)
            .arg(dir.path())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.peer.name, output.status).into());
        }
        let figures = String::from_utf8(output.stdout)?;
        figures
            .split_whitespace()
            .map(|figure| Ok(figure.parse()?))
            .collect()
    }
}

/// Where the files go: below the directory that `COSTS_DIR` names, else that of cargo for such files.
pub(crate) fn parent_dir() -> PathBuf {
    std::env::var_os("COSTS_DIR").map_or(env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from)
}

pub(crate) fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let [measurement, peer, threads, count, dir] = arguments else {
        return Err("a child is started by the benchmark itself".into());
    };
    let known = Measurement::ALL
        .into_iter()
        .find(|known| known.name() == *measurement);
    let run = Run {
        measurement: known.ok_or("no such measurement")?,
        peer: PEERS
            .iter()
            .find(|known| known.name == *peer)
            .ok_or("no such peer")?,
        threads: threads.parse()?,
        count: count.parse()?,
    };
    let dir = Path::new(dir);
    let stop = (run.peer.start)(dir)?;
    let figures = match run.measurement {
        Measurement::Latency => {
            let figures = latency::measure(&run);
            stop();
            figures
        }
        Measurement::Flat => flat::measure(&run, stop, dir)?,
        Measurement::Calls => {
            work::calls(run.peer.call, run.count);
            stop();
            Vec::new()
        }
    };
    let figures: Vec<String> = figures.iter().map(f64::to_string).collect();
    println!("{}", figures.join(" "));
    Ok(())
}
