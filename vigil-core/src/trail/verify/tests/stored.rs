//! Segments that are compressed, encrypted or passed over.

use std::fs::{self, File};
use std::io::Write as _;

use super::fixture::{Fixture, assert_found, segment_name};
use crate::trail::verify::{Kind, SegmentState, Verdict, VerifyOptions};

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Puts a closed segment into another form.
fn store(fixture: &Fixture, segment: usize, ending: &str, into: impl Fn(&[u8]) -> Vec<u8>) {
    let name = segment_name(segment);
    let bytes = fs::read(fixture.path(&name)).unwrap();
    fs::write(fixture.path(&format!("{name}{ending}")), into(&bytes)).unwrap();
    fixture.remove(&name);
}

#[test]
fn compressed_segments_are_read() {
    let fixture = Fixture::new(&[3_000, 2_000, 1_000, 50]);
    store(&fixture, 0, ".zst", zstd);
    store(&fixture, 1, ".gz", gzip);
    // As several frames.
    store(&fixture, 2, ".zst", |bytes| {
        let (one, two) = bytes.split_at(bytes.len() / 3);
        [zstd(one), zstd(two)].concat()
    });
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    assert_eq!((report.events, report.covered), (6_050, 6_050));
}

#[test]
fn an_edit_within_a_compressed_segment_is_told_like_any_other() {
    for ending in [".zst", ".gz"] {
        let fixture = Fixture::new(&[3_000, 2_000, 50]);
        fixture.edit(1, |lines| {
            lines[777] = lines[777].replace("CREATE", "DELETE")
        });
        store(
            &fixture,
            1,
            ending,
            if ending == ".gz" { gzip } else { zstd },
        );
        let found = fixture.found();
        assert_found(&found, Kind::Edited, 3_777);
        assert_eq!(found.line, Some(778));
        assert_eq!(found.file.unwrap(), format!("{}{ending}", segment_name(1)));
    }
}

#[test]
fn a_damaged_compressed_segment_is_a_change() {
    for ending in [".zst", ".gz"] {
        let fixture = Fixture::new(&[3_000, 2_000, 50]);
        store(
            &fixture,
            1,
            ending,
            if ending == ".gz" { gzip } else { zstd },
        );
        let path = fixture.path(&format!("{}{ending}", segment_name(1)));
        let whole = fs::read(&path).unwrap();
        for at in [0, 3, 9, whole.len() / 2, whole.len() - 20, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, bytes).unwrap();
            let report = fixture.verify();
            // Some bits of a header mean nothing.
            if report.verdict != Verdict::Intact {
                let found = report.first().unwrap();
                assert!((3_000..=5_000).contains(&found.index.unwrap()), "{found}");
                assert_eq!(report.verdict, Verdict::Altered);
            } else {
                assert!(at < 10, "{at}");
            }
        }
        // Cut at some bytes, and with more behind it.
        for cut in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(fixture.verify().verdict, Verdict::Altered, "{cut}");
        }
        let mut more = whole.clone();
        more.extend(b"more");
        fs::write(&path, more).unwrap();
        assert_eq!(fixture.verify().verdict, Verdict::Altered, "{ending}");
    }
}

#[test]
fn an_encrypted_segment_is_incomplete_and_its_seal_carries_what_follows() {
    let fixture = Fixture::new(&[300, 200, 50]);
    store(&fixture, 0, ".zst.age", |_| {
        b"age-encryption.org/v1\n".to_vec()
    });
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert_found(report.first().unwrap(), Kind::Encrypted, 0);
    let states: Vec<_> = report
        .segments
        .iter()
        .map(|segment| segment.state)
        .collect();
    assert_eq!(
        states,
        [
            SegmentState::Unproven,
            SegmentState::Intact,
            SegmentState::Intact
        ]
    );
    assert_eq!(report.covered, 550);
}

#[test]
fn what_is_passed_over_is_not_read() {
    let fixture = Fixture::new(&[60, 60, 60]);
    fixture.write_times();
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
    fixture.edit(0, |lines| lines[5] = "{}".to_owned());
    assert_found(&fixture.found(), Kind::Edited, 5);
    let options = VerifyOptions::new().since("2026-11-23T20:01:30Z").unwrap();
    let report = fixture.verify_by(&options);
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    assert_eq!(report.segments[0].state, SegmentState::PassedOver);
    assert_eq!(report.segments[1].state, SegmentState::Intact);
    let options = VerifyOptions::new().until("2026-11-22").unwrap();
    let report = fixture.verify_by(&options);
    assert_eq!(report.segments[1].state, SegmentState::PassedOver);
    assert!(VerifyOptions::new().since("yesterday").is_err());
}

#[test]
fn a_trail_that_is_there_twice_is_noted() {
    let fixture = Fixture::new(&[60, 60]);
    let name = segment_name(0);
    let bytes = fs::read(fixture.path(&name)).unwrap();
    File::create(fixture.path(&format!("{name}.zst")))
        .unwrap()
        .write_all(&zstd(&bytes))
        .unwrap();
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact);
    assert!(report.notes[0].contains("2 times"), "{:?}", report.notes);
}
