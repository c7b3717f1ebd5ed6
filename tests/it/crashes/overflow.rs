//! More events than the disk takes: under `block` none is lost, under `drop` each is counted, at its place, also over
//! the death of the process.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil_tests::{all_events, builder, isolated, part_of, process, trail_files};

use super::witness::{RUNNING, Witness};
use super::{Chance, block, numbered, unblock};

const RING: u64 = 1 << 20;

#[vigil::audited(category = "API")]
fn other(run: u64, thread: u64, number: u64) {
    std::hint::black_box((run, thread, number));
}

/// Events by thread and number, and lost ones by category, in the order of the trail; a loss stands before the event that
/// follows it.
#[derive(Debug, Default)]
struct Account {
    /// Of each thread, the numbers that are in the trail.
    numbers: BTreeMap<u64, Vec<u64>>,
    lost: BTreeMap<String, u64>,
    /// For one thread alone: how many are missing before an event, and how many are told as lost there.
    gaps: Vec<(u64, u64)>,
}

fn account(events: &[Value]) -> Account {
    let mut account = Account::default();
    let (mut next, mut told) = (0, 0);
    for event in events {
        let parameters = &event["action"]["parameters"];
        match event["action"]["operation"].as_str().unwrap() {
            "numbered" | "other" => {
                let number = parameters["number"].as_u64().unwrap();
                let thread = parameters["thread"].as_u64().unwrap();
                account.numbers.entry(thread).or_default().push(number);
                if number != next || told > 0 {
                    account.gaps.push((number.wrapping_sub(next), told));
                }
                (next, told) = (number + 1, 0);
            }
            "audit_events_lost" => {
                let mut sum = 0;
                for kind in parameters["losses"].as_array().unwrap() {
                    assert_eq!(kind["reason"], "journal_full");
                    let count = kind["count"].as_u64().unwrap();
                    *account
                        .lost
                        .entry(kind["category"].as_str().unwrap().to_owned())
                        .or_default() += count;
                    sum += count;
                }
                assert_eq!(parameters["count"], sum);
                assert!(
                    parameters["first"].as_str().unwrap() <= parameters["last"].as_str().unwrap()
                );
                told += sum;
            }
            _ => {}
        }
    }
    account
}

fn events_of_run() -> u64 {
    std::env::var("FLAT_OUT_EVENTS").map_or(150_000, |events| {
        events.parse().expect("a number of events")
    })
}

isolated! {
    /// Two threads as fast as they can, for a minute at most. `FLAT_OUT_EVENTS=60000000` takes all of it, and some 20 GB.
    fn flat_out_under_block_nothing_is_lost_and_the_ring_does_not_grow(dir) {
        let vigil = builder(dir).journal(RING, Duration::from_secs(60)).init().unwrap();
        let journal = dir.join(".vigil/journal");
        let size = fs::metadata(&journal).unwrap().len();
        let (each, began) = (events_of_run() / 2, Instant::now());
        let recorded = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let recorded = &recorded;
                scope.spawn(move || {
                    for number in 0..each {
                        numbered(0, thread, number);
                        recorded.fetch_add(1, Relaxed);
                        if number % 1024 == 0 && began.elapsed() > Duration::from_secs(60) {
                            break;
                        }
                    }
                });
            }
        });
        let took = began.elapsed();
        assert_eq!(fs::metadata(&journal).unwrap().len(), size);
        let stats = vigil.shutdown().unwrap();
        let recorded = recorded.into_inner();
        assert_eq!((stats.total.recorded, stats.total.written, stats.total.dropped), (recorded, recorded, 0));
        let lines: usize = trail_files(dir).iter().map(|file| fs::read(file).unwrap().iter().filter(|byte| **byte == b'\n').count()).sum();
        assert_eq!(lines as u64, recorded + 2);
        println!("{recorded} events flat out through a ring of {RING} bytes in {took:.1?}, none lost");
    }

    /// One thread, so that it is known between which two events each lost one would have stood.
    fn what_is_dropped_is_told_at_its_place(dir) {
        let calls = 60_000;
        let vigil = builder(dir)
            .config_text("overflow:\n  default: drop\n")
            .journal(RING, Duration::ZERO)
            .on_error(|_| {})
            .init()
            .unwrap();
        (0..calls).for_each(|number| numbered(0, 0, number));
        // However quick the disk is: for a while, nothing can be written.
        block(dir);
        (calls..2 * calls).for_each(|number| numbered(0, 0, number));
        unblock(dir);
        vigil::flush().unwrap();
        (2 * calls..2 * calls + 1_000).for_each(|number| numbered(0, 0, number));
        let calls = 2 * calls + 1_000;
        let stats = vigil.shutdown().unwrap();

        let account = account(&all_events(dir));
        let numbers = &account.numbers[&0];
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert_eq!(numbers.len() as u64, stats.total.recorded);
        assert!(stats.total.dropped > 0);
        assert_eq!(account.lost, BTreeMap::from([("DATA".to_owned(), stats.total.dropped)]));
        assert_eq!(stats.total.recorded + stats.total.dropped, calls);
        assert!(account.gaps.iter().all(|(missing, told)| missing == told), "{:?}", account.gaps);
    }

    fn what_is_dropped_by_several_threads_adds_up_by_category(dir) {
        let vigil = builder(dir)
            .config_text("overflow:\n  categories: { API: drop, DATA: block }\n")
            .journal(RING, Duration::from_secs(60))
            .on_error(|_| {})
            .init()
            .unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let done = &done;
            // A disk that cannot be written again and again.
            scope.spawn(|| {
                while !done.load(Relaxed) {
                    block(dir);
                    std::thread::sleep(Duration::from_millis(60));
                    unblock(dir);
                    std::thread::sleep(Duration::from_millis(40));
                }
            });
            let threads: Vec<_> = (0..2).map(|thread| scope.spawn(move || (0..6_000).for_each(|number| {
                numbered(0, thread, number);
                other(0, 2 + thread, number);
            }))).collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            done.store(true, Relaxed);
        });
        let stats = vigil.shutdown().unwrap();
        let account = account(&all_events(dir));
        let (data, api) = (&stats.categories["DATA"], &stats.categories["API"]);
        assert_eq!((data.recorded, data.dropped), (12_000, 0), "{stats}");
        assert!(api.dropped > 0, "{stats}");
        assert_eq!(api.recorded + api.dropped, 12_000);
        assert_eq!(account.lost, BTreeMap::from([("API".to_owned(), api.dropped)]));
        let found = |thread| account.numbers[&thread].len() as u64;
        assert_eq!(found(0) + found(1), 12_000);
        assert_eq!(found(2) + found(3), api.recorded);
        assert!(account.numbers.values().all(|numbers| numbers.is_sorted_by(|a, b| a < b)));
    }
}

/// The counts of what was lost survive the process as the events do.
#[test]
fn what_was_dropped_before_a_kill_is_told_after_it() {
    const NAME: &str = "crashes::overflow::what_was_dropped_before_a_kill_is_told_after_it";
    const THREADS: u64 = 2;
    if let Some((part, dir)) = part_of(NAME) {
        return drop_and_be_killed(&part, &dir, THREADS);
    }
    let mut chance = Chance::new(4);
    let (mut all_calls, mut all_lost) = (0, 0);
    for _ in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let runs = 4;
        for run in 0..runs {
            let mut child = process(NAME, &run.to_string(), dir.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let witness = Witness::of_run(dir.path(), run);
            assert!(witness.await_stage(RUNNING, || child.try_wait().unwrap().is_some()));
            std::thread::sleep(chance.micros(50_000..250_000));
            child.kill().unwrap();
            child.wait().unwrap();
            unblock(dir.path());
        }
        assert!(
            process(NAME, "end", dir.path())
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success()
        );
        let account = account(&all_events(dir.path()));
        let found: usize = account.numbers.values().map(Vec::len).sum();
        let lost = account.lost.values().sum::<u64>();
        let returned: u64 = (0..runs)
            .flat_map(|run| (0..THREADS).map(move |thread| (run, thread)))
            .map(|(run, thread)| Witness::of_run(dir.path(), run).calls(thread))
            .sum();
        // Each thread was killed in a call, whose event or whose loss may have been counted.
        let known = found as u64 + lost;
        assert!(
            (returned..=returned + runs * THREADS).contains(&known),
            "{returned} calls, {found} found, {lost} lost"
        );
        assert!(lost > 0);
        all_calls += returned;
        all_lost += lost;
    }
    println!(
        "{all_calls} calls had returned when their processes were killed; of {all_lost} the trail says that they are lost, the others it has"
    );
}

fn drop_and_be_killed(part: &str, dir: &Path, threads: u64) {
    let vigil = builder(dir)
        .config_text("overflow:\n  default: drop\n")
        .journal(RING, Duration::ZERO)
        .on_error(|_| {})
        .init()
        .unwrap();
    let Ok(run) = part.parse() else {
        vigil.shutdown().unwrap();
        return;
    };
    let witness = Witness::of_run(dir, run);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let witness = &witness;
            scope.spawn(move || {
                for number in 0.. {
                    numbered(run, thread + run * threads, number);
                    witness.returned(thread, number + 1);
                }
            });
        }
        loop {
            block(dir);
            std::thread::sleep(Duration::from_millis(40));
            unblock(dir);
            witness.reach(RUNNING);
            std::thread::sleep(Duration::from_millis(20));
        }
    });
}
