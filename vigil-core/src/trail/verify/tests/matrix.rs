//! Each way to tamper with a trail, on trails of every size at which a tree changes its shape, in a closed segment and in
//! the one that is being written: the kind and the first bad event are told.

use std::fs;

use super::fixture::{Fixture, assert_found, line, segment_name};
use crate::trail::verify::{Kind, SegmentState, Verdict};

const SIZES: [u64; 6] = [1, 2, 255, 256, 257, 65_537];

/// Trails of one segment and of three, the last of which is open.
fn each(mut test: impl FnMut(&Fixture)) {
    for size in SIZES {
        let mut layouts = vec![vec![size]];
        if size > 1 {
            let (one, two) = (size / 2, size / 3);
            layouts.push(vec![one, two, size - one - two]);
        }
        for layout in layouts {
            test(&Fixture::new(&layout));
        }
    }
}

/// A place in each segment that has enough events: in its middle.
fn places(fixture: &Fixture, least: u64) -> Vec<(usize, u64)> {
    let segments = fixture.segments.iter().enumerate();
    segments
        .filter(|(_, count)| **count >= least)
        .map(|(segment, count)| (segment, (count / 2).min(count - least)))
        .collect()
}

#[test]
fn a_whole_trail_is_intact() {
    each(|fixture| {
        let report = fixture.verify();
        assert_eq!(report.verdict, Verdict::Intact, "{report:?}");
        let total = fixture.total();
        assert_eq!((report.events, report.covered), (total, total));
        assert_eq!(report.seals as usize + 1, fixture.segments.len());
        assert!(
            report
                .segments
                .iter()
                .all(|segment| segment.state == SegmentState::Intact)
        );
        let sealed: u64 = total - fixture.segments.last().unwrap();
        assert_eq!(
            report.lost.get("AUTH").copied().unwrap_or(0),
            (0..sealed).sum::<u64>()
        );
        assert!(report.checkpoints >= fixture.segments.len() as u64);
    });
}

/// Tampers with a segment in its middle, and expects a finding there.
fn tamper(
    least: u64,
    kind: impl Fn(&Fixture, usize) -> Kind,
    offset: u64,
    change: impl Fn(&mut Vec<String>, usize),
) {
    each(|fixture| {
        for (segment, at) in places(fixture, least) {
            fixture.edit(segment, |lines| change(lines, at as usize));
            let report = fixture.verify();
            assert_eq!(report.verdict, Verdict::Altered);
            let found = report.first().unwrap();
            let shown = format!("{:?}, {segment}, {at}: {found}", fixture.segments);
            assert_eq!(found.kind, kind(fixture, segment), "{shown}");
            let at = at + offset;
            assert_eq!(found.index, Some(fixture.first(segment) + at), "{shown}");
            assert_eq!(found.file, Some(segment_name(segment)), "{shown}");
            assert_eq!(found.line, Some(at + 1), "{shown}");
            // What stands before and behind is not under suspicion.
            for (other, state) in report.segments.iter().enumerate() {
                assert_eq!(
                    state.state == SegmentState::Altered,
                    other == segment,
                    "{shown}: {other}"
                );
            }
            fixture.restore();
        }
    });
}

#[test]
fn an_edited_byte() {
    tamper(
        1,
        |_, _| Kind::Edited,
        0,
        |lines, at| {
            lines[at] = lines[at].replace("CREATE", "DELETE");
        },
    );
}

#[test]
fn a_deleted_line() {
    // Without its last line a segment is cut; so are those of one line and of two.
    tamper(
        3,
        |_, _| Kind::Deleted,
        0,
        |lines, at| {
            lines.remove(at);
        },
    );
}

#[test]
fn an_inserted_line() {
    tamper(
        1,
        |_, _| Kind::Inserted,
        0,
        |lines, at| {
            lines.insert(at, line(7, "_by_nobody"));
        },
    );
}

#[test]
fn swapped_lines() {
    tamper(
        2,
        |_, _| Kind::Reordered,
        0,
        |lines, at| lines.swap(at, at + 1),
    );
}

#[test]
fn lines_swapped_over_a_distance() {
    tamper(
        100,
        |_, _| Kind::Reordered,
        0,
        |lines, at| lines.swap(at, at + 49),
    );
}

#[test]
fn a_line_that_stands_there_twice() {
    tamper(
        1,
        |_, _| Kind::Duplicated,
        1,
        |lines, at| {
            lines.insert(at, lines[at].clone());
        },
    );
}

#[test]
fn a_cut_end() {
    each(|fixture| {
        for (segment, count) in fixture
            .segments
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            fixture.edit(segment, |lines| {
                lines.pop();
            });
            assert_found(
                &fixture.found(),
                Kind::Cut,
                fixture.first(segment) + count - 1,
            );
            fixture.restore();
        }
        // The hashes with it.
        let last = fixture.segments.len() - 1;
        fixture.edit(last, |lines| {
            lines.pop();
        });
        let hashes = fixture.places().hashes(&segment_name(last));
        let bytes = fs::read(&hashes).unwrap();
        fs::write(&hashes, &bytes[..bytes.len() - 32]).unwrap();
        assert_found(&fixture.found(), Kind::Cut, fixture.total() - 1);
        // Half a line, as a crash would leave it: only that this one was signed.
        fixture.restore();
        let path = fixture.path(&segment_name(last));
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert_found(&fixture.found(), Kind::Cut, fixture.total() - 1);
    });
}

#[test]
fn a_replaced_segment() {
    each(|fixture| {
        for (segment, count) in fixture
            .segments
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 1)
        {
            fixture.edit(segment, |lines| {
                for (at, text) in lines.iter_mut().enumerate() {
                    *text = line(fixture.first(segment) + at as u64, "_of_somebody_else");
                }
            });
            assert_found(
                &fixture.found(),
                Kind::SegmentReplaced,
                fixture.first(segment),
            );
            fixture.restore();
            let _ = count;
        }
    });
}

#[test]
fn a_deleted_segment() {
    each(|fixture| {
        for (segment, count) in fixture
            .segments
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            fixture.remove(segment_name(segment));
            assert_found(
                &fixture.found(),
                Kind::SegmentMissing,
                fixture.first(segment),
            );
            // And every trace of it.
            let _ = fs::remove_file(fixture.places().hashes(&segment_name(segment)));
            let _ = fs::remove_file(fixture.places().seal(&segment_name(segment)));
            if fixture.segments.len() > 1 {
                let found = fixture.found();
                let is_last = segment + 1 == fixture.segments.len();
                let kind = if is_last {
                    Kind::Cut
                } else {
                    Kind::SegmentMissing
                };
                assert_found(&found, kind, fixture.first(segment));
            }
            fixture.restore();
            let _ = count;
        }
    });
}

#[test]
fn replaced_hashes() {
    each(|fixture| {
        for (segment, at) in places(fixture, 1) {
            let hashes = fixture.places().hashes(&segment_name(segment));
            let mut bytes = fs::read(&hashes).unwrap();
            bytes[at as usize * 32 + 3] ^= 1;
            fs::write(&hashes, bytes).unwrap();
            let report = fixture.verify();
            assert_found(
                report.first().unwrap(),
                Kind::HashesAltered,
                fixture.first(segment) + at,
            );
            // The events themselves are as they were.
            assert!(
                report
                    .segments
                    .iter()
                    .all(|segment| segment.state == SegmentState::Intact)
            );
            fixture.restore();
        }
    });
}

#[test]
fn a_line_and_its_hash_that_were_both_changed() {
    each(|fixture| {
        for (segment, at) in places(fixture, 1) {
            let edited = line(fixture.first(segment) + at, "_by_nobody");
            fixture.edit(segment, |lines| lines[at as usize].clone_from(&edited));
            let hashes = fixture.places().hashes(&segment_name(segment));
            let mut bytes = fs::read(&hashes).unwrap();
            let leaf = crate::trail::tree::leaf_hash(edited.as_bytes());
            bytes[at as usize * 32..][..32].copy_from_slice(&leaf);
            fs::write(&hashes, bytes).unwrap();
            let report = fixture.verify();
            let found = report.first().unwrap();
            assert_eq!(found.kind, Kind::Edited, "{found}");
            // It lies between two checkpoints, the nearest around it.
            let index = fixture.first(segment) + at;
            let (from, before) = (found.index.unwrap(), found.before.unwrap());
            assert!(
                (from..before).contains(&index) && before - from <= fixture.spacing(),
                "{found}"
            );
            assert!(found.message.contains("changed with it"), "{found}");
            fixture.restore();
        }
    });
}

#[test]
fn a_line_changed_where_there_are_no_hashes() {
    each(|fixture| {
        for (segment, at) in places(fixture, 1) {
            fixture.edit(segment, |lines| lines[at as usize] = line(7, "_by_nobody"));
            fixture.remove(fixture.places().hashes(&segment_name(segment)));
            let found = fixture.found();
            let index = fixture.first(segment) + at;
            let range = found.index.unwrap()..found.before.unwrap_or(found.index.unwrap() + 1);
            assert!(range.contains(&index), "{found}");
            fixture.restore();
        }
    });
}

#[test]
fn a_dropped_seal() {
    each(|fixture| {
        for segment in 0..fixture.segments.len() - 1 {
            fixture.remove(fixture.places().seal(&segment_name(segment)));
            let report = fixture.verify();
            assert_found(
                report.first().unwrap(),
                Kind::SealMissing,
                fixture.first(segment),
            );
            // The events are covered all the same.
            assert!(
                report
                    .segments
                    .iter()
                    .all(|segment| segment.state == SegmentState::Intact)
            );
            fixture.restore();
        }
    });
}

#[test]
fn a_changed_seal() {
    let fixture = Fixture::new(&[50, 50, 50]);
    let seal = fixture.places().seal(&segment_name(1));
    let text = fs::read_to_string(&seal).unwrap();
    for (from, to, kind) in [
        ("\"AUTH\":", "\"AUTH\":1", Kind::SignatureWrong),
        ("\"version\":1", "\"version\":2", Kind::UnknownVersion),
        ("\"count\":50", "\"count\":49", Kind::SealAltered),
        ("\"origin\":\"shop", "\"origin\":\"shed", Kind::OtherOrigin),
        ("{", "[", Kind::SealAltered),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        fs::write(&seal, changed).unwrap();
        let report = fixture.verify();
        assert!(
            report.findings.iter().any(|finding| finding.kind == kind),
            "{to}: {:?}",
            report.findings
        );
        assert_ne!(report.verdict, Verdict::Intact);
    }
    // That of another segment.
    fs::copy(fixture.places().seal(&segment_name(0)), &seal).unwrap();
    let found = fixture.found();
    assert_eq!(found.kind, Kind::SealAltered, "{found}");
}

#[test]
fn a_segment_put_between_others() {
    let fixture = Fixture::new(&[50, 50, 50]);
    let between = fixture.path("audit_audit_2026-11-23.1.log");
    let last = fixture.path("audit_audit_2026-11-22.log");
    fs::copy(&between, &last).unwrap();
    let found = fixture.found();
    assert_found(&found, Kind::Inserted, 0);
    assert_eq!(found.file.unwrap(), "audit_audit_2026-11-22.log");
}

#[test]
fn exchanged_segments() {
    let fixture = Fixture::new(&[50, 50, 50]);
    let (one, two) = (
        fixture.path(&segment_name(0)),
        fixture.path(&segment_name(1)),
    );
    let aside = fixture.path("aside");
    fs::rename(&one, &aside).unwrap();
    fs::rename(&two, &one).unwrap();
    fs::rename(&aside, &two).unwrap();
    assert_found(&fixture.found(), Kind::SegmentReplaced, 0);
}

#[test]
fn checkpoints_with_something_in_them() {
    let fixture = Fixture::new(&[300]);
    let list = fixture.places().checkpoints();
    let text = fs::read_to_string(&list).unwrap();
    let notes = crate::trail::evidence::split_notes(&text).0;
    let first = format!("{}\n", notes[0]);
    for (changed, kind) in [
        (
            format!("{first}rubbish\n\n{}", &text[first.len()..]),
            Kind::CheckpointsAltered,
        ),
        (format!("{}{first}", &text), Kind::CheckpointsAltered),
        (text.replacen("\n138\n", "\n139\n", 1), Kind::SignatureWrong),
        (
            text.replacen("shop.example/audit\n138", "shed\n138", 1),
            Kind::OtherOrigin,
        ),
    ] {
        assert_ne!(changed, text);
        fs::write(&list, changed).unwrap();
        let report = fixture.verify();
        let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [kind], "{:?}", report.findings);
        assert_eq!(report.covered, 300);
    }
}

#[test]
fn a_key_that_signs_two_histories() {
    let fixture = Fixture::new(&[300]);
    let text = fs::read_to_string(fixture.places().checkpoints()).unwrap();
    let forged = fixture.forged(138);
    let changed = text.replacen("shop.example/audit\n138\n", "\u{0}", 1);
    let (before, after) = changed.split_once('\u{0}').unwrap();
    let after = after.split_once("\n\n").unwrap().1;
    let after = after.split_once("\n\n").unwrap().1;
    fs::write(
        fixture.places().checkpoints(),
        format!("{before}{forged}\n{after}"),
    )
    .unwrap();
    let found = fixture.found();
    assert_found(&found, Kind::Forked, 137);
}
