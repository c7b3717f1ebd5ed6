//! The rounds: every peer in every one of them, one after another.

use std::error::Error;

use crate::callgrind::{self, Counted};
use crate::child::{Measurement, Run};
use crate::flat::Flat;
use crate::latency::Latency;
use crate::peers::{BARE, NAIVE, PEERS, Peer};
use crate::table;

/// How much is measured.
struct Extent {
    rounds: usize,
    bursts: usize,
    /// Calls of a peer flat out.
    events: usize,
    /// And of one round for the memory, in which a queue without a bound grows long.
    many: usize,
}

const WHOLE: Extent = Extent {
    rounds: 5,
    bursts: 120,
    events: 400_000,
    many: 2_000_000,
};

const QUICK: Extent = Extent {
    rounds: 3,
    bursts: 60,
    events: 400_000,
    many: 2_000_000,
};

/// All figures of one peer; the inner lists have one for each round.
pub(crate) struct Figures {
    pub(crate) peer: &'static Peer,
    /// With one thread and with two.
    pub(crate) latency: [Vec<Latency>; 2],
    pub(crate) flat: [Vec<Flat>; 2],
    pub(crate) many: Option<Flat>,
    pub(crate) counted: Option<Counted>,
}

pub(crate) fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let extent = if arguments.contains(&"--quick") {
        QUICK
    } else {
        WHOLE
    };
    let only = arguments
        .iter()
        .position(|argument| *argument == "--only")
        .and_then(|at| arguments.get(at + 1));
    let chosen = |peer: &Peer| match only {
        None => true,
        Some(names) => {
            // The others are nothing without those that they are compared with.
            peer.name == BARE
                || peer.name == NAIVE
                || names.split(',').any(|name| name == peer.name)
        }
    };
    let mut all: Vec<Figures> = PEERS
        .iter()
        .filter(|peer| chosen(peer))
        .map(|peer| Figures {
            peer,
            latency: [Vec::new(), Vec::new()],
            flat: [Vec::new(), Vec::new()],
            many: None,
            counted: None,
        })
        .collect();
    for round in 1..=extent.rounds {
        eprintln!("round {round} of {}", extent.rounds);
        for figures in &mut all {
            one_round(figures, &extent)?;
        }
    }
    eprintln!("memory");
    for figures in &mut all {
        let flat = measured(
            figures.peer,
            Measurement::Flat,
            1,
            events(figures.peer, extent.many),
        )?;
        figures.many = Flat::from_figures(&flat);
    }
    if callgrind::is_here() {
        eprintln!("instructions");
        for figures in &mut all {
            figures.counted = Some(callgrind::count(figures.peer)?);
        }
    }
    table::print(&all);
    Ok(())
}

fn one_round(figures: &mut Figures, extent: &Extent) -> Result<(), Box<dyn Error>> {
    let peer = figures.peer;
    for (at, threads) in [1, 2].into_iter().enumerate() {
        let latency = measured(peer, Measurement::Latency, threads, extent.bursts)?;
        figures.latency[at].extend(Latency::from_figures(&latency));
        let flat = measured(
            peer,
            Measurement::Flat,
            threads,
            events(peer, extent.events),
        )?;
        figures.flat[at].extend(Flat::from_figures(&flat));
    }
    Ok(())
}

fn events(peer: &Peer, events: usize) -> usize {
    if peer.slow { events / 10 } else { events }
}

fn measured(
    peer: &Peer,
    measurement: Measurement,
    threads: usize,
    count: usize,
) -> Result<Vec<f64>, Box<dyn Error>> {
    Run {
        measurement,
        peer,
        threads,
        count,
    }
    .figures(&[])
}
