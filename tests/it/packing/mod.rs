//! Closed segments that are compressed and encrypted: they hold what was signed, whoever reads them, whoever packs them, and
//! whatever becomes of the process that does.

#[cfg(target_os = "linux")]
mod disk;
mod engine;
mod erased;
mod foreign;
#[cfg(target_os = "linux")]
mod killed;
mod refused;
mod shutdown;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vigil::audited;
use vigil::trail::{Identities, TrailReader, Verdict, VerifyOptions, VerifyReport, verify};
use vigil_tests::{builder, trail_files};

/// The smallest that a file can be told to be.
const SMALLEST: u64 = 1 << 20;

#[audited(category = "DATA", type = "UPDATE")]
fn numbered(number: u64, text: &str) {
    std::hint::black_box((number, text));
}

/// Events of some two kilobytes each, so that some hundreds of them fill a segment, and of texts that differ.
fn record(numbers: std::ops::Range<u64>) {
    for number in numbers {
        let words = (0..120)
            .map(|word| format!("word {:x} ", (number * 131 + word) * 2_654_435_761 % 9_973));
        numbered(number, &words.collect::<String>());
    }
}

/// A trail of at least so many closed segments, none of them packed.
fn written(dir: &Path, segments: u64) {
    let vigil = builder(dir).max_size(SMALLEST).init().unwrap();
    let mut number = 0;
    while trail_files(dir).len() as u64 <= segments {
        record(number..number + 100);
        vigil.flush().unwrap();
        number += 100;
    }
    vigil.shutdown().unwrap();
}

/// The closed segments as they were written, before anybody packs them: their names and lines.
fn closed(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = trail_files(dir);
    files.pop();
    files
        .iter()
        .map(|file| (name(file), fs::read(file).unwrap()))
        .collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// All files of segments, and what is being made of them.
fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name.starts_with("audit_"))
        .collect();
    names.sort_unstable();
    names
}

fn ending(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let names = files(dir).into_iter();
    names
        .filter(|name| name.ends_with(ending))
        .map(|name| dir.join(name))
        .collect()
}

/// Each segment lies there once, and nothing that is not finished.
#[track_caller]
fn assert_tidy(dir: &Path) {
    let files = files(dir);
    let mut segments: Vec<_> = files
        .iter()
        .map(|name| name.split_once(".log").expect("a segment"))
        .map(|(segment, _)| segment)
        .collect();
    segments.sort_unstable();
    let count = segments.len();
    segments.dedup();
    assert_eq!(segments.len(), count, "{files:?}");
    assert!(
        files.iter().all(|name| !name.ends_with(".tmp")),
        "{files:?}"
    );
}

/// All lines of the trail, of which none is missing.
fn lines_by(dir: &Path, identities: &Identities) -> Vec<String> {
    let mut reader = TrailReader::open_with(dir, identities).unwrap();
    let mut text = Vec::new();
    while let Some(block) = reader.next_lines().unwrap() {
        text.extend_from_slice(block);
    }
    assert!(reader.missing().is_empty(), "{:?}", reader.missing());
    let text = String::from_utf8(text).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn verified(dir: &Path, identities: &Identities) -> VerifyReport {
    verify(dir, &VerifyOptions::new().identities(identities)).unwrap()
}

#[track_caller]
fn assert_intact(dir: &Path, identities: &Identities) -> VerifyReport {
    let report = verified(dir, identities);
    assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
    report
}

#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
