//! Anchors that are in trouble for a while: told once, tried again, and then given what they have missed.

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use vigil::trail::{CopyAnchor, Verdict, VerifyOptions, verify};
use vigil_tests::{all_events, builder, isolated};

use super::copies::kept;
use super::witness::Witness;
use super::{record, until};
use crate::crashes::SmallDisk;

/// What the trail tells of its anchors.
fn told(trail: &Path) -> Vec<Value> {
    let events = all_events(trail).into_iter();
    let parameters = events.map(|event| event["action"]["parameters"].clone());
    parameters
        .filter(|parameters| parameters["condition"] == "anchor")
        .collect()
}

fn phases(told: &[Value]) -> Vec<&str> {
    told.iter()
        .map(|told| told["phase"].as_str().unwrap())
        .collect()
}

isolated! {
    fn a_witness_that_is_gone_is_tried_until_it_is_back(dir) {
        // Nobody listens there until it is back.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (witness, address) = (Witness::of(&listener), listener.local_addr().unwrap());
        drop(listener);
        let failures = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&failures);
        let vigil = builder(dir)
            // It is not for this that it is tried again.
            .anchor("witness", witness.anchor(), Duration::from_secs(3_600))
            .on_error(move |error| {
                assert!(error.to_string().contains("the anchor witness: cannot reach"), "{error}");
                seen.fetch_add(1, Ordering::Relaxed);
            })
            .init()
            .unwrap();
        record(0..10);
        until("it is tried again and again", || vigil::health().anchors["witness"].failures >= 4);
        assert!(failures.load(Ordering::Relaxed) >= 4, "each is told to the program");
        let health = vigil::health();
        let reason = health.reasons.iter().find(|reason| reason.code == "not_anchored").unwrap();
        assert!(reason.message.contains("the anchor witness has the first 0 events"), "{}", reason.message);
        vigil.flush().unwrap();
        assert_eq!(phases(&told(dir)), ["began"], "and once in the trail");

        witness.serve(TcpListener::bind(address).unwrap());
        until("it is over", || vigil::health().anchors["witness"].failures == 0);
        assert!(vigil::health().is_ok());
        vigil.shutdown().unwrap();
        let told = told(dir);
        assert_eq!(phases(&told), ["began", "ended"], "{told:#?}");
        assert_eq!((&told[0]["refused"], &told[0]["size"]), (&false.into(), &0.into()));
        assert!(told[1]["size"].as_u64().unwrap() > 0 && told[1]["since"].is_string(), "{told:#?}");
        let options = VerifyOptions::new().witness(&witness.key).unwrap().anchored_within(0);
        assert_eq!(verify(dir, &options).unwrap().verdict, Verdict::Intact);
    }

    fn copies_on_a_disk_that_is_full_or_read_only_are_told_and_made_up_for(dir) {
        let Some(disk) = SmallDisk::mount(dir, 256, "anchors::troubles::copies_on_a_disk_that_is_full") else { return };
        let trail = dir.join("trail");
        let elsewhere = disk.path().join("copies");
        std::fs::create_dir(&elsewhere).unwrap();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&errors);
        disk.fill(0);
        let vigil = builder(&trail)
            .anchor("offsite", CopyAnchor::new(&elsewhere), Duration::from_secs(1))
            .on_error(move |error| seen.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        let in_trouble = |what: &str| {
            until(what, || {
                let error = vigil::health().anchors["offsite"].last_error.clone();
                error.is_some_and(|error| error.contains(what) && error.contains("cannot keep a copy at"))
            });
        };
        let is_well = || vigil::health().anchors["offsite"].failures == 0;
        record(0..10);
        in_trouble("No space left");
        // Not the beginning of one either: it would be taken for a checkpoint that was changed.
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
        disk.free();
        until("there is room again", is_well);

        disk.make_read_only(true);
        record(10..20);
        in_trouble("Read-only file system");
        disk.make_read_only(false);
        until("it can be written again", is_well);
        assert!(vigil::health().is_ok());
        vigil.shutdown().unwrap();
        let told = told(&trail);
        assert_eq!(phases(&told), ["began", "ended", "began", "ended"], "{told:#?}");
        assert!(told[0]["error"].as_str().unwrap().contains("No space left"), "{told:#?}");
        assert!(told[2]["error"].as_str().unwrap().contains("Read-only file system"), "{told:#?}");
        assert!(errors.lock().unwrap().iter().all(|error| error.starts_with("the anchor offsite: ")));
        let report = verify(&trail, &kept(&elsewhere).anchored_within(0)).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
    }
}
