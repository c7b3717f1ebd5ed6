//! Instructions and allocations of the calling thread, counted by valgrind: figures that do not depend on what else the
//! machine does.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::child::{Measurement, Run, parent_dir};
use crate::peers::Peer;

/// Of one call on the thread that makes it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

/// The difference of two runs of different length: what a peer does with its first call is in both.
const SHORT: usize = 500;
const LONG: usize = 1500;

pub(crate) fn is_here() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

pub(crate) fn count(peer: &Peer) -> Result<Counted, Box<dyn Error>> {
    let (short, long) = (profile(peer, SHORT)?, profile(peer, LONG)?);
    let calls = (LONG - SHORT) as f64;
    Ok(Counted {
        instructions: (long.instructions - short.instructions) / calls,
        allocations: (long.allocations - short.allocations) / calls,
    })
}

fn profile(peer: &Peer, count: usize) -> Result<Counted, Box<dyn Error>> {
    let dir = tempfile::tempdir_in(parent_dir())?;
    let out = dir.path().join("profile");
    let run = Run {
        measurement: Measurement::Calls,
        peer,
        threads: 1,
        count,
    };
    let file = format!("--callgrind-out-file={}", out.display());
    run.figures(&[
        "valgrind",
        "--tool=callgrind",
        "--quiet",
        "--separate-threads=yes",
        // Some peers calibrate clocks at their start, for as long as that takes.
        "--toggle-collect=*work::calls*",
        &file,
    ])?;
    // The first thread is the one that calls.
    read(&dir.path().join("profile-01"))
}

/// Reads the sum of a profile, and how often the functions of the allocator that hand out memory were called.
fn read(path: &Path) -> Result<Counted, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let mut counted = Counted::default();
    let mut names: HashMap<&str, &str> = HashMap::new();
    let mut callee = "";
    for line in text.lines() {
        if let Some(total) = line.strip_prefix("totals: ") {
            counted.instructions = total.trim().parse()?;
        } else if let Some(function) = line.strip_prefix("cfn=").or(line.strip_prefix("fn=")) {
            // `(7) name` where it is first met, `(7)` from then on.
            let (number, name) = function.split_once(' ').unwrap_or((function, ""));
            if !name.is_empty() {
                names.insert(number, name);
            }
            if line.starts_with('c') {
                callee = names.get(number).copied().unwrap_or_default();
            }
        } else if let Some(calls) = line.strip_prefix("calls=")
            && is_allocation(callee)
        {
            let times = calls.split(' ').next().unwrap_or_default();
            counted.allocations += times.parse::<f64>()?;
        }
    }
    Ok(counted)
}

fn is_allocation(function: &str) -> bool {
    let name = function.split('@').next().unwrap_or_default();
    matches!(
        name,
        "malloc" | "calloc" | "realloc" | "posix_memalign" | "aligned_alloc"
    )
}
