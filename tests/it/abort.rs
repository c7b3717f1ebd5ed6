//! Promise 2 where a panic ends the process: with `panic = "abort"` no destructor runs.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use vigil_tests::{all_bytes, events};

#[test]
fn a_panic_that_aborts_is_in_the_trail_before_the_process_ends() {
    // A folder of its own: everything is built in another way than these tests are.
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("abort");
    let dir = tempfile::tempdir().unwrap();
    let trail = dir.path().join("audit");
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--package",
            "vigil-tests",
            "--bin",
            "aborts",
            "--features",
            "aborts",
        ])
        .args(["--config", "profile.dev.panic=\"abort\""])
        .arg("--target-dir")
        .arg(&built)
        .arg("--")
        .arg(&trail)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("no part of order 9"), "{stderr}");
    assert!(!output.status.success());

    let events = events(&trail);
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let action = &event["action"];
            (
                action["operation"].as_str().unwrap(),
                action["result"]["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("settle", "SUCCESS"),
            ("handle", "SUCCESS"),
            ("settle", "PANIC"),
            ("handle", "PANIC")
        ]
    );
    for event in &events[2..] {
        assert_eq!(
            event["error"]["message"],
            "no part of order 9 for ****-****-****-1111"
        );
        assert!(
            event["error"]["location"]
                .as_str()
                .unwrap()
                .contains("aborts.rs:"),
            "{event}"
        );
        assert!(!event["error"]["backtrace"].as_array().unwrap().is_empty());
    }
    assert_eq!(events[2]["context"]["parent_id"], events[3]["event_id"]);
    let parameters = &events[2]["action"]["parameters"];
    assert_eq!(
        parameters,
        &json!({"order": {"id": 9, "card_number": "***REDACTED***"}, "part": 0, "noted": "in the body"})
    );
    assert!(!String::from_utf8_lossy(&all_bytes(&trail)).contains("4111"));
}
