//! Files that vanish, change or are torn, and directories that belong to somebody else.

use super::*;

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
