//! The commands that work on a trail, as people call them: the real program on trails of the real engine.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use vigil::audited;

#[audited(category = "DATA", type = "UPDATE")]
fn numbered(number: u64, text: &str) {
    std::hint::black_box((number, text));
}

const EVENTS: u64 = 4_002;

/// A trail of some segments, made once.
fn original() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let vigil = vigil::builder()
            .service("shop")
            .origin("shop.example/audit")
            .trail(dir.path())
            .max_size(1 << 20)
            .init()
            .unwrap();
        for number in 0..EVENTS - 2 {
            numbered(
                number,
                "a text of some length, as an argument of a function has it",
            );
        }
        vigil.shutdown().unwrap();
        dir
    })
    .path()
}

/// A copy of it, to tamper with.
struct Trail(TempDir);

impl Trail {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        copy(original(), &dir.path().join("trail"));
        Self(dir)
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("trail")
    }

    fn segments(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.dir())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
        files.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
        files
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vigil"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The exit code and what was printed.
    fn tell(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }

    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn complaint(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }

    fn keep(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn an_intact_trail_ends_with_0() {
    let trail = Trail::new();
    let key = trail.keep("shop.vkey", &trail.printed(&["keys", "public", "trail"]));
    let kept = trail.keep("kept", &trail.printed(&["checkpoint", "trail"]));
    let out = trail.printed(&["verify", "trail"]);
    assert!(out.starts_with("intact: trail\n"), "{out}");
    assert!(
        out.contains("4002 in ") && out.contains("shop.example/audit"),
        "{out}"
    );
    assert!(
        out.contains("note: the keys are those that lie beside the trail"),
        "{out}"
    );
    let out = trail.printed(&[
        "verify",
        "trail",
        "--key",
        &key,
        "--kept",
        &kept,
        "--anchored-within",
        "0",
    ]);
    assert!(out.contains("(given)") && !out.contains("note:"), "{out}");
    assert!(out.contains("anchored     4002 events"), "{out}");
    let out = trail.printed(&["verify", "trail", "--json", "--threads", "1"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["verdict"], "intact");
    assert_eq!(
        (&report["events"], &report["covered"]),
        (&EVENTS.into(), &EVENTS.into())
    );
    assert!(report["segments"].as_array().unwrap().len() > 1);
    assert_eq!(report["findings"], Value::Array(Vec::new()));
}

#[test]
fn what_is_wrong_has_an_exit_code_and_a_sentence() {
    let trail = Trail::new();
    let (code, out) = trail.tell(&["verify", "trail", "--anchored-within", "10"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.starts_with("NOT ANCHORED"), "{out}");
    let first = trail.segments()[0].clone();
    let text = fs::read_to_string(&first).unwrap();
    let line = text.lines().nth(17).unwrap();
    fs::write(
        &first,
        text.replacen(line, &line.replace("UPDATE", "CREATE"), 1),
    )
    .unwrap();
    let (code, out) = trail.tell(&["verify", "trail"]);
    assert_eq!(code, 1);
    let name = first.file_name().unwrap().to_str().unwrap();
    assert!(out.starts_with("ALTERED"), "{out}");
    assert!(
        out.contains(&format!("first: edited, event 17, {name}:18: ")),
        "{out}"
    );
    let (code, out) = trail.tell(&["verify", "trail", "--json"]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["kind"], &finding["index"], &finding["line"]),
        (&"edited".into(), &17.into(), &18.into())
    );
    // A part that is not asked for is not read.
    let (code, out) = trail.tell(&["verify", "trail", "--since", "2999-01-01"]);
    assert_eq!(code, 0, "{out}");
    fs::remove_dir_all(trail.dir().join(".vigil")).unwrap();
    assert_eq!(trail.tell(&["verify", "trail"]).0, 2);
}

#[test]
fn what_cannot_be_used_is_said() {
    let trail = Trail::new();
    for (arguments, words) in [
        (&["verify", "nowhere"][..], "nowhere"),
        (&["verify", "."], "holds no trail"),
        (&["verify", "trail", "--key", "a+b+c"], "verifier key"),
        (
            &["verify", "trail", "--key", "missing.vkey"],
            "missing.vkey",
        ),
        (&["verify", "trail", "--since", "yesterday"], "no time"),
        (&["verify", "trail", "--kept", "missing"], "missing"),
        (
            &["prove", "first", "--trail", "trail"],
            "neither an event_id nor a number",
        ),
        (
            &["prove", "4002", "--trail", "trail"],
            "there is no event 4002",
        ),
        (&["check-proof", "a", "b"], "--key"),
        (
            &["export-tlog", "trail", "--trail", "trail"],
            "is not empty",
        ),
        (&["checkpoint", "."], "no signed checkpoint"),
        (&["keys", "list", "."], "no verifier keys"),
        (&["cat", "."], "holds no trail"),
    ] {
        let (code, complaint) = trail.complaint(arguments);
        assert_eq!(code, 2, "{arguments:?}: {complaint}");
        assert!(complaint.contains(words), "{arguments:?}: {complaint}");
    }
}

#[test]
fn an_event_is_proved_and_the_proof_checked_by_another() {
    let trail = Trail::new();
    let key = trail.printed(&["keys", "public", "trail"]);
    let line = trail
        .printed(&["cat", "trail"])
        .lines()
        .nth(2_345)
        .unwrap()
        .to_owned();
    let event: Value = serde_json::from_str(&line).unwrap();
    let id = event["event_id"].as_str().unwrap();
    let arguments = [
        "prove",
        id,
        "--trail",
        "trail",
        "--event",
        "event.json",
        "-o",
        "event.tlog-proof",
    ];
    assert_eq!(trail.printed(&arguments), "");
    // On another machine.
    fs::remove_dir_all(trail.dir()).unwrap();
    assert_eq!(
        fs::read_to_string(trail.0.path().join("event.json")).unwrap(),
        format!("{line}\n")
    );
    let check = [
        "check-proof",
        "event.tlog-proof",
        "event.json",
        "--key",
        key.trim_end(),
    ];
    let out = trail.printed(&check);
    assert!(
        out.starts_with(
            "proved: this is event 2345 of the trail shop.example/audit, which had 4002 events"
        ),
        "{out}"
    );
    trail.keep("event.json", &line.replace("UPDATE", "CREATE"));
    let (code, out) = trail.tell(&check);
    assert_eq!(code, 1);
    assert!(out.starts_with("NOT PROVED: "), "{out}");
}

#[test]
fn an_earlier_checkpoint_is_held_against_the_trail() {
    let trail = Trail::new();
    let list = fs::read_to_string(trail.dir().join(".vigil/checkpoints")).unwrap();
    let mut parts = list.split("\n\n");
    let old = format!("{}\n\n{}\n", parts.next().unwrap(), parts.next().unwrap());
    let old = trail.keep("old", &old);
    let out = trail.printed(&["consistency", &old, "--trail", "trail"]);
    assert!(
        out.starts_with("consistent: the ") && out.contains("of the 4002 of now"),
        "{out}"
    );
    let out = trail.printed(&["consistency", &old, "--trail", "trail", "--json"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&told["holds"], &told["new"]),
        (&true.into(), &EVENTS.into())
    );
    // The newest, held against the trail as it was then.
    let new = trail.keep("new", &trail.printed(&["checkpoint", "trail"]));
    fs::copy(&old, trail.dir().join(".vigil/checkpoint")).unwrap();
    let (code, out) = trail.tell(&["consistency", &new, "--trail", "trail"]);
    assert_eq!(code, 1);
    assert!(out.contains("rolled back"), "{out}");
}

#[test]
fn all_lines_are_written_in_their_order() {
    let trail = Trail::new();
    let out = trail.printed(&["cat", "trail"]);
    let seqs: Vec<u64> = out
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["seq"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(seqs, (0..EVENTS).collect::<Vec<_>>());
    let first = trail.segments()[0].clone();
    fs::remove_file(&first).unwrap();
    let output = trail.run(&["cat", "trail"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaint.contains("is missing, and its events with it"),
        "{complaint}"
    );
}

#[test]
fn events_are_counted() {
    let trail = Trail::new();
    let out = trail.printed(&["stats", "trail"]);
    assert!(out.starts_with("4002 events, "), "{out}");
    assert!(
        out.contains("        4000  DATA") && out.contains("        4000  numbered"),
        "{out}"
    );
    let out = trail.printed(&["stats", "trail", "--json"]);
    let counted: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(counted["statuses"]["SUCCESS"], EVENTS);
    assert_eq!(counted["operations"]["audit_stopped"], 1);
}

#[test]
fn the_last_events_are_shown_a_line_each() {
    let trail = Trail::new();
    let out = trail.printed(&[
        "tail",
        "trail",
        "-n",
        "3",
        "--fields",
        "action.parameters.number,seq",
    ]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].contains(" SUCCESS DATA numbered by anonymous "),
        "{out}"
    );
    assert!(
        lines[0].ends_with(" action.parameters.number=3998 seq=3999"),
        "{out}"
    );
    assert!(lines[2].contains("SYSTEM audit_stopped by system"), "{out}");
    let out = trail.printed(&["tail", "trail", "-n", "1", "--color", "always"]);
    assert!(out.contains("\u{1b}[32mSUCCESS\u{1b}[0m"), "{out:?}");
    // What stands in an event does not speak to the terminal.
    let last = trail.segments().pop().unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(&last).unwrap();
    file.write_all(b"{\"action\":{\"operation\":\"\\u001b[2Jgone\"}}\nno event\n")
        .unwrap();
    let out = trail.printed(&["tail", "trail", "-n", "2"]);
    assert!(
        !out.contains('\u{1b}') && out.contains("[2Jgone"),
        "{out:?}"
    );
    assert!(out.contains("(no event) no event"), "{out:?}");
}

#[test]
fn what_comes_is_shown_when_it_comes() {
    let trail = Trail::new();
    let last = trail.segments().pop().unwrap();
    let out = trail.0.path().join("out");
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(["tail", "-f", "-n", "0"])
        .arg(trail.dir())
        .stdout(fs::File::create(&out).unwrap())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut count = 0;
    while !fs::read_to_string(&out).unwrap().contains("come_now") {
        assert!(Instant::now() < deadline);
        let mut file = fs::OpenOptions::new().append(true).open(&last).unwrap();
        writeln!(
            file,
            "{{\"action\":{{\"operation\":\"come_now\"}},\"n\":{count}}}"
        )
        .unwrap();
        count += 1;
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn tiles_are_written() {
    let trail = Trail::new();
    let out = trail.printed(&["export-tlog", "tiles", "--trail", "trail", "--entries"]);
    // 16 tiles of hashes, one above them, and 16 of entries, with the checkpoint.
    assert_eq!(out, "4002 events, in 34 files\n");
    let checkpoint = fs::read_to_string(trail.0.path().join("tiles/checkpoint")).unwrap();
    assert_eq!(checkpoint, trail.printed(&["checkpoint", "trail"]));
    assert!(
        trail
            .0
            .path()
            .join("tiles/tile/entries/015.p/162")
            .is_file()
    );
}
