//! What becomes of closed segments: how small they get, how long that takes, and how long it takes to read them again:
//! `cargo bench -p vigil-benches --bench packing`.
//!
//! The trail is that of one audited function whose arguments differ from call to call; one that tells of more kinds of calls
//! gets less small. Making a file is writing, syncing, reading it back, hashing both and removing the source, as it is done
//! in a program; reading is `TrailReader`. `zstd` and `gzip` of the machine make the same files where they are there.
//! `--quick` takes a smaller segment.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use vigil::trail::{Compression, PackOptions, TrailReader, pack};
use vigil_benches::trail;

/// Of lines, before.
const BYTES: u64 = 32 << 20;
const FEW_BYTES: u64 = 4 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` runs this too; it is no test.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let bytes = if is_quick { FEW_BYTES } else { BYTES };
    let dir = tempfile::tempdir()?;
    println!("| | of its size | made, MB/s | read, MB/s |\n|---|---|---|---|");
    for (name, compression) in [("zstd", Compression::Zstd), ("gzip", Compression::Gzip)] {
        let trail = dir.path().join(name);
        write_trail(&trail, bytes)?;
        let began = Instant::now();
        let packed = pack(&trail, &PackOptions::new().compression(compression))?;
        let made = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let mut lines = TrailReader::open(&trail)?;
        while lines.next_lines()?.is_some() {}
        let read = began.elapsed().as_secs_f64();
        row(
            &format!("{name}, by Vigil"),
            packed.before,
            packed.after,
            made,
            read,
        );
    }
    for tool in ["zstd", "gzip"] {
        let trail = dir.path().join(format!("by-{tool}"));
        write_trail(&trail, bytes)?;
        let file = largest(&trail)?;
        let (began, before) = (Instant::now(), fs::metadata(&file)?.len());
        let Some(after) = run(tool, "-c", &file) else {
            println!("| {tool}, by itself | not on the PATH | | |");
            continue;
        };
        let made = began.elapsed().as_secs_f64();
        let packed = dir.path().join(tool).with_extension("packed");
        fs::write(&packed, &after)?;
        let began = Instant::now();
        run(tool, "-dc", &packed);
        let read = began.elapsed().as_secs_f64();
        row(
            &format!("{tool}, by itself"),
            before,
            after.len() as u64,
            made,
            read,
        );
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "rounded for people")]
fn row(name: &str, before: u64, after: u64, made: f64, read: f64) {
    let bytes = before as f64;
    println!(
        "| {name} | 1/{:.1} | {:.0} | {:.0} |",
        bytes / after as f64,
        bytes / 1e6 / made,
        bytes / 1e6 / read
    );
}

/// A segment that is closed, and one that is hardly begun.
fn write_trail(dir: &Path, bytes: u64) -> Result<(), Box<dyn Error>> {
    trail::write(dir, bytes, |_| Ok(trail::files(dir)?.len() > 1))
}

fn largest(dir: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let mut found = (0, PathBuf::new());
    for path in trail::files(dir)? {
        found = found.max((fs::metadata(&path)?.len(), path));
    }
    Ok(found.1)
}

/// What a program prints; `None` if it is not here.
fn run(tool: &str, option: &str, file: &Path) -> Option<Vec<u8>> {
    // As if it came from nowhere, since what is decompressed has another name.
    let input = fs::File::open(file).ok()?;
    let output = Command::new(tool)
        .arg(option)
        .stdin(input)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout)
}
