//! A disk that is full, at the start and later; a directory that is removed or can no longer be written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vigil_tests::{all_events, builder, events, isolated, part_of, process_of_nobody, trail_files};

use super::{SmallDisk, numbered};

fn numbers(dir: &Path) -> Vec<u64> {
    events(dir)
        .iter()
        .filter(|event| event["action"]["operation"] == "numbered")
        .map(|event| event["action"]["parameters"]["number"].as_u64().unwrap())
        .collect()
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

isolated! {
    fn a_disk_that_is_full_at_the_start_is_a_clear_error(dir) {
        let Some(disk) = SmallDisk::mount(dir, 8 << 10, "crashes::disk::a_disk_that_is_full_at_the_start") else { return };
        let trail = disk.path().join("audit");
        disk.fill(512);
        let start = || builder(&trail).journal(1 << 20, Duration::ZERO).init();
        for _ in 0..3 {
            let error = start().unwrap_err();
            assert!(error.is_io(), "{error}");
            let expected = format!("cannot make a journal of 1048576 bytes at {}", trail.join(".vigil/journal").display());
            assert!(error.to_string().contains(&expected), "{error}");
        }
        // Of an engine that did not start nothing is said, and nothing is in the way of the next.
        assert!(all_events(&trail).is_empty());
        disk.free();
        let vigil = start().unwrap();
        numbered(0, 0, 0);
        vigil.shutdown().unwrap();
        assert_eq!(numbers(&trail), [0]);
    }

    fn a_disk_that_fills_up_costs_what_is_counted_and_no_more(dir) {
        let Some(disk) = SmallDisk::mount(dir, 16 << 10, "crashes::disk::a_disk_that_fills_up") else { return };
        let trail = disk.path().join("audit");
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        let vigil = builder(&trail)
            .journal(1 << 20, Duration::from_millis(1))
            .on_error(move |error| tell.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        let mut calls = 0;
        let mut record = |count: u64| {
            (calls..calls + count).for_each(|number| numbered(0, 0, number));
            calls += count;
        };
        record(100);
        for _ in 0..2 {
            disk.fill(100);
            // The calls go on, each as long as it may wait for room.
            let dropped = vigil::stats().total.dropped;
            while vigil::stats().total.dropped < dropped + 200 {
                record(100);
            }
            assert!(told.lock().unwrap().iter().any(|told| told.contains("cannot append to")));
            let written = vigil::stats().total.written;
            disk.free();
            eventually("it goes on when there is room", || vigil::stats().total.written > written);
            vigil::flush().unwrap();
            record(100);
            vigil::flush().unwrap();
        }
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.total.recorded + stats.total.dropped, calls);
        assert_eq!(stats.total.written, stats.total.recorded);

        // Each gap in the numbers is told where it is, with its size.
        let (mut next, mut lost, mut all_lost, mut failures) = (0, 0, 0, 0);
        for event in all_events(&trail) {
            let parameters = &event["action"]["parameters"];
            match event["action"]["operation"].as_str().unwrap() {
                "numbered" => {
                    assert_eq!(parameters["number"], next + lost, "{event}");
                    next += lost + 1;
                    lost = 0;
                }
                "audit_events_lost" => {
                    lost += parameters["count"].as_u64().unwrap();
                    all_lost += parameters["count"].as_u64().unwrap();
                }
                "audit_failure" if parameters["what"] == "the trail could not be written" => {
                    let error = parameters["error"].as_str().unwrap();
                    assert!(error.contains("No space left on device"), "{error}");
                    failures += 1;
                }
                _ => {}
            }
        }
        assert_eq!((next, all_lost), (calls, stats.total.dropped));
        assert!(failures >= 2);
    }

    fn a_disk_that_stays_full_leaves_the_rest_to_the_next_start(dir) {
        let Some(disk) = SmallDisk::mount(dir, 8 << 10, "crashes::disk::a_disk_that_stays_full") else { return };
        let trail = disk.path().join("audit");
        let start = || builder(&trail).journal(1 << 20, Duration::ZERO).on_error(|_| {}).init();
        let vigil = start().unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        disk.fill(16);
        (1..1_000).for_each(|number| numbered(0, 0, number));
        let error = vigil.shutdown().unwrap_err().to_string();
        assert!(error.contains("events could not be written to the trail"), "{error}");
        assert!(error.contains("the next start writes them"), "{error}");
        // Still full: the start says so, and loses nothing.
        assert!(start().unwrap_err().is_io());
        disk.free();
        start().unwrap().shutdown().unwrap();
        assert!(numbers(&trail).into_iter().eq(0..1_000));
    }

    fn a_directory_that_is_removed_is_made_again(dir) {
        let trail = dir.join("audit");
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        let vigil = builder(&trail)
            .on_error(move |error| tell.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        numbered(0, 0, 0);
        vigil::flush().unwrap();
        fs::remove_dir_all(&trail).unwrap();
        (1..100).for_each(|number| numbered(0, 0, number));
        vigil::flush().unwrap();
        (100..200).for_each(|number| numbered(0, 0, number));
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.written, stats.total.dropped), (200, 0));
        let told = told.lock().unwrap().join("\n");
        assert!(told.contains("was deleted, moved, replaced or changed by somebody else"), "{told}");
        assert!(told.contains(" with event 2\n"), "{told}");
        assert!(told.contains("the journal file is gone"), "{told}");
        // What was removed is gone; the numbers say that something was there.
        assert!(numbers(&trail).into_iter().eq(1..200));
        // The lock is where another process looks for it.
        assert!(trail.join(".vigil/lock").exists());
        // And what is left does not fit the checkpoints that were signed since.
        builder(&trail).on_error(|_| {}).init().unwrap().shutdown().unwrap();
        assert!(trail.join(".vigil/aside-1").exists());
    }
}

/// Without the rights of root, which go before those of a directory: as another user, where the test runs as root.
#[test]
fn a_directory_that_cannot_be_written_for_a_while_costs_nothing() {
    const NAME: &str =
        "crashes::disk::a_directory_that_cannot_be_written_for_a_while_costs_nothing";
    const CALLS: u64 = 6_000;
    if let Some((_, dir)) = part_of(NAME) {
        let trail = dir.join("audit");
        let set_mode =
            |mode| fs::set_permissions(&trail, fs::Permissions::from_mode(mode)).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        // A file takes 1 MiB, so that it goes on in a new one, which cannot be made.
        let vigil = builder(&trail)
            .max_size(1 << 20)
            .on_error(move |error| tell.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        set_mode(0o500);
        (0..CALLS).for_each(|number| numbered(0, 0, number));
        eventually("it is told", || {
            told.lock()
                .unwrap()
                .iter()
                .any(|told| told.contains("Permission denied"))
        });
        assert_eq!(trail_files(&trail).len(), 1);
        set_mode(0o700);
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.written, stats.total.dropped), (CALLS, 0));
        assert!(trail_files(&trail).len() > 1);
        assert!(numbers(&trail).into_iter().eq(0..CALLS));
        // And at the start.
        set_mode(0o500);
        fs::remove_file(trail.join(".vigil/lock")).unwrap();
        fs::set_permissions(trail.join(".vigil"), fs::Permissions::from_mode(0o500)).unwrap();
        let error = builder(&trail).init().unwrap_err();
        assert!(
            error.is_io() && error.to_string().contains(&trail.display().to_string()),
            "{error}"
        );
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let output = process_of_nobody(NAME, "nobody", dir.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
