//! `vigil sanitize` as people call it: the real program, its output, its exit code.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program in an empty directory.
fn vigil_in(dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that has said no does not read on.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn vigil(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let dir = tempfile::tempdir().unwrap();
    vigil_in(dir.path(), arguments, input.as_ref())
}

/// What it prints, where all goes well.
fn printed(arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    let output = vigil(arguments, input);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Its exit code and its complaint.
fn complaint(arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, String) {
    let output = vigil(arguments, input);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn lines_come_out_with_what_was_found_replaced_and_the_rest_as_it_was() {
    let input = "all is well\r\njane@example.com paid 4111 1111 1111 1111\n\n\ttabs \"quotes\" \\ \u{1}\npassword=horse-17";
    assert_eq!(
        printed(&["sanitize"], input),
        "all is well\r\nj***@***.*** paid ****-****-****-1111\n\n\ttabs \"quotes\" \\ \u{1}\npassword=***REDACTED***"
    );
    assert_eq!(printed(&["sanitize"], ""), "");
}

#[test]
fn what_runs_over_several_lines_is_found() {
    let (one, two) = ("Zm9v".repeat(16), "YmFy".repeat(16));
    let key = format!(
        "before\n-----BEGIN RSA PRIVATE KEY-----\n{one}\n{two}\n-----END RSA PRIVATE KEY-----\nafter\n"
    );
    let out = printed(&["sanitize"], key);
    assert!(!out.contains(&one) && !out.contains(&two), "{out}");
    assert!(
        out.starts_with("before\n") && out.ends_with("\nafter\n"),
        "{out}"
    );
}

#[test]
fn objects_come_out_with_their_ids_and_counts() {
    let input = concat!(
        r#"{"id":1,"text":"jane@example.com and joe@example.com"}"#,
        "\n",
        "\n",
        r#"{"id":{"a":[1, 2]},"key":"db_password","text":"horse"}"#,
        "\n",
        r#"{"text":"line\nbreak \u00e9","label":"other members do not matter"}"#,
        "\n",
        r#"{"id":"x","key":"token_count","text":"17"}"#,
    );
    assert_eq!(
        printed(&["sanitize", "--jsonl"], input),
        concat!(
            r#"{"id":1,"out":"j***@***.*** and j***@***.***","redactions":{"email":2}}"#,
            "\n",
            r#"{"id":{"a":[1, 2]},"out":"***REDACTED***","redactions":{"key":1}}"#,
            "\n",
            r#"{"out":"line\nbreak é","redactions":{}}"#,
            "\n",
            r#"{"id":"x","out":"17","redactions":{}}"#,
            "\n",
        )
    );
}

#[test]
fn it_says_where_and_why_and_never_what() {
    let out = printed(&["sanitize", "--explain"], "mail jane@example.com\nfine");
    assert_eq!(out.lines().next().unwrap(), "mail j***@***.***");
    assert!(
        out.lines().nth(1).unwrap().starts_with("    5..21 email: "),
        "{out}"
    );
    assert!(out.ends_with("\nfine"), "{out}");
    let input = r#"{"id":1,"key":"api_key","text":"horse-17"}"#;
    let out = printed(&["sanitize", "--explain", "--jsonl"], input);
    assert_eq!(
        out,
        "{\"id\":1,\"out\":\"***REDACTED***\",\"redactions\":{\"key\":1},\"explain\":[{\"rule\":\"key\",\"start\":0,\"end\":8,\"reason\":\"the name `api_key` is that of a secret\"}]}\n"
    );
    let card = printed(&["sanitize", "--explain"], "4111 1111 1111 1111");
    assert!(!card.contains("4111"), "{card}");
}

#[test]
fn bad_input_ends_with_2_and_the_number_of_its_line() {
    let (code, text) = complaint(&["sanitize", "--jsonl"], "{\"text\":\"a\"}\n{\"text\":1}\n");
    assert_eq!(code, 2);
    assert!(
        text.starts_with("vigil: the standard input:2: expected {"),
        "{text}"
    );
    assert!(
        text.contains("invalid type: integer `1`, expected a string"),
        "{text}"
    );
    let (code, text) = complaint(&["sanitize", "--jsonl"], "plain text");
    assert_eq!(
        (code, text.contains("the standard input:1:")),
        (2, true),
        "{text}"
    );
    let (code, text) = complaint(&["sanitize"], b"good\nb\xffd\n");
    assert_eq!(code, 2);
    assert!(
        text.contains("the standard input:2: not UTF-8; --lossy"),
        "{text}"
    );
    assert_eq!(
        printed(&["sanitize", "--lossy"], b"b\xffd\n"),
        "b\u{fffd}d\n"
    );
    let (code, text) = complaint(&["sanitize"], vec![b'a'; (16 << 20) + 2]);
    assert_eq!(
        (code, text.contains(":1: longer than 16 MiB")),
        (2, true),
        "{text}"
    );
}

/// The lines before a bad one have been dealt with; they are not thrown away.
#[test]
fn what_comes_before_a_bad_line_is_written() {
    let output = vigil(&["sanitize", "--jsonl"], "{\"id\":1,\"text\":\"a\"}\nno\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "{\"id\":1,\"out\":\"a\",\"redactions\":{}}\n"
    );
}

#[test]
fn files_are_read_in_turn_and_one_that_is_missing_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.log"), "token=abc-123-def\n").unwrap();
    std::fs::write(dir.path().join("b.log"), "fine\n").unwrap();
    let output = vigil_in(
        dir.path(),
        &["sanitize", "a.log", "-", "b.log"],
        b"between\n",
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "token=***REDACTED***\nbetween\nfine\n"
    );
    let output = vigil_in(dir.path(), &["sanitize", "c.log"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("cannot open c.log")
    );
}

#[test]
fn the_profile_decides_how_strictly() {
    let card = "card 4111 1111 1111 1111";
    assert_eq!(printed(&["sanitize"], card), "card ****-****-****-1111");
    assert_eq!(
        printed(&["sanitize", "--profile", "hipaa"], card),
        "card ***REDACTED***"
    );
    let (code, text) = complaint(&["sanitize", "--profile", "hippa"], "");
    assert_eq!(code, 2);
    assert!(text.contains("did you mean `hipaa`?"), "{text}");
}

#[test]
fn rules_come_from_the_file_that_is_named_or_lies_there() {
    let dir = tempfile::tempdir().unwrap();
    let rules =
        "sanitize:\n  keys: [locker]\n  patterns:\n    - name: badge\n      regex: 'B-\\d{4}'\n";
    std::fs::write(dir.path().join("rules.yaml"), rules).unwrap();
    let input = b"B-4711 locker=9-left";
    let hidden = "***REDACTED*** locker=***REDACTED***";
    let output = vigil_in(dir.path(), &["sanitize", "--config", "rules.yaml"], input);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), hidden);
    let output = vigil_in(dir.path(), &["sanitize"], input);
    assert_eq!(output.stdout, input);
    std::fs::rename(dir.path().join("rules.yaml"), dir.path().join("vigil.yaml")).unwrap();
    let output = vigil_in(dir.path(), &["sanitize"], input);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), hidden);

    std::fs::write(dir.path().join("vigil.yaml"), "sanitize:\n  keyz: [a]\n").unwrap();
    let output = vigil_in(dir.path(), &["sanitize"], input);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("vigil.yaml:2: unknown key \"keyz\" in sanitize; did you mean \"keys\"?"),
        "{text}"
    );
}

/// `vigil sanitize | head` ends well.
#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .arg("sanitize")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let lines = b"all is well\n".repeat(10_000);
    while stdin.write_all(&lines).is_ok() {}
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

/// A hundred megabytes pass through a few.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .arg("sanitize")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines = b"2026-11-24T10:00:00Z INFO request served in 12 ms\n".repeat(20_000);
    for _ in 0..20 {
        stdin.write_all(&lines).unwrap();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kib: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(kib < 24 << 10, "{kib} KiB");
}
