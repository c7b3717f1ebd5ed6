//! Reading along, while files rotate, vanish, change and hold what nobody of ours has written.

use super::*;
use crate::trail::follow::{Finding, Follower, Found, Lines, Most, Position};

const MOST: Most = Most {
    events: 1000,
    bytes: 1 << 20,
};

impl Bench {
    fn follower(&self, position: &Position) -> Follower {
        Follower::new(self.config(), position)
    }
}

/// Reads on until nothing comes any more; what came, and what it came to.
fn read_all(follower: &mut Follower, until: u64, most: Most) -> (Vec<u64>, Found) {
    let mut seqs = Vec::new();
    let mut lines = Lines::default();
    loop {
        let found = follower.read(until, most, &mut lines).unwrap();
        if found != Found::Lines {
            return (seqs, found);
        }
        assert!(lines.len() <= most.events);
        for index in 0..lines.len() {
            let text = lines.text(index, index + 1);
            let event: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(event["seq"], lines.seq(index), "numbers and lines agree");
            assert!(text.ends_with('\n'));
            seqs.push(lines.seq(index));
        }
    }
}

fn findings(follower: &mut Follower) -> Vec<Finding> {
    std::iter::from_fn(|| follower.next_finding()).collect()
}

#[test]
fn lines_are_read_over_all_files_and_never_before_they_are_said_to_be_written() {
    let mut bench = Bench::new();
    bench.max_size = Some(500);
    let mut trail = bench.open();
    let mut follower = bench.follower(&Position::before(0));
    assert_eq!(read_all(&mut follower, 0, MOST), (vec![], Found::Nothing));
    add(&mut trail, 100);
    assert!(bench.files().len() > 5);
    assert_eq!(
        read_all(&mut follower, 40, MOST).0,
        (0..40).collect::<Vec<_>>()
    );
    bench.clock.set("2026-11-24T12:00:00Z");
    add(&mut trail, 10);
    let few = Most {
        events: 3,
        bytes: 200,
    };
    assert_eq!(
        read_all(&mut follower, 110, few),
        ((40..110).collect(), Found::Nothing)
    );
    assert!(findings(&mut follower).is_empty());
}

#[test]
fn any_place_in_the_trail_can_be_gone_on_from() {
    let mut bench = Bench::new();
    bench.max_size = Some(1000);
    let mut trail = bench.open();
    add(&mut trail, 60);
    let mut follower = bench.follower(&Position::before(0));
    let mut lines = Lines::default();
    let mut places = vec![Position::before(0)];
    while follower.read(60, MOST, &mut lines).unwrap() == Found::Lines {
        places.extend((1..=lines.len()).map(|count| lines.position_after(count)));
    }
    assert_eq!(places.len(), 61);
    add(&mut trail, 3);
    for place in places {
        // Where it says, and without being told where.
        for place in [Position::before(place.seq), place] {
            let mut follower = bench.follower(&place);
            let expected: Vec<u64> = (place.seq..63).collect();
            assert_eq!(read_all(&mut follower, 63, MOST).0, expected, "{place:?}");
            assert!(findings(&mut follower).is_empty(), "{place:?}");
        }
    }
}

#[test]
fn a_place_that_is_wrong_is_only_a_place_to_look_first() {
    let mut bench = Bench::new();
    bench.max_size = Some(1000);
    let mut trail = bench.open();
    add(&mut trail, 60);
    let files = bench.files();
    for (file, offset) in [
        (files[0].as_str(), 0),
        (files[2].as_str(), 0),
        (files[1].as_str(), 7),
        (files[1].as_str(), 100_000),
        (files.last().unwrap().as_str(), 0),
        ("audit_audit_2020-01-01.log", 0),
        ("../../etc/passwd", 0),
    ] {
        let mut follower = bench.follower(&Position {
            seq: 20,
            place: Some((file.to_owned(), offset)),
        });
        let expected: Vec<u64> = (20..60).collect();
        assert_eq!(
            read_all(&mut follower, 60, MOST).0,
            expected,
            "{file} {offset}"
        );
        assert!(findings(&mut follower).is_empty(), "{file} {offset}");
    }
}

#[test]
fn a_file_that_is_deleted_while_it_is_read_is_read_to_its_end() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 10);
    let mut follower = bench.follower(&Position::before(0));
    assert_eq!(read_all(&mut follower, 5, MOST).0, [0, 1, 2, 3, 4]);
    fs::remove_file(bench.path(TODAY)).unwrap();
    add(&mut trail, 2);
    assert_eq!(read_all(&mut follower, 12, MOST).0, [5, 6, 7, 8, 9, 10, 11]);
    assert!(findings(&mut follower).is_empty());
}

#[test]
fn deleted_files_are_a_gap_with_its_numbers() {
    let mut bench = Bench::new();
    bench.max_size = Some(600);
    let mut trail = bench.open();
    add(&mut trail, 60);
    let files = bench.files();
    let (first, last) = (bench.seqs(&files[1])[0], bench.seqs(&files[3])[0]);
    for file in &files[1..3] {
        fs::remove_file(bench.path(file)).unwrap();
    }
    let mut follower = bench.follower(&Position::before(0));
    let expected: Vec<u64> = (0..first).chain(last..60).collect();
    assert_eq!(read_all(&mut follower, 60, MOST).0, expected);
    let gap = Finding::Gap {
        from: first,
        to: last,
    };
    assert_eq!(findings(&mut follower), std::slice::from_ref(&gap));
    assert!(gap.to_string().starts_with(&format!(
        "events {first} to {} are not in the trail",
        last - 1
    )));
}

#[test]
fn what_no_file_has_is_missing_until_it_is_given_up() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 5);
    let mut follower = bench.follower(&Position::before(0));
    fs::remove_file(bench.path(TODAY)).unwrap();
    assert_eq!(read_all(&mut follower, 5, MOST), (vec![], Found::Missing));
    follower.give_up(5);
    assert_eq!(findings(&mut follower), [Finding::Gap { from: 0, to: 5 }]);
    add(&mut trail, 2);
    assert_eq!(
        read_all(&mut follower, 7, MOST),
        (vec![5, 6], Found::Nothing)
    );
    assert!(findings(&mut follower).is_empty());
}

#[test]
fn lines_of_somebody_else_are_passed_over_and_told() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 2);
    let mut follower = bench.follower(&Position::before(0));
    assert_eq!(read_all(&mut follower, 2, MOST).0, [0, 1]);
    let before = fs::metadata(bench.path(TODAY)).unwrap().len();
    let mut text = bench.text(TODAY).into_bytes();
    // No JSON, not even text, an old number, one from the future, one longer than any line.
    text.extend_from_slice(b"hello\n\xff\n{\"seq\":1}\n{\"seq\":999999}\n");
    text.resize(text.len() + 300_000, 0);
    text.push(b'\n');
    fs::write(bench.path(TODAY), text).unwrap();
    add(&mut trail, 3);
    assert_eq!(
        read_all(&mut follower, 5, MOST),
        (vec![2, 3, 4], Found::Nothing)
    );
    let found = findings(&mut follower);
    let sum: u64 = found
        .iter()
        .map(|finding| match finding {
            Finding::Foreign { lines, .. } => *lines,
            gap @ (Finding::Gap { .. } | Finding::Purged { .. } | Finding::Encrypted { .. }) => {
                panic!("{gap}")
            }
        })
        .sum();
    assert_eq!(sum, 5, "{found:?}");
    assert!(
        matches!(&found[0], Finding::Foreign { offset, .. } if *offset == before),
        "{found:?}"
    );
    // Neither do they mislead a search.
    for seq in 0..5 {
        let mut follower = bench.follower(&Position::before(seq));
        assert_eq!(
            read_all(&mut follower, 5, MOST).0,
            (seq..5).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_search_in_a_long_file_is_not_misled_by_old_numbers() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 30_000);
    let text = bench.text(TODAY);
    // A copy of the first line in the last quarter, where a bisection may meet it.
    let first = text.lines().next().unwrap().to_owned();
    let mut changed = String::new();
    for (seq, line) in text.lines().enumerate() {
        changed.push_str(line);
        changed.push('\n');
        if seq % 5000 == 4999 {
            changed.push_str(&format!("{first}\n").repeat(3000));
        }
    }
    fs::write(bench.path(TODAY), changed).unwrap();
    for seq in (0..30_000).step_by(1777) {
        let mut follower = bench.follower(&Position::before(seq));
        let (seqs, _) = read_all(&mut follower, 30_000, MOST);
        assert!(seqs.iter().copied().eq(seq..30_000), "from {seq}");
        let found = findings(&mut follower);
        assert!(
            found
                .iter()
                .all(|finding| matches!(finding, Finding::Foreign { .. })),
            "{found:?}"
        );
    }
}

#[test]
fn a_file_that_was_emptied_or_replaced_is_begun_again() {
    let bench = Bench::new();
    let mut trail = bench.open();
    add(&mut trail, 3);
    let mut follower = bench.follower(&Position::before(0));
    assert_eq!(read_all(&mut follower, 3, MOST).0, [0, 1, 2]);
    fs::write(bench.path(TODAY), "").unwrap();
    add(&mut trail, 2);
    assert_eq!(read_all(&mut follower, 5, MOST).0, [3, 4]);
    fs::rename(bench.path(TODAY), bench.path("moved")).unwrap();
    add(&mut trail, 1);
    // With the lines that have been read in it once more.
    let text = bench.text("moved") + &bench.text(TODAY);
    fs::write(bench.path("whole"), text).unwrap();
    fs::rename(bench.path("whole"), bench.path(TODAY)).unwrap();
    assert_eq!(read_all(&mut follower, 6, MOST), (vec![5], Found::Nothing));
    assert!(findings(&mut follower).is_empty());
}

#[test]
fn the_oldest_event_is_found_behind_empty_files() {
    let bench = Bench::new();
    assert!(Follower::oldest(&bench.config()).is_err(), "no directory");
    drop(bench.open());
    assert_eq!(Follower::oldest(&bench.config()).unwrap(), None);
    let text = format!(
        "{}\n{}{{\"seq\":7}}\n",
        "\0".repeat(300_000),
        "hello\n".repeat(50_000)
    );
    fs::write(bench.path("audit_audit_2026-11-24.log"), text).unwrap();
    fs::write(bench.path("audit_audit_2026-11-25.log"), "{\"seq\":8}\n").unwrap();
    assert_eq!(Follower::oldest(&bench.config()).unwrap(), Some(7));
    let mut follower = bench.follower(&Position::before(7));
    assert_eq!(read_all(&mut follower, 9, MOST).0, [7, 8]);
}

#[test]
fn following_a_writer_at_work_misses_nothing() {
    use std::sync::atomic::Ordering::{Acquire, Release};
    const EVENTS: u64 = 20_000;
    let mut bench = Bench::new();
    bench.max_size = Some(20_000);
    let mut trail = bench.open();
    let written = AtomicU64::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while trail.next_seq() < EVENTS {
                let count = 1 + trail.next_seq() % 37;
                let left = EVENTS - trail.next_seq();
                add(&mut trail, count.min(left));
                written.store(trail.next_seq(), Release);
            }
        });
        let mut follower = bench.follower(&Position::before(0));
        let mut next = 0;
        while next < EVENTS {
            let (seqs, found) = read_all(&mut follower, written.load(Acquire), MOST);
            assert_eq!(found, Found::Nothing);
            assert!(seqs.iter().copied().eq(next..next + seqs.len() as u64));
            next += seqs.len() as u64;
        }
        assert!(findings(&mut follower).is_empty());
    });
}

#[test]
fn a_segment_that_is_compressed_under_a_follower_loses_and_doubles_nothing() {
    use crate::trail::verify::tests_fixture::{Fixture, segment_name};
    use crate::trail::{Compression, PackOptions, pack};
    for compression in [Compression::Zstd, Compression::Gzip] {
        let fixture = Fixture::new(&[900, 700, 600, 10]);
        let config = TrailConfig {
            dir: fixture.dir().to_owned(),
            ..TrailConfig::default()
        };
        // In steps of which some fall within a segment and some over its end; packed after so many of them.
        for packed_after in [0, 3, 9] {
            fixture.restore();
            let mut follower = Follower::new(config.clone(), &Position::before(0));
            let (mut out, mut seen, mut steps) = (Lines::default(), Vec::new(), 0);
            let mut position = Position::before(0);
            let most = Most {
                events: 97,
                bytes: 1 << 20,
            };
            loop {
                if steps == packed_after {
                    pack(fixture.dir(), &PackOptions::new().compression(compression)).unwrap();
                    assert!(!fixture.path(&segment_name(0)).exists());
                    if packed_after == 9 {
                        // As after a restart: by the place in the cursor.
                        follower = Follower::new(config.clone(), &position);
                    }
                }
                steps += 1;
                if follower.read(2_210, most, &mut out).unwrap() != Found::Lines {
                    break;
                }
                seen.extend((0..out.len()).map(|index| out.seq(index)));
                position = out.position_after(out.len());
            }
            assert_eq!(seen, (0..2_210).collect::<Vec<u64>>());
            assert!(follower.next_finding().is_none());
        }
        assert_eq!(Follower::oldest(&config).unwrap(), Some(0));
    }
}
