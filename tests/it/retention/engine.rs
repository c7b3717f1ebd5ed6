//! The engine removes by itself, and for those who ask from outside; what a sink has not got stays.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use vigil::sink::{Batch, SinkError, SinkOptions, Start};
use vigil::trail::retention::{Age, ApplyOptions, Retention, apply};
use vigil::{Sink, trail};
use vigil_tests::{isolated, part_of, process};

use super::{Turned, assert_intact, files, numbered, told, turned, until, written};

fn rules() -> Retention {
    Retention::new()
        .age(Age::days(30))
        .interval(Some(Duration::from_secs(1)))
}

/// Takes events where it may.
struct Gate(Arc<AtomicBool>);

impl Sink for Gate {
    fn name(&self) -> &str {
        "gate"
    }

    fn deliver(&mut self, _: &Batch<'_>) -> Result<(), SinkError> {
        if self.0.load(Relaxed) {
            Ok(())
        } else {
            Err(SinkError::transient("closed"))
        }
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new()
            .start(Start::Beginning)
            .retry(Duration::from_millis(10), Duration::from_millis(50))
    }
}

isolated! {
    fn the_engine_removes_on_its_schedule(dir) {
        written(dir, 90, 9);
        let before = files(dir).len();
        let vigil = turned(dir, &Turned::days_ago(0)).retention(rules()).init().unwrap();
        until("what is due is gone", || files(dir).len() <= before - 6);
        until("it is told", || !told(dir, "audit_retention_purged").is_empty());
        assert!(vigil::health().is_ok(), "{}", vigil::health());
        vigil.shutdown().unwrap();
        assert_eq!(told(dir, "audit_retention_purged")[0]["action"]["parameters"]["operator"], "the schedule of the engine");
        assert_intact(dir);
    }

    fn what_a_sink_has_not_got_stays_and_health_says_what_to_do(dir) {
        written(dir, 90, 9);
        let before = files(dir);
        let open = Arc::new(AtomicBool::new(false));
        let vigil = turned(dir, &Turned::days_ago(0)).retention(rules()).on_error(|_| {}).sink(Gate(Arc::clone(&open))).init().unwrap();
        until("health tells", || vigil::health().reasons.iter().any(|reason| reason.code == "retention_blocked"));
        let health = vigil::health();
        let reason = health.reasons.iter().find(|reason| reason.code == "retention_blocked").unwrap();
        assert!(reason.message.contains("sink gate") && reason.message.contains(".vigil/cursors/gate"), "{}", reason.message);
        assert_eq!(files(dir)[..before.len()], before);
        open.store(true, Relaxed);
        until("the sink has caught up and what is due is gone", || files(dir).len() <= before.len() - 6);
        until("health is well again", || !vigil::health().reasons.iter().any(|reason| reason.code == "retention_blocked"));
        vigil.shutdown().unwrap();
        assert_intact(dir);
        // A cursor that nobody has any more claims what it has not got; one that is damaged, everything.
        written(&dir.join("other"), 90, 9);
        let other = dir.join("other");
        std::fs::create_dir_all(other.join(".vigil/cursors")).unwrap();
        std::fs::write(other.join(".vigil/cursors/gone"), "vigil cursor 1\n").unwrap();
        let planned = trail::retention::plan(&other, &rules()).unwrap();
        assert_eq!(planned.due().count(), 0);
        assert!(planned.segments[0].kept_by[0].contains("sink gone has a damaged cursor"), "{planned:#?}");
    }

    fn a_sink_that_comes_to_what_is_gone_is_told_so(dir) {
        written(dir, 90, 9);
        super::applied(dir, &rules());
        let purged = super::verified(dir).purged;
        std::fs::create_dir_all(dir.join(".vigil/cursors")).unwrap();
        let (errors, heard) = std::sync::mpsc::channel();
        let open = Arc::new(AtomicBool::new(true));
        // Its cursor comes from a backup.
        let text = "vigil cursor 1\nseq 1\n";
        let check = {
            use sha2::Digest as _;
            let digest = sha2::Sha256::digest(text.as_bytes());
            digest[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        std::fs::write(dir.join(".vigil/cursors/gate"), format!("{text}check {check}\n")).unwrap();
        let vigil = turned(dir, &Turned::days_ago(0))
            .on_error(move |error| { let _ = errors.send(error.to_string()); })
            .sink(Gate(open)).init().unwrap();
        until("it has missed what is gone", || vigil::stats().sinks["gate"].missed == purged - 1);
        vigil.shutdown().unwrap();
        let heard: Vec<String> = heard.try_iter().collect();
        assert!(heard.iter().any(|text| text.contains("retention has removed them")), "{heard:?}");
    }
}

/// A process that writes the trail is asked, and goes by its own rules.
#[test]
fn a_process_that_writes_removes_for_who_asks_by_its_own_rules() {
    const NAME: &str =
        "retention::engine::a_process_that_writes_removes_for_who_asks_by_its_own_rules";
    if let Some((_, dir)) = part_of(NAME) {
        let own = Retention::new().age(Age::days(60)).interval(None);
        let trail = dir.join("trail");
        let vigil = turned(&trail, &Turned::days_ago(0))
            .retention(own)
            .init()
            .unwrap();
        std::fs::write(dir.join("running"), "").unwrap();
        until("somebody says that it is enough", || {
            dir.join("enough").exists()
        });
        vigil.shutdown().unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let trail = dir.join("trail");
    // The trail itself by a process as well: this one has other tests.
    let mut child = process("retention::engine::writes", "90", dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success());
    let mut child = process(NAME, "write", dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("it runs", || dir.join("running").exists());
    let asked = Retention::new().age(Age::days(1));
    let done = apply(&trail, &asked, &ApplyOptions::new().operator("an auditor")).unwrap();
    assert_eq!(done.policy, "age 60d");
    assert!((2..=4).contains(&done.segments.len()), "{done:?}");
    std::fs::write(dir.join("enough"), "").unwrap();
    assert!(child.wait().unwrap().success());
    let purged = told(&trail, "audit_retention_purged");
    assert_eq!(purged[0]["action"]["parameters"]["operator"], "an auditor");
    assert_intact(&trail);
}

#[test]
fn writes() {
    if let Some((days, dir)) = part_of("retention::engine::writes") {
        written(&dir.join("trail"), days.parse().unwrap(), 9);
        numbered(0);
    }
}
