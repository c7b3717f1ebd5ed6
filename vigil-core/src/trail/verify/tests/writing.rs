//! A trail that is being written, and one that a crash has left.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use super::fixture::{Fixture, assert_found, line, segment_name};
use crate::trail::verify::{Kind, SegmentState, Verdict};

fn append(fixture: &Fixture, text: &str) {
    let path = fixture.path(&segment_name(fixture.segments.len() - 1));
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn lines_behind_the_newest_checkpoint_are_counted_and_not_suspected() {
    for segments in [&[100][..], &[100, 100], &[100, 0]] {
        let fixture = Fixture::new(segments);
        let total = fixture.total();
        append(
            &fixture,
            &format!("{}\n{}\n", line(total, ""), line(total + 1, "")),
        );
        // And half a line.
        append(&fixture, &line(total + 2, "")[..40]);
        let report = fixture.verify();
        assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
        assert_eq!((report.events, report.uncovered()), (total + 2, 2));
        assert_eq!(report.segments.last().unwrap().state, SegmentState::Open);
        assert!(report.notes.iter().any(|note| note.contains("2 events")));
    }
}

#[test]
fn hashes_may_be_behind_the_lines_or_ahead_of_them() {
    let fixture = Fixture::new(&[50, 50]);
    let hashes = fixture.places().hashes(&segment_name(1));
    let whole = fs::read(&hashes).unwrap();
    for length in [0, 1, 32, 33, 40 * 32, whole.len() - 1] {
        fs::write(&hashes, &whole[..length]).unwrap();
        let report = fixture.verify();
        assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    }
    let mut ahead = whole.clone();
    ahead.extend([7; 96]);
    fs::write(&hashes, ahead).unwrap();
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
    fixture.remove(&hashes);
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
}

#[test]
fn a_change_behind_the_newest_checkpoint_shows_by_the_hashes() {
    let fixture = Fixture::new(&[50, 50]);
    let hashes = fixture.places().hashes(&segment_name(1));
    let whole = fs::read(&hashes).unwrap();
    let tail: String = (100..110)
        .map(|seq| format!("{}\n", line(seq, "")))
        .collect();
    let leaves: Vec<u8> = (100..110)
        .flat_map(|seq| crate::trail::tree::leaf_hash(line(seq, "").as_bytes()))
        .collect();
    append(&fixture, &tail);
    fs::write(&hashes, [whole.clone(), leaves.clone()].concat()).unwrap();
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
    fixture.edit(1, |lines| lines[54] = lines[54].replace("CREATE", "DELETE"));
    let found = fixture.found();
    assert_found(&found, Kind::Edited, 104);
    assert!(found.message.contains("no checkpoint covers it"), "{found}");
    fixture.edit(1, |lines| {
        lines[54] = line(104, "");
        lines.remove(57);
    });
    assert_found(&fixture.found(), Kind::Deleted, 107);
    // What a power failure has not let through says nothing.
    fixture.edit(1, |lines| lines.insert(57, line(107, "")));
    let mut zeros = [whole, leaves].concat();
    let length = zeros.len();
    zeros[length - 64..].fill(0);
    fs::write(&hashes, zeros).unwrap();
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
}

#[test]
fn a_line_with_a_number_that_is_not_its_place_behind_the_hashes() {
    let fixture = Fixture::new(&[50]);
    append(&fixture, &format!("{}\n", line(49, "")));
    assert_found(&fixture.found(), Kind::Duplicated, 50);
}

#[test]
fn a_closed_segment_that_is_not_sealed_yet() {
    let fixture = Fixture::new(&[50, 50, 0]);
    fixture.remove(fixture.places().seal(&segment_name(1)));
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("not sealed yet"))
    );
    // Nor are its hashes all written, while it is hashed by a thread of its own.
    let hashes = fixture.places().hashes(&segment_name(1));
    let whole = fs::read(&hashes).unwrap();
    for length in [0, 33, 40 * 32, whole.len() - 1] {
        fs::write(&hashes, &whole[..length]).unwrap();
        let report = fixture.verify();
        assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    }
    fixture.remove(&hashes);
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
}

#[test]
fn a_torn_checkpoint_is_what_a_crash_leaves() {
    let fixture = Fixture::new(&[300]);
    let list = fixture.places().checkpoints();
    let bytes = fs::read(&list).unwrap();
    fs::write(&list, &bytes[..bytes.len() - 30]).unwrap();
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    assert_eq!(report.covered, 300);
}
