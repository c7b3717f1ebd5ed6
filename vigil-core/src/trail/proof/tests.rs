use std::fs;

use super::super::verify::tests_fixture::{Fixture, line, segment_name};
use super::text::parse;
use super::{Which, check_proof, checkpoint, consistency, export_tlog, keys, prove};
use crate::EventId;
use crate::trail::tree::{Hash, leaf_hash};

fn id(seq: u64) -> EventId {
    format!("01995d2c-0000-7000-8000-{seq:012x}")
        .parse()
        .unwrap()
}

#[test]
fn every_event_of_small_trails_is_proved() {
    for segments in [&[1][..], &[2], &[5, 4, 3], &[0, 7], &[16, 1]] {
        let fixture = Fixture::new(segments);
        let key = [fixture.key()];
        for seq in 0..fixture.total() {
            for which in [Which::Index(seq), Which::Id(id(seq))] {
                let proof = prove(fixture.dir(), which).unwrap();
                assert_eq!(proof.event, line(seq, "").as_bytes());
                let proved = check_proof(&proof.to_string(), &proof.event, &key).unwrap();
                assert_eq!((proved.index, proved.size), (seq, fixture.total()));
                assert_eq!(proved.signed_by, key);
            }
        }
    }
}

#[test]
fn a_large_trail_is_proved_by_all_its_processors() {
    let fixture = Fixture::new(&[30_000, 20_000, 15_537]);
    let key = [fixture.key()];
    for seq in [0, 1, 29_999, 30_000, 49_999, 50_000, 65_536] {
        let proof = prove(fixture.dir(), id(seq)).unwrap();
        let proved = check_proof(&proof.to_string(), &proof.event, &key).unwrap();
        assert_eq!(proved.index, seq);
        assert_eq!(proof.event, prove(fixture.dir(), seq).unwrap().event);
    }
    // Also where the hashes are gone, and have to be made of the lines.
    for segment in 0..3 {
        fs::remove_file(fixture.places().hashes(&segment_name(segment))).unwrap();
    }
    let proof = prove(fixture.dir(), 40_000).unwrap();
    assert!(check_proof(&proof.to_string(), &proof.event, &key).is_ok());
}

#[test]
fn a_line_that_pretends_to_be_another_does_not_hide_it() {
    // Both have the number and the id of an event that stands behind them.
    let fixture = Fixture::new(&[600]);
    let mut text = String::new();
    for seq in 0..600 {
        let seq = if seq % 200 == 100 { 450 } else { seq };
        text.push_str(&format!("{}\n", line(seq, "")));
    }
    fixture.sign_anew(&text);
    for which in [Which::Index(450), Which::Id(id(450))] {
        let proof = prove(fixture.dir(), which).unwrap();
        let proved = check_proof(&proof.to_string(), &proof.event, &[fixture.key()]).unwrap();
        assert!(matches!(which, Which::Id(_)) || proved.index == 450);
    }
}

#[test]
fn an_event_that_has_recorded_another_is_not_taken_for_it() {
    // As a program does that audits what it reads in its trail. The first one stands nearer to where the search begins.
    let fixture = Fixture::new(&[100]);
    let mut text = String::new();
    for seq in 0..100 {
        let recorded = format!("\"parameters\":{}", line(50, ""));
        let line = match seq {
            10 | 49 => line(seq, "").replace("\"parameters\":{}", &recorded),
            _ => line(seq, ""),
        };
        text.push_str(&format!("{line}\n"));
    }
    fixture.sign_anew(&text);
    let proof = prove(fixture.dir(), id(50)).unwrap();
    let proved = check_proof(&proof.to_string(), &proof.event, &[fixture.key()]).unwrap();
    assert_eq!(proved.index, 50);
}

/// Ids say when a call began, and lines stand in the order in which calls ended.
#[test]
fn an_event_that_stands_far_from_its_time_is_proved() {
    let fixture = Fixture::new(&[20_000]);
    let mut order: Vec<u64> = (0..20_000).collect();
    for (early, late) in [(10, 19_990), (19_000, 3), (9_000, 9_400)] {
        let call = order.remove(early);
        order.insert(late, call);
    }
    let lines = order.iter().map(|seq| format!("{}\n", line(*seq, "")));
    fixture.sign_anew(&lines.collect::<String>());
    for (call, place) in [(10, 19_990), (9_001, 9_000), (0, 0), (19_999, 19_999)] {
        let proof = prove(fixture.dir(), id(call)).unwrap();
        let proved = check_proof(&proof.to_string(), &proof.event, &[fixture.key()]).unwrap();
        assert_eq!(order[proved.index as usize], call);
        assert!(
            proved.index.abs_diff(place) <= 2,
            "{call} at {}",
            proved.index
        );
    }
}

#[test]
fn a_proof_is_of_one_event_in_one_trail() {
    let fixture = Fixture::new(&[20, 20]);
    let other = Fixture::new(&[20]);
    let key = [fixture.key()];
    let proof = prove(fixture.dir(), 17).unwrap();
    let text = proof.to_string();
    let refused = |text: &str, event: &[u8], keys: &[String]| {
        check_proof(text, event, keys).unwrap_err().to_string()
    };
    let mut with_newline = proof.event.clone();
    with_newline.push(b'\n');
    assert!(check_proof(&text, &with_newline, &key).is_ok());
    assert!(refused(&text, line(18, "").as_bytes(), &key).contains("does not lead"));
    assert!(refused(&text, &proof.event, &[other.key()]).contains("none of the known keys"));
    assert!(refused(&text, &proof.event, &[]).contains("no verifier key"));
    let moved = text.replace("index 17", "index 16");
    assert!(refused(&moved, &proof.event, &key).contains("does not lead"));
    let larger = text.replace("\n40\n", "\n41\n");
    assert!(refused(&larger, &proof.event, &key).contains("is not one of this text"));
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(2, 3);
    assert!(
        refused(&format!("{}\n", lines.join("\n")), &proof.event, &key).contains("does not lead")
    );
    // Something for others may stand in it.
    let extra = text.replace("index 17", "extra AAAA\nindex 17");
    assert!(check_proof(&extra, &proof.event, &key).is_ok());
}

#[test]
fn what_is_no_proof_is_refused() {
    for text in [
        "",
        "\n\n",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v2\nindex 1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 1\nindex 1\n\nx",
        "c2sp.org/tlog-proof@v1\nextra A\nextra A\nindex 1\n\nx",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    let hash = format!("{}=\n", "A".repeat(43));
    let most = format!("c2sp.org/tlog-proof@v1\nindex 1\n{}\nx", hash.repeat(64));
    assert_eq!(parse(&most).unwrap().hashes.len(), 64);
    let more = format!("c2sp.org/tlog-proof@v1\nindex 1\n{}\nx", hash.repeat(65));
    assert!(parse(&more).is_err());
}

#[test]
fn what_was_changed_is_not_proved() {
    let fixture = Fixture::new(&[20, 20]);
    let error = |which: Which| prove(fixture.dir(), which).unwrap_err().to_string();
    assert!(error(Which::Index(40)).contains("there is no event 40"));
    assert!(error(Which::Id(id(40))).contains("has the id"));
    fixture.edit(0, |lines| lines[3] = lines[3].replace("CREATE", "DELETE"));
    assert!(error(Which::Index(3)).contains("not what its newest checkpoint"));
    // Others are as they were.
    assert!(prove(fixture.dir(), 4).is_ok());
    fixture.restore();
    let hashes = fixture.places().hashes(&segment_name(1));
    let mut bytes = fs::read(&hashes).unwrap();
    bytes[99] ^= 1;
    fs::write(hashes, bytes).unwrap();
    assert!(error(Which::Index(4)).contains("not what its newest checkpoint"));
}

#[test]
fn a_later_trail_holds_an_earlier_one() {
    let fixture = Fixture::new(&[100, 100, 57]);
    for size in [0, 1, 99, 100, 101, 256, 257] {
        let consistency = consistency(fixture.dir(), &fixture.kept(size), &[]).unwrap();
        assert!(consistency.holds, "{size}");
        assert_eq!((consistency.old, consistency.new), (size, 257));
        assert_eq!(consistency.proof.is_empty(), [0, 257].contains(&size));
    }
    let forged = consistency(fixture.dir(), &fixture.forged(99), &[]).unwrap();
    assert!(!forged.holds && forged.proof.is_empty());
    // The trail is older than what was kept.
    assert!(
        !consistency(fixture.dir(), &fixture.kept(300), &[])
            .unwrap()
            .holds
    );
    let other = Fixture::new(&[10]);
    let error = consistency(fixture.dir(), &other.kept(5), &[]).unwrap_err();
    assert!(
        error.to_string().contains("none of the known keys"),
        "{error}"
    );
    fixture.edit(2, |lines| lines.truncate(10));
    fs::remove_file(fixture.places().hashes(&segment_name(2))).unwrap();
    let error = consistency(fixture.dir(), &fixture.kept(5), &[]).unwrap_err();
    assert!(error.to_string().contains("has 210 events"), "{error}");
}

#[test]
fn an_export_holds_each_leaf_and_each_entry() {
    for segments in [
        &[1][..],
        &[255],
        &[256],
        &[257],
        &[300, 400, 100],
        &[66_000],
    ] {
        let fixture = Fixture::new(segments);
        let out = tempfile::tempdir().unwrap();
        let size = fixture.total();
        let exported = export_tlog(fixture.dir(), out.path(), true).unwrap();
        assert_eq!(exported.events, size);
        let note = fs::read_to_string(out.path().join("checkpoint")).unwrap();
        assert_eq!(note, checkpoint(fixture.dir()).unwrap());
        for tile in 0..size.div_ceil(256) {
            let width = (size - tile * 256).min(256);
            let name = match width {
                256 => format!("{tile:03}"),
                width => format!("{tile:03}.p/{width}"),
            };
            let hashes = fs::read(out.path().join(format!("tile/0/{name}"))).unwrap();
            let bundle = fs::read(out.path().join(format!("tile/entries/{name}"))).unwrap();
            let expected: Vec<Hash> = (tile * 256..tile * 256 + width)
                .map(|seq| leaf_hash(line(seq, "").as_bytes()))
                .collect();
            assert_eq!(hashes, expected.as_flattened());
            let entry = line(tile * 256, "");
            assert_eq!(bundle[..2], (entry.len() as u16).to_be_bytes());
            assert_eq!(&bundle[2..2 + entry.len()], entry.as_bytes());
        }
        assert_eq!(out.path().join("tile/1/000").exists(), size >= 65_536);
        let error = export_tlog(fixture.dir(), out.path(), true).unwrap_err();
        assert!(error.to_string().contains("is not empty"), "{error}");
    }
}

#[test]
fn a_changed_trail_is_not_exported() {
    let fixture = Fixture::new(&[300]);
    let hashes = fixture.places().hashes(&segment_name(0));
    let mut bytes = fs::read(&hashes).unwrap();
    bytes[99] ^= 1;
    fs::write(hashes, bytes).unwrap();
    let out = tempfile::tempdir().unwrap();
    assert!(export_tlog(fixture.dir(), out.path(), false).is_err());
    assert!(!out.path().join("checkpoint").exists());
}

#[test]
fn the_keys_of_a_trail_are_told() {
    let fixture = Fixture::new(&[3]);
    assert_eq!(keys(fixture.dir()).unwrap(), [fixture.key()]);
    fs::write(fixture.places().epochs(), "rubbish\n").unwrap();
    assert!(
        keys(fixture.dir())
            .unwrap_err()
            .to_string()
            .contains("line 1")
    );
}
