use std::fs;

use proptest::prelude::*;

use super::{
    Checkpoints, Places, Seal, SealError, SealFile, Sidecar, SidecarWriter, Stored, split_notes,
};
use crate::trail::checkpoint::{Checkpoint, sign};
use crate::trail::keys::FileSigner;
use crate::trail::tree::{Hash, Peaks};

fn places() -> (tempfile::TempDir, Places) {
    let dir = tempfile::tempdir().unwrap();
    let places = Places::of_trail(dir.path());
    fs::create_dir_all(places.keys_dir()).unwrap();
    (dir, places)
}

fn signer(places: &Places) -> FileSigner {
    FileSigner::create(&places.signing_key(), "shop/audit").unwrap()
}

fn note(signer: &FileSigner, size: u64) -> String {
    let checkpoint = Checkpoint {
        origin: "shop/audit".to_owned(),
        size,
        root: [size as u8; 32],
    };
    sign(&checkpoint.text(), &[signer]).unwrap()
}

fn seal() -> Seal {
    let mut tree = Peaks::default();
    for leaf in 0..11 {
        tree.push([leaf; 32]);
    }
    Seal {
        version: 1,
        origin: "shop/audit".to_owned(),
        segment: "audit_audit_2026-11-23.log".to_owned(),
        first: 4,
        count: 7,
        first_time: Some("2026-11-23T20:01:57.963017Z".to_owned()),
        last_time: Some("2026-11-23T20:01:58.963017Z".to_owned()),
        size: 4_242,
        root: tree.root(),
        peaks: tree.hashes().to_vec(),
        previous: Some([0xab; 32]),
        lost: [("AUTH".to_owned(), 3)].into(),
        categories: [("AUTH".to_owned(), 7)].into(),
        keys: vec!["shop/audit+00000000+AQ==".to_owned()],
    }
}

#[test]
fn a_sidecar_is_read_back_over_its_blocks_and_cut_where_told() {
    let (_dir, places) = places();
    let path = places.inner().join("hashes");
    let leaf = |index: u64| -> Hash { std::array::from_fn(|at| (index >> (at % 4 * 8)) as u8) };
    let mut writer = SidecarWriter::new(path.clone(), 0);
    for index in 0..5_000 {
        writer.extend(&[leaf(index)]);
        if index % 999 == 0 {
            writer.write().unwrap();
        }
    }
    assert_eq!(writer.count(), 5_000);
    writer.write().unwrap();
    let mut sidecar = Sidecar::open(&path).unwrap();
    assert_eq!(sidecar.count(), 5_000);
    for index in (0..5_000).chain([7, 4_999, 2_048, 2_047]) {
        assert_eq!(sidecar.leaf(index).unwrap(), Some(leaf(index)));
    }
    assert_eq!(sidecar.leaf(5_000).unwrap(), None);

    let mut writer = SidecarWriter::new(path.clone(), 4_000);
    writer.extend(&[leaf(9)]);
    writer.write().unwrap();
    let mut sidecar = Sidecar::open(&path).unwrap();
    assert_eq!(sidecar.count(), 4_001);
    assert_eq!(sidecar.leaf(4_000).unwrap(), Some(leaf(9)));

    let error = SidecarWriter::new(path, 4_002).write().unwrap_err();
    assert!(error.to_string().contains("fewer hashes"));
}

#[test]
fn checkpoints_are_kept_and_the_latest_is_found() {
    let (_dir, places) = places();
    let signer = signer(&places);
    let checkpoints = Checkpoints::new(&places);
    assert_eq!(checkpoints.latest().unwrap(), None);
    assert_eq!(checkpoints.all().unwrap(), "");
    checkpoints.mend().unwrap();
    let mut notes = Vec::new();
    for size in 1..=3 {
        notes.push(note(&signer, size));
        checkpoints.add(&notes[size as usize - 1]).unwrap();
    }
    checkpoints.sync().unwrap();
    assert_eq!(checkpoints.latest().unwrap().as_ref(), notes.last());
    let all = checkpoints.all().unwrap();
    let expected: Vec<&str> = notes.iter().map(String::as_str).collect();
    assert_eq!(split_notes(&all), (expected, ""));
}

#[test]
fn a_note_torn_at_any_byte_is_cut_off_and_the_next_follows() {
    let (_dir, places) = places();
    let signer = signer(&places);
    let (first, second) = (note(&signer, 1), note(&signer, 2));
    let whole = format!("{first}\n{second}\n");
    for cut in 0..=whole.len() {
        fs::write(places.checkpoints(), &whole.as_bytes()[..cut]).unwrap();
        let checkpoints = Checkpoints::new(&places);
        checkpoints.mend().unwrap();
        let third = note(&signer, 3);
        checkpoints.add(&third).unwrap();
        let all = checkpoints.all().unwrap();
        let mut expected = Vec::new();
        if cut > first.len() {
            expected.push(first.as_str());
        }
        if cut == whole.len() {
            expected.push(second.as_str());
        }
        expected.push(&third);
        assert_eq!(split_notes(&all), (expected, ""), "{cut}");
    }
}

#[test]
fn old_checkpoints_make_room_and_handovers_stay() {
    let (_dir, places) = places();
    let old = signer(&places);
    let new = FileSigner::create(&places.next_signing_key(), "shop/audit").unwrap();
    let checkpoints = Checkpoints::new(&places);
    let text = |size| Checkpoint {
        origin: "shop/audit".to_owned(),
        size,
        root: [1; 32],
    };
    let handover = sign(&text(7).text(), &[&old, &new]).unwrap();
    checkpoints.add(&handover).unwrap();
    // Long ones, so that there need not be so many.
    let long = format!("{}{}\n", text(8).text(), "x".repeat(3_000));
    let note = sign(&long, &[&new]).unwrap();
    for _ in 0..2_000 {
        checkpoints.add(&note).unwrap();
    }
    let all = checkpoints.all().unwrap();
    assert!(all.len() < 5 << 20, "{}", all.len());
    let (notes, rest) = split_notes(&all);
    assert_eq!((notes[0], rest), (handover.as_str(), ""));
    assert!((1_001..2_000).contains(&notes.len()), "{}", notes.len());
    assert_eq!(checkpoints.latest().unwrap(), Some(note));
}

#[test]
fn what_is_no_note_ends_the_list() {
    let (_dir, places) = places();
    let signer = signer(&places);
    let (first, second) = (note(&signer, 1), note(&signer, 2));
    for foreign in ["x\n\ny\n\n", "\n\n\n\n", "\n"] {
        let text = format!("{first}\n{foreign}{second}\n");
        let (notes, rest) = split_notes(&text);
        assert_eq!(notes, [&first]);
        assert!(rest.starts_with(foreign));
    }
}

#[test]
fn a_seal_is_read_back_and_its_hash_is_that_of_its_bytes() {
    let (_dir, places) = places();
    let signer = signer(&places);
    let key = signer.verifier_key().unwrap();
    let mut file = SealFile::new(seal()).unwrap();
    file.sign(&[&signer]).unwrap();
    let unsealed = file.hash();
    file.stored = Some(Stored {
        name: "audit_audit_2026-11-23.log.zst".to_owned(),
        size: 17,
        sha256: [1; 32],
        plain_sha256: [2; 32],
    });
    let text = file.to_text().unwrap();
    let read = SealFile::parse(&text).unwrap();
    assert_eq!(read.seal, seal());
    assert_eq!(read.stored, file.stored);
    assert_eq!(read.hash(), unsealed);
    let keys = [key];
    assert_eq!(read.verify(&keys).unwrap(), [&keys[0]]);
    assert_eq!(read.to_text().unwrap(), text);
    // As others find the bytes that are signed.
    let raw = text
        .strip_prefix("{\"seal\":")
        .and_then(|rest| rest.split(",\"signatures\":").next())
        .unwrap();
    assert_eq!(
        sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(raw))[..],
        unsealed[..]
    );
}

#[test]
fn a_changed_seal_does_not_verify() {
    let (_dir, places) = places();
    let signer = signer(&places);
    let keys = [signer.verifier_key().unwrap()];
    let mut file = SealFile::new(seal()).unwrap();
    let unsigned = SealFile::parse(&file.to_text().unwrap()).unwrap();
    assert!(unsigned.verify(&keys).is_err());
    file.sign(&[&signer]).unwrap();
    let text = file.to_text().unwrap();
    for (from, to) in [
        ("\"AUTH\":3", "\"AUTH\":2"),
        ("\"size\":4242", "\"size\":4243"),
        ("20:01:57", "20:01:56"),
        ("\"version\":1", "\"version\": 1"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        let read = SealFile::parse(&changed).unwrap();
        assert!(read.verify(&keys).is_err(), "{to}");
        assert_ne!(read.hash(), file.hash());
    }
}

#[test]
fn what_is_no_seal_is_refused() {
    let text = SealFile::new(seal()).unwrap().to_text().unwrap();
    assert!(matches!(
        SealFile::parse(&text.replace("\"version\":1", "\"version\":2,\"new\":0")),
        Err(SealError::Version(2))
    ));
    for (from, to) in [
        ("\"first\":4", "\"first\":5"),
        ("\"count\":7", "\"count\":8"),
        ("\"count\":7", "\"count\":-7"),
        ("\"count\":7", "\"count\":18446744073709551615"),
        ("\"count\":7", "\"count\":7,\"more\":0"),
        ("\"count\":7,", ""),
        ("\"signatures\":[]", "\"signatures\":[],\"more\":0"),
        ("\"previous\":\"ab", "\"previous\":\"AB"),
        ("\"previous\":\"ab", "\"previous\":\"a"),
        ("\"previous\":\"ab", "\"previous\":null,\"x\":\""),
        ("}\n", ""),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert!(
            matches!(SealFile::parse(&changed), Err(SealError::Malformed(_))),
            "{to}"
        );
    }
}

proptest! {
    // Each makes a key, and has it safe on the disk.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_is_read_makes_a_reader_panic(
        at in any::<proptest::sample::Index>(),
        by in "[\\x00-\\x7f—ä]{0,5}",
        length in 0usize..6,
        any in "[\\x00-\\x7f—]{0,300}",
    ) {
        let (_dir, places) = places();
        let signer = signer(&places);
        let mut file = SealFile::new(seal()).unwrap();
        file.sign(&[&signer]).unwrap();
        let keys = [signer.verifier_key().unwrap()];
        let text = file.to_text().unwrap();
        let notes = format!("{}\n{}\n", note(&signer, 1), note(&signer, 2));
        let change = |text: &str| -> String {
            let chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            let end = (at + length).min(chars.len());
            chars[..at].iter().chain(&by.chars().collect::<Vec<_>>()).chain(&chars[end..]).collect()
        };
        let changed = change(&text);
        if let Ok(read) = SealFile::parse(&changed) {
            let is_same = read.hash() == file.hash();
            let verifies = read.verify(&keys).is_ok();
            prop_assert!(is_same || !verifies, "{changed}");
        }
        let changed = change(&notes);
        let (read, rest) = split_notes(&changed);
        prop_assert!(read.len() <= 2 && rest.len() <= changed.len());
        for text in [&any, &changed] {
            let _ = SealFile::parse(text);
            let _ = split_notes(text);
            fs::write(places.checkpoints(), text).unwrap();
            Checkpoints::new(&places).mend().unwrap();
        }
    }
}
