//! A call that must not go unrecorded leaves two events: an attempt, which is on disk before the body runs, and an outcome
//! that names it, whatever becomes of the call.

use std::process::{Command, Stdio};
use std::sync::atomic::Ordering::Relaxed;

use serde_json::json;
use vigil::audited;
use vigil_tests::{all_events, attempt_of, events, is_attempt, isolated, only, start};

use super::{DENYING, FOUND, Outcome, RAN, Read, Store, TRAIL, boxed, each, later, opaque, sync};

isolated! {
    fn an_attempt_stands_in_the_trail_before_the_body_runs(dir) {
        let vigil = start(dir);
        *TRAIL.lock().unwrap() = Some(dir.to_owned());
        let calls = each(1);
        *TRAIL.lock().unwrap() = None;
        let found = std::mem::take(&mut *FOUND.lock().unwrap());
        assert_eq!(found.len(), calls.len());
        for ((name, outcome), newest) in calls.iter().zip(&found) {
            assert!(outcome.is_ok(), "{name}: {outcome:?}");
            if !DENYING.contains(name) {
                assert_eq!((&newest["action"]["operation"], is_attempt(newest)), (&json!(name), true), "{newest:#}");
            }
        }
        vigil.shutdown().unwrap();
        // What the bodies found is what the outcomes name.
        let events = events(dir);
        for ((name, _), newest) in calls.iter().zip(&found) {
            if !DENYING.contains(name) {
                assert_eq!(attempt_of(&events, only(&events, name)), newest);
            }
        }
    }

    fn a_future_that_is_dropped_before_it_is_admitted_is_cancelled(dir) {
        let vigil = start(dir);
        drop(opaque(1));
        drop(boxed(1));
        drop(Store(1).read("x"));
        // The call of an `async fn` begins when it is polled.
        drop(later(1));
        assert_eq!(RAN.load(Relaxed), 0);
        vigil.shutdown().unwrap();
        let events = events(dir);
        assert_eq!(events.len(), 6);
        for name in ["opaque", "boxed", "Store::read"] {
            let outcome = only(&events, name);
            assert_eq!(outcome["action"]["result"]["status"], "CANCELLED");
            let attempt = attempt_of(&events, outcome);
            assert_eq!(attempt["action"]["parameters"], outcome["action"]["parameters"]);
        }
    }

    fn an_attempt_whose_process_was_killed_is_incomplete_once(dir) {
        if std::env::var_os(CHILD).is_some() {
            let _vigil = start(dir);
            sync(1).unwrap();
            let _ = dies(7, "correct horse");
            panic!("it has been killed");
        }
        let killed = Command::new(std::env::current_exe().unwrap())
            .args([KILLED, "--exact", "--nocapture", "--test-threads=1"])
            .env(CHILD, "1")
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(was_killed(killed), "{killed}");
        let left = events(dir);
        let attempt = left.iter().find(|event| event["action"]["operation"] == "dies").unwrap();
        assert!(is_attempt(attempt));

        for restart in 0..3 {
            start(dir).shutdown().unwrap();
            let events = events(dir);
            assert_eq!(events.len(), 4, "restart {restart}");
            let incomplete = only(&events, "dies");
            assert_eq!(incomplete["action"]["result"], json!({"status": "INCOMPLETE"}));
            assert_eq!(attempt_of(&events, incomplete), attempt);
            assert_eq!(incomplete["action"]["parameters"], json!({"a": 7, "password": "***REDACTED***"}));
            assert_eq!(incomplete["action"]["parameters"], attempt["action"]["parameters"]);
            // What ended before is not touched.
            let ended = only(&events, "sync");
            assert_eq!(ended["action"]["result"]["status"], "SUCCESS");
            assert!(is_attempt(attempt_of(&events, ended)));
        }
        let all = all_events(dir);
        let recovered: Vec<_> = all.iter().filter(|event| event["action"]["operation"] == "audit_recovered").collect();
        assert_eq!(recovered.len(), 1, "only the first restart had something to do");
        assert_eq!(recovered[0]["action"]["parameters"]["incomplete"], 1);
    }
}

const CHILD: &str = "ATTEMPTS_CHILD";
const KILLED: &str = "delivery::attempts::an_attempt_whose_process_was_killed_is_incomplete_once";

#[audited(category = "DATA", delivery = "required")]
fn dies(a: u8, password: &str) -> Outcome {
    let mut child = std::process::id().to_string();
    // Nothing of this process runs after that: no destructor, no flush.
    #[cfg(unix)]
    Command::new("kill")
        .args(["-KILL", &child])
        .status()
        .unwrap();
    #[cfg(not(unix))]
    Command::new("taskkill")
        .args(["/F", "/PID", &child])
        .status()
        .unwrap();
    child.push_str(" has survived");
    panic!("{child}");
}

#[cfg(unix)]
fn was_killed(status: std::process::ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

#[cfg(not(unix))]
fn was_killed(status: std::process::ExitStatus) -> bool {
    !status.success()
}
