//! Killed at any moment while it removes: the trail verifies, and nothing is gone that the trail does not tell of.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use vigil::trail::retention::{Age, ApplyOptions, Retention, apply};
use vigil::trail::{SegmentState, Verdict};
use vigil_tests::{part_of, process, trail_files};

use super::{Turned, applied, assert_intact, name, numbered, records, turned, until, verified};
use crate::crashes::Chance;

const NAME: &str = "retention::crashes::killed_while_it_removes_nothing_is_gone_untold";

fn rules() -> Retention {
    Retention::new().age(Age::days(30)).interval(None)
}

/// Links every segment to a place where nobody removes it.
fn keep_copies(trail: &Path, copies: &Path) {
    for file in trail_files(trail) {
        let _ = fs::hard_link(&file, copies.join(name(&file)));
    }
}

/// A process that writes a day each forty days, and removes, until it is killed.
fn play(round: u64, dir: &Path) {
    let (trail, copies) = (dir.join("trail"), dir.join("copies"));
    let days = fs::read_to_string(dir.join("days")).unwrap_or_default();
    let mut days: u64 = days.trim().parse().unwrap_or(0);
    let clock = Turned::days_ago(2_100);
    clock.advance(days);
    let vigil = turned(&trail, &clock).on_error(|_| {}).init().unwrap();
    let mut returned = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.join("returned"))
        .unwrap();
    let options = ApplyOptions::new().clock_is_right(true);
    for step in 0.. {
        let first = round * 1_000_000 + step * 10;
        (first..first + 10).for_each(numbered);
        returned.write_all(format!("{first}\n").as_bytes()).unwrap();
        vigil.flush().unwrap();
        keep_copies(&trail, &copies);
        days += 40;
        fs::write(dir.join("days"), days.to_string()).unwrap();
        clock.advance(40);
        if step == 0 {
            fs::write(dir.join(format!("running-{round}")), "").unwrap();
        }
        // A clean-up that is killed and one that finds nothing to do look alike from here.
        let _ = apply(&trail, &rules(), &options);
    }
}

#[test]
fn killed_while_it_removes_nothing_is_gone_untold() {
    if let Some((part, dir)) = part_of(NAME) {
        return play(part.parse().unwrap(), &dir);
    }
    let rounds = std::env::var("RETENTION_ROUNDS").map_or(100, |rounds| rounds.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (trail, copies) = (dir.path().join("trail"), dir.path().join("copies"));
    fs::create_dir_all(&copies).unwrap();
    let mut chance = Chance::new(7);
    let began = std::time::Instant::now();
    let (mut pending, mut left) = (0, 0);
    for round in 0..rounds {
        let mut child = process(NAME, &round.to_string(), dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if round == 0 || chance.number(0..5) > 0 {
            let running = dir.path().join(format!("running-{round}"));
            until("the process runs", || running.exists());
        }
        std::thread::sleep(chance.micros(0..90_000));
        child.kill().unwrap();
        child.wait().unwrap();
        keep_copies(&trail, &copies);
        pending += u64::from(trail.join(".vigil/purges/pending").exists());
        let report = verified(&trail);
        assert_ne!(
            report.verdict,
            Verdict::Altered,
            "round {round}: {report:#?}"
        );
        left += records(&trail).len() as u64 - report.purges.len() as u64;
    }
    // The next process finishes what is left.
    let done = applied(&trail, &Retention::new());
    assert!(!trail.join(".vigil/purges/pending").exists());
    assert!(!trail.join(".vigil/aside-1").exists());
    let report = assert_intact(&trail);
    let purged: BTreeSet<&str> = report
        .purges
        .iter()
        .flat_map(|purge| &purge.segments)
        .map(String::as_str)
        .collect();
    assert!(purged.len() as u64 > rounds / 4, "{}", purged.len());
    // Every number that was handed out is there, or in a copy of a segment that is told to be gone.
    let mut numbers = BTreeSet::new();
    let mut gone = 0;
    for segment in &report.segments {
        let file = if segment.state == SegmentState::Purged {
            assert!(!trail.join(&segment.name).exists());
            copies.join(&segment.name)
        } else {
            trail.join(&segment.name)
        };
        let text = fs::read_to_string(&file).unwrap();
        if segment.state == SegmentState::Purged {
            gone += text.lines().count() as u64;
        }
        for line in text.lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            numbers.extend(event["action"]["parameters"]["number"].as_u64());
        }
    }
    assert_eq!(gone, report.purged);
    let returned = fs::read_to_string(dir.path().join("returned")).unwrap();
    for first in returned.lines() {
        let first: u64 = first.parse().unwrap();
        assert!(
            (first..first + 10).all(|number| numbers.contains(&number)),
            "{first}"
        );
    }
    println!(
        "{rounds} rounds in {:.0?}: {} segments with {gone} events removed by {} events; {pending} killed before the event was kept, \
         {left} before all was removed, {} finished at the end; {} events had returned, none is missing",
        began.elapsed(),
        purged.len(),
        report.purges.len(),
        done.finished.len(),
        returned.lines().count() * 10,
    );
}
