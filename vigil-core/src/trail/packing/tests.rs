//! Packing against what can happen to it: tampering, bombs, wrong keys, runs that were broken off.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::run::{Needed, has_work};
use super::{Compression, PackOptions, Packed, pack, run};
use crate::trail::evidence::SealFile;
use crate::trail::verify::tests_fixture::{Fixture, line, segment_name};
use crate::trail::{Kind, TrailReader, Verdict, VerifyOptions, VerifyReport, verify};

fn trail() -> Fixture {
    Fixture::new(&[300, 200, 10])
}

fn check(fixture: &Fixture) -> VerifyReport {
    verify(fixture.dir(), &VerifyOptions::new()).unwrap()
}

fn with_ending(fixture: &Fixture, number: usize, ending: &str) -> PathBuf {
    fixture
        .dir()
        .join(format!("{}{ending}", segment_name(number)))
}

fn text_of(mut lines: TrailReader) -> String {
    let mut text = Vec::new();
    while let Some(block) = lines.next_lines().unwrap() {
        text.extend_from_slice(block);
    }
    String::from_utf8(text).unwrap()
}

fn all_lines() -> String {
    (0..510).map(|seq| format!("{}\n", line(seq, ""))).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn closed_segments_are_compressed_and_hold_what_was_signed() {
    for (compression, ending) in [(Compression::Zstd, ".zst"), (Compression::Gzip, ".gz")] {
        let fixture = trail();
        let seal = fs::read_to_string(fixture.places().seal(&segment_name(0))).unwrap();
        let options = PackOptions::new().compression(compression);
        let packed = pack(fixture.dir(), &options).unwrap();
        assert_eq!(packed.made.len(), 2, "{packed:?}");
        assert!(packed.after * 3 < packed.before, "{packed:?}");
        for number in 0..2 {
            assert!(!fixture.path(&segment_name(number)).exists());
            assert!(with_ending(&fixture, number, ending).exists());
        }
        assert!(fixture.path(&segment_name(2)).exists(), "it is written to");
        let report = check(&fixture);
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        assert_eq!(
            text_of(TrailReader::open(fixture.dir()).unwrap()),
            all_lines()
        );
        // What was signed of the segment is the same, byte for byte.
        let now = fs::read_to_string(fixture.places().seal(&segment_name(0))).unwrap();
        let file = SealFile::parse(&now).unwrap();
        assert_eq!(file.hash(), SealFile::parse(&seal).unwrap().hash());
        assert_eq!(
            file.stored.unwrap().name,
            format!("{}{ending}", segment_name(0))
        );
        let again = pack(fixture.dir(), &options).unwrap();
        assert!(
            again.made.is_empty() && again.mended.is_empty(),
            "{again:?}"
        );
    }
}

#[test]
fn a_segment_that_is_not_what_was_signed_is_left_as_it_is() {
    let fixture = trail();
    let path = fixture.path(&segment_name(0));
    let text = fs::read_to_string(&path).unwrap();
    let changed = text.replacen("\"seq\":7,", "\"seq\":8,", 1);
    fs::write(&path, &changed).unwrap();
    let packed = pack(fixture.dir(), &PackOptions::new()).unwrap();
    assert_eq!(
        (packed.made.len(), packed.altered.len()),
        (1, 1),
        "{packed:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), changed);
    assert!(!with_ending(&fixture, 0, ".zst").exists());
    let left = fs::read_dir(fixture.dir()).unwrap().flatten();
    assert!(
        left.into_iter()
            .all(|entry| !entry.file_name().to_string_lossy().ends_with(".tmp"))
    );
}

#[test]
fn what_a_broken_off_run_has_left_is_mended_and_told() {
    let whole = trail();
    pack(whole.dir(), &PackOptions::new()).unwrap();
    let compressed = fs::read(with_ending(&whole, 0, ".zst")).unwrap();
    let is_whole = |fixture: &Fixture| {
        assert_eq!(check(fixture).verdict, Verdict::Intact);
        assert_eq!(
            text_of(TrailReader::open(fixture.dir()).unwrap()),
            all_lines()
        );
        assert!(!has_work(fixture.dir(), &Default::default()));
    };
    // Killed while it was made, and before it was noted.
    for (ending, bytes) in [(".zst.tmp", &compressed[..100]), (".zst", &compressed[..])] {
        let fixture = trail();
        fs::write(with_ending(&fixture, 0, ending), bytes).unwrap();
        assert!(has_work(fixture.dir(), &Default::default()));
        let packed = pack(fixture.dir(), &PackOptions::new()).unwrap();
        let done = (packed.mended.len(), packed.made.len());
        assert_eq!(done, (1, 2), "{packed:?}");
        is_whole(&fixture);
    }
    // Killed before the source went.
    let fixture = trail();
    let path = fixture.path(&segment_name(0));
    let lines = fs::read(&path).unwrap();
    pack(fixture.dir(), &PackOptions::new()).unwrap();
    fs::write(&path, lines).unwrap();
    assert!(has_work(fixture.dir(), &Default::default()));
    let packed = pack(fixture.dir(), &PackOptions::new()).unwrap();
    let done = (packed.mended.len(), packed.made.len());
    assert_eq!(done, (1, 0), "{packed:?}");
    is_whole(&fixture);
    // Compressed by hand: nobody has noted it.
    let fixture = trail();
    let path = fixture.path(&segment_name(1));
    fs::write(
        with_ending(&fixture, 1, ".gz"),
        gzip(&fs::read(&path).unwrap()),
    )
    .unwrap();
    fs::remove_file(path).unwrap();
    let packed = pack(fixture.dir(), &PackOptions::new()).unwrap();
    assert_eq!(
        (packed.mended.len(), packed.made.len()),
        (1, 1),
        "{packed:?}"
    );
    assert_eq!(check(&fixture).verdict, Verdict::Intact);
}

#[test]
fn an_empty_segment_becomes_a_file_of_its_format() {
    for (compression, ending) in [(Compression::Zstd, ".zst"), (Compression::Gzip, ".gz")] {
        let fixture = Fixture::new(&[30, 0, 10]);
        let options = PackOptions::new().compression(compression);
        assert_eq!(pack(fixture.dir(), &options).unwrap().made.len(), 2);
        // No format knows a file of no bytes.
        let size = fs::metadata(with_ending(&fixture, 1, ending))
            .unwrap()
            .len();
        assert!(size > 0, "{ending}");
        assert_eq!(check(&fixture).verdict, Verdict::Intact);
    }
}

#[test]
fn who_has_looked_before_reads_what_was_packed_since() {
    let fixture = trail();
    let mut lines = TrailReader::open(fixture.dir()).unwrap();
    pack(fixture.dir(), &PackOptions::new()).unwrap();
    let mut text = Vec::new();
    while let Some(block) = lines.next_lines().unwrap() {
        text.extend_from_slice(block);
    }
    assert!(text == all_lines().as_bytes() && lines.missing().is_empty());
}

fn repack(fixture: &Fixture, change: impl Fn(String) -> String) {
    let text = fs::read_to_string(fixture.path(&segment_name(0))).unwrap();
    pack(
        fixture.dir(),
        &PackOptions::new().compression(Compression::Gzip),
    )
    .unwrap();
    let path = with_ending(fixture, 0, ".gz");
    fs::write(path, gzip(change(text).as_bytes())).unwrap();
}

#[test]
fn tampering_within_a_compressed_segment_is_named_with_its_place() {
    let fixture = trail();
    repack(&fixture, |text| {
        text.replacen("\"seq\":17,", "\"seq\":18,", 1)
    });
    let first = check(&fixture).findings.remove(0);
    assert_eq!(
        (first.kind, first.index),
        (Kind::Edited, Some(17)),
        "{first}"
    );
    let fixture = trail();
    repack(&fixture, |text| {
        text.replacen(&format!("{}\n", line(40, "")), "", 1)
    });
    let first = check(&fixture).findings.remove(0);
    assert_eq!(
        (first.kind, first.index),
        (Kind::Deleted, Some(40)),
        "{first}"
    );
}

#[test]
fn a_torn_file_and_a_bomb_are_damage_and_cost_little() {
    let fixture = trail();
    pack(fixture.dir(), &PackOptions::new()).unwrap();
    let path = with_ending(&fixture, 0, ".zst");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let report = check(&fixture);
    assert_eq!(report.verdict, Verdict::Altered);
    assert_eq!(report.findings[0].kind, Kind::StoredDamaged, "{report:#?}");
    // A gigabyte of lines in a megabyte: it is not read to its end.
    let fixture = trail();
    let text = fs::read(fixture.path(&segment_name(0))).unwrap();
    pack(
        fixture.dir(),
        &PackOptions::new().compression(Compression::Gzip),
    )
    .unwrap();
    let mut bomb = gzip(&text);
    let part = gzip(&vec![b'\n'; 16 << 20]);
    for _ in 0..64 {
        bomb.extend_from_slice(&part);
    }
    fs::write(with_ending(&fixture, 0, ".gz"), bomb).unwrap();
    let report = check(&fixture);
    assert_eq!(report.verdict, Verdict::Altered);
    let first = report.first().unwrap();
    assert_eq!(
        (first.kind, first.index),
        (Kind::StoredDamaged, Some(300)),
        "{report:#?}"
    );
    assert!(report.bytes < 4 << 20, "{}", report.bytes);
}

/// As the engine does it, with a sink that has got so many events.
fn run_behind(dir: &Path, options: &PackOptions, reached: u64) -> Packed {
    let needed = Needed::look(dir, &[("behind".to_owned(), reached)]).unwrap();
    run(dir, &options.packing, &needed, &|| false).unwrap()
}

#[cfg(feature = "encryption")]
mod encrypted {
    use super::*;
    use crate::trail::{Identities, prove_with, unpack};

    /// A key for a test, its file and its recipient.
    fn key(dir: &Path, name: &str) -> (PathBuf, String) {
        use age::secrecy::ExposeSecret as _;
        let key = age::x25519::Identity::generate();
        let path = dir.join(name);
        let text = format!("# a comment\n{}\n", key.to_string().expose_secret());
        fs::write(&path, text).unwrap();
        (path, key.to_public().to_string())
    }

    #[test]
    fn who_has_the_identity_reads_and_verifies_all_and_others_are_told() {
        let keys = tempfile::tempdir().unwrap();
        let (path, recipient) = key(keys.path(), "auditor.key");
        let (other, _) = key(keys.path(), "other.key");
        let fixture = trail();
        let options = PackOptions::new().recipient(&recipient).unwrap();
        let packed = pack(fixture.dir(), &options).unwrap();
        assert_eq!(packed.made.len(), 2, "{packed:?}");
        assert!(with_ending(&fixture, 0, ".zst.age").exists());
        let identities = Identities::read(&path).unwrap();
        let by = |identities: &Identities| {
            verify(fixture.dir(), &VerifyOptions::new().identities(identities)).unwrap()
        };
        let report = by(&identities);
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        for blind in [Identities::none(), Identities::read(&other).unwrap()] {
            let report = by(&blind);
            assert_eq!(report.verdict, Verdict::Incomplete, "{report:#?}");
            let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
            assert_eq!(kinds, [Kind::Encrypted; 2]);
            assert!(
                TrailReader::open_with(fixture.dir(), &blind)
                    .unwrap()
                    .next_lines()
                    .is_err()
            );
        }
        let lines = TrailReader::open_with(fixture.dir(), &identities).unwrap();
        assert_eq!(text_of(lines), all_lines());
        let proof = prove_with(fixture.dir(), 17, &identities).unwrap();
        assert_eq!(proof.event, line(17, "").as_bytes());
        let plain = keys.path().join("plain");
        let unpacked = unpack(fixture.dir(), &plain, &identities).unwrap();
        assert_eq!(unpacked.files.len(), 2);
        let first: String = (0..300).map(|seq| format!("{}\n", line(seq, ""))).collect();
        assert_eq!(
            fs::read_to_string(plain.join(segment_name(0))).unwrap(),
            first
        );
    }

    #[test]
    fn tampering_within_an_encrypted_segment_is_found_with_and_without_the_key() {
        let keys = tempfile::tempdir().unwrap();
        let (path, recipient) = key(keys.path(), "auditor.key");
        let fixture = trail();
        let options = PackOptions::new().recipient(&recipient).unwrap();
        pack(fixture.dir(), &options).unwrap();
        let sealed = with_ending(&fixture, 1, ".zst.age");
        let mut bytes = fs::read(&sealed).unwrap();
        let middle = bytes.len() - 100;
        bytes[middle] ^= 1;
        fs::write(&sealed, bytes).unwrap();
        for identities in [Identities::none(), Identities::read(&path).unwrap()] {
            let options = VerifyOptions::new().identities(&identities);
            let report = verify(fixture.dir(), &options).unwrap();
            assert_eq!(report.verdict, Verdict::Altered, "{report:#?}");
            let first = report
                .findings
                .iter()
                .find(|finding| finding.kind.is_change())
                .unwrap();
            assert_eq!(
                (first.kind, first.index),
                (Kind::StoredDamaged, Some(300)),
                "{first}"
            );
        }
    }

    #[test]
    fn what_a_sink_still_has_to_read_is_compressed_and_encrypted_later() {
        let keys = tempfile::tempdir().unwrap();
        let (_, recipient) = key(keys.path(), "auditor.key");
        let fixture = trail();
        let options = PackOptions::new().recipient(&recipient).unwrap();
        let packed = run_behind(fixture.dir(), &options, 300);
        assert_eq!(
            packed.made,
            [
                format!("{}.zst.age", segment_name(0)),
                format!("{}.zst", segment_name(1))
            ]
        );
        let packed = run_behind(fixture.dir(), &options, 300);
        assert_eq!(
            (packed.made.len(), packed.waiting.len()),
            (0, 1),
            "{packed:?}"
        );
        let packed = run_behind(fixture.dir(), &options, 500);
        assert_eq!(packed.made, [format!("{}.zst.age", segment_name(1))]);
    }

    #[test]
    fn an_encrypted_file_that_was_not_noted_is_made_again_and_one_that_was_stays() {
        let keys = tempfile::tempdir().unwrap();
        let (path, recipient) = key(keys.path(), "auditor.key");
        let options = PackOptions::new().recipient(&recipient).unwrap();
        for is_noted in [false, true] {
            let fixture = trail();
            let plain = fixture.path(&segment_name(0));
            let text = fs::read(&plain).unwrap();
            let seal = fixture.places().seal(&segment_name(0));
            let before = fs::read(&seal).unwrap();
            pack(fixture.dir(), &options).unwrap();
            fs::write(&plain, text).unwrap();
            if !is_noted {
                fs::write(&seal, before).unwrap();
            }
            let packed = pack(fixture.dir(), &options).unwrap();
            assert_eq!(packed.made.len(), usize::from(!is_noted), "{packed:?}");
            assert_eq!(packed.mended.len(), 1, "{packed:?}");
            let identities = Identities::read(&path).unwrap();
            let options = VerifyOptions::new().identities(&identities);
            assert_eq!(
                verify(fixture.dir(), &options).unwrap().verdict,
                Verdict::Intact
            );
        }
    }

    #[test]
    fn a_malformed_recipient_and_a_malformed_identity_say_what_one_looks_like() {
        let said = |error: crate::Error| error.to_string();
        let error = said(PackOptions::new().recipient("age1nobody").unwrap_err());
        assert!(
            error.contains("age1 and 58 small letters and digits"),
            "{error}"
        );
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("auditors.txt");
        fs::write(&file, "# ours\nage1nobody\n").unwrap();
        let error = said(PackOptions::new().recipients_file(&file).unwrap_err());
        assert!(error.contains("auditors.txt:2: "), "{error}");
        fs::write(&file, "AGE-SECRET-KEY-1TYPO\n").unwrap();
        let error = said(Identities::read(&file).unwrap_err());
        assert!(
            error.contains("line 1 is no identity") && !error.contains("TYPO"),
            "{error}"
        );
    }
}

#[test]
fn a_sink_that_is_behind_keeps_nothing_from_being_compressed() {
    let fixture = trail();
    let packed = run_behind(fixture.dir(), &PackOptions::new(), 0);
    assert_eq!(
        (packed.made.len(), packed.waiting.len()),
        (2, 0),
        "{packed:?}"
    );
}
