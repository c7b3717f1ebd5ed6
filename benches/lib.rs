//! What the benchmarks share: how repeated figures become one, what a process has used, and a trail.

pub mod trail;

use std::time::Duration;

/// The middle one of figures; 0 if there are none.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The figure below which so many of a hundred lie; 0 if there are none.
#[must_use]
pub fn percentile(sorted: &[u64], percent: usize) -> u64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// The time that all threads of this process have spent on a processor; nothing where the system does not tell.
#[must_use]
pub fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        Duration::new(spent.tv_sec.unsigned_abs(), spent.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

/// The most memory that this process has had in use at once, in bytes; 0 where the system does not tell.
///
/// Not from `getrusage`, whose figure begins with that of the parent.
#[must_use]
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}
