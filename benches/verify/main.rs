//! What it costs to check a trail and to prove one of its events, beside what only hashes the same files:
//! `cargo bench -p vigil-benches --bench verify`.
//!
//! The trail is that of one audited function, in three segments of which the last is open. Each figure comes from a process
//! of its own, which uses one thread; the peers take turns, ratios are formed inside a round, and the table has the median
//! of the rounds. Files are in the page cache, so the times are those of the processor. `--quick` takes fewer events and
//! fewer rounds.

mod child;

use std::error::Error;
use std::path::Path;

use vigil::trail::{PackOptions, pack};
use vigil_benches::{median, trail};

use child::{CHILD, What};

/// How much is measured.
struct Size {
    events: u64,
    rounds: usize,
}

const FULL: Size = Size {
    events: 1_000_000,
    rounds: 7,
};
const QUICK: Size = Size {
    events: 200_000,
    rounds: 3,
};

/// How much smaller the trail is whose memory is held against that of the other one.
const SMALLER: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // `cargo test --benches` runs this too; it is no test.
        arguments if arguments.contains(&"--test") => Ok(()),
        [CHILD, rest @ ..] => child::run(rest),
        arguments if arguments.contains(&"--quick") => compare(&QUICK),
        _ => compare(&FULL),
    }
}

fn compare(size: &Size) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (whole, smaller) = (dir.path().join("whole"), dir.path().join("smaller"));
    let bytes = child::write(&whole, size.events)?;
    child::write(&smaller, size.events / SMALLER)?;
    println!(
        "{} events, {:.2} GB in {} files\n",
        size.events,
        gigabytes(bytes),
        trail::files(&whole)?.len()
    );

    println!("| | CPU, s | GB/s a core | / `openssl dgst` | memory, MiB |\n|---|--:|--:|--:|--:|");
    let plain = [What::Verify, What::Openssl, What::Sha256sum, What::Bare];
    let mut rounds = Rounds::measure(&plain, &whole, size.rounds)?;
    let bare = rounds.memory(What::Bare);
    rounds.row("`vigil verify`", What::Verify, bytes, Some(bare));
    rounds.row("`openssl dgst -sha256`", What::Openssl, bytes, None);
    rounds.row("`sha256sum`", What::Sha256sum, bytes, None);
    let few = Rounds::measure(&[What::Verify], &smaller, size.rounds)?;
    let few = few.memory(What::Verify) - bare;

    let proofs = Rounds::measure(&[What::Prove, What::ProveById], &whole, size.rounds)?;

    pack(&whole, &PackOptions::new())?;
    let packed = Rounds::measure(&[What::Verify], &whole, size.rounds)?;
    rounds.add(What::VerifyPacked, packed);
    rounds.row(
        "`vigil verify`, closed segments compressed by zstd",
        What::VerifyPacked,
        bytes,
        Some(bare),
    );

    println!("\nThe memory of a trail a tenth as long: {few:.1} MiB.");
    println!(
        "A proof: {:.1} ms by number, {:.1} ms by event_id.",
        median(proofs.of(What::Prove).collect()) * 1e3,
        median(proofs.of(What::ProveById).collect()) * 1e3
    );
    Ok(())
}

/// Seconds and mebibytes of each, a pair a round; nothing of what is not on this machine.
struct Rounds(Vec<(What, Vec<[f64; 2]>)>);

impl Rounds {
    fn measure(peers: &[What], dir: &Path, rounds: usize) -> Result<Self, Box<dyn Error>> {
        let mut all: Vec<_> = peers.iter().map(|what| (*what, Vec::new())).collect();
        for _ in 0..rounds {
            for (what, figures) in &mut all {
                figures.extend(what.measure(dir)?);
            }
        }
        Ok(Self(all))
    }

    /// The only one of others, under a name of its own.
    fn add(&mut self, name: What, others: Self) {
        let figures = others.0.into_iter().map(|(_, figures)| (name, figures));
        self.0.extend(figures);
    }

    fn figures(&self, what: What) -> &[[f64; 2]] {
        let found = self.0.iter().find(|(known, _)| *known == what);
        found.map_or(&[], |(_, figures)| figures)
    }

    fn of(&self, what: What) -> impl Iterator<Item = f64> {
        self.figures(what).iter().map(|[seconds, _]| *seconds)
    }

    fn memory(&self, what: What) -> f64 {
        median(
            self.figures(what)
                .iter()
                .map(|[_, memory]| *memory)
                .collect(),
        )
    }

    /// With the memory over that of a bare process, for what this process does itself.
    fn row(&self, name: &str, what: What, bytes: u64, bare: Option<f64>) {
        let seconds = median(self.of(what).collect());
        if seconds == 0.0 {
            println!("| {name} | not on the PATH | | | |");
            return;
        }
        let ratios = self.of(what).zip(self.of(What::Openssl));
        let ratio = median(ratios.map(|(ours, theirs)| ours / theirs).collect());
        let memory = bare.map_or_else(String::new, |bare| {
            format!("{:.1}", self.memory(what) - bare)
        });
        println!(
            "| {name} | {seconds:.2} | {:.2} | {ratio:.2} | {memory} |",
            gigabytes(bytes) / seconds
        );
    }
}

#[allow(clippy::cast_precision_loss, reason = "rounded for people")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}
