//! A disk without room, by a real limit.

use super::*;

/// What the child of the next test does, under a limit on the size of files: appends until an append fails, and says
/// how many lines it has been told stand in the trail.
const CHILD: &str = "AUDIT_TRAIL_TEST_DIR";

#[test]
fn child_of_the_test_of_the_full_disk() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let config = TrailConfig {
        dir: dir.into(),
        ..TrailConfig::default()
    };
    let clock = Arc::new(Hand::default());
    clock.set("2026-11-23T12:00:00Z");
    let mut trail = Trail::open(config, clock).unwrap();
    let error = loop {
        let lines = lines(&trail, 7);
        if let Err(error) = trail.append(&lines, 7) {
            break error;
        }
    };
    assert!(error.source.is_io());
    let rest = &lines(&trail, 1);
    let again = trail.append(rest, 1).unwrap_err();
    assert_eq!(again.written, 0);
    println!("stand: {}", trail.next_seq());
    // Room again, as far as a test without rights can make some: the file is moved away.
    let path = trail.path().to_owned();
    fs::rename(&path, path.with_extension("full")).unwrap();
    trail.append(rest, 1).unwrap();
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_whole_lines_stand_and_the_rest_goes_in_later() {
    let bench = Bench::new();
    let child = std::process::Command::new("sh")
        .args(["-c", "ulimit -f 20; trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "child_of_the_test_of_the_full_disk",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(CHILD, bench.config().dir)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success(),
        "{out}{}",
        String::from_utf8_lossy(&child.stderr)
    );
    let stand = out
        .split("stand: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    assert!(stand > 100);
    let full = TODAY.replace(".log", ".full");
    assert_eq!(bench.seqs(&full), (0..stand).collect::<Vec<_>>());
    assert_eq!(bench.seqs(TODAY), [stand]);
    assert_eq!(bench.open().next_seq(), stand + 1);
}
