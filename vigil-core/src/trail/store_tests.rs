use super::*;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tempfile::TempDir;

/// A clock that a test sets.
#[derive(Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn unix_nanos(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Hand {
    fn set(&self, text: &str) {
        let at = text.parse::<jiff::Timestamp>().unwrap().as_nanosecond();
        self.0.store(u64::try_from(at).unwrap(), Relaxed);
    }
}

struct Bench {
    dir: TempDir,
    clock: Arc<Hand>,
    max_size: Option<u64>,
    daily: Daily,
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(Hand::default());
        clock.set("2026-11-23T12:00:00Z");
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock,
            max_size: None,
            daily: Daily::Utc,
        }
    }

    fn config(&self) -> TrailConfig {
        TrailConfig {
            dir: self.dir.path().join("logs/audit"),
            name: "audit".to_owned(),
            rotation: Rotation {
                daily: self.daily,
                max_size: self.max_size,
            },
        }
    }

    fn open(&self) -> Trail {
        Trail::open(self.config(), self.clock.clone()).unwrap()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.config().dir.join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<_> = fs::read_dir(self.config().dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        files.sort();
        files
    }

    /// The numbers in a file, each line of which must be whole.
    fn seqs(&self, file: &str) -> Vec<u64> {
        let text = self.text(file);
        assert!(text.is_empty() || text.ends_with('\n'), "{file}");
        text.lines()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                value["seq"].as_u64().unwrap()
            })
            .collect()
    }
}

const TODAY: &str = "audit_audit_2026-11-23.log";

/// Lines that go on where the trail is.
fn lines(trail: &Trail, count: u64) -> Vec<u8> {
    let first = trail.next_seq();
    (first..first + count)
        .map(|seq| format!("{{\"seq\":{seq},\"pad\":\"{}\"}}\n", "x".repeat(40)))
        .collect::<String>()
        .into_bytes()
}

fn add(trail: &mut Trail, count: u64) {
    let lines = lines(trail, count);
    trail.append(&lines, count).unwrap();
}

#[test]
fn lines_are_kept_and_numbers_go_on_over_a_restart() {
    let bench = Bench::new();
    let mut trail = bench.open();
    assert_eq!(trail.next_seq(), 0);
    add(&mut trail, 3);
    trail.append(b"", 0).unwrap();
    trail.sync().unwrap();
    assert_eq!(trail.path(), bench.path(TODAY));
    drop(trail);
    let mut trail = bench.open();
    assert_eq!(trail.next_seq(), 3);
    add(&mut trail, 2);
    assert_eq!(bench.seqs(TODAY), [0, 1, 2, 3, 4]);
    assert_eq!(trail.take_notes(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let _trail = bench.open();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(bench.config().dir), 0o700);
    assert_eq!(mode(bench.path(TODAY)), 0o600);
    assert_eq!(mode(bench.path(".vigil")), 0o700);
    assert_eq!(mode(bench.path(".vigil/lock")), 0o600);
}

#[test]
fn at_midnight_a_new_file_begins_and_a_clock_stepped_back_changes_nothing() {
    let bench = Bench::new();
    let mut trail = bench.open();
    bench.clock.set("2026-11-23T23:59:59.999999999Z");
    add(&mut trail, 2);
    bench.clock.set("2026-11-24T00:00:00Z");
    add(&mut trail, 2);
    bench.clock.set("2026-11-22T12:00:00Z");
    add(&mut trail, 1);
    drop(trail);
    let mut trail = bench.open();
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [0, 1]);
    assert_eq!(bench.seqs("audit_audit_2026-11-24.log"), [2, 3, 4, 5]);
    assert_eq!(bench.files().len(), 2);
}

#[test]
fn midnight_is_that_of_the_zone() {
    let bench = Bench::new();
    let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    bench.clock.set("2026-10-24T21:59:59Z");
    let mut trail = Trail::open_in_zone(bench.config(), bench.clock.clone(), berlin).unwrap();
    add(&mut trail, 1);
    // The 25th has 25 hours there.
    for time in [
        "2026-10-24T22:00:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    ] {
        bench.clock.set(time);
        add(&mut trail, 1);
    }
    assert_eq!(bench.seqs("audit_audit_2026-10-24.log"), [0]);
    assert_eq!(bench.seqs("audit_audit_2026-10-25.log"), [1, 2]);
    assert_eq!(bench.seqs("audit_audit_2026-10-26.log"), [3]);
}

#[test]
fn a_full_file_is_followed_by_the_next_and_no_line_is_split() {
    let mut bench = Bench::new();
    bench.max_size = Some(300);
    let mut trail = bench.open();
    // Batches of all sizes, smaller and larger than a file.
    for count in [1, 7, 2, 30, 3] {
        add(&mut trail, count);
    }
    drop(trail);
    let mut trail = bench.open();
    add(&mut trail, 7);
    let mut all = Vec::new();
    let mut number = 0;
    for _ in bench.files() {
        let file = match number {
            0 => TODAY.to_owned(),
            number => format!("audit_audit_2026-11-23.{number}.log"),
        };
        assert!(bench.text(&file).len() <= 300, "{file}");
        all.extend(bench.seqs(&file));
        number += 1;
    }
    assert!(number >= 10);
    assert_eq!(all, (0..50).collect::<Vec<_>>());
    bench.clock.set("2026-11-24T12:00:00Z");
    add(&mut trail, 1);
    assert_eq!(bench.seqs("audit_audit_2026-11-24.log"), [50]);
}

#[test]
fn a_line_longer_than_a_file_has_a_file_for_itself() {
    let mut bench = Bench::new();
    bench.max_size = Some(10);
    let mut trail = bench.open();
    add(&mut trail, 3);
    assert_eq!(bench.seqs(TODAY), [0]);
    assert_eq!(bench.seqs("audit_audit_2026-11-23.1.log"), [1]);
    assert_eq!(bench.seqs("audit_audit_2026-11-23.2.log"), [2]);
}

#[test]
fn without_daily_rotation_a_file_goes_on_over_midnight() {
    let mut bench = Bench::new();
    bench.daily = Daily::Off;
    bench.max_size = Some(300);
    let mut trail = bench.open();
    add(&mut trail, 1);
    bench.clock.set("2026-11-25T00:00:00Z");
    add(&mut trail, 8);
    assert_eq!(bench.seqs(TODAY), [0, 1, 2, 3, 4]);
    assert_eq!(bench.seqs("audit_audit_2026-11-25.log"), [5, 6, 7, 8]);
}

#[test]
fn an_empty_newest_file_does_not_restart_the_numbers() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 4);
    bench.clock.set("2026-11-24T00:00:00Z");
    drop(trail);
    drop(bench.open());
    bench.clock.set("2026-11-25T00:00:00Z");
    assert_eq!(bench.open().next_seq(), 4);
    assert_eq!(bench.files().len(), 3);
}

#[test]
fn a_deleted_a_moved_and_a_replaced_file_are_noticed() {
    let bench = Bench::new();
    let mut trail = bench.open();
    let path = bench.path(TODAY);
    add(&mut trail, 1);
    fs::remove_file(&path).unwrap();
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [1]);

    fs::rename(&path, bench.path("moved")).unwrap();
    add(&mut trail, 1);
    assert_eq!((bench.seqs("moved"), bench.seqs(TODAY)), (vec![1], vec![2]));

    fs::rename(&path, bench.path("moved")).unwrap();
    fs::write(&path, "{\"seq\":9}\n{\"to").unwrap();
    add(&mut trail, 1);
    assert_eq!(
        (bench.seqs("moved"), bench.seqs(TODAY)),
        (vec![2], vec![9, 3])
    );

    let notes = trail.take_notes();
    assert_eq!(notes.len(), 4, "{notes:#?}");
    assert!(notes[0].contains("was deleted, moved or replaced; it goes on there with event 1"));
    assert!(
        notes[2].contains("4 bytes of an unfinished line"),
        "{notes:#?}"
    );
}

#[test]
fn a_file_cut_or_lengthened_by_somebody_is_noticed() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 2);
    fs::write(bench.path(TODAY), "").unwrap();
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [2]);
    let mut text = bench.text(TODAY);
    text.push_str("{\"seq\":0}\nhalf a li");
    fs::write(bench.path(TODAY), text).unwrap();
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [2, 0, 3]);
    assert_eq!(trail.take_notes().len(), 3);
}

#[test]
fn a_directory_that_was_removed_is_made_again_and_locked_again() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 1);
    fs::remove_dir_all(bench.config().dir).unwrap();
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [1]);
    let error = Trail::open(bench.config(), bench.clock.clone()).unwrap_err();
    assert!(error.is_already_running(), "{error}");
}

#[test]
fn a_directory_taken_over_by_somebody_else_is_not_written_to() {
    let bench = Bench::new();
    let mut first = bench.open();
    add(&mut first, 1);
    fs::remove_dir_all(bench.config().dir).unwrap();
    let mut second = bench.open();
    add(&mut second, 1);
    let lines = lines(&first, 2);
    let error = first.append(&lines, 2).unwrap_err();
    assert!(error.source.is_already_running(), "{error}");
    assert_eq!(
        (error.written, error.written_bytes, first.next_seq()),
        (0, 0, 1)
    );
    drop(second);
    first.append(&lines, 2).unwrap();
}

#[test]
fn a_torn_last_line_is_moved_aside() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 2);
    drop(trail);
    let mut text = bench.text(TODAY);
    text.push_str("{\"seq\":2,\"pa");
    fs::write(bench.path(TODAY), &text).unwrap();
    let mut trail = bench.open();
    assert_eq!(trail.next_seq(), 2);
    let notes = trail.take_notes();
    assert_eq!(notes.len(), 1);
    let torn = format!("{TODAY}.torn-1");
    assert!(
        notes[0].contains("ended with 12 bytes of an unfinished line") && notes[0].ends_with(&torn),
        "{notes:?}"
    );
    assert_eq!(
        bench.text(&format!(".vigil/torn/{torn}")),
        "{\"seq\":2,\"pa"
    );
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [0, 1, 2]);
}

#[test]
fn a_last_line_without_its_newline_is_kept() {
    let bench = Bench::new();
    drop(bench.open());
    fs::write(bench.path(TODAY), "{\"seq\":0}\n{\"seq\":1}").unwrap();
    let mut trail = bench.open();
    assert_eq!(trail.next_seq(), 2);
    assert!(trail.take_notes()[0].contains("whole but for its newline"));
    add(&mut trail, 1);
    assert_eq!(bench.seqs(TODAY), [0, 1, 2]);
}

#[test]
fn a_file_with_nothing_but_a_torn_line_falls_back_to_the_one_before() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 3);
    drop(trail);
    let torn = "\0".repeat(200_000);
    fs::write(bench.path("audit_audit_2026-11-23.1.log"), &torn).unwrap();
    let trail = bench.open();
    assert_eq!(trail.next_seq(), 3);
    assert_eq!(trail.path(), bench.path("audit_audit_2026-11-23.1.log"));
    assert_eq!(
        bench.text(".vigil/torn/audit_audit_2026-11-23.1.log.torn-1"),
        torn
    );
}

#[test]
fn lines_of_somebody_else_do_not_make_a_number_come_twice() {
    let bench = Bench::new();
    drop(bench.open());
    fs::write(bench.path(TODAY), "{\"seq\":5}\nhello\n\n").unwrap();
    let mut trail = bench.open();
    assert_eq!(trail.next_seq(), 8);
    assert!(trail.take_notes()[0].starts_with("the last 2 lines of"));
    drop(trail);
    fs::write(bench.path(TODAY), "hello\n".repeat(200)).unwrap();
    let error = Trail::open(bench.config(), bench.clock.clone()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("its last lines are not events; move the file away"),
        "{error}"
    );
}

#[test]
fn a_second_trail_in_the_same_directory_is_refused() {
    let bench = Bench::new();
    let first = bench.open();
    let error = Trail::open(bench.config(), bench.clock.clone()).unwrap_err();
    assert!(error.is_already_running());
    assert!(
        error.to_string().contains("is in use by this process"),
        "{error}"
    );
    drop(first);
    bench.open();
}

#[test]
fn what_cannot_be_a_directory_is_named() {
    let bench = Bench::new();
    fs::write(bench.dir.path().join("logs"), "a file").unwrap();
    let error = Trail::open(bench.config(), bench.clock.clone()).unwrap_err();
    assert!(error.is_io());
    let text = error.to_string();
    assert!(
        text.starts_with("cannot create the trail directory ") && text.contains("logs/audit: "),
        "{text}"
    );
}

#[test]
fn a_path_that_is_no_file_is_an_error_and_not_a_panic() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 1);
    fs::remove_file(bench.path(TODAY)).unwrap();
    fs::create_dir(bench.path(TODAY)).unwrap();
    let lines = lines(&trail, 1);
    let error = trail.append(&lines, 1).unwrap_err();
    assert!(
        error.source.is_io() && error.to_string().contains(TODAY),
        "{error}"
    );
    fs::remove_dir(bench.path(TODAY)).unwrap();
    trail.append(&lines, 1).unwrap();
    assert_eq!(bench.seqs(TODAY), [1]);
}

#[test]
fn an_unfinished_line_is_refused() {
    let bench = Bench::new();
    let mut trail = bench.open();
    let error = trail.append(b"{\"seq\":0}\n{\"se", 2).unwrap_err();
    assert_eq!((error.written, trail.next_seq()), (0, 0));
    assert!(bench.text(TODAY).is_empty());
}

/// What the child of the next test does, under a limit on the size of files: appends until an append fails, and says
/// how many lines it has been told stand in the trail.
const CHILD: &str = "AUDIT_TRAIL_TEST_DIR";

#[test]
fn child_of_the_test_of_the_full_disk() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let config = TrailConfig {
        dir: dir.into(),
        ..TrailConfig::default()
    };
    let clock = Arc::new(Hand::default());
    clock.set("2026-11-23T12:00:00Z");
    let mut trail = Trail::open(config, clock).unwrap();
    let error = loop {
        let lines = lines(&trail, 7);
        if let Err(error) = trail.append(&lines, 7) {
            break error;
        }
    };
    assert!(error.source.is_io());
    let rest = &lines(&trail, 1);
    let again = trail.append(rest, 1).unwrap_err();
    assert_eq!(again.written, 0);
    println!("stand: {}", trail.next_seq());
    // Room again, as far as a test without rights can make some: the file is moved away.
    let path = trail.path().to_owned();
    fs::rename(&path, path.with_extension("full")).unwrap();
    trail.append(rest, 1).unwrap();
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_whole_lines_stand_and_the_rest_goes_in_later() {
    let bench = Bench::new();
    let child = std::process::Command::new("sh")
        .args(["-c", "ulimit -f 20; trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "child_of_the_test_of_the_full_disk",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(CHILD, bench.config().dir)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success(),
        "{out}{}",
        String::from_utf8_lossy(&child.stderr)
    );
    let stand = out
        .split("stand: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    assert!(stand > 100);
    let full = TODAY.replace(".log", ".full");
    assert_eq!(bench.seqs(&full), (0..stand).collect::<Vec<_>>());
    assert_eq!(bench.seqs(TODAY), [stand]);
    assert_eq!(bench.open().next_seq(), stand + 1);
}
