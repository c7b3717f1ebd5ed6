//! What is told to who operates the program: in one word, with reasons, and in the trail.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigil::audit;
use vigil::health::HealthState;
use vigil::sink::{Batch, Sink, SinkError, SinkOptions};
use vigil_tests::{all_events, builder, isolated, start, trail_files};

fn codes() -> Vec<&'static str> {
    vigil::health()
        .reasons
        .iter()
        .map(|reason| reason.code)
        .collect()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{what}: {}",
            vigil::health()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The parameters of each `audit_failure` about `condition`, each with its outcome.
fn failures(dir: &std::path::Path, condition: &str) -> Vec<(Value, Value)> {
    let events = all_events(dir);
    super::schema::assert_valid(&events);
    events
        .into_iter()
        .filter(|event| event["action"]["operation"] == "audit_failure")
        .map(|event| {
            (
                event["action"]["result"]["status"].clone(),
                event["action"]["parameters"].clone(),
            )
        })
        .filter(|(_, parameters)| parameters["condition"] == condition)
        .collect()
}

/// Takes nothing while it is told not to.
struct Moody(Arc<AtomicBool>);

impl Sink for Moody {
    fn name(&self) -> &str {
        "moody"
    }

    fn deliver(&mut self, _: &Batch<'_>) -> Result<(), SinkError> {
        if self.0.load(Relaxed) {
            return Err(SinkError::permanent(
                "token=ghp_0123456789abcdefghijABCDEFGHIJ012345 was refused",
            ));
        }
        Ok(())
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new().retry(Duration::from_millis(10), Duration::from_millis(50))
    }
}

isolated! {
    fn an_engine_that_runs_is_ok_and_one_that_does_not_is_failing(dir) {
        assert_eq!(codes(), ["not_running"]);
        assert!(vigil::health().is_failing());
        let vigil = start(dir);
        audit!(category = "DATA", operation = "x");
        vigil::flush().unwrap();
        let health = vigil::health();
        assert!(health.is_ok(), "{health}");
        assert_eq!(health.to_string(), "ok");
        assert!(health.recording && health.reasons.is_empty() && health.recovery.is_empty());
        assert_eq!((health.dropped, health.journal.used, health.journal.capacity), (0, 0, 64 << 20));
        let json = serde_json::to_value(&health).unwrap();
        assert_eq!((&json["state"], &json["reasons"]), (&json!("ok"), &json!([])));
        assert!(json["last_sync_ms"].as_u64().is_some());
        vigil::set_enabled(false);
        assert_eq!((codes(), vigil::health().state), (vec!["switched_off"], HealthState::Degraded));
        vigil::set_enabled(true);
        vigil.shutdown().unwrap();
        assert_eq!(codes(), ["not_running"]);
    }

    fn a_trail_that_cannot_be_written_is_failing_until_it_can(dir) {
        let vigil = builder(dir).journal(1 << 20, Duration::from_millis(1)).on_error(|_| ()).init().unwrap();
        audit!(category = "DATA", operation = "x");
        vigil::flush().unwrap();
        let file = trail_files(dir).remove(0);
        std::fs::rename(&file, dir.join("moved")).unwrap();
        std::fs::create_dir(&file).unwrap();
        audit!(category = "DATA", operation = "x");
        wait_until("it notices", || codes() == ["trail_unwritable"]);
        assert!(vigil::health().is_failing());
        let calls = 10_000;
        (0..calls).for_each(|_| { audit!(category = "DATA", operation = "x"); });
        let health = vigil::health();
        let codes_now = codes();
        assert!(codes_now.contains(&"journal_filling") && codes_now.contains(&"events_lost"), "{health}");
        assert!(health.dropped > 0 && health.reasons[0].state == HealthState::Failing);
        std::fs::remove_dir(&file).unwrap();
        vigil::flush().unwrap();
        wait_until("it is over", || vigil::health().is_ok());
        vigil.shutdown().unwrap();
        let mut lines = 0;
        for event in all_trail(dir) {
            // The file was moved as well.
            if event["action"]["operation"] == "audit_failure" && event["action"]["parameters"]["condition"] != "trail_changed" {
                lines += 1;
                assert_eq!(event["action"]["parameters"]["condition"], "trail_unwritable");
                assert_eq!(event["action"]["parameters"]["phase"], "ended");
            }
        }
        assert_eq!(lines, 1);
    }

    fn a_disk_with_little_room_is_told_when_it_begins_and_when_it_ends(dir) {
        let trail = dir.join("trail");
        let file = dir.join("vigil.yaml");
        std::fs::write(&file, "").unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let on_error = Arc::clone(&heard);
        let vigil = vigil::builder()
            .config_file(&file)
            .trail(&trail)
            .watch(false)
            .on_error(move |error| on_error.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        wait_until("somebody has looked", || vigil::health().disk.is_some());
        assert!(vigil::health().is_ok(), "{}", vigil::health());
        // No disk has so much.
        std::fs::write(&file, "disk: {warn_below: 8000000 GiB, fail_below: off}\n").unwrap();
        vigil::reload().unwrap();
        assert_eq!((codes(), vigil::health().state), (vec!["disk_space"], HealthState::Degraded));
        wait_until("it is told", || { vigil::flush().unwrap(); failures(&trail, "disk.warn_below").len() == 1 });
        std::fs::write(&file, "disk: {warn_below: 8000000 GiB, fail_below: 8000000 GiB}\n").unwrap();
        vigil::reload().unwrap();
        assert!(vigil::health().is_failing());
        std::fs::write(&file, "disk: {warn_below: off, fail_below: off}\n").unwrap();
        vigil::reload().unwrap();
        assert!(vigil::health().is_ok());
        wait_until("its end is told", || { vigil::flush().unwrap(); failures(&trail, "disk.warn_below").len() == 2 });
        vigil.shutdown().unwrap();
        let told = failures(&trail, "disk.warn_below");
        assert_eq!((&told[0].0, &told[0].1["phase"]), (&json!("FAILURE"), &json!("began")));
        assert_eq!((&told[1].0, &told[1].1["phase"]), (&json!("SUCCESS"), &json!("ended")));
        assert!(told[0].1["free"].as_u64() < told[0].1["limit"].as_u64());
        let heard = heard.lock().unwrap();
        assert!(heard[0].contains("fewer than disk.warn_below says"), "{heard:#?}");
    }

    fn a_sink_in_trouble_is_told_when_it_begins_and_when_it_ends(dir) {
        let refuses = Arc::new(AtomicBool::new(true));
        let vigil = builder(dir).sink(Moody(Arc::clone(&refuses))).on_error(|_| ()).init().unwrap();
        audit!(category = "DATA", operation = "x");
        wait_until("it is told", || { vigil::flush().unwrap(); failures(dir, "sink").len() == 1 });
        assert_eq!((codes(), vigil::health().state), (vec!["sink"], HealthState::Degraded));
        let json = serde_json::to_value(vigil::health()).unwrap();
        assert_eq!(json["sinks"]["moody"]["state"], "failed");
        refuses.store(false, Relaxed);
        wait_until("its end is told", || { vigil::flush().unwrap(); failures(dir, "sink").len() == 2 });
        vigil.shutdown().unwrap();
        let told = failures(dir, "sink");
        assert_eq!((&told[0].0, &told[0].1["sink"], &told[0].1["state"]), (&json!("FAILURE"), &json!("moody"), &json!("failed")));
        assert_eq!((&told[1].0, &told[1].1["phase"]), (&json!("SUCCESS"), &json!("ended")));
        let error = told[0].1["error"].as_str().unwrap();
        assert!(error.contains("was refused") && !error.contains("ghp_0123456789"), "a sink may say anything: {error}");
    }

    fn a_start_that_is_refused_leaves_nothing_running(dir) {
        // Not this program: a category of it is mandatory.
        let error = builder(dir).enabled(false).init().unwrap_err();
        assert!(error.is_config());
        assert_eq!(codes(), ["not_running"]);
    }
}

/// Also where a file was moved, and the numbers have a gap.
fn all_trail(dir: &std::path::Path) -> Vec<Value> {
    let lines = vigil_tests::all_lines(dir);
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
