//! Promise 3: the trail cannot be changed unnoticed, and tools that we did not write can check it.

mod checker;
mod damage;
pub(crate) mod foreign;
mod keys;
mod verified;

use std::time::{Duration, Instant};

use vigil::audited;
use vigil_tests::{builder, events, isolated, trail_files};

pub(crate) use checker::prove;
pub(crate) use foreign::verifiers;

#[audited(category = "DATA")]
fn numbered(number: u64, text: &str) {
    std::hint::black_box((number, text));
}

fn record(numbers: std::ops::Range<u64>) {
    for number in numbers {
        numbered(
            number,
            "something of some length, so that the line is like that of a usual event",
        );
    }
}

isolated! {
    fn what_is_written_is_proved_by_others(dir) {
        let vigil = builder(dir).init().unwrap();
        record(0..500);
        vigil.flush().unwrap();
        let health = vigil::health();
        let proof = health.proof.unwrap();
        assert_eq!(proof.signed, 501);
        let key = std::fs::read_to_string(dir.join(".vigil/log.vkey")).unwrap();
        assert_eq!(proof.verifier_key, key.trim_end());
        vigil.shutdown().unwrap();
        let proved = prove(dir);
        assert_eq!((proved.events, proved.signed, proved.seals), (502, 502, 0));
        // The trail says by itself which key signs it.
        let first = vigil_tests::all_events(dir).remove(0);
        assert_eq!(first["action"]["parameters"]["verifier_key"], proof.verifier_key);
        assert_eq!(first["action"]["parameters"]["origin"], proof.origin);
    }

    fn segments_are_sealed_when_they_end_and_a_restart_goes_on(dir) {
        let mut events = 0;
        for _ in 0..3 {
            let vigil = builder(dir).max_size(1 << 20).init().unwrap();
            record(0..6_000);
            vigil.shutdown().unwrap();
            events += 6_002;
            let proved = prove(dir);
            assert_eq!((proved.events, proved.signed), (events, events));
            assert_eq!(proved.seals, trail_files(dir).len() - 1);
        }
        assert!(prove(dir).seals >= 6);
    }

    fn checkpoints_come_by_time_and_by_number(dir) {
        let vigil = builder(dir).checkpoints(Duration::from_millis(50), 100).init().unwrap();
        record(0..5_000);
        vigil.flush().unwrap();
        let by_number = checker::checkpoints(dir).len();
        let deadline = Instant::now() + Duration::from_secs(20);
        for number in 0..10 {
            record(number..number + 1);
            let size = 5_001 + number + 1;
            while vigil::health().proof.unwrap().signed < size {
                assert!(Instant::now() < deadline, "nobody has signed {size}");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let by_time = checker::checkpoints(dir).len() - by_number;
        assert!(by_time >= 10, "{by_time}");
        vigil.shutdown().unwrap();
        prove(dir);
    }

    fn silence_is_told(dir) {
        let vigil = builder(dir).heartbeat(Some(Duration::from_millis(100))).init().unwrap();
        std::thread::sleep(Duration::from_millis(700));
        vigil.shutdown().unwrap();
        let all = vigil_tests::all_events(dir);
        let beats = all.iter().filter(|event| event["action"]["operation"] == "audit_heartbeat");
        assert!((2..=7).contains(&beats.count()), "{all:#?}");
        assert_eq!(prove(dir).events, all.len() as u64);
    }

    fn a_trail_that_is_not_to_be_signed_has_nothing_of_it(dir) {
        let vigil = builder(dir).integrity(false).init().unwrap();
        record(0..10);
        vigil.flush().unwrap();
        assert!(vigil::health().proof.is_none());
        assert!(vigil::rotate_key().unwrap_err().is_stopped());
        vigil.shutdown().unwrap();
        for name in ["log.vkey", "checkpoint", "checkpoints", "hashes", "seals", "keys", "origin"] {
            assert!(!dir.join(".vigil").join(name).exists(), "{name}");
        }
        // Switched on, it covers what was written before as well; and off and on again, that between.
        for integrity in [true, false, true] {
            let vigil = builder(dir).integrity(integrity).max_size(1 << 20).init().unwrap();
            record(0..3_000);
            vigil.shutdown().unwrap();
        }
        let proved = prove(dir);
        assert_eq!(proved.events, 12 + 3 * 3_002);
        assert_eq!(proved.signed, proved.events);
        assert!(proved.seals > 2);
    }

    fn a_file_deleted_changed_or_replaced_while_it_is_written_stays_proved(dir) {
        let vigil = builder(dir).on_error(|_| {}).init().unwrap();
        record(0..10);
        vigil.flush().unwrap();
        let first = trail_files(dir).remove(0);
        // The hashes of what it held stay.
        std::fs::remove_file(&first).unwrap();
        record(10..20);
        vigil.flush().unwrap();
        let second = trail_files(dir).remove(0);
        assert_ne!(first, second);
        let text = std::fs::read_to_string(&second).unwrap();
        std::fs::write(&second, &text[..text.len() / 2]).unwrap();
        record(20..30);
        vigil.flush().unwrap();
        assert_eq!(trail_files(dir).len(), 2);
        std::fs::write(&second, text).unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(events(dir).len(), 20);
        let lines = vigil_tests::all_lines(dir);
        let all = lines.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let told = all.filter(|event| event["action"]["parameters"]["condition"] == "trail_changed");
        assert_eq!(told.count(), 2);
        let name = first.file_name().unwrap().to_str().unwrap();
        let hashes = std::fs::metadata(dir.join(".vigil/hashes").join(name)).unwrap().len();
        let text = std::fs::read_to_string(dir.join(".vigil/seals").join(format!("{name}.json"))).unwrap();
        let seal: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((hashes, &seal["seal"]["count"]), (11 * 32, &11.into()));
        // And the next start goes on.
        builder(dir).init().unwrap().shutdown().unwrap();
        assert!(!dir.join(".vigil/aside-1").exists());
    }
}
