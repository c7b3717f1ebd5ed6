//! `vigil retention` and `vigil hold`, as people call them.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use vigil::{Clock, audit};

const DAY: u64 = 24 * 3600 * 1_000_000_000;

struct Turned(Arc<AtomicU64>);

impl Clock for Turned {
    fn unix_nanos(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A trail of the last 90 days, with a segment each nine.
fn write(dir: &Path) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let time = Arc::new(AtomicU64::new(
        u64::try_from(now.as_nanos()).unwrap() - 90 * DAY,
    ));
    let vigil = vigil::builder()
        .config_text("")
        .trail(dir)
        .heartbeat(None)
        .clock(Turned(Arc::clone(&time)))
        .init()
        .unwrap();
    for _ in 0..10 {
        audit!(category = "DATA", operation = "something");
        vigil.flush().unwrap();
        time.fetch_add(9 * DAY, Relaxed);
    }
    vigil.shutdown().unwrap();
}

fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn what_is_due_is_shown_held_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(&dir.join("trail"));
    let files = || {
        let entries = std::fs::read_dir(dir.join("trail")).unwrap();
        entries
            .filter(|entry| entry.as_ref().unwrap().path().is_file())
            .count()
    };
    let before = files();

    let (code, out, _) = run(
        dir,
        &["retention", "plan", "trail", "--age", "30d", "--json"],
    );
    let plan: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &plan["policy"]), (0, &Value::from("age 30d")));
    let due = plan["segments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|segment| segment["action"] == "purge")
        .count();
    assert!(due >= 6, "{plan:#}");

    let hold = [
        "hold",
        "add",
        "trail",
        "--reason",
        "subpoena",
        "--case",
        "24-cv-1",
        "--subject",
        "u-17",
    ];
    let (code, id, _) = run(dir, &hold);
    assert_eq!(code, 0);
    let id = id.trim_end();
    let (_, out, _) = run(dir, &["hold", "list", "trail"]);
    assert!(
        out.contains(id)
            && out.contains("subpoena; case 24-cv-1; one subject")
            && !out.contains("u-17"),
        "{out}"
    );
    assert!(
        run(dir, &["hold", "list", "trail", "--subject", "u-17"])
            .1
            .contains(id)
    );
    assert_eq!(
        run(dir, &["hold", "list", "trail", "--subject", "u-18"]).1,
        ""
    );
    let (_, out, _) = run(dir, &["retention", "plan", "trail", "--age", "30d"]);
    assert!(
        out.contains("BLOCKED") && out.contains(&format!("kept by legal hold {id} (subpoena")),
        "{out}"
    );
    assert_eq!(run(dir, &["hold", "remove", id, "trail"]).0, 0);
    let (code, _, told) = run(dir, &["hold", "remove", id, "trail"]);
    assert!(code == 2 && told.contains("there is no hold"), "{told}");

    // The rules of a configuration, and nothing without --yes.
    std::fs::write(dir.join("vigil.yaml"), "trail: {retention: {age: 30d}}\n").unwrap();
    let (code, out, _) = run(dir, &["retention", "apply", "trail"]);
    assert!(
        code == 0 && out.contains("nothing was removed") && files() == before,
        "{out}"
    );
    let (code, out, told) = run(
        dir,
        &[
            "retention",
            "apply",
            "trail",
            "--yes",
            "--operator",
            "the auditor",
        ],
    );
    assert!(
        code == 0 && out.contains(&format!("{due} segments,")),
        "{out}{told}"
    );
    assert_eq!(files(), before - due);

    let (code, out, _) = run(dir, &["verify", "trail"]);
    assert!(
        code == 0
            && out.contains("purged by retention on")
            && out.contains("(age 30d; the auditor;"),
        "{out}"
    );
    let (code, out, told) = run(dir, &["cat", "trail"]);
    assert!(
        code == 0
            && told.contains(&format!(
                "retention has removed the lines of {due} segments"
            )),
        "{told}"
    );
    assert!(
        out.contains("audit_hold_added") && !out.contains("u-17"),
        "{out}"
    );
    let (code, proof, told) = run(dir, &["prove", "1", "--trail", "trail"]);
    assert!(
        code == 0 && proof.starts_with("c2sp.org/tlog-proof@v1\nindex 1\n"),
        "{proof}"
    );
    assert!(told.contains("the line of event 1 is gone"), "{told}");
    let (code, _, told) = run(dir, &["prove", "1", "--trail", "trail", "--event", "event"]);
    assert!(code == 2 && told.contains("leave out --event"), "{told}");
    let (code, out, _) = run(
        dir,
        &["export-tlog", "tiles", "--trail", "trail", "--entries"],
    );
    assert!(
        code == 0 && out.contains("have no entry, because retention has removed"),
        "{out}"
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::create_dir(dir.join("empty")).unwrap();
    for (arguments, reason) in [
        (
            &["retention", "plan", "empty", "--age", "30d"][..],
            "holds no trail",
        ),
        (
            &["retention", "apply", "empty", "--age", "30d", "--yes"],
            "holds no trail",
        ),
        (
            &["retention", "plan", "empty", "--age", "soon"],
            "--age: expected a time such as 90d",
        ),
        (
            &["retention", "plan", "empty", "--profile", "pic"],
            "--profile: expected pci",
        ),
        (
            &[
                "retention",
                "plan",
                "empty",
                "--profile",
                "pci",
                "--age",
                "90d",
            ],
            "at least 12mo",
        ),
        (
            &["retention", "plan", "empty", "--category", "API"],
            "expected NAME=TIME",
        ),
        (
            &["retention", "plan", "empty", "--config", "none.yaml"],
            "none.yaml",
        ),
        (
            &["hold", "add", "empty", "--reason", "x"],
            "there is no trail in",
        ),
        (
            &["hold", "add", "empty", "--reason", "x", "--category", "api"],
            "no name of a category",
        ),
        (
            &["hold", "add", "empty", "--reason", "x", "--from", "soon"],
            "is no time",
        ),
    ] {
        let (code, _, told) = run(dir, arguments);
        assert!(code == 2 && told.contains(reason), "{arguments:?}: {told}");
    }
    assert_eq!(
        std::fs::read_dir(dir.join("empty")).unwrap().count(),
        0,
        "nothing was made"
    );
}
