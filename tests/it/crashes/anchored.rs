//! SIGKILL while checkpoints are signed, keys are changed and receipts are kept: the next start goes on, nothing is signed
//! below what was signed before, each key is told, and what others have seen is still there.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use vigil::trail::{CopyAnchor, Verdict, VerifyOptions, verifier_keys, verify};
use vigil_tests::{all_events, builder, part_of, process};

use super::{Chance, numbered};

/// The file by which a process says that it has started.
const RUNNING: &str = "running";

const NAME: &str = "crashes::anchored::nothing_that_somebody_has_seen_is_taken_back_whenever_the_process_is_killed";

fn play(part: &str, dir: &Path) {
    if part == "end" {
        // Mends what the last one has left.
        builder(&dir.join("trail"))
            .on_error(|_| {})
            .init()
            .unwrap()
            .shutdown()
            .unwrap();
        return;
    }
    let vigil = builder(&dir.join("trail"))
        .checkpoints(Duration::from_millis(10), 100)
        .anchor(
            "offsite",
            CopyAnchor::new(dir.join("elsewhere")),
            Duration::from_millis(5),
        )
        .on_error(|_| {})
        .init()
        .unwrap();
    fs::write(dir.join(RUNNING), "").unwrap();
    std::thread::spawn(|| {
        loop {
            vigil::rotate_key().unwrap();
            std::thread::sleep(Duration::from_millis(3));
        }
    });
    // Not for ever, should nobody kill it.
    for number in 0..60_000 {
        numbered(0, 0, number);
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(vigil);
}

#[test]
fn nothing_that_somebody_has_seen_is_taken_back_whenever_the_process_is_killed() {
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (trail, elsewhere) = (dir.join("trail"), dir.join("elsewhere"));
    fs::create_dir(&elsewhere).unwrap();
    let mut chance = Chance::new(71);
    for round in 0..100 {
        let _ = fs::remove_file(dir.join(RUNNING));
        let mut child = process(NAME, "play", dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Every tenth while it starts; the others while it does all of that.
        while round % 10 != 0 && !dir.join(RUNNING).exists() {
            assert_eq!(child.try_wait().unwrap(), None, "it does not start");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(chance.micros(0..100_000));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = process(NAME, "end", dir).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_judged(&trail, &elsewhere);
}

fn assert_judged(trail: &Path, elsewhere: &Path) {
    let keys = verifier_keys(trail).unwrap();
    // Who trusts the first key only follows the handovers.
    let mut options = VerifyOptions::new().key(&keys[0]).unwrap();
    let mut copies = 0;
    for entry in fs::read_dir(elsewhere).unwrap() {
        let path = entry.unwrap().path();
        // The others are what a killed process has not finished.
        if path
            .extension()
            .is_some_and(|ending| ending == "checkpoint")
        {
            options = options.kept(fs::read_to_string(&path).unwrap());
            copies += 1;
        }
    }
    let report = verify(trail, &options).unwrap();
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}", report.findings);
    assert!(
        copies > 20 && keys.len() > 20,
        "{copies} copies, {} keys",
        keys.len()
    );
    let given = report
        .anchors
        .iter()
        .find(|anchor| anchor.name == "given")
        .unwrap();
    assert_eq!(given.checkpoints, copies, "{given:?}");
    let receipts = report
        .anchors
        .iter()
        .find(|anchor| anchor.name == "offsite")
        .unwrap();
    assert!(
        receipts.checkpoints > 0 && receipts.uncompared == 0,
        "{receipts:?}"
    );
    // The trail itself tells of each key.
    let told: HashSet<String> = all_events(trail)
        .iter()
        .filter(|event| event["action"]["operation"] == "audit_key_rotated")
        .filter_map(|event| {
            event["action"]["parameters"]["new"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    let untold: Vec<_> = keys[1..]
        .iter()
        .filter(|key| !told.contains(*key))
        .collect();
    assert!(untold.is_empty(), "{untold:?}");
}
