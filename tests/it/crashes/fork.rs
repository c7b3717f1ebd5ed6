//! A process that forks while it records: the child neither waits nor harms, and may have an engine of its own.

#![allow(unsafe_code, reason = "the standard library has no fork")]

use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use serde_json::Value;
use vigil_tests::{builder, events, isolated, lines, part_of, process, start};

use super::numbered;

#[vigil::audited(category = "DATA", delivery = "durable")]
fn durable() {}

#[vigil::audited(category = "DATA", delivery = "required")]
fn required() -> Result<(), vigil::Error> {
    Ok(())
}

/// Runs `body` in a forked child and gives back how that ended: 0 if it did not panic.
fn forked(body: impl FnOnce()) -> i32 {
    // SAFETY: the child has the one thread that called, and ends without running what belongs to the others. What it
    // does before may allocate, which the C library allows in a child.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: no memory is involved.
        unsafe { libc::alarm(30) };
        let ended = catch_unwind(AssertUnwindSafe(body));
        // SAFETY: no memory is involved.
        unsafe { libc::_exit(i32::from(ended.is_err())) }
    }
    let mut status = 0;
    // SAFETY: `status` is a place for the answer.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(waited, child);
    status
}

fn ids(events: &[Value]) -> HashSet<String> {
    events
        .iter()
        .map(|event| event["event_id"].as_str().unwrap().to_owned())
        .collect()
}

isolated! {
    fn a_child_keeps_its_hands_off_and_may_begin_anew(dir) {
        let (of_parent, stop) = (dir.join("parent"), AtomicBool::new(false));
        let vigil = start(&of_parent);
        let mut inherited = Some(vigil);
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let stop = &stop;
                scope.spawn(move || {
                    let mut number = 0;
                    while !stop.load(Relaxed) {
                        numbered(0, thread, number);
                        number += 1;
                        std::thread::sleep(Duration::from_micros(50));
                    }
                });
            }
            for child in 1..=5 {
                std::thread::sleep(Duration::from_millis(20));
                let of_child = dir.join(format!("child-{child}"));
                let status = forked(|| {
                    let before = vigil::stats().total;
                    (0..1_000).for_each(|number| numbered(child, 0, number));
                    durable();
                    let dropped = vigil::stats().total.dropped - before.dropped;
                    assert_eq!(dropped, 1_001, "there is nobody to write them");
                    assert!(required().is_err());
                    assert!(vigil::flush().unwrap_err().is_stopped());
                    let error = builder(&of_parent).init().unwrap_err();
                    assert!(error.is_already_running(), "{error}");

                    let own = start(&of_child);
                    (0..100).for_each(|number| numbered(child, 0, number));
                    durable();
                    required().unwrap();
                    // What the parent's engine is stopped with does not stop this one.
                    drop(inherited.take());
                    numbered(child, 0, 100);
                    own.shutdown().unwrap();
                    numbered(child, 0, 101);
                });
                assert_eq!(status, 0, "child {child}");
            }
            stop.store(true, Relaxed);
        });
        let stats = inherited.unwrap().shutdown().unwrap();
        assert_eq!((stats.total.dropped, stats.errors), (0, 0));

        let mut next = [0, 0];
        let of_parent = events(&of_parent);
        assert_eq!(of_parent.len() as u64, stats.total.recorded);
        for event in &of_parent {
            let said = &event["action"]["parameters"];
            assert_eq!(said["run"], 0);
            let next = &mut next[said["thread"].as_u64().unwrap() as usize];
            assert_eq!(said["number"], *next);
            *next += 1;
        }
        let mut all = ids(&of_parent);
        let mut count = of_parent.len();
        for child in 1..=5 {
            let events = events(&dir.join(format!("child-{child}")));
            assert_eq!(events.iter().filter(|event| event["action"]["operation"] == "numbered").count(), 101);
            count += events.len();
            all.extend(ids(&events));
        }
        assert_eq!(all.len(), count, "no id was given twice");
    }

    fn a_guard_dropped_in_a_child_stops_nothing(dir) {
        let vigil = start(dir);
        numbered(0, 0, 0);
        let mut vigil = Some(vigil);
        assert_eq!(forked(|| drop(vigil.take())), 0);
        numbered(0, 0, 1);
        let stats = vigil.unwrap().shutdown().unwrap();
        assert_eq!((stats.total.written, stats.total.dropped), (2, 0));
        assert_eq!(lines(dir).len(), 2);
    }
}

/// The child has all that its parent had open, the lock too; the trail is free again when the parent is gone.
#[test]
fn a_child_that_lives_on_does_not_keep_the_trail() {
    const NAME: &str = "crashes::fork::a_child_that_lives_on_does_not_keep_the_trail";
    if let Some((part, dir)) = part_of(NAME) {
        return if part == "parent" {
            have_a_child(&dir)
        } else {
            go_on(&dir)
        };
    }
    let dir = tempfile::tempdir().unwrap();
    let mut parent = process(NAME, "parent", dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let told = dir.path().join("child");
    while !told.exists() {
        assert!(
            parent.try_wait().unwrap().is_none(),
            "the parent came to nothing"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    parent.kill().unwrap();
    parent.wait().unwrap();
    let child: i32 = fs::read_to_string(&told).unwrap().parse().unwrap();
    let output = process(NAME, "next", dir.path()).output().unwrap();
    // SAFETY: no memory is involved; the process is the one that the parent has forked.
    let lived = unsafe { libc::kill(child, libc::SIGKILL) };
    assert_eq!(lived, 0, "the child lived on all the time");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(lines(dir.path()).len(), 2);
}

fn have_a_child(dir: &Path) {
    let vigil = start(dir);
    numbered(0, 0, 0);
    // SAFETY: as in `forked`.
    let child = unsafe { libc::fork() };
    if child != 0 {
        fs::write(dir.join("child.new"), child.to_string()).unwrap();
        fs::rename(dir.join("child.new"), dir.join("child")).unwrap();
    }
    std::thread::sleep(Duration::from_secs(60));
    drop(vigil);
}

fn go_on(dir: &Path) {
    let vigil = start(dir);
    numbered(1, 0, 0);
    vigil.shutdown().unwrap();
}
