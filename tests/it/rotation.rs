//! The files of the trail: a new one at midnight and by size, never a split line, and a lost one is noticed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use vigil::{Clock, Daily, audit, audited};
use vigil_tests::{all_events, all_lines, builder, events, isolated, lines, trail_files};

/// A clock that the test turns.
#[derive(Clone)]
struct Turned(Arc<AtomicU64>);

impl Turned {
    /// One second before midnight UTC, 2026-11-23.
    fn before_midnight() -> Self {
        Self(Arc::new(AtomicU64::new(1_795_478_399 * 1_000_000_000)))
    }

    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1_000_000_000, Ordering::Relaxed);
    }
}

impl Clock for Turned {
    fn unix_nanos(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn names(dir: &std::path::Path) -> Vec<String> {
    trail_files(dir)
        .iter()
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[audited(category = "DATA")]
fn numbered(number: u64, filler: &str) {
    std::hint::black_box((number, filler));
}

isolated! {
    fn midnight_begins_a_new_file(dir) {
        let clock = Turned::before_midnight();
        let vigil = builder(dir).daily(Daily::Utc).clock(clock.clone()).init().unwrap();
        audit!(category = "DATA", operation = "before");
        vigil::flush().unwrap();
        clock.advance(2);
        audit!(category = "DATA", operation = "after");
        vigil::flush().unwrap();
        // A clock that is stepped back does not write into yesterday's file again.
        clock.0.fetch_sub(10_000_000_000, Ordering::Relaxed);
        audit!(category = "DATA", operation = "stepped_back");
        vigil.shutdown().unwrap();

        assert_eq!(names(dir), ["audit_audit_2026-11-23.log", "audit_audit_2026-11-24.log"]);
        let events = events(dir);
        let told: Vec<_> = events.iter().map(|event| (event["seq"].as_u64().unwrap(), event["action"]["operation"].as_str().unwrap())).collect();
        // The first line tells of the start.
        assert_eq!(told, [(1, "before"), (2, "after"), (3, "stepped_back")]);
        assert_eq!(events[0]["timestamp"], "2026-11-23T23:59:59.000000Z");
        assert_eq!(events[1]["timestamp"], "2026-11-24T00:00:01.000000Z");
        assert_eq!(std::fs::read_to_string(&trail_files(dir)[0]).unwrap().lines().count(), 2);
    }

    fn size_begins_a_new_file_and_splits_no_line(dir) {
        const EVENTS: u64 = 12_000;
        let vigil = builder(dir).clock(Turned::before_midnight()).max_size(1024 * 1024).init().unwrap();
        for number in 0..EVENTS {
            numbered(number, &"x".repeat(number as usize % 700));
            if number % 997 == 0 {
                vigil::flush().unwrap();
            }
        }
        vigil.shutdown().unwrap();
        let names = names(dir);
        assert!(names.len() > 5, "{names:?}");
        assert_eq!(names[..3], ["audit_audit_2026-11-23.log", "audit_audit_2026-11-23.1.log", "audit_audit_2026-11-23.2.log"]);
        for file in trail_files(dir) {
            assert!(std::fs::metadata(&file).unwrap().len() <= 1024 * 1024, "{}", file.display());
        }
        // `lines` asserts that each file ends in a whole line.
        assert_eq!((lines(dir).len() as u64, all_lines(dir).len() as u64), (EVENTS, EVENTS + 2));
        for (number, event) in events(dir).iter().enumerate() {
            // The first line tells of the start.
            assert_eq!((&event["seq"], &event["action"]["parameters"]["number"]), (&(number + 1).into(), &number.into()));
        }
    }

    fn a_deleted_or_moved_file_is_noticed(dir) {
        let vigil = builder(dir).clock(Turned::before_midnight()).init().unwrap();
        audit!(category = "DATA", operation = "first");
        vigil::flush().unwrap();
        std::fs::remove_file(&trail_files(dir)[0]).unwrap();
        audit!(category = "DATA", operation = "second");
        vigil::flush().unwrap();
        assert_eq!(lines(dir).len(), 1);
        std::fs::rename(&trail_files(dir)[0], dir.join("kept")).unwrap();
        audit!(category = "DATA", operation = "third");
        vigil.shutdown().unwrap();
        let events = events(dir);
        assert_eq!(events.len(), 1);
        // Before it the trail has told that the first file was deleted.
        assert_eq!((&events[0]["seq"], &events[0]["action"]["operation"]), (&4.into(), &"third".into()));
    }

    fn a_torn_last_line_is_cut_off_kept_and_told(dir) {
        let vigil = builder(dir).clock(Turned::before_midnight()).init().unwrap();
        audit!(category = "DATA", operation = "first");
        vigil.shutdown().unwrap();
        let file = trail_files(dir).remove(0);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [whole.as_slice(), br#"{"event_id":"01"#].concat()).unwrap();

        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&told);
        let vigil = builder(dir)
            .clock(Turned::before_midnight())
            .on_error(move |error| seen.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        audit!(category = "DATA", operation = "second");
        vigil.shutdown().unwrap();
        assert_eq!(events(dir).len(), 2);
        // Between them, the end of the first run and the start of the second.
        assert_eq!(events(dir)[1]["seq"], 4);
        assert_eq!(all_events(dir).len(), 6);
        let told = told.lock().unwrap();
        assert!(told.len() == 1 && told[0].contains("15 bytes"), "{told:?}");
    }
}
