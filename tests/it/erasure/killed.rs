//! By SIGKILL, while an engine makes keys, and others wrap them anew and destroy them at the same time: the store opens, what an event was encrypted under is there,
//! and what is to be gone goes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil::audited;
use vigil::trail::subjects::{Erasure, SubjectKeys, erase};
use vigil_tests::{all_events, builder, events, isolated, lines, part_of, process};

use super::places;
use crate::crashes::Chance;
use crate::integrity;

const NAME: &str = "erasure::killed::the_store_is_whole_whenever_the_process_is_killed";
const ROUNDS: u64 = 100;
/// So many rounds in one trail, which is read as a whole after each.
const IN_ONE: u64 = 10;

#[audited(category = "DATA", subject = name(number))]
fn record(number: u64, #[audit(encrypt)] secret: &str) {
    let _ = (number, secret);
}

fn name(number: u64) -> String {
    format!("subject number {number}")
}

fn secret(number: u64) -> String {
    format!("what nobody else knows of {number}")
}

/// Checkpoints come often, since an erasure waits for one.
fn start(dir: &Path) -> vigil::Guard {
    let (trail, keys) = places(dir);
    builder(&trail)
        .subject_keys(keys)
        .checkpoints(Duration::from_millis(20), 100)
        .on_error(|_| {})
        .init()
        .unwrap()
}

fn parameters(line: &[u8]) -> Value {
    let mut event: Value = serde_json::from_slice(line).unwrap();
    event["action"]["parameters"].take()
}

fn erasure() -> Erasure {
    Erasure::new("a test")
}

/// Makes keys, erases some of their subjects and wraps the others anew until it is killed.
fn play(part: &str, dir: &Path) {
    let first = part.parse::<u64>().unwrap() * 100_000;
    let (trail, keys) = places(dir);
    let _vigil = start(dir);
    let mut begun = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.join("begun"))
        .unwrap();
    fs::write(dir.join("running"), "").unwrap();
    let recorded = std::sync::atomic::AtomicU64::new(first);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let keys = SubjectKeys::open(&keys).unwrap();
            loop {
                keys.rewrap().unwrap();
            }
        });
        scope.spawn(|| {
            for number in (first..).step_by(3) {
                while recorded.load(std::sync::atomic::Ordering::Acquire) <= number + 3 {
                    std::thread::yield_now();
                }
                begun.write_all(format!("{number}\n").as_bytes()).unwrap();
                erase(&trail, &keys, &name(number), &erasure()).unwrap();
            }
        });
        for number in first.. {
            record(number, &secret(number));
            recorded.store(number + 1, std::sync::atomic::Ordering::Release);
        }
    });
}

fn spawn(round: u64, dir: &Path) -> Child {
    let _ = fs::remove_file(dir.join("running"));
    let mut child = process(NAME, &round.to_string(), dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !dir.join("running").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it does not start"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

/// Subjects whose erasure was asked for; the last line may be torn.
fn begun(dir: &Path) -> BTreeSet<u64> {
    let text = fs::read_to_string(dir.join("begun")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| line.parse().unwrap()).collect()
}

/// Nothing half: each event of a subject that nobody wants to have erased opens.
fn check(dir: &Path) -> (u64, u64) {
    let (trail, keys) = places(dir);
    start(dir).shutdown().unwrap();
    let keys = SubjectKeys::open(&keys).unwrap();
    let begun = begun(dir);
    let (mut opened, mut erased) = (0, 0);
    for line in lines(&trail) {
        let revealed = keys.reveal(line.as_bytes(), None).unwrap();
        assert!(
            revealed.refused.is_empty(),
            "{:?} in {line}",
            revealed.refused
        );
        let shown = parameters(&revealed.line);
        let number = shown["number"].as_u64().unwrap_or_else(|| panic!("{line}"));
        if revealed.erased == 1 {
            assert!(begun.contains(&number), "nobody has erased {number}");
            assert_eq!(shown["secret"], "***ERASED***");
            erased += 1;
        } else {
            assert_eq!(revealed.opened, 1, "{line}");
            assert_eq!(shown["secret"], secret(number).as_str());
            opened += 1;
        }
    }
    (opened, erased)
}

/// What was interrupted is completed by asking again, and told.
fn complete(dir: &Path) {
    let (trail, keys) = places(dir);
    for number in begun(dir) {
        if let Err(error) = erase(&trail, &keys, &name(number), &erasure()) {
            assert!(
                error.to_string().contains("holds no key of this subject"),
                "{error}"
            );
        }
    }
    let told: BTreeSet<String> = all_events(&trail)
        .iter()
        .filter(|event| event["action"]["operation"] == "audit_subject_erased")
        .map(|event| {
            event["action"]["parameters"]["kid"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let store = SubjectKeys::open(&keys).unwrap();
    for (line, event) in lines(&trail).iter().zip(events(&trail)) {
        let value: &Value = &event["action"]["parameters"]["secret"];
        assert_eq!(value["$enc"], 1, "{line}");
        let number = event["action"]["parameters"]["number"].as_u64().unwrap();
        let is_gone = begun(dir).contains(&number);
        let revealed = store.reveal(line.as_bytes(), None).unwrap();
        assert_eq!(revealed.erased == 1, is_gone, "{number}");
        assert_eq!(
            told.contains(value["kid"].as_str().unwrap()),
            is_gone,
            "{number}"
        );
    }
    for left in ["erasing", "subjects", "keys"] {
        for entry in fs::read_dir(keys.join(left)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                left != "erasing" && !name.ends_with(".new"),
                "{left}/{name}"
            );
        }
    }
    SubjectKeys::open(&keys).unwrap().rewrap().unwrap();
    let kept = fs::read_dir(keys.join("kek")).unwrap().count();
    assert_eq!(kept, 2, "one key-encryption key, and which it is");
    integrity::prove(&trail);
}

#[test]
fn the_store_is_whole_whenever_the_process_is_killed() {
    if let Some((part, dir)) = part_of(NAME) {
        return play(&part, &dir);
    }
    // Erasing opens the trail, and other tests of this process would write into it.
    isolated(NAME, kill_and_check);
}

fn kill_and_check(dir: &Path) {
    let mut chance = Chance::new(41);
    let (mut opened, mut erased) = (0, 0);
    for trail in 0..ROUNDS / IN_ONE {
        let dir = &dir.join(trail.to_string());
        fs::create_dir(dir).unwrap();
        for round in 0..IN_ONE {
            let before = begun(dir).len();
            let mut child = spawn(round, dir);
            // Every other one in the midst of an erasure, however long it takes to get there.
            let began = Instant::now();
            while round % 2 == 1 && begun(dir).len() <= before + 1 {
                assert!(
                    began.elapsed() < Duration::from_secs(60),
                    "nothing is erased"
                );
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(chance.micros(0..60_000));
            child.kill().unwrap();
            child.wait().unwrap();
            SubjectKeys::open(dir.join("keys")).unwrap();
        }
        let (one, other) = check(dir);
        (opened, erased) = (opened + one, erased + other);
        complete(dir);
    }
    assert!(opened > 0 && erased > 0, "{opened} opened, {erased} erased");
    println!("{ROUNDS} kills: {opened} values opened, {erased} erased");
}
