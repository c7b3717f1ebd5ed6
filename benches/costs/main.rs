//! What a call costs its caller, and what it costs in all, beside what it would cost with other means: in one run, by
//! `cargo bench -p vigil-benches`. The tables that it prints stand in `vigil/docs/performance.md`.
//!
//! Each measurement is a process of its own, so that memory and processor time are its own and no peer's idle threads
//! are near; the peers take turns, so that all see the same machine. Ratios are formed inside a round, and the median
//! of the rounds is printed: on a machine that does other things, times move, ratios hardly.
//!
//! `--quick` takes fewer and shorter rounds, `--only NAME,NAME` leaves the other peers out. The files go below the
//! directory that the variable `COSTS_DIR` names, to compare file systems.

mod callgrind;
mod child;
mod flat;
mod latency;
mod peers;
mod rounds;
mod table;
mod work;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // `cargo test --benches` runs this too; it is no test.
        arguments if arguments.contains(&"--test") => Ok(()),
        [child::CHILD, rest @ ..] => child::run(rest),
        arguments => rounds::run(arguments),
    }
}
