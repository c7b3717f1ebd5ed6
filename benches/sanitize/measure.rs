//! Times of cases that take turns, and instructions counted by valgrind.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Instant;

use vigil_benches::median;

const ROUNDS: usize = 400;
/// Bytes that a case works on in one round.
const BYTES: usize = 1 << 13;

pub(crate) struct Case<'c> {
    pub(crate) name: String,
    pub(crate) bytes: usize,
    run: Box<dyn FnMut() + 'c>,
    rounds: Vec<f64>,
    /// Rounds between two of its own: what takes long takes fewer.
    every: usize,
}

impl<'c> Case<'c> {
    pub(crate) fn new(name: impl Into<String>, bytes: usize, run: impl FnMut() + 'c) -> Self {
        Self {
            name: name.into(),
            bytes,
            run: Box::new(run),
            rounds: Vec::with_capacity(ROUNDS),
            every: 1,
        }
    }

    pub(crate) fn slow(self) -> Self {
        Self { every: 20, ..self }
    }

    fn round(&mut self) {
        let times = (BYTES / self.bytes.max(1))
            .clamp(1, 128)
            .div_ceil(self.every);
        let started = Instant::now();
        for _ in 0..times {
            (self.run)();
        }
        let took = started.elapsed().as_nanos() as f64;
        self.rounds.push(took / times as f64);
    }
}

/// Runs the cases in turns and prints each, with allocations a run. Gives the medians.
pub(crate) fn measure(cases: Vec<Case<'_>>) -> Vec<f64> {
    let mut cases = cases;
    for round in 0..ROUNDS {
        for case in &mut cases {
            if round % case.every == 0 {
                case.round();
            }
        }
    }
    cases
        .iter_mut()
        .map(|case| {
            let counted = allocation_counter::measure(|| (case.run)());
            let median = median(std::mem::take(&mut case.rounds));
            let speed = case.bytes as f64 / median * 1e3;
            println!(
                "{:<44} {median:>9.1} ns {speed:>8.0} MB/s {:>4} allocations",
                case.name, counted.count_total
            );
            median
        })
        .collect()
}

pub(crate) const CHILD: &str = "--child";

/// Instructions that sanitizing this text takes, from the difference of two runs: what a run does once is in both. `None`
/// without valgrind.
pub(crate) fn instructions(text: &str) -> Option<u64> {
    let (short, long) = (counted(text, 1000).ok()?, counted(text, 2000).ok()?);
    Some((long - short) / 1000)
}

fn counted(text: &str, times: usize) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/stdout"])
        .arg(std::env::current_exe()?)
        .args([CHILD, &times.to_string(), text])
        .stderr(Stdio::null())
        .output()?;
    let profile = String::from_utf8(output.stdout)?;
    let total = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    Ok(total.ok_or("no profile")?.trim().parse()?)
}
