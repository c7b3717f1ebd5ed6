//! The catalogue: every audited place is in it, reached or not, and a change does not pass unnoticed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use vigil::catalogue::{Argument, Class, Entry};
use vigil::{audit, audited, scope};
use vigil_tests::{events, isolated, only, start};

/// None of these is ever called.
mod places {
    #![allow(dead_code, reason = "to be linked is enough")]

    use super::*;

    #[audited(category = "DATA", type = "READ")]
    fn generic<T: vigil::Sanitize>(value: T, #[audit(rename = "shown")] password: &mut [u8]) {
        #[audited(category = "DATA", skip_all)]
        fn inner() {}
    }

    trait Store {
        #[audited(category = "DATA")]
        fn by_default(&self, id: u64) -> u64 {
            id
        }

        fn get(&self, ids: (u32, u32));
    }

    struct Memory<T>(T);

    impl<T> Store for Memory<T> {
        #[audited(category = "DATA", operation = "in_a_generic_impl")]
        fn get(&self, (low, high): (u32, u32)) {}
    }

    #[audited(category = "DATA")]
    async fn later(#[cfg(any())] absent: u8, #[audit(truncate = 8)] text: String) {
        let mut scope = scope!(
            "in_a_scope",
            category = "FILE",
            fields("a.b" = %text, text)
        );
        scope.field("known_later", &1);
        let _ = || audit!(category = "API", operation = "in_a_closure");
    }

    macro_rules! made {
        ($name:ident, $ty:ty) => {
            #[audited(category = "DATA", crate = ::vigil)]
            fn $name(a: $ty) {}
        };
    }
    made!(by_a_macro, Option<&'static str>);
}

fn entry(operation: &str) -> Entry {
    let mut entries = vigil::catalogue().within("it::catalogue::places").entries;
    entries.retain(|entry| entry.operation == operation);
    assert_eq!(entries.len(), 1, "{operation}: {entries:#?}");
    entries.remove(0)
}

/// Name, type or value, class, form and treatment.
fn described(operation: &str) -> Vec<String> {
    let describe = |argument: Argument| {
        let written = argument
            .ty
            .or(argument.value.map(|value| format!("= {value}")));
        let form = argument.form.map(|form| format!("{form} "));
        format!(
            "{}: {} [{}] {}{}",
            argument.name,
            written.unwrap_or_default(),
            argument.class,
            form.unwrap_or_default(),
            argument.treatment
        )
    };
    entry(operation)
        .arguments
        .into_iter()
        .map(describe)
        .collect()
}

#[test]
fn places_that_were_never_reached_are_listed_with_their_arguments() {
    assert_eq!(
        described("generic"),
        [
            "value: T [public] default",
            "shown: &mut [u8] [secret] default"
        ]
    );
    assert_eq!(described("inner"), [""; 0]);
    assert_eq!(described("by_default"), ["id: u64 [public] default"]);
    assert_eq!(
        described("in_a_generic_impl"),
        [
            "low: (u32, u32) [public] default",
            "high: (u32, u32) [public] default"
        ]
    );
    assert_eq!(described("later"), ["text: String [public] truncate = 8"]);
    assert_eq!(
        described("in_a_scope"),
        [
            "a.b: = text [public] display default",
            "text: = text [public] default"
        ]
    );
    assert_eq!(described("in_a_closure"), [""; 0]);
    assert_eq!(
        described("by_a_macro"),
        ["a: Option<&'static str> [public] default"]
    );
    let generic = entry("generic");
    assert_eq!(
        (generic.category.as_str(), generic.kind.as_str()),
        ("DATA", "READ")
    );
    assert!(
        generic.file.ends_with("catalogue.rs") && generic.line > 1,
        "{generic}"
    );
}

#[test]
fn places_of_other_crates_are_listed() {
    let elsewhere = vigil::catalogue().within("vigil_tests");
    let names: Vec<_> = elsewhere
        .entries
        .iter()
        .map(|entry| &entry.operation)
        .collect();
    assert_eq!(names, ["of_the_library"]);
    assert_eq!(elsewhere.entries[0].arguments[0].class, Class::Personal);
}

#[audited(category = "DATA")]
fn recorded(#[audit(hash)] user: u64) {
    let _ = user;
}

isolated! {
    fn events_name_the_schema_of_the_catalogue(dir) {
        let vigil = start(dir);
        recorded(1);
        vigil.shutdown().unwrap();
        let event = only(&events(dir), "recorded").clone();
        let catalogue = vigil::catalogue().within(module_path!());
        let entry = catalogue.entries.iter().find(|entry| entry.operation == "recorded").unwrap();
        assert_eq!(event["source"]["schema"], entry.schema.as_str());
        assert_eq!(event["source"]["line"], entry.line);
    }
}

/// Runs the example, which compares itself with the catalogue in `path`.
fn run_example(path: &Path, update: bool) -> Output {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "vigil-examples",
            "--example",
            "catalogue",
            "--manifest-path",
        ])
        .arg(manifest)
        .arg("--")
        .arg(path)
        .env("UPDATE_CATALOGUE", if update { "1" } else { "" });
    command.output().unwrap()
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/audit-catalogue.json")
}

#[test]
fn the_committed_catalogue_of_the_example_is_what_it_audits() {
    let output = run_example(&committed(), false);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        printed.contains(
            "| PAYMENT | CREATE | `charge` |  | `card`: `&Card`, public, default<br>`cents`: `u64`"
        ),
        "{printed}"
    );
}

#[test]
fn a_change_fails_the_test_and_says_what_and_how_to_update() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit-catalogue.json");
    let json = std::fs::read_to_string(committed()).unwrap();
    let before = json
        .replacen("\"hash\"", "\"redact\"", 1)
        .replacen("\"log_in\"", "\"sign_in\"", 1)
        .replacen("\"SYSTEM\"", "\"SECURITY\"", 1);
    std::fs::write(&path, &before).unwrap();

    let output = run_example(&path, false);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for part in [
        "what is audited is not what ",
        "- catalogue::sign_in (AUTH LOGIN, examples/catalogue.rs:",
        "    weaker: it is audited no more",
        "+ catalogue::log_in (AUTH LOGIN, examples/catalogue.rs:",
        "~ catalogue::charge (PAYMENT CREATE, examples/catalogue.rs:",
        "    weaker: argument `customer`: treatment redact became hash",
        "    weaker: category SECURITY became SYSTEM",
        "if this is meant, run this test with UPDATE_CATALOGUE=1 in the environment, and commit the file",
    ] {
        assert!(message.contains(part), "no {part:?} in\n{message}");
    }

    assert!(run_example(&path, true).status.success());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), json);
    std::fs::remove_file(&path).unwrap();
    let message = run_example(&path, false).stderr;
    let message = String::from_utf8_lossy(&message);
    assert!(
        message.contains("to make it, run this test with UPDATE_CATALOGUE=1"),
        "{message}"
    );
}
