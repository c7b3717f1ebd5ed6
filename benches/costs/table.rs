//! The tables, in the form in which they stand in the documentation.

use vigil_benches::median;

use crate::latency::Latency;
use crate::peers::{BARE, DISABLED, NAIVE, RING_BYTES, UNSEALED, VIGIL};
use crate::rounds::Figures;

pub(crate) fn print(all: &[Figures]) {
    caller(all);
    flat_out(all);
    budgets(all);
}

fn caller(all: &[Figures]) {
    println!("\nWhat a call costs its caller.\n");
    println!(
        "| | 1 thread, ns | / naive | p99 / p50 | 2 threads, ns | / naive | 2 threads / 1 | instructions | allocations |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for figures in all {
        let [one, two] = &figures.latency;
        let (instructions, allocations) =
            figures.counted.map_or(("–".into(), "–".into()), |counted| {
                (
                    format!("{:.0}", counted.instructions),
                    format!("{:.1}", counted.allocations),
                )
            });
        println!(
            "| {} | {:.1} | {:.3} | {:.1} | {:.1} | {:.3} | {:.2} | {instructions} | {allocations} |",
            figures.peer.name,
            of(one, |latency| latency.median),
            ratio(all, figures, NAIVE, |f, round| f.latency[0]
                .get(round)
                .map(|l| l.median)),
            of(one, Latency::spread),
            of(two, |latency| latency.median),
            ratio(all, figures, NAIVE, |f, round| f.latency[1]
                .get(round)
                .map(|l| l.median)),
            of(two, |latency| latency.median) / of(one, |latency| latency.median),
        );
    }
}

fn flat_out(all: &[Figures]) {
    println!("\nFlat out, until every line stands in the file.\n");
    println!(
        "| | 1 thread, events/s | / naive | 2 threads, events/s | / naive | CPU an event, ns | / naive | bytes a line | peak memory over bare, MiB | lost |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let bare = find(all, BARE)
        .and_then(|bare| bare.many)
        .map_or(0.0, |flat| flat.peak_memory);
    for figures in all
        .iter()
        .filter(|figures| ![BARE, DISABLED].contains(&figures.peer.name))
    {
        let [one, two] = &figures.flat;
        let many = figures.many.map_or(("–".into(), "–".into()), |flat| {
            (
                format!("{:.0}", (flat.peak_memory - bare) / (1024.0 * 1024.0)),
                format!("{:.0}", flat.lost),
            )
        });
        println!(
            "| {} | {:.0} | {:.2} | {:.0} | {:.2} | {:.0} | {:.2} | {:.0} | {} | {} |",
            figures.peer.name,
            of(one, |flat| flat.rate),
            ratio(all, figures, NAIVE, |f, round| f.flat[0]
                .get(round)
                .map(|l| l.rate)),
            of(two, |flat| flat.rate),
            ratio(all, figures, NAIVE, |f, round| f.flat[1]
                .get(round)
                .map(|l| l.rate)),
            of(one, |flat| flat.processor),
            ratio(all, figures, NAIVE, |f, round| f.flat[0]
                .get(round)
                .map(|l| l.processor)),
            of(one, |flat| flat.line_bytes),
            many.0,
            many.1,
        );
    }
}

fn budgets(all: &[Figures]) {
    let (Some(vigil), Some(disabled), Some(bare)) =
        (find(all, VIGIL), find(all, DISABLED), find(all, BARE))
    else {
        return;
    };
    let median_of = |figures: &Figures| of(&figures.latency[0], |latency| latency.median);
    println!(
        "\n- disabled, over the bare call: {:.1} ns",
        median_of(disabled) - median_of(bare)
    );
    if let Some(unsealed) = find(all, UNSEALED) {
        let rounds = vigil.flat[0].iter().zip(&unsealed.flat[0]);
        let costs = rounds.map(|(sealed, plain)| sealed.processor - plain.processor);
        println!(
            "- hashing and signing, CPU an event: {:.0} ns",
            median(costs.collect())
        );
    }
    if let (Some(vigil), Some(bare)) = (vigil.many, bare.many) {
        let beside = vigil.peak_memory - bare.peak_memory - RING_BYTES as f64;
        println!(
            "- peak memory over bare, beside the ring: {:.0} MiB",
            beside / (1024.0 * 1024.0)
        );
    }
    for peer in all
        .iter()
        .filter(|figures| ![BARE, DISABLED, UNSEALED, VIGIL].contains(&figures.peer.name))
    {
        println!(
            "- an audited call / {}: {:.3}",
            peer.peer.name,
            ratio(all, vigil, peer.peer.name, |f, round| f.latency[0]
                .get(round)
                .map(|l| l.median))
        );
    }
}

impl Latency {
    fn spread(&self) -> f64 {
        self.p99 / self.p50
    }
}

fn of<T>(rounds: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    median(rounds.iter().map(figure).collect())
}

fn find<'a>(all: &'a [Figures], name: &str) -> Option<&'a Figures> {
    all.iter().find(|figures| figures.peer.name == name)
}

/// The median over the rounds of a figure divided by that of another peer in the same round.
fn ratio(
    all: &[Figures],
    figures: &Figures,
    to: &str,
    figure: impl Fn(&Figures, usize) -> Option<f64>,
) -> f64 {
    let Some(other) = find(all, to) else {
        return f64::NAN;
    };
    let ratios = (0..).map_while(|round| Some(figure(figures, round)? / figure(other, round)?));
    median(ratios.collect())
}
