//! The examples run as a new user runs them, and what they leave behind is right.

use std::path::Path;
use std::process::Command;

use vigil_tests::{all_bytes, all_events, events};

/// Runs an example in an empty directory and gives back what it printed and the directory.
fn run(name: &str) -> (String, tempfile::TempDir) {
    run_with(name, "")
}

fn run_with(name: &str, features: &str) -> (String, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--package",
            "vigil-examples",
            "--example",
            name,
            "--features",
            features,
            "--manifest-path",
        ])
        .arg(manifest)
        .current_dir(dir.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{printed}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (printed, dir)
}

#[test]
fn basic_prints_eight_steps_and_leaves_a_clean_trail() {
    let (printed, dir) = run("basic");
    for step in 1..=8 {
        assert!(
            printed
                .lines()
                .any(|line| line.starts_with(&format!("{step}. "))),
            "step {step} in\n{printed}"
        );
    }
    let trail = dir.path().join("logs/audit");
    let events = events(&trail);
    super::schema::assert_valid(&events);
    let operations: Vec<_> = events
        .iter()
        .map(|event| event["action"]["operation"].as_str().unwrap())
        .collect();
    assert_eq!(
        operations,
        [
            "user_login",
            "find_users",
            "export_users",
            "count_orders",
            "register_user",
            "count_primes"
        ]
    );
    assert_eq!(events[3]["action"]["result"]["status"], "FAILURE");
    assert!(
        events[3]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("no such table: orders")
    );
    assert_eq!(
        events[4]["action"]["parameters"]["form"]["email"],
        "j***@***.***"
    );
    assert_eq!(
        events[4]["action"]["parameters"]["form"]["password"],
        "***REDACTED***"
    );
    let bytes = all_bytes(&dir.path().join("logs"));
    let bytes = String::from_utf8_lossy(&bytes);
    for secret in [
        "john.doe",
        "correct horse",
        "4111 1111",
        "123-45-6789",
        "5555-5555",
        "219-09-9999",
    ] {
        assert!(!bytes.contains(secret), "{secret}");
    }
}

#[test]
fn categories_shows_a_refund() {
    let (printed, dir) = run("categories");
    assert!(
        printed.contains("PHI_ACCESS: 0 recorded, 0 written, 1 filtered"),
        "{printed}"
    );
    let events = events(&dir.path().join("logs/audit"));
    super::schema::assert_valid(&events);
    assert_eq!(events[0]["action"]["type"], "REFUND");
}

#[test]
fn async_service_keeps_requests_apart() {
    let (printed, dir) = run("async_service");
    assert!(printed.contains("fourth order: timed out"), "{printed}");
    let events = events(&dir.path().join("logs/audit"));
    super::schema::assert_valid(&events);
    for order in events
        .iter()
        .filter(|event| event["action"]["operation"] == "POST /orders")
    {
        let nested: Vec<_> = events
            .iter()
            .filter(|event| event["context"]["parent_id"] == order["event_id"])
            .collect();
        assert!(
            nested
                .iter()
                .all(|event| event["context"].get("request_id")
                    == order["context"].get("request_id"))
        );
        assert!(nested.len() >= 2);
    }
    assert!(
        events
            .iter()
            .any(|event| event["action"]["result"]["status"] == "CANCELLED")
    );
}

#[test]
fn custom_sanitize_shows_each_treatment() {
    let (_, dir) = run("custom_sanitize");
    let events = events(&dir.path().join("logs/audit"));
    super::schema::assert_valid(&events);
    let order = &events[0]["action"]["parameters"]["order"];
    assert_eq!(order["api_key"], "***REDACTED***");
    assert!(order["voucher"].as_str().unwrap().ends_with("AB12"));
    assert!(order["customer"].as_str().unwrap().starts_with("hmac:"));
    assert_eq!(order["contact"], "j***@***.***");
    assert_eq!(order["token"], 3);
    assert_eq!(order["position"], serde_json::json!([52.5, 13.4]));
    assert_eq!(order["items"][2], "Delivery");
    assert!(order.get("_raw").is_none());
    let text = events[0].to_string();
    assert!(
        !text.contains("BDG-004711") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn handle_tells_of_a_refusal_and_of_a_change() {
    let (_, dir) = run("handle");
    let events = events(&dir.path().join("logs/audit"));
    super::schema::assert_valid(&events);
    assert_eq!(events[0]["action"]["result"]["status"], "DENIED");
    assert_eq!(events[0]["actor"]["id"], "8");
    assert_eq!(events[0]["action"].get("changes"), None);
    assert_eq!(
        events[1]["action"]["changes"],
        serde_json::json!({
            "limit": {"old": 500, "new": 800},
            "email": {"old": "j***@***.***", "new": "j***@***.***"},
        })
    );
    let checkpoints = &events[1]["performance"]["checkpoints"];
    assert_eq!(checkpoints[1]["name"], "stored");
    assert!(checkpoints[0]["at_ms"].as_f64().unwrap() >= 5.0);
}

#[test]
fn impl_block_leaves_an_event_for_each_public_function() {
    let (printed, dir) = run("impl_block");
    assert!(printed.contains("balance: Some(300)"), "{printed}");
    let events = events(&dir.path().join("logs/audit"));
    super::schema::assert_valid(&events);
    let seen: Vec<_> = events
        .iter()
        .map(|event| {
            let action = &event["action"];
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (
                text(&action["operation"]),
                text(&action["result"]["status"]),
            )
        })
        .collect();
    let seen: Vec<_> = seen.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("Accounts::new", "SUCCESS"),
            ("Accounts::open", "SUCCESS"),
            ("Accounts::withdraw", "SUCCESS"),
            ("Accounts::withdraw", "FAILURE"),
            ("monthly", "SUCCESS"),
        ]
    );
    assert_eq!(events[1]["action"]["parameters"]["self.tenant"], "acme");
}

#[test]
fn custom_sink_catches_up_after_an_outage() {
    let (printed, dir) = run("custom_sink");
    for said in [
        "told: sink database did not take event",
        "no such table: events",
        "without the table: 102 events behind",
        "with it: 0 events behind",
        "in the database: 105 events, 101 of them of orders, 10 of those failures",
    ] {
        assert!(printed.contains(said), "{said} in\n{printed}");
    }
    let trail = dir.path().join("logs/audit");
    let events = events(&trail);
    super::schema::assert_valid(&events);
    assert_eq!((events.len(), all_events(&trail).len()), (101, 105));
}

/// The program of the README is the example, and the event it shows is the one that the example leaves.
#[test]
fn the_readme_shows_the_first_example_and_its_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let block = |language: &str| {
        let from = readme.split_once(&format!("```{language}\n")).unwrap().1;
        from.split_once("```").unwrap().0.to_owned()
    };
    let program = std::fs::read_to_string(root.join("examples/first.rs")).unwrap();
    // All but the line that says what the file is.
    assert_eq!(
        program.split_once("\n\n").map(|(_, program)| program),
        Some(block("rust").as_str())
    );

    let (_, dir) = run("first");
    let mut event = events(&dir.path().join("logs/audit")).remove(1);
    let mut shown: serde_json::Value = serde_json::from_str(&block("json")).unwrap();
    for member in [
        "/event_id",
        "/timestamp",
        "/performance/duration_ms",
        "/system/host",
        "/system/runtime",
    ] {
        // Differs from run to run and from machine to machine, but must be there.
        *event.pointer_mut(member).unwrap() = serde_json::Value::Null;
        *shown.pointer_mut(member).unwrap() = serde_json::Value::Null;
    }
    assert_eq!(shown, event);
}

#[test]
fn health_answers_before_and_while_the_engine_runs() {
    let (printed, dir) = run("health");
    let bodies: Vec<serde_json::Value> = printed
        .lines()
        .filter(|line| line.starts_with("{\"state\""))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let states: Vec<_> = bodies
        .iter()
        .map(|body| body["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["failing", "ok"], "{printed}");
    assert_eq!(bodies[0]["reasons"][0]["code"], "not_running");
    for line in [
        "HTTP/1.1 503 Service Unavailable\r",
        "HTTP/1.1 200 OK\r",
        "3. changed: disk.warn_below",
        "degraded",
    ] {
        assert!(printed.contains(line), "{line} in\n{printed}");
    }
    assert!(
        printed.contains("disk.warn_below: expected a size such as"),
        "{printed}"
    );
    assert_eq!(events(&dir.path().join("logs/audit")).len(), 1);
}

#[test]
fn prove_finds_the_lie_and_proves_the_event() {
    let (printed, _dir) = run("prove");
    for part in [
        "1. 5 events, Intact\n",
        "2. event 2 of 5 in ",
        "3. the proof does not lead from this event to the checkpoint",
        "4. Altered\n   edited, event 2, audit_audit_",
    ] {
        assert!(printed.contains(part), "{part} in\n{printed}");
    }
}

#[test]
fn erasure_forgets_a_person_and_leaves_the_trail_as_it_was_signed() {
    let (printed, dir) = run_with("erasure", "subject-keys");
    let (before, after) = printed.split_once("2. erased: 1 event").unwrap();
    assert!(
        before.contains("Jane Smith") && before.contains("John Doe"),
        "{printed}"
    );
    assert!(
        !after.contains("Jane Smith") && after.contains("John Doe"),
        "{printed}"
    );
    assert!(
        after.contains("3. Intact before, Intact after\n4. the certificate"),
        "{printed}"
    );
    let bytes = all_bytes(dir.path());
    assert!(!String::from_utf8_lossy(&bytes).contains("appendicitis"));
    super::schema::assert_valid(&all_events(&dir.path().join("logs/audit")));
}
