//! Folding: of events that say the same one line and a count, and not one event less, whatever kills the process.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil::{audit, audited};
use vigil_tests::{all_events, builder, events, isolated, lines, trail_files};

const LONG: Duration = Duration::from_secs(600);

#[audited(category = "API")]
fn poll(queue: u64) {
    std::hint::black_box(queue);
}

#[audited(category = "API", delivery = "durable")]
fn poll_durably(queue: u64) {
    std::hint::black_box(queue);
}

#[audited(category = "API")]
fn around(queue: u64) {
    poll(queue);
}

/// How many events a line stands for.
fn count(event: &Value) -> u64 {
    event
        .get("repeated")
        .map_or(1, |count| count.as_u64().unwrap())
}

fn count_all(events: &[Value]) -> u64 {
    events.iter().map(count).sum()
}

isolated! {
    fn a_line_and_a_count_stand_for_events_that_say_the_same(dir) {
        let vigil = builder(dir).dedup(LONG).init().unwrap();
        for number in 0..1_000 {
            poll(number % 2);
        }
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.recorded, stats.total.written), (1_000, 1_000));
        let events = events(dir);
        super::schema::assert_valid(&events);
        let counts: Vec<_> = events.iter().map(count).collect();
        assert_eq!(counts, [1, 1, 499, 499]);
        assert_eq!(events[2]["repeat_of"], events[0]["event_id"]);
        assert!(events[2]["first_timestamp"].as_str() <= events[2]["last_timestamp"].as_str());
        assert!(events[0]["timestamp"].as_str() <= events[2]["first_timestamp"].as_str());
    }

    fn a_window_ends_by_itself(dir) {
        let vigil = builder(dir).dedup(Duration::from_millis(50)).init().unwrap();
        (0..100).for_each(|_| poll(1));
        let start = Instant::now();
        while count_all(&events(dir)) < 100 {
            assert!(start.elapsed() < Duration::from_secs(30), "nobody asked for it, and time passed");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(lines(dir).len() < 100);
        drop(vigil);
    }

    fn a_flush_ends_all_windows_and_the_wait_for_a_durable_event_none(dir) {
        let vigil = builder(dir).dedup(LONG).init().unwrap();
        for round in 1..=20 {
            (0..10).for_each(|_| poll(1));
            vigil::flush().unwrap();
            assert_eq!(count_all(&events(dir)), round * 10);
        }
        let before = lines(dir).len();
        (0..10).for_each(|_| poll(1));
        poll_durably(1);
        poll_durably(1);
        let after = events(dir);
        assert_eq!(after.iter().filter(|event| event["action"]["operation"] == "poll_durably").count(), 2, "not folded");
        assert!(after.len() <= before + 3, "its window is open still");
        assert_eq!(vigil::stats().total.late, 0);
        drop(vigil);
        assert_eq!(count_all(&events(dir)), 212);
    }

    fn who_is_named_as_a_parent_has_a_line(dir) {
        let vigil = builder(dir).dedup(LONG).init().unwrap();
        (0..50).for_each(|_| around(1));
        vigil.shutdown().unwrap();
        let events = events(dir);
        let ids: Vec<_> = events.iter().map(|event| &event["event_id"]).collect();
        for event in &events {
            if let Some(parent) = event["context"].get("parent_id") {
                assert!(ids.contains(&parent), "{event:#}");
            }
        }
        assert_eq!(count_all(&events), 100);
    }

    fn a_mandatory_category_is_never_folded(dir) {
        let error = builder(dir).dedup_of("HEALTH", Some(LONG)).init().unwrap_err();
        let text = error.to_string();
        assert!(text.contains("dedup.categories.HEALTH") && text.contains("mandatory"), "{text}");
        let vigil = builder(dir).dedup(LONG).dedup_of("DATA", None).init().unwrap();
        for _ in 0..5 {
            audit!(category = "HEALTH", operation = "beat");
            audit!(category = "DATA", operation = "read");
            audit!(category = "API", operation = "asked");
        }
        vigil.shutdown().unwrap();
        let events = events(dir);
        let lines = |operation: &str| events.iter().filter(|event| event["action"]["operation"] == operation).count();
        assert_eq!((lines("beat"), lines("read"), lines("asked")), (5, 5, 2));
    }

    fn what_is_counted_does_not_fill_the_journal(dir) {
        // Each event is as large as some hundred others, and the journal is of the least size.
        let vigil = builder(dir).journal(1 << 20, Duration::from_secs(30)).dedup(LONG).init().unwrap();
        let text = "x y ".repeat(500);
        for _ in 0..5_000 {
            audit!(category = "API", operation = "large", fields(text = &text));
        }
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.written, stats.total.dropped), (5_000, 0));
        let events = events(dir);
        assert_eq!(count_all(&events), 5_000);
        assert!((3..500).contains(&events.len()), "{}", events.len());
    }

    /// In each round a child with two threads calls, tells of each call that has returned, and is killed in the middle
    /// of it. Of what is told nothing is missing, and besides it there is no more than one call a thread and round, which
    /// had not returned or not been told of when the child died.
    fn kill_9_loses_and_doubles_no_event_that_is_counted(dir) {
        if let Ok(window) = std::env::var(WINDOW) {
            be_killed(dir, window.parse().unwrap());
        }
        let mut told = 0;
        let rounds = [LONG, Duration::from_millis(10), LONG, Duration::from_millis(10), Duration::from_millis(40), LONG];
        for (round, window) in rounds.iter().enumerate() {
            told += kill_after(3_000 * (round + 1) as u64, *window);
        }
        // On a busy machine no window may have ended before its process did.
        let mut rounds = rounds.len() as u64;
        while !a_line_is_folded(dir) && rounds < 30 {
            told += kill_after(20_000, Duration::from_millis(10));
            rounds += 1;
        }
        // Recovers what the last child has left, without folding.
        drop(builder(dir).init().unwrap());
        let all = all_events(dir);
        let events: Vec<_> = events(dir);
        let found = count_all(&events);
        let most = told + THREADS * rounds;
        println!("told of {told}, found {found} in {} lines", events.len());
        assert!((told..=most).contains(&found), "told of {told}, found {found}");
        assert!(events.iter().any(|event| event.get("repeated").is_some()));
        assert!(all.iter().any(|event| event["action"]["operation"] == "audit_recovered"));
        super::schema::assert_valid(&events);
    }
}

/// Whether the trail holds an event that stands for several. Right after a kill, so that the last line may be half.
fn a_line_is_folded(dir: &Path) -> bool {
    trail_files(dir)
        .iter()
        .any(|file| fs::read_to_string(file).unwrap().contains("\"repeated\":"))
}

const WINDOW: &str = "FOLDING_WINDOW";
const THREADS: u64 = 2;

/// Runs in the child: calls and tells, until it is killed.
fn be_killed(dir: &Path, window: u64) -> ! {
    // Each start recovers what the child before has left.
    let _vigil = builder(dir)
        // The journal lets go of what is in the trail all the time, and must not of what is only counted.
        .config_text("journal: {sync_interval: 2ms}")
        .dedup(Duration::from_millis(window))
        .init()
        .unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for number in 0.. {
                    // Some that say the same, of both threads, and some that do not.
                    poll(if number % 7 == 0 { number } else { number % 3 });
                    let _ = std::io::stdout().write_all(format!("told {thread}\n").as_bytes());
                }
            });
        }
    });
    unreachable!("it is killed")
}

/// Starts a child, kills it when it has told of so many calls, and gives back of how many it has.
fn kill_after(calls: u64, window: Duration) -> u64 {
    let mut child = start_child(window);
    let mut told = 0;
    let stdout = BufReader::new(child.stdout.take().unwrap());
    for line in stdout.lines() {
        // The runner of tests writes before the first. What was written last may be cut; then it has not been told.
        told += u64::from(line.is_ok_and(|line| line.contains("told ")));
        if told == calls {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(
        told >= calls,
        "the child ended by itself after {told} calls"
    );
    told
}

fn start_child(window: Duration) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(std::env::args().skip(1))
        .env(WINDOW, window.as_millis().to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
