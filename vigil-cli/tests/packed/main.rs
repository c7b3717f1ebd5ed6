//! The commands that pack a trail, and those that read a packed one: with the key, without it, with another, and what is
//! damaged.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

mod damaged;
mod read;
mod seal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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
