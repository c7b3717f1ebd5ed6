//! The commands that read, by the right key, by another, by none, and by what is no key.

use std::fs;

use super::{EVENTS, Trail, key};

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
