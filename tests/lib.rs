//! What the tests share: a process of its own for each test that runs an engine, and reading trails.

pub mod authority;
#[cfg(target_os = "linux")]
pub mod blocked;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const NAME: &str = "ISOLATED_TEST";
const DIR: &str = "ISOLATED_DIR";
const PART: &str = "ISOLATED_PART";
const SKIPPED: &str = "SKIPPED: ";

/// Runs `body` in a process of its own, with an empty directory to work in.
///
/// There is one engine a process, so tests of it cannot share one. The test binary is started again for just this test;
/// `name` is its path as the test runner prints it. Use the [`isolated!`] macro, which knows it.
///
/// # Panics
///
/// When `body` panicked; with all that the process printed.
pub fn isolated(name: &str, body: impl FnOnce(&Path)) {
    if std::env::var(NAME).is_ok_and(|running| running == name) {
        let dir = std::env::var_os(DIR).map(PathBuf::from).unwrap_or_default();
        body(&dir);
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary directory");
    let output = rerun(name, dir.path());
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{name} failed in its own process ({}):\n{printed}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        if let Some(what) = line.strip_prefix(SKIPPED) {
            skip(name, what);
        }
    }
}

/// Starts this test binary again for one test alone, in `dir`, without any `VIGIL_*` variable.
fn rerun(name: &str, dir: &Path) -> Output {
    let program = std::env::current_exe().expect("the test's own path");
    let mut command = Command::new(program);
    command
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .current_dir(dir)
        .env(NAME, name)
        .env(DIR, dir);
    for (variable, _) in std::env::vars_os() {
        if is_ours(&variable) {
            command.env_remove(variable);
        }
    }
    command.output().expect("the test binary starts")
}

/// A test that plays in several processes: another process of this test binary, that runs `name` alone and finds
/// `part` and `dir` with [`part_of`].
///
/// # Panics
///
/// When the test binary does not know its own path.
#[must_use]
pub fn process(name: &str, part: &str, dir: &Path) -> Command {
    let program = std::env::current_exe().expect("the test's own path");
    process_of(&program, name, part, dir)
}

/// As [`process`], as a user to whom modes of files mean something: root is stopped by none. The directory becomes his.
///
/// # Panics
///
/// When the test binary does not know its own path, or cannot be copied to where he may look.
#[cfg(target_os = "linux")]
#[must_use]
pub fn process_of_nobody(name: &str, part: &str, dir: &Path) -> Command {
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65_534;

    if !rustix::process::geteuid().is_root() {
        return process(name, part, dir);
    }
    let program = dir.join("program");
    std::fs::copy(
        std::env::current_exe().expect("the test's own path"),
        &program,
    )
    .expect("a copy of the test binary");
    std::os::unix::fs::chown(dir, Some(NOBODY), Some(NOBODY)).expect("another owner");
    let mut command = process_of(&program, name, part, dir);
    command.uid(NOBODY).gid(NOBODY);
    command
}

fn process_of(program: &Path, name: &str, part: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .current_dir(dir)
        .env(PART, format!("{name} {part}"))
        .env(DIR, dir);
    for (variable, _) in std::env::vars_os() {
        if is_ours(&variable) {
            command.env_remove(variable);
        }
    }
    command
}

/// Which part this process plays in the test `name`, and the directory to play it in; `None` in the test itself.
#[must_use]
pub fn part_of(name: &str) -> Option<(String, PathBuf)> {
    let playing = std::env::var(PART).ok()?;
    let part = playing.strip_prefix(name)?.strip_prefix(' ')?.to_owned();
    let dir = std::env::var_os(DIR).map(PathBuf::from).unwrap_or_default();
    Some((part, dir))
}

/// Says in the output of the test run that a part of the tests did not run, and why.
pub fn skip(what: &str, why: &str) {
    use std::io::Write as _;
    // Not with `eprintln!`, which the test runner keeps to itself where the test passes.
    let _ = writeln!(std::io::stderr(), "\n{SKIPPED}{what}: {why}");
}

fn is_ours(variable: &OsString) -> bool {
    variable
        .to_str()
        .is_some_and(|name| name.starts_with("VIGIL_"))
}

/// Declares tests that run in processes of their own: `isolated! { fn name(dir) { … } }`.
#[macro_export]
macro_rules! isolated {
    ($($(#[$meta:meta])* fn $name:ident($dir:ident) $body:block)*) => {$(
        $(#[$meta])*
        #[test]
        fn $name() {
            let path = concat!(module_path!(), "::", stringify!($name));
            // The runner names tests without the crate.
            let name = path.split_once("::").map_or(path, |(_, name)| name);
            $crate::isolated(name, |$dir: &std::path::Path| $body);
        }
    )*};
}

/// The files of the trail in `dir`, oldest first.
///
/// # Panics
///
/// When the directory cannot be read.
#[must_use]
pub fn trail_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("the trail's directory")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    files.sort_by_key(|path| {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (day, number) = name
            .split_once('.')
            .map_or((name.as_str(), 0), |(day, number)| {
                (day, number.parse().expect("a segment's number"))
            });
        (day.to_owned(), number)
    });
    files
}

/// The lines of the trail in `dir` that the program has caused, each of which must be whole.
///
/// # Panics
///
/// When a file does not end in a line's end.
#[must_use]
pub fn lines(dir: &Path) -> Vec<String> {
    let mut lines = all_lines(dir);
    lines.retain(|line| !line.contains(r#""category":"SYSTEM","operation":"audit_"#));
    lines
}

/// The lines of the trail in `dir`, with those that Vigil writes of its own accord.
///
/// # Panics
///
/// When a file does not end in a line's end.
#[must_use]
pub fn all_lines(dir: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for file in trail_files(dir) {
        let text = fs::read_to_string(&file).expect("a readable trail");
        assert!(
            text.is_empty() || text.ends_with('\n'),
            "{} ends in half a line",
            file.display()
        );
        lines.extend(text.lines().map(str::to_owned));
    }
    lines
}

/// The events of the trail in `dir` that the program has caused.
///
/// # Panics
///
/// When a line is no JSON.
#[must_use]
pub fn events(dir: &Path) -> Vec<Value> {
    parsed(&lines(dir))
}

/// The events of the trail in `dir`, with those that Vigil writes of its own accord.
///
/// # Panics
///
/// When a line is no JSON, or the events are not numbered without a gap.
#[must_use]
pub fn all_events(dir: &Path) -> Vec<Value> {
    let events = parsed(&all_lines(dir));
    for (seq, event) in events.iter().enumerate() {
        assert_eq!(event["seq"], seq, "the numbers have a gap: {event}");
    }
    events
}

fn parsed(lines: &[String]) -> Vec<Value> {
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}")))
        .collect()
}

/// A key for reading encrypted segments: its file, as `age-keygen` writes it, and the recipient that belongs to it.
///
/// # Panics
///
/// When the file cannot be written.
#[must_use]
pub fn identity(dir: &Path, name: &str) -> (PathBuf, String) {
    use age::secrecy::ExposeSecret as _;
    let key = age::x25519::Identity::generate();
    let recipient = key.to_public().to_string();
    let path = dir.join(name);
    let secret = key.to_string();
    let text = format!("# public key: {recipient}\n{}\n", secret.expose_secret());
    fs::write(&path, text).expect("a file for the key");
    (path, recipient)
}

/// The only event that tells of the outcome of an operation. Of a call that must not go unrecorded there is another, which
/// tells of the attempt; see [`attempt_of`].
///
/// # Panics
///
/// When there is not exactly one.
#[must_use]
pub fn only<'a>(events: &'a [Value], operation: &str) -> &'a Value {
    let found: Vec<_> = events
        .iter()
        .filter(|event| event["action"]["operation"] == operation && !is_attempt(event))
        .collect();
    assert_eq!(found.len(), 1, "events of {operation}: {found:#?}");
    found[0]
}

/// Whether an event tells that a call was about to run.
#[must_use]
pub fn is_attempt(event: &Value) -> bool {
    event["action"]["result"]["status"] == "ATTEMPT"
}

/// The attempt that an outcome names. It stands before it, and tells of the same call.
///
/// # Panics
///
/// When it is not there, or tells of something else.
#[must_use]
pub fn attempt_of<'a>(events: &'a [Value], outcome: &Value) -> &'a Value {
    let id = &outcome["context"]["attempt_id"];
    let attempt = events
        .iter()
        .filter(|event| is_attempt(event))
        .find(|event| event["event_id"] == *id)
        .unwrap_or_else(|| panic!("no attempt before {outcome:#}"));
    assert!(
        attempt["seq"].as_u64() < outcome["seq"].as_u64(),
        "{attempt:#}"
    );
    for member in ["operation", "category", "type"] {
        assert_eq!(attempt["action"][member], outcome["action"][member]);
    }
    attempt
}

/// All bytes of all files under `dir`.
///
/// # Panics
///
/// When something cannot be read.
#[must_use]
pub fn all_bytes(dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            bytes.extend(all_bytes(&path));
        } else {
            bytes.extend(fs::read(&path).expect("a file"));
            bytes.push(b'\n');
        }
    }
    bytes
}

/// Starts an engine whose trail lies in `dir`, with nothing taken from a configuration file.
///
/// # Panics
///
/// When it does not start.
pub fn start(dir: &Path) -> vigil::Guard {
    builder(dir).init().expect("the engine starts")
}

/// A builder with the trail in `dir`, with nothing taken from a configuration file.
pub fn builder(dir: &Path) -> vigil::Builder {
    vigil::builder().config_text("").service("test").trail(dir)
}

/// An audited place in another crate than the tests; nobody calls it.
#[vigil::audited(category = "DATA")]
pub fn of_the_library(email: &str) {
    let _ = email;
}
