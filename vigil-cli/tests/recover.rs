//! `vigil recover`, after real crashes.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil::trail::{Verdict, VerifyOptions, verify};
use vigil_tests::blocked::{block, unblock};
use vigil_tests::{all_events, builder, events, isolated, part_of, process, trail_files};

fn vigil(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn snapshot(trail: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut directories = vec![trail.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.file_name().unwrap() != "lock" {
                all.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    all.sort_unstable();
    all
}

/// A trail in `dir/trail`, whose program was killed with so many events in the journal that the trail does not hold.
fn crashed(name: &str, dir: &Path, events: u64) -> PathBuf {
    let trail = dir.join("trail");
    let mut child = process(name, &events.to_string(), dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !dir.join("recorded").exists() {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    unblock(&trail);
    trail
}

/// Records events while the trail cannot be written, so that they wait in the journal.
fn play(dir: &Path, events: u64) {
    let trail = dir.join("trail");
    let _vigil = builder(&trail).on_error(|_| {}).init().unwrap();
    vigil::audit!(category = "DATA", operation = "before", outcome = ok);
    vigil::flush().unwrap();
    block(&trail);
    for number in 0..events {
        vigil::audit!(
            category = "DATA",
            operation = "waiting",
            fields(number = number),
            outcome = ok
        );
    }
    fs::write(dir.join("recorded"), "").unwrap();
    std::thread::sleep(Duration::from_secs(120));
}

isolated! { fn a_torn_end_is_mended_and_a_dry_run_changes_nothing(dir) {
    let trail = dir.join("trail");
    builder(&trail).init().unwrap().shutdown().unwrap();
    let (code, out, _) = vigil(dir, &["recover", "trail"]);
    assert_eq!((code, out.as_str()), (0, "there is nothing to recover\n"));
    let segment = trail_files(&trail).pop().unwrap();
    let mut text = fs::read(&segment).unwrap();
    text.extend_from_slice(b"{\"event_id\":\"0199");
    fs::write(&segment, text).unwrap();
    vigil::leave_note(
        &trail,
        &vigil::trail::Note::new(vigil::trail::NoteKind::Read, "report"),
    )
    .unwrap();
    let before = snapshot(&trail);
    let (code, dry, _) = vigil(dir, &["recover", "trail", "--dry-run"]);
    assert_eq!(code, 0);
    assert!(snapshot(&trail) == before);
    let (code, out, errors) = vigil(dir, &["recover", "trail"]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        out.contains("ended with 17 bytes of an unfinished line"),
        "{out}"
    );
    assert!(out.contains("1 notes of other programs"), "{out}");
    let would = "nothing was changed; it would be done: ";
    assert_eq!(dry.replace(would, ""), out);
    let events = all_events(&trail);
    assert_eq!(events.last().unwrap()["action"]["operation"], "audit_read");
    let report = verify(&trail, &VerifyOptions::new()).unwrap();
    assert_eq!(
        (report.verdict, report.covered),
        (Verdict::Intact, report.events)
    );
    let (_, out, _) = vigil(dir, &["recover", "trail"]);
    assert_eq!(out, "there is nothing to recover\n");
}}

#[test]
fn what_the_journal_holds_gets_into_the_trail_once() {
    const NAME: &str = "what_the_journal_holds_gets_into_the_trail_once";
    if let Some((events, dir)) = part_of(NAME) {
        return play(&dir, events.parse().unwrap());
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let trail = crashed(NAME, dir, 300);
    let before = snapshot(&trail);
    let (code, dry, errors) = vigil(dir, &["recover", "trail", "--dry-run", "--json"]);
    assert_eq!(code, 0, "{errors}");
    let dry: Value = serde_json::from_str(&dry).unwrap();
    assert!(snapshot(&trail) == before);
    let (code, out, errors) = vigil(dir, &["recover", "trail", "--json"]);
    assert_eq!(code, 0, "{errors}");
    let done: Value = serde_json::from_str(&out).unwrap();
    assert!(done["events"].as_u64().unwrap() > 0, "{done}");
    assert_eq!(done["events"], dry["events"]);
    assert_eq!(dry["dry_run"], true);
    let waiting = |trail: &Path| {
        let events = events(trail).into_iter();
        events
            .filter(|event| event["action"]["operation"] == "waiting")
            .count()
    };
    assert_eq!(waiting(&trail), 300);
    let recovered = all_events(&trail);
    let recovered = recovered
        .iter()
        .find(|event| event["action"]["operation"] == "audit_recovered")
        .unwrap();
    let by = &recovered["action"]["parameters"]["by"];
    assert_eq!(by["command"], "vigil recover");
    assert!(by["operator"]["uid"].is_u64());
    // The next start has nothing left to do.
    builder(&trail).init().unwrap().shutdown().unwrap();
    assert_eq!(waiting(&trail), 300);
    let events = all_events(&trail);
    let count = |operation: &str| {
        let found = events
            .iter()
            .filter(|event| event["action"]["operation"] == operation);
        found.count()
    };
    assert_eq!((count("audit_recovered"), count("audit_started")), (1, 2));
    assert_eq!(
        verify(&trail, &VerifyOptions::new()).unwrap().verdict,
        Verdict::Intact
    );
}

isolated! { fn what_is_not_what_was_signed_is_set_aside_only_if_asked_for(dir) {
    let trail = dir.join("trail");
    builder(&trail).init().unwrap().shutdown().unwrap();
    let segment = trail_files(&trail).pop().unwrap();
    let text = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, text.replace("audit_started", "audit_starved")).unwrap();
    let before = snapshot(&trail);
    for arguments in [
        &["recover", "trail"][..],
        &["recover", "trail", "--dry-run"],
    ] {
        let (code, out, errors) = vigil(dir, arguments);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(errors.contains("is not what was signed"), "{errors}");
        assert!(snapshot(&trail) == before);
    }
    let (code, out, _) = vigil(dir, &["recover", "trail", "--dry-run", "--set-aside"]);
    assert_eq!(code, 0);
    assert!(out.contains("aside-1") && !out.contains("dry-run"), "{out}");
    assert!(snapshot(&trail) == before);
    let (code, out, errors) = vigil(dir, &["recover", "trail", "--set-aside"]);
    assert_eq!(code, 0, "{errors}");
    assert!(out.contains("aside-1"), "{out}");
    let events = all_events(&trail);
    assert_eq!(
        events[0]["action"]["parameters"]["condition"],
        "trail_damaged"
    );
    assert_eq!(
        verify(&trail, &VerifyOptions::new()).unwrap().verdict,
        Verdict::Intact
    );
    builder(&trail).init().unwrap().shutdown().unwrap();
}}

isolated! { fn what_must_not_be_recovered_is_refused(dir) {
    let (trail, copy) = (dir.join("trail"), dir.join("copy"));
    let running = builder(&trail).init().unwrap();
    for arguments in [
        &["recover", "trail"][..],
        &["recover", "trail", "--dry-run"],
    ] {
        let (code, _, errors) = vigil(dir, arguments);
        assert_eq!(code, 2);
        assert!(errors.contains("in use by"), "{errors}");
    }
    running.shutdown().unwrap();
    let copied = Command::new("cp").arg("-a").args([&trail, &copy]).status();
    assert!(copied.unwrap().success());
    let (code, _, errors) = vigil(dir, &["recover", "copy"]);
    assert_eq!(code, 2);
    assert!(errors.contains("may be a copy"), "{errors}");
    fs::remove_file(trail.join(".vigil/keys/signing.key")).unwrap();
    let (code, _, errors) = vigil(dir, &["recover", "trail"]);
    assert_eq!(code, 2);
    assert!(errors.contains("does not lie beside it"), "{errors}");
    let (code, _, errors) = vigil(dir, &["recover", "nothing"]);
    assert_eq!(code, 2);
    assert!(errors.contains("nothing"), "{errors}");
}}
