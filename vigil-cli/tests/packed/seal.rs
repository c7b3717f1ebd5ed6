//! `vigil seal`: what it makes, what it refuses, what it leaves alone.

use std::fs;

use serde_json::Value;
use vigil_tests::identity;

use super::{Trail, key};

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
