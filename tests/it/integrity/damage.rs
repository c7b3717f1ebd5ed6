//! What the start does with a trail that somebody has been at.

use std::fs;
use std::path::{Path, PathBuf};

use vigil::OnDamage;
use vigil_tests::{all_events, builder, isolated, trail_files};

use super::checker::prove;
use super::record;

const EVENTS: u64 = 4_000;

/// A trail of several segments.
fn write(dir: &Path) {
    let vigil = builder(dir).max_size(1 << 20).init().unwrap();
    record(0..EVENTS);
    vigil.shutdown().unwrap();
    assert!(prove(dir).seals >= 2);
}

fn newest(dir: &Path) -> PathBuf {
    trail_files(dir).pop().unwrap()
}

fn inner(dir: &Path, name: &str) -> PathBuf {
    dir.join(".vigil").join(name)
}

fn seal_of(dir: &Path, at: usize) -> PathBuf {
    let name = trail_files(dir)[at].file_name().unwrap().to_owned();
    inner(dir, "seals").join(format!("{}.json", name.to_str().unwrap()))
}

type File = (PathBuf, Vec<u8>);

/// All files of a trail with their bytes, but for the lock, the journal and what belongs to it.
fn state(dir: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if !path.ends_with("lock") && !path.ends_with("journal") {
                let bytes = fs::read(&path).unwrap();
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}

/// A trail is refused untouched, and then set aside as it is.
fn is_noticed(dir: &Path, what: &str, change: impl FnOnce(&Path)) {
    write(dir);
    change(dir);
    let before = state(dir);
    let refused = builder(dir)
        .on_damage(OnDamage::Refuse)
        .on_error(|_| {})
        .init()
        .unwrap_err();
    assert!(refused.is_trail(), "{refused}");
    assert!(refused.to_string().contains(what), "{refused}");
    let after = state(dir);
    let differ = |one: &[File], other: &[File]| -> Vec<PathBuf> {
        let files = one.iter().filter(|file| !other.contains(file));
        files.map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(
        differ(&before, &after),
        [""; 0].map(PathBuf::from),
        "removed or changed"
    );
    assert_eq!(
        differ(&after, &before),
        [""; 0].map(PathBuf::from),
        "added or changed"
    );

    let vigil = builder(dir).on_error(|_| {}).init().unwrap();
    let recovery = vigil::health().recovery.join("\n");
    assert!(
        recovery.contains(what) && recovery.contains("aside-1"),
        "{recovery}"
    );
    record(0..10);
    vigil.shutdown().unwrap();
    let events = all_events(dir);
    assert_eq!(events[0]["action"]["operation"], "audit_failure");
    let parameters = &events[0]["action"]["parameters"];
    assert_eq!(parameters["condition"], "trail_damaged");
    assert!(
        parameters["what"].as_str().unwrap().contains(what),
        "{parameters}"
    );
    assert_eq!(
        parameters["set_aside"],
        inner(dir, "aside-1").to_str().unwrap()
    );
    assert_eq!(prove(dir).events, 13);
    let origin = fs::read_to_string(inner(dir, "origin")).unwrap();
    assert!(origin.ends_with("~2\n"), "{origin}");
    let aside = inner(dir, "aside-1");
    for (path, bytes) in before {
        let name = path.file_name().unwrap();
        if name.to_str().unwrap().starts_with("audit_audit_") && path.parent() == Some(dir) {
            assert!(
                fs::read(aside.join(name)).unwrap() == bytes,
                "{}",
                path.display()
            );
        }
    }
    assert!(!aside.join("keys/signing.key").exists());
    // And once is enough.
    builder(dir).init().unwrap().shutdown().unwrap();
    assert!(!inner(dir, "aside-2").exists());
}

macro_rules! noticed {
    ($($name:ident: $what:literal, $change:expr;)*) => {
        isolated! {$(
            fn $name(dir) {
                is_noticed(dir, $what, $change);
            }
        )*}
    };
}

/// The lines of the newest file, changed.
fn lines(dir: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let path = newest(dir);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(path, text).unwrap();
}

noticed! {
    an_edited_line: "line 4 of ", |dir| lines(dir, |lines| lines[3] = lines[3].replace("something", "somewhere"));
    a_deleted_line: "events are missing or doubled", |dir| lines(dir, |lines| drop(lines.remove(3)));
    two_swapped_lines: "line 4 of ", |dir| lines(dir, |lines| lines.swap(3, 4));
    an_end_cut_off: "its end is missing", |dir| lines(dir, |lines| drop(lines.pop()));
    an_end_cut_within_a_line: "its end is missing", |dir| {
        let path = newest(dir);
        let length = fs::metadata(&path).unwrap().len();
        fs::OpenOptions::new().write(true).open(path).unwrap().set_len(length - 20).unwrap();
    };
    a_line_and_its_hash_edited: "are not those over which a checkpoint was signed", |dir| {
        lines(dir, |lines| lines[3] = lines[3].replace("something", "somewhere"));
        let name = newest(dir).file_name().unwrap().to_owned();
        fs::remove_file(inner(dir, "hashes").join(name)).unwrap();
    };
    a_newest_segment_that_is_gone: "its end is missing", |dir| fs::remove_file(newest(dir)).unwrap();
    all_segments_gone: "its end is missing", |dir| {
        for file in trail_files(dir) {
            fs::remove_file(file).unwrap();
        }
    };
    a_seal_that_is_gone: "it does not follow from the seal before", |dir| fs::remove_file(seal_of(dir, 0)).unwrap();
    an_edited_seal: "the signature by the key", |dir| {
        let path = seal_of(dir, 0);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("\"size\":1", "\"size\":2")).unwrap();
    };
    checkpoints_that_are_gone: "its checkpoints are gone", |dir| {
        fs::remove_file(inner(dir, "checkpoint")).unwrap();
        fs::remove_file(inner(dir, "checkpoints")).unwrap();
    };
    keys_that_are_gone: "signed by a key that is not its own", |dir| fs::remove_dir_all(inner(dir, "keys")).unwrap();
}

isolated! {
    fn what_was_set_aside_is_told_after_a_crash_as_well(dir) {
        write(dir);
        fs::remove_file(newest(dir)).unwrap();
        builder(dir).on_error(|_| {}).init().unwrap().shutdown().unwrap();
        let first = &all_events(dir)[0]["action"]["parameters"];
        // As if the process had died when all was moved, and nothing written yet.
        for path in trail_files(dir) {
            fs::remove_file(path).unwrap();
        }
        for name in ["hashes", "seals", "keys"] {
            fs::remove_dir_all(inner(dir, name)).unwrap();
        }
        for name in ["log.vkey", "checkpoint", "checkpoints", "journal"] {
            fs::remove_file(inner(dir, name)).unwrap();
        }
        let damage = serde_json::json!({"what": first["what"], "aside": first["set_aside"]});
        fs::write(inner(dir, "damage"), damage.to_string()).unwrap();
        builder(dir).on_error(|_| {}).init().unwrap().shutdown().unwrap();
        assert_eq!(&all_events(dir)[0]["action"]["parameters"], first);
        assert!(fs::read_to_string(inner(dir, "origin")).unwrap().ends_with("~2\n"));
        assert!(!inner(dir, "damage").exists());
        // And not again.
        builder(dir).init().unwrap().shutdown().unwrap();
        let told = all_events(dir).into_iter().filter(|event| event["action"]["operation"] == "audit_failure");
        assert_eq!(told.count(), 1);
    }

    fn another_name_in_the_same_directory_is_refused(dir) {
        write(dir);
        let before = state(dir);
        let error = builder(dir).config_text("trail: {name: orders}").init().unwrap_err();
        assert!(error.is_config() && error.to_string().contains("give orders a trail.dir of its own"), "{error}");
        assert!(state(dir) == before);
    }

    fn what_a_crash_leaves_is_mended_and_no_damage(dir) {
        write(dir);
        let name = newest(dir).file_name().unwrap().to_owned();
        let sidecar = inner(dir, "hashes").join(name);
        let whole = fs::read(&sidecar).unwrap();
        let (latest, all) = (inner(dir, "checkpoint"), inner(dir, "checkpoints"));
        let append = |path: &Path, more: &[u8]| {
            let mut bytes = fs::read(path).unwrap();
            bytes.extend(more);
            fs::write(path, bytes).unwrap();
        };
        type Change<'a> = (&'a str, &'a dyn Fn());
        let changes: [Change<'_>; 11] = [
            ("a torn line", &|| append(&newest(dir), b"{\"event_id\":\"01")),
            ("no sidecar", &|| fs::remove_file(&sidecar).unwrap()),
            ("a short sidecar", &|| fs::write(&sidecar, &whole[..whole.len() / 2]).unwrap()),
            ("a torn sidecar", &|| fs::write(&sidecar, &whole[..whole.len() - 5]).unwrap()),
            ("a long sidecar", &|| append(&sidecar, &[7; 320])),
            ("a sidecar that says something else", &|| {
                let mut other = whole.clone();
                other[40] ^= 1;
                fs::write(&sidecar, other).unwrap();
            }),
            ("no latest checkpoint", &|| fs::remove_file(&latest).unwrap()),
            ("an empty latest checkpoint", &|| fs::write(&latest, "").unwrap()),
            ("a torn checkpoint", &|| {
                let text = fs::read(&all).unwrap();
                fs::write(&all, &text[..text.len() - 30]).unwrap();
            }),
            ("only the latest checkpoint", &|| fs::write(&all, "").unwrap()),
            ("no last seal", &|| {
                fs::remove_file(seal_of(dir, trail_files(dir).len() - 2)).unwrap();
            }),
        ];
        let mut events = EVENTS + 2;
        for (what, change) in changes {
            change();
            let vigil = builder(dir).max_size(1 << 20).on_error(|_| {}).init().unwrap();
            record(0..5);
            vigil.shutdown().unwrap();
            events += 7;
            let proved = prove(dir);
            assert_eq!((proved.events, proved.signed), (events, events), "{what}");
            assert!(!inner(dir, "aside-1").exists(), "{what}");
        }
    }

    /// As after a power failure that has taken the last checkpoints: some of them lie within sealed segments.
    fn any_older_checkpoint_will_do(dir) {
        write(dir);
        let all = inner(dir, "checkpoints");
        let text = fs::read_to_string(&all).unwrap();
        let parts: Vec<&str> = text.split_inclusive("\n\n").collect();
        let notes = parts.len() / 2;
        let mut events = EVENTS + 2;
        for keep in [1, notes / 4, notes / 2, notes - 1].into_iter().filter(|keep| *keep > 0) {
            fs::write(&all, parts[..keep * 2].concat()).unwrap();
            fs::remove_file(inner(dir, "checkpoint")).unwrap();
            builder(dir).max_size(1 << 20).on_error(|_| {}).init().unwrap().shutdown().unwrap();
            events += 2;
            assert_eq!(prove(dir).signed, events);
            assert!(!inner(dir, "aside-1").exists());
        }
    }
}
