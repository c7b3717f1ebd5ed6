//! What recording costs in all: as many calls as can be made, until every line stands in the file.

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::thread;
use std::time::Instant;

use vigil_benches::{peak_memory, processor_time};

use crate::child::Run;
use crate::peers::Stop;
use crate::work;

/// Of one peer with one number of threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flat {
    /// Calls a second, from the first call to the end of the peer's own shutdown.
    pub(crate) rate: f64,
    /// Nanoseconds of all threads a call.
    pub(crate) processor: f64,
    pub(crate) peak_memory: f64,
    pub(crate) line_bytes: f64,
    /// Calls that have no line.
    pub(crate) lost: f64,
}

impl Flat {
    pub(crate) fn from_figures(figures: &[f64]) -> Option<Self> {
        let &[rate, processor, peak_memory, line_bytes, lost] = figures else {
            return None;
        };
        Some(Self {
            rate,
            processor,
            peak_memory,
            line_bytes,
            lost,
        })
    }
}

pub(crate) fn measure(run: &Run<'_>, stop: Stop, dir: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    let each = run.count / run.threads;
    let calls = (each * run.threads) as f64;
    let (spent, started) = (processor_time(), Instant::now());
    thread::scope(|scope| {
        for _ in 1..run.threads {
            scope.spawn(|| work::calls(run.peer.call, each));
        }
        work::calls(run.peer.call, each);
    });
    stop();
    let (took, spent) = (started.elapsed(), processor_time().saturating_sub(spent));
    let peak = peak_memory();
    let (lines, bytes) = lines_below(dir)?;
    Ok(vec![
        calls / took.as_secs_f64(),
        spent.as_nanos() as f64 / calls,
        peak as f64,
        bytes as f64 / lines.max(1) as f64,
        calls - lines as f64,
    ])
}

/// How many lines of calls there are in the files of a directory, and how long they are. What a peer says of itself,
/// such as that it has started, is none of them.
fn lines_below(dir: &Path) -> std::io::Result<(u64, u64)> {
    let (mut lines, mut bytes) = (0, 0);
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            continue;
        }
        let mut file = BufReader::with_capacity(1 << 20, fs::File::open(entry.path())?);
        let mut line = Vec::new();
        while file.read_until(b'\n', &mut line)? > 0 {
            if line
                .windows(work::SQL.len())
                .any(|part| part == work::SQL.as_bytes())
            {
                lines += 1;
                bytes += line.len() as u64;
            }
            line.clear();
        }
    }
    Ok((lines, bytes))
}
