//! What a call costs the thread that makes it, while nobody is behind: bursts of calls, with pauses in which queues
//! empty.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use vigil_benches::{median, percentile};

use crate::child::Run;
use crate::work;

const CALLS: usize = 500;
const PAUSE: Duration = Duration::from_millis(4);

/// Of one peer with one number of threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    /// Nanoseconds a call, by the bursts.
    pub(crate) median: f64,
    /// Of single calls, with a reading of the clock in each.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Latency {
    pub(crate) fn from_figures(figures: &[f64]) -> Option<Self> {
        let &[median, p50, p99] = figures else {
            return None;
        };
        Some(Self { median, p50, p99 })
    }
}

/// Bursts on each thread at the same time; every fourth is of calls that are timed singly.
pub(crate) fn measure(run: &Run<'_>) -> Vec<f64> {
    let barrier = Barrier::new(run.threads);
    let of_thread = || {
        let mut bursts = Vec::with_capacity(run.count);
        let mut singles = Vec::with_capacity(run.count * CALLS);
        for burst in 0..run.count {
            thread::sleep(PAUSE);
            barrier.wait();
            if burst % 4 == 3 {
                time_singly(run, &mut singles);
            } else {
                let started = Instant::now();
                work::calls(run.peer.call, CALLS);
                bursts.push(started.elapsed().as_nanos() as f64 / CALLS as f64);
            }
        }
        (bursts, singles)
    };
    let threads: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..run.threads).map(|_| scope.spawn(of_thread)).collect();
        let own = of_thread();
        let others = others.into_iter().filter_map(|thread| thread.join().ok());
        [own].into_iter().chain(others).collect()
    });
    let (bursts, singles): (Vec<_>, Vec<_>) = threads.into_iter().unzip();
    let mut singles = singles.concat();
    singles.sort_unstable();
    vec![
        median(bursts.concat()),
        percentile(&singles, 50) as f64,
        percentile(&singles, 99) as f64,
    ]
}

fn time_singly(run: &Run<'_>, singles: &mut Vec<u64>) {
    let mut last = Instant::now();
    for _ in 0..CALLS {
        work::calls(run.peer.call, 1);
        let now = Instant::now();
        singles.push((now - last).as_nanos() as u64);
        last = now;
    }
}
