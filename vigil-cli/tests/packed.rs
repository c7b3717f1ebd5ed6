//! The commands that pack a trail, and those that read a packed one: with the key, without it, with another, and what is
//! damaged.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use vigil::audited;
use vigil_tests::identity;

#[audited(category = "DATA", type = "UPDATE")]
fn numbered(number: u64, text: &str) {
    std::hint::black_box((number, text));
}

const EVENTS: u64 = 1_502;

/// A trail of some segments, in a directory in which there are two keys as well.
struct Trail {
    dir: TempDir,
    recipient: String,
}

impl Trail {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (_, recipient) = identity(dir.path(), "auditor.key");
        let _ = identity(dir.path(), "other.key");
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_a_trail"])
            .env("PACKED_TRAIL", dir.path().join("trail"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        Self { dir, recipient }
    }

    /// One whose closed segments are encrypted, and what `vigil cat` said before.
    fn sealed() -> (Self, String) {
        let trail = Self::new();
        let before = trail.ok("cat trail --no-audit");
        trail.ok(&format!("seal trail --recipient {}", trail.recipient));
        assert!(!trail.ending(".zst.age").is_empty());
        (trail, before)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        self.run_in("", arguments)
    }

    fn run_in(&self, dir: &str, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vigil"))
            .args(arguments.split(' '))
            .current_dir(self.path(dir))
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Fails with this code, and says this of it.
    #[track_caller]
    fn fails(&self, arguments: &str, code: i32, words: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {output:?}");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for word in words {
            assert!(said.contains(word), "{arguments}: no {word:?} in {said}");
        }
        said
    }

    fn ending(&self, ending: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path("trail")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.ends_with(ending)).collect();
        names.sort_unstable_by_key(|name| (name.len(), name.clone()));
        names
    }

    fn read(&self, segment: &str) -> Vec<u8> {
        fs::read(self.path("trail").join(segment)).unwrap()
    }

    fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        fs::write(self.dir.path().join(name), bytes).unwrap();
    }
}

/// An engine has a process of its own.
#[test]
fn writes_a_trail() {
    let Some(dir) = std::env::var_os("PACKED_TRAIL") else {
        return;
    };
    let vigil = vigil::builder()
        .config_text("")
        .service("shop")
        .origin("shop.example/audit")
        .trail(dir)
        .max_size(1 << 20)
        .init()
        .unwrap();
    for number in 0..EVENTS - 2 {
        numbered(number, &format!("text {number} ").repeat(150));
    }
    vigil.shutdown().unwrap();
}

fn key(name: &str) -> String {
    format!("--no-audit --identity {name}.key")
}

#[test]
fn seal_says_what_it_has_made_and_makes_it_once() {
    let trail = Trail::new();
    let before = trail.ok("cat trail --no-audit");
    let segments = trail.ending(".log").len();
    let out = trail.ok("seal trail --compression gzip");
    assert!(
        out.contains(&format!("{} files made, ", segments - 1)),
        "{out}"
    );
    assert_eq!(trail.ending(".gz").len(), segments - 1);
    assert_eq!(trail.ok("cat trail --no-audit"), before);
    assert!(
        trail.ok("seal trail").contains("0 files made"),
        "compressed already"
    );
    // Encrypted they are only now; both may read.
    trail.write("auditors.txt", format!("# ours\n\n{}\n", trail.recipient));
    let (_, second) = identity(trail.dir.path(), "second.key");
    let out = trail.ok(&format!(
        "seal trail --recipients-file auditors.txt --recipient {second} --json"
    ));
    let packed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(packed["made"].as_array().unwrap().len(), segments - 1);
    assert!(packed["before"].as_u64().unwrap() > 0 && packed["after"].as_u64().unwrap() > 0);
    for member in ["mended", "waiting", "altered"] {
        assert_eq!(packed[member], Value::Array(Vec::new()), "{member}");
    }
    for name in ["auditor", "second"] {
        assert_eq!(trail.ok(&format!("cat trail {}", key(name))), before);
    }
}

#[test]
fn seal_refuses_what_it_cannot_use_and_leaves_what_was_changed() {
    let trail = Trail::new();
    trail.fails("seal nowhere", 2, &["nowhere"]);
    trail.fails("seal .", 2, &["holds no trail"]);
    trail.fails(
        "seal trail --recipient age1nobody",
        2,
        &["--recipient: ", "age1 and 58 small letters"],
    );
    trail.fails(
        "seal trail --recipients-file missing.txt",
        1,
        &["--recipients-file: ", "missing.txt"],
    );
    trail.fails(
        "seal trail --recipients-file trail",
        1,
        &["--recipients-file: ", "trail"],
    );
    trail.write("auditors.txt", "# nobody\n");
    trail.fails(
        "seal trail --recipients-file auditors.txt",
        2,
        &["auditors.txt: it names no recipient"],
    );
    trail.write("auditors.txt", format!("{}\nage1nobody\n", trail.recipient));
    trail.fails(
        "seal trail --recipients-file auditors.txt",
        2,
        &["auditors.txt:2: "],
    );
    // A secret is not repeated, whatever it was taken for.
    let secret = fs::read_to_string(trail.path("auditor.key")).unwrap();
    let secret = secret.lines().last().unwrap().to_owned();
    trail.write("auditors.txt", format!("{secret}\n"));
    let said = trail.fails(
        "seal trail --recipients-file auditors.txt",
        2,
        &["auditors.txt:1: "],
    );
    assert!(!said.contains(&secret), "{said}");
    assert!(trail.ending(".age").is_empty() && trail.ending(".zst").is_empty());

    let first = trail.ending(".log").remove(0);
    let changed = String::from_utf8(trail.read(&first))
        .unwrap()
        .replacen("UPDATE", "CREATE", 1);
    trail.write(format!("trail/{first}"), &changed);
    trail.fails("seal trail", 1, &["ALTERED: ", &first, "is left as it is"]);
    assert_eq!(trail.read(&first), changed.as_bytes());
    assert_eq!(trail.ending(".tmp"), Vec::<String>::new());
}

/// Root may write anywhere, and what it makes the program could not read.
#[cfg(unix)]
#[test]
fn seal_leaves_the_trail_of_another_user_alone() {
    let trail = Trail::new();
    let inner = trail.path("trail").join(".vigil");
    if std::os::unix::fs::chown(&inner, Some(65_534), Some(65_534)).is_err() {
        vigil_tests::skip(
            "seal on the trail of another user",
            "only root can give one away",
        );
        return;
    }
    trail.fails("seal trail", 2, &["belongs to another user"]);
    assert!(trail.ending(".zst").is_empty() && !inner.join("packing.lock").exists());
}

#[test]
fn with_the_key_all_commands_say_what_they_said_before() {
    let (trail, before) = Trail::sealed();
    let by = key("auditor");
    assert_eq!(trail.ok(&format!("cat trail {by}")), before);
    assert!(
        trail
            .ok(&format!("stats trail {by}"))
            .starts_with(&format!("{EVENTS} events, "))
    );
    let out = trail.ok(&format!("verify trail {by}"));
    assert!(
        out.starts_with("intact: ") && out.contains(&format!("{EVENTS} in ")),
        "{out}"
    );
    trail.ok(&format!(
        "prove 17 --trail trail --event event.json -o event.tlog-proof {by}"
    ));
    let line = before.lines().nth(17).unwrap();
    assert_eq!(
        fs::read_to_string(trail.path("event.json")).unwrap(),
        format!("{line}\n")
    );
    let vkey = trail.ok("keys public trail");
    let out = trail.ok(&format!(
        "check-proof event.tlog-proof event.json --key {}",
        vkey.trim_end()
    ));
    assert!(out.starts_with("proved: this is event 17 "), "{out}");
    let out = trail.ok(&format!("export-tlog tiles --trail trail --entries {by}"));
    assert!(out.starts_with(&format!("{EVENTS} events, ")), "{out}");
    // What was given twice is no harm, and the right one may stand behind a wrong one.
    assert_eq!(
        trail.ok(&format!(
            "cat trail {} --identity auditor.key",
            key("other")
        )),
        before
    );
    assert_eq!(
        trail.ok(&format!("tail trail -n 3 {by}")).lines().count(),
        3
    );
}

#[test]
fn without_the_key_each_command_says_which_file_and_why() {
    let (trail, _) = Trail::sealed();
    let first = trail.ending(".zst.age").remove(0);
    let without = ("--no-audit".to_owned(), "no identity was given");
    let with_another = (
        key("other"),
        "it is encrypted to others than the identities that were given",
    );
    for (by, why) in [&without, &with_another] {
        for command in [
            "cat trail",
            "stats trail",
            "prove 17 --trail trail",
            "export-tlog tiles --trail trail --entries",
        ] {
            trail.fails(&format!("{command} {by}"), 2, &[&first, why]);
            let _ = fs::remove_dir_all(trail.path("tiles"));
        }
        let said = trail.fails(&format!("decrypt trail -o plain {by}"), 2, &[&first, why]);
        assert!(said.starts_with("vigil: "), "{said}");
        trail.fails(
            &format!("decrypt trail/{first} -o plain {by}"),
            2,
            &[&first, why],
        );
        assert_eq!(fs::read_dir(trail.path("plain")).unwrap().count(), 0);
        let said = trail.fails(
            &format!("verify trail {by}"),
            2,
            &["INCOMPLETE: ", &first, why],
        );
        assert_eq!(
            said.matches("- encrypted, ").count(),
            trail.ending(".age").len(),
            "{said}"
        );
        // What is not encrypted, and what is in no line, is to be had.
        trail.ok(&format!("export-tlog hashes --trail trail {by}"));
        fs::remove_dir_all(trail.path("hashes")).unwrap();
        trail.ok(&format!("prove {} --trail trail {by}", EVENTS - 1));
        trail.ok(&format!("tail trail -n 1 {by}"));
    }
}

#[test]
fn what_is_no_identity_file_is_said() {
    let (trail, _) = Trail::sealed();
    trail.write("empty.key", "# nothing\n");
    trail.write("typo.key", "AGE-SECRET-KEY-1TYPO\n");
    for command in [
        "cat trail",
        "stats trail",
        "tail trail",
        "prove 17 --trail trail",
        "export-tlog tiles --trail trail",
        "decrypt trail",
    ] {
        trail.fails(
            &format!("{command} {}", key("missing")),
            1,
            &["--identity: ", "missing.key"],
        );
        trail.fails(
            &format!("{command} --no-audit --identity trail"),
            1,
            &["--identity: ", "trail"],
        );
        trail.fails(
            &format!("{command} {}", key("empty")),
            2,
            &["empty.key: it holds no identity"],
        );
        let said = trail.fails(
            &format!("{command} {}", key("typo")),
            2,
            &["typo.key: line 1 is no identity"],
        );
        assert!(!said.contains("1TYPO"), "{said}");
    }
    // 1 would say that the trail was altered.
    for name in ["missing", "empty", "typo"] {
        trail.fails(
            &format!("verify trail {}", key(name)),
            2,
            &["--identity: ", name],
        );
    }
}

#[test]
fn decrypt_writes_the_lines_and_never_over_anything() {
    let (trail, before) = Trail::sealed();
    let files = trail.ending(".zst.age");
    let by = key("auditor");
    let out = trail.ok(&format!("decrypt trail -o plain {by}"));
    assert_eq!(out.lines().count(), files.len());
    let plain: String = out
        .lines()
        .map(|file| fs::read_to_string(trail.path(file)).unwrap())
        .collect();
    assert!(before.starts_with(&plain) && !plain.is_empty());
    trail.fails(
        &format!("decrypt trail -o plain {by}"),
        1,
        &["cannot write plain/"],
    );
    // By its bare name, from within the trail, which has it recorded.
    let segment = files[0].strip_suffix(".zst.age").unwrap();
    let output = trail.run_in(
        "trail",
        &format!("decrypt {} --identity ../auditor.key -o ..", files[0]),
    );
    assert!(output.status.success(), "{output:?}");
    assert!(plain.starts_with(&fs::read_to_string(trail.path(segment)).unwrap()));
    let last = trail.ok(&format!("tail trail -n 1 --fields action.parameters {by}"));
    assert!(
        last.contains("audit_read") && last.contains("vigil decrypt"),
        "{last}"
    );
    let events = fs::read_to_string(trail.path(segment))
        .unwrap()
        .lines()
        .count();
    assert!(last.contains(&format!("\"events\":{events}")), "{last}");
    for left in ["", "plain", "trail"] {
        let entries = fs::read_dir(trail.path(left)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert!(
            names.into_iter().all(|name| !name.ends_with(".tmp")),
            "{left}"
        );
    }
    trail.fails(
        &format!("decrypt {segment} -o elsewhere {by}"),
        2,
        &["neither encrypted nor compressed"],
    );
    trail.fails(
        &format!("decrypt missing.zst.age -o elsewhere {by}"),
        1,
        &["missing.zst.age"],
    );
}

#[test]
fn damage_within_an_encrypted_segment_is_told_with_and_without_the_key() {
    let (trail, _) = Trail::sealed();
    let by = key("auditor");
    let name = trail.ending(".zst.age").remove(0);
    let path = format!("trail/{name}");
    let whole = trail.read(&name);
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 1;
    let damaged = [
        ("a byte", flipped),
        ("the end", whole[..whole.len() - 1].to_vec()),
        ("half", whole[..middle].to_vec()),
        ("the head", whole[..30].to_vec()),
        ("all", Vec::new()),
        ("another file", b"not an age file\n".to_vec()),
        ("something behind it", [whole.as_slice(), b"more"].concat()),
    ];
    for (what, bytes) in damaged {
        trail.write(&path, bytes);
        for by in ["--no-audit", &by] {
            let said = trail.fails(
                &format!("verify trail {by}"),
                1,
                &["ALTERED: ", &name, "stored damaged"],
            );
            assert!(said.contains("event 0"), "{what}: {said}");
        }
        let said = trail.fails(&format!("cat trail {by}"), 1, &[&name]);
        assert!(said.contains("cannot read"), "{what}: {said}");
        trail.fails(&format!("decrypt {path} -o plain {by}"), 1, &[&name]);
        assert_eq!(
            fs::read_dir(trail.path("plain")).unwrap().count(),
            0,
            "{what}"
        );
    }
    trail.write(&path, whole);
    trail.ok(&format!("verify trail {by}"));
    // Compressed, there is no other way to it than the lines.
    fs::remove_dir_all(trail.path("trail")).unwrap();
    let trail = Trail::new();
    trail.ok("seal trail");
    let name = trail.ending(".zst").remove(0);
    let whole = trail.read(&name);
    trail.write(format!("trail/{name}"), &whole[..whole.len() / 2]);
    trail.fails(
        "verify trail --no-audit",
        1,
        &["ALTERED: ", &name, "stored damaged"],
    );
    trail.fails("cat trail --no-audit", 1, &["cannot read", &name]);
    // Of a segment that is not there at all, nobody says that it was compressed badly.
    fs::remove_file(trail.path("trail").join(&name)).unwrap();
    trail.fails("verify trail --no-audit", 1, &["segment missing"]);
}
