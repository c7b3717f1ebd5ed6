//! New files by day and by size.

use super::*;

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
    let (mut trail, _) =
        Trail::open_in_zone(bench.config(), bench.clock.clone(), berlin, None).unwrap();
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
