//! Promise 2: nothing is lost in silence.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use vigil::{audit, audited};
use vigil_tests::{all_events, builder, events, isolated, lines, start, trail_files};

#[audited(category = "DATA")]
fn numbered(thread: u64, number: u64) {
    std::hint::black_box((thread, number));
}

isolated! {
    fn eight_threads_and_200_000_events_each_exactly_once(dir) {
        const THREADS: u64 = 8;
        const EACH: u64 = 25_000;
        let vigil = builder(dir).max_size(16 * 1024 * 1024).init().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || (0..EACH).for_each(|number| numbered(thread, number)));
            }
        });
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.total.recorded, THREADS * EACH);
        assert_eq!(stats.total.written, THREADS * EACH);
        assert_eq!((stats.total.dropped, stats.total.filtered, stats.errors), (0, 0, 0));
        assert_eq!(stats.categories["DATA"].written, THREADS * EACH);

        assert!(trail_files(dir).len() > 1, "rotated by size on the way");
        let mut next = [0; THREADS as usize];
        let mut ids = HashSet::new();
        assert_eq!(all_events(dir).len() as u64, THREADS * EACH + 2);
        for event in events(dir) {
            let parameters = &event["action"]["parameters"];
            let thread = parameters["thread"].as_u64().unwrap() as usize;
            assert_eq!(parameters["number"], next[thread], "in order within thread {thread}");
            next[thread] += 1;
            assert!(ids.insert(event["event_id"].as_str().unwrap().to_owned()));
        }
        assert_eq!(next, [EACH; THREADS as usize]);
    }

    fn events_before_init_are_held_and_written_first(dir) {
        for number in 0..10 {
            numbered(0, number);
        }
        assert!(!dir.join(".vigil").exists() && std::fs::read_dir(dir).unwrap().next().is_none());
        let vigil = start(dir);
        numbered(0, 10);
        vigil.shutdown().unwrap();
        let numbers: Vec<_> = events(dir).iter().map(|event| event["action"]["parameters"]["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (0..=10).collect::<Vec<_>>());
    }

    fn more_events_than_can_be_held_are_counted(dir) {
        const CALLS: u64 = 20_000;
        for number in 0..CALLS {
            numbered(0, number);
        }
        let held = vigil::stats();
        assert!(held.total.dropped > 0 && held.total.recorded > 1_000, "{held}");
        assert_eq!(held.total.recorded + held.total.dropped, CALLS);
        let vigil = start(dir);
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.total.written, held.total.recorded);
        assert_eq!(lines(dir).len() as u64, held.total.recorded);
    }

    fn flush_makes_every_earlier_event_visible(dir) {
        let vigil = start(dir);
        for number in 0..50 {
            numbered(0, number);
            vigil::flush().unwrap();
            assert_eq!(lines(dir).len() as u64, number + 1);
        }
        drop(vigil);
        assert!(vigil::flush().unwrap_err().is_stopped());
    }

    fn a_dropped_guard_writes_what_is_there(dir) {
        let vigil = start(dir);
        (0..1_000).for_each(|number| numbered(0, number));
        drop(vigil);
        assert_eq!(lines(dir).len(), 1_000);
        // What comes after is counted.
        numbered(0, 1_000);
        assert_eq!(vigil::stats().total.dropped, 1);
    }

    fn a_second_run_goes_on_where_the_first_ended(dir) {
        for run in 0..3_u64 {
            let vigil = start(dir);
            assert!(builder(dir).init().unwrap_err().is_already_running());
            (0..10).for_each(|number| numbered(run, number));
            vigil.shutdown().unwrap();
        }
        // Each run tells of its start and of its end.
        assert_eq!(all_events(dir).len(), 3 * 12);
        assert_eq!(events(dir).len(), 30);
    }

    fn what_the_filters_leave_out_is_counted(dir) {
        let vigil = builder(dir).category("DATA", false).init().unwrap();
        (0..10).for_each(|number| numbered(0, number));
        audit!(category = "API", operation = "kept");
        vigil::set_enabled(false);
        audit!(category = "API", operation = "switched_off");
        vigil::set_enabled(true);
        audit!(category = "API", operation = "kept");
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.categories["DATA"].filtered, 10);
        assert_eq!(stats.categories["API"].written, 2);
        assert_eq!(events(dir).iter().filter(|event| event["action"]["operation"] == "kept").count(), 2);
    }

    fn sampling_keeps_about_its_share_and_a_request_whole(dir) {
        let vigil = builder(dir).sampling(0.25).init().unwrap();
        for request in 0..4_000_u64 {
            vigil::Context::new().request_id(request.to_string()).run(|| {
                numbered(request, 0);
                numbered(request, 1);
            });
        }
        let stats = vigil.shutdown().unwrap();
        assert_eq!(stats.total.recorded + stats.total.filtered, 8_000);
        // Twelve standard deviations of the binomial distribution to either side.
        assert!((1_340..=2_660).contains(&stats.total.recorded), "{stats}");
        let mut by_request = std::collections::HashMap::<u64, u32>::new();
        for event in events(dir) {
            *by_request.entry(event["action"]["parameters"]["thread"].as_u64().unwrap()).or_default() += 1;
        }
        assert!(by_request.values().all(|events| *events == 2));
    }

    fn an_operation_is_sampled_by_itself(dir) {
        let vigil = builder(dir).sampling(0.0).sampling_of("kept", 1.0).sampling_of("numbered", 0.5).init().unwrap();
        for number in 0..1_000 {
            numbered(0, number);
            audit!(category = "DATA", operation = "kept");
            audit!(category = "DATA", operation = "left_out");
        }
        vigil.shutdown().unwrap();
        let events = events(dir);
        let count = |operation: &str| events.iter().filter(|event| event["action"]["operation"] == operation).count();
        assert_eq!((count("kept"), count("left_out")), (1_000, 0));
        // Twelve standard deviations to either side.
        assert!((311..=689).contains(&count("numbered")), "{}", count("numbered"));
    }

    fn a_journal_that_stays_full_drops_and_counts_and_says_so(dir) {
        // The writer is kept from writing by a callback that does not return while the file cannot be written.
        let hold = Arc::new(Mutex::new(()));
        let (held, told) = (Arc::clone(&hold), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&told);
        let vigil = builder(dir)
            .journal(1024 * 1024, Duration::from_millis(1))
            .on_error(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
                drop(held.lock());
            })
            .init()
            .unwrap();
        numbered(0, 0);
        vigil::flush().unwrap();
        let held = hold.lock().unwrap();
        // A directory in the file's place cannot be appended to.
        let file = trail_files(dir).remove(0);
        std::fs::rename(&file, dir.join("moved")).unwrap();
        std::fs::create_dir(&file).unwrap();
        let calls = 10_000;
        (0..calls).for_each(|number| numbered(1, number));
        let stats = vigil::stats();
        assert!(stats.total.dropped > 0, "{stats}");
        std::fs::remove_dir(&file).unwrap();
        drop(held);
        let stats = vigil.shutdown().unwrap();
        assert!(told.load(Ordering::Relaxed) > 0);
        assert_eq!(stats.total.recorded + stats.total.dropped, calls + 1);
        assert_eq!(stats.total.written, stats.total.recorded);
        assert_eq!(lines(dir).len() as u64, stats.total.written - 1);
    }
}
