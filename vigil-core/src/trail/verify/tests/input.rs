//! Input that is not what it should be: a clear answer each, and never a false "intact".

use std::fs;

use super::fixture::{Fixture, line, segment_name};
use crate::trail::verify::{Kind, Verdict, VerifyOptions, VerifyReport, verify};

fn kinds(report: &VerifyReport) -> Vec<Kind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_directory_that_holds_no_trail() {
    let dir = tempfile::tempdir().unwrap();
    let error =
        |path: &std::path::Path| verify(path, &VerifyOptions::new()).unwrap_err().to_string();
    assert!(error(dir.path()).contains("holds no trail"));
    assert!(error(&dir.path().join("missing")).contains("missing"));
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(error(&file).contains("is not a directory"));
    fs::write(dir.path().join("audit_a_2026-13-01.log"), "").unwrap();
    assert!(error(dir.path()).contains("holds no trail"));
}

#[test]
fn several_trails_in_one_directory() {
    let fixture = Fixture::new(&[5]);
    fs::write(fixture.path("audit_other_2026-11-23.log"), "x\n").unwrap();
    // The evidence says which it speaks of.
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact);
    assert!(report.notes.iter().any(|note| note.contains("other")));
    let report = fixture.verify_by(&VerifyOptions::new().name("other"));
    assert_ne!(report.verdict, Verdict::Intact);
    let error = verify(fixture.dir(), &VerifyOptions::new().name("third")).unwrap_err();
    assert!(
        error.to_string().contains("it holds audit, other"),
        "{error}"
    );
    fs::remove_dir_all(fixture.places().inner()).unwrap();
    let error = verify(fixture.dir(), &VerifyOptions::new()).unwrap_err();
    assert!(error.to_string().contains("audit, other"), "{error}");
}

#[test]
fn a_trail_without_evidence_is_not_intact() {
    let fixture = Fixture::new(&[5]);
    fs::remove_dir_all(fixture.places().inner()).unwrap();
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert_eq!(kinds(&report), [Kind::NoEvidence, Kind::NoKeys]);
}

#[test]
fn checkpoints_without_keys_are_not_enough() {
    let fixture = Fixture::new(&[5]);
    fs::remove_dir_all(fixture.places().keys_dir()).unwrap();
    fixture.remove(fixture.places().verifier_key());
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert_eq!(kinds(&report), [Kind::NoKeys]);
    assert!(report.checkpoints > 0);
    fs::create_dir(fixture.places().keys_dir()).unwrap();
    fs::write(fixture.places().epochs(), "rubbish\n").unwrap();
    assert_eq!(kinds(&fixture.verify()), [Kind::Unreadable, Kind::NoKeys]);
}

#[test]
fn the_key_that_the_caller_trusts_is_the_only_one() {
    let fixture = Fixture::new(&[5, 5]);
    let right = VerifyOptions::new().key(&fixture.key()).unwrap();
    let report = fixture.verify_by(&right);
    assert_eq!(report.verdict, Verdict::Intact);
    assert!(report.pinned);
    let other = Fixture::new(&[5]);
    let report = fixture.verify_by(&VerifyOptions::new().key(&other.key()).unwrap());
    assert_eq!(report.verdict, Verdict::Altered);
    assert_eq!(report.covered, 0);
    assert!(
        kinds(&report)
            .iter()
            .all(|kind| *kind == Kind::SignedByOthers)
    );
    assert!(VerifyOptions::new().key("rubbish").is_err());
}

#[test]
fn empty_files() {
    let fixture = Fixture::new(&[5, 5]);
    fs::write(fixture.path(&segment_name(0)), "").unwrap();
    assert_eq!(fixture.found().kind, Kind::Cut);
    fixture.restore();
    fs::write(fixture.places().checkpoint(), "").unwrap();
    assert_eq!(kinds(&fixture.verify()), [Kind::CheckpointsAltered]);
    fixture.restore();
    fs::write(fixture.places().hashes(&segment_name(0)), "").unwrap();
    assert_eq!(kinds(&fixture.verify()), [Kind::HashesAltered]);
    fixture.restore();
    fs::write(fixture.places().seal(&segment_name(0)), "").unwrap();
    assert_eq!(kinds(&fixture.verify()), [Kind::SealAltered]);
    fixture.restore();
    // A trail that has just begun.
    let fixture = Fixture::new(&[0]);
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let fixture = Fixture::new(&[5, 5]);
    let elsewhere = tempfile::tempdir().unwrap();
    let (name, target) = (fixture.path(&segment_name(0)), elsewhere.path().join("x"));
    fs::rename(&name, &target).unwrap();
    symlink(&target, &name).unwrap();
    let report = fixture.verify();
    assert_eq!(kinds(&report), [Kind::NotAFile]);
    assert_eq!(report.verdict, Verdict::Incomplete);
    // A pipe is not waited for, a directory not opened.
    fs::remove_file(&name).unwrap();
    fs::create_dir(&name).unwrap();
    assert_eq!(kinds(&fixture.verify()), [Kind::NotAFile]);
}

#[test]
fn lines_of_any_length_are_hashed_whole() {
    let fixture = Fixture::new(&[5, 5]);
    for length in [70_000, 262_143, 262_144, 262_145, 3_000_000] {
        fixture.edit(0, |lines| lines.push("x".repeat(length)));
        let report = fixture.verify();
        assert_eq!(report.first().unwrap().kind, Kind::Inserted, "{length}");
        assert_eq!(report.first().unwrap().index, Some(5));
        assert!(report.notes.iter().any(|note| note.contains("longer")));
        fixture.restore();
        // Without an end.
        let path = fixture.path(&segment_name(0));
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str(&"x".repeat(length));
        fs::write(&path, text).unwrap();
        assert_eq!(fixture.found().kind, Kind::Inserted, "{length}");
        fixture.restore();
    }
}

#[test]
fn bytes_that_are_no_text() {
    let fixture = Fixture::new(&[50, 50]);
    let mut state = 7_u64;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as u8
    };
    for file in [
        fixture.path(&segment_name(0)),
        fixture.path(&segment_name(1)),
        fixture.places().hashes(&segment_name(0)),
        fixture.places().seal(&segment_name(0)),
        fixture.places().checkpoints(),
        fixture.places().checkpoint(),
        fixture.places().epochs(),
    ] {
        let bytes: Vec<u8> = (0..5_000).map(|_| random()).collect();
        fs::write(&file, bytes).unwrap();
        let report = fixture.verify();
        assert_ne!(report.verdict, Verdict::Intact, "{}", file.display());
        fixture.restore();
        let key = format!("{}\n", fixture.key());
        fs::write(fixture.places().epochs(), key).unwrap();
    }
}

#[test]
fn any_byte_that_is_changed_in_a_small_trail_is_noticed() {
    let fixture = Fixture::new(&[3, 2]);
    for file in [
        fixture.path(&segment_name(0)),
        fixture.path(&segment_name(1)),
        fixture.places().hashes(&segment_name(0)),
        fixture.places().seal(&segment_name(0)),
        fixture.places().checkpoint(),
    ] {
        let whole = fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&file, bytes).unwrap();
            let report = fixture.verify();
            assert_ne!(report.verdict, Verdict::Intact, "{}:{at}", file.display());
        }
        fs::write(&file, whole).unwrap();
    }
    assert_eq!(fixture.verify().verdict, Verdict::Intact);
    let _ = line(0, "");
}
