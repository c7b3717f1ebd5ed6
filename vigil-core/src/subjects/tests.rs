//! A store survives whatever kills those who change it.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;
use crate::event::EventId;
use crate::sanitize::sealing::{Seal as _, Whose};

const PART: &str = "TEST_OF_SUBJECTS";
const DIR: &str = "TEST_OF_SUBJECTS_DIR";
const ROUNDS: u64 = 100;

fn seal(keys: &SubjectKeys, subject: &str) -> String {
    let whose = Whose {
        event: EventId::from_bytes([7; 16]),
        subject: subject.to_owned().into(),
    };
    let mut out = Vec::new();
    keys.seal(&whose, "/action/parameters/name", "\"jane\"", &mut out)
        .unwrap();
    let id = EventId::from_bytes([7; 16]);
    let envelope = String::from_utf8(out).unwrap();
    format!("{{\"event_id\":\"{id}\",\"action\":{{\"parameters\":{{\"name\":{envelope}}}}}}}")
}

/// A line in a file, whole or not at all as far as a killed process goes.
fn say(dir: &Path, file: &str, what: &str) {
    let mut options = OpenOptions::new();
    let mut file = options
        .append(true)
        .create(true)
        .open(dir.join(file))
        .unwrap();
    file.write_all(format!("{what}\n").as_bytes()).unwrap();
}

fn said(dir: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(dir.join(file)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// What the killed process does.
fn play(part: &str, dir: &Path) {
    let keys = SubjectKeys::create(dir.join("keys")).unwrap();
    let lines = said(dir, "sealed").len();
    let made = |number: usize| {
        let line = seal(&keys, &format!("s{}", lines + number));
        say(dir, "sealed", &line);
    };
    // However slow the disk is: nothing can be erased before something was made.
    if part == "make" {
        made(0);
    }
    say(dir, "ready", part);
    for number in 1.. {
        match part {
            "make" => made(number),
            "rewrap" => {
                keys.rewrap().unwrap();
            }
            _ => {
                let begun = said(dir, "erasing").len();
                if begun >= lines {
                    std::thread::park();
                    continue;
                }
                let subject = format!("s{begun}");
                say(dir, "erasing", &subject);
                erase_one(dir, &subject);
                say(dir, "erased", &subject);
            }
        }
    }
}

fn erase_one(dir: &Path, subject: &str) {
    let erasure = Erasure::new("a test");
    match erase(dir.join("trail"), dir.join("keys"), subject, &erasure) {
        Ok(_) => {}
        // Killed when it was done, and before that was said.
        Err(error) => assert!(
            error.to_string().contains("no key of this subject"),
            "{error}"
        ),
    }
}

#[test]
fn a_store_survives_kills_while_keys_are_made_wrapped_and_erased() {
    if let (Ok(part), Some(dir)) = (std::env::var(PART), std::env::var_os(DIR)) {
        return play(&part, Path::new(&dir));
    }
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    fs::create_dir_all(dir.join("trail")).unwrap();
    // A trail that is left in order takes notes by itself.
    let made = Command::new(std::env::current_exe().unwrap())
        .args([
            "subjects::tests::makes_a_trail",
            "--exact",
            "--test-threads=1",
        ])
        .env(DIR, dir)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    for round in 0..ROUNDS {
        let part = ["make", "rewrap", "make", "erase"][round as usize % 4];
        let _ = fs::remove_file(dir.join("ready"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "subjects::tests::a_store_survives_kills_while_keys_are_made_wrapped_and_erased",
                "--exact",
            ])
            .env(PART, part)
            .env(DIR, dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !dir.join("ready").exists() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "it does not start"
            );
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended in round {round}, {part}"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut random = [0; 2];
        getrandom::fill(&mut random).unwrap();
        let most = if part == "erase" { 120_000 } else { 30_000 };
        std::thread::sleep(Duration::from_micros(
            u64::from(u16::from_le_bytes(random)) * most / 65_536,
        ));
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended in round {round}, {part}"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        check(dir, round);
    }
    let (sealed, erased) = (said(dir, "sealed").len(), said(dir, "erased").len());
    assert!(sealed >= 50 && erased > 3, "{sealed} {erased}");
}

fn check(dir: &Path, round: u64) {
    // What was interrupted is completed by whoever calls it again.
    if let Some(last) = said(dir, "erasing").last()
        && !said(dir, "erased").contains(last)
    {
        erase_one(dir, last);
        say(dir, "erased", last);
    }
    let keys = SubjectKeys::open(dir.join("keys")).unwrap();
    assert!(keys.files.erasing().unwrap().is_empty());
    let erased = said(dir, "erased").len();
    for (number, line) in said(dir, "sealed").iter().enumerate() {
        let revealed = keys.reveal(line.as_bytes(), None).unwrap();
        let is_erased = number < erased;
        let found = (revealed.opened, revealed.erased, revealed.refused.len());
        let wanted = if is_erased { (0, 1, 0) } else { (1, 0, 0) };
        assert_eq!(found, wanted, "subject {number} in round {round}");
    }
    for entry in fs::read_dir(dir.join("keys/keys")).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(
            !name.to_string_lossy().ends_with(".new"),
            "something half is left"
        );
    }
}

/// The moments inside of destroying that a kill seldom meets.
#[test]
fn a_key_that_is_overwritten_and_not_yet_removed_is_erased() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let keys = SubjectKeys::create(path).unwrap();
    let (jane, joan) = (seal(&keys, "jane"), seal(&keys, "joan"));
    let digest = keys.files.digest("jane");
    let kid = keys.files.kid_of(&digest).unwrap().unwrap();
    say(path, "erased", &format!("{kid} 2026-11-25T10:00:00Z"));
    // Told, and nothing destroyed yet: nothing more is encrypted under it.
    let again = seal(&SubjectKeys::create(path).unwrap(), "jane");
    assert!(!again.contains(&kid));
    let file = path.join("keys").join(&kid);
    fs::write(&file, vec![0; fs::read(&file).unwrap().len()]).unwrap();
    let keys = SubjectKeys::create(path).unwrap();
    assert_eq!(keys.rewrap().unwrap(), 2);
    keys.files.destroy(&kid, &digest, "later").unwrap();
    assert!(!file.exists());
    assert_eq!(keys.reveal(jane.as_bytes(), None).unwrap().erased, 1);
    for line in [&joan, &again, &seal(&keys, "jane")] {
        assert_eq!(keys.reveal(line.as_bytes(), None).unwrap().opened, 1);
    }
    // One that is damaged without having been erased is damaged.
    let kid = keys.files.kid_of(&digest).unwrap().unwrap();
    fs::write(path.join("keys").join(&kid), [0; 9]).unwrap();
    let error = keys.reveal(again.as_bytes(), None).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
}

/// In a process of its own, started by the test above.
#[test]
fn makes_a_trail() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let trail = Path::new(&dir).join("trail");
    let vigil = crate::builder()
        .config_text("")
        .trail(trail)
        .init()
        .unwrap();
    vigil.shutdown().unwrap();
}

#[test]
fn threads_that_meet_a_new_subject_agree_on_its_key() {
    let dir = tempfile::tempdir().unwrap();
    // As two processes have it: each its own memory.
    let stores = [(); 4].map(|()| SubjectKeys::create(dir.path()).unwrap());
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(move || {
                for number in 0..20 {
                    seal(store, &format!("s{number}"));
                }
            });
        }
    });
    assert_eq!(stores[0].files.kids().unwrap().len(), 20);
}

#[test]
fn the_cache_is_bounded_and_the_store_stays_right() {
    let dir = tempfile::tempdir().unwrap();
    let keys = SubjectKeys::create(dir.path()).unwrap();
    for number in 0..1_100 {
        seal(&keys, &format!("s{number}"));
    }
    let first = keys
        .files
        .kid_of(&keys.files.digest("s0"))
        .unwrap()
        .unwrap();
    assert!(seal(&keys, "s0").contains(&first));
    assert!(keys.cached() <= 1024);
}

#[test]
fn a_store_that_lacks_a_part_is_not_replaced_by_an_empty_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let line = seal(&SubjectKeys::create(path).unwrap(), "jane");
    for part in ["index.key", "kek/current"] {
        let bytes = fs::read(path.join(part)).unwrap();
        fs::remove_file(path.join(part)).unwrap();
        let error = SubjectKeys::create(path).unwrap_err();
        assert!(error.to_string().contains("from a copy"), "{error}");
        fs::write(path.join(part), bytes).unwrap();
    }
    let keys = SubjectKeys::open(path).unwrap();
    assert_eq!(keys.reveal(line.as_bytes(), None).unwrap().opened, 1);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let line = seal(&SubjectKeys::create(dir.path()).unwrap(), "jane");
    for entry in fs::read_dir(dir.path().join("kek")).unwrap() {
        let path = entry.unwrap().path();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let error = SubjectKeys::open(dir.path())
        .unwrap()
        .reveal(line.as_bytes(), None)
        .unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}
