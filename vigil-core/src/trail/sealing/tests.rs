use std::collections::BTreeMap;

use proptest::prelude::*;

use super::account::Account;
use super::growing::Growing;
use super::growing::create_directories;
use super::leaves::each_line;
use super::{Integrity, Sealing};
use crate::trail::evidence::{Places, Sidecar, SidecarWriter};
use crate::trail::tree::{Hash, Peaks, leaf_hash};

fn lines(count: usize, length: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|number| format!("{number} {}\n", "x".repeat(length)).into_bytes())
        .collect()
}

fn leaves(lines: &[u8]) -> Vec<Hash> {
    let lines = lines.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| leaf_hash(&line[..line.len() - 1]))
        .collect()
}

#[test]
fn segments_are_accounted_for_here_and_by_a_thread() {
    segments_are_accounted_for(false);
    segments_are_accounted_for(true);
}

fn segments_are_accounted_for(apart: bool) {
    let dir = tempfile::tempdir().unwrap();
    let places = Places::of_trail(dir.path());
    create_directories(&places).unwrap();
    let sidecar = SidecarWriter::new(places.hashes("a"), 0);
    let account = Account::of("a".to_owned(), 0);
    let growing = Growing::new(
        places.clone(),
        "o".to_owned(),
        Peaks::default(),
        account,
        sidecar,
        Vec::new(),
    );
    let mut sealing = Sealing::Here(Box::new(growing));
    if apart {
        sealing = sealing.set_apart().unwrap();
    }
    let lost = |category: &str, count: u64| {
        format!(
            "{{\"event_id\":\"0\",\"timestamp\":\"T{count}\",\"action\":{{\"operation\":\"audit_events_lost\",\"parameters\":\
             {{\"losses\":[{{\"category\":\"{category}\",\"reason\":\"r\",\"count\":{count}}}]}}}}}}\n"
        )
    };
    let fake = "{\"timestamp\":\"F\",\"action\":{\"operation\":\"x\",\"parameters\":{\"sql\":\"audit_events_lost\"}}}\n";
    let first = [lost("API", 2), fake.to_owned(), lost("DATA", 3)].concat();
    let second = [fake, &lost("API", 5)].concat();
    sealing.add(first.as_bytes(), true);
    sealing.add(second.as_bytes(), true);
    sealing.turn("b".to_owned());
    sealing.add(fake.as_bytes(), false);
    let grown = sealing.grown().recv().unwrap();
    let [closed] = &grown.closed[..] else {
        panic!("one segment has ended");
    };
    let all = [first, second].concat();
    assert_eq!((closed.seal.first, closed.seal.count), (0, 5));
    assert_eq!(closed.seal.size, all.len() as u64);
    assert_eq!(closed.seal.first_time.as_deref(), Some("T2"));
    assert_eq!(closed.seal.last_time.as_deref(), Some("T5"));
    let expected = [("API".to_owned(), 7), ("DATA".to_owned(), 3)];
    assert_eq!(closed.seal.lost, BTreeMap::from(expected));
    assert_eq!(closed.seal.tree().unwrap().root(), closed.seal.root);
    let mut sidecar = Sidecar::open(&places.hashes("a")).unwrap();
    for (at, leaf) in leaves(all.as_bytes()).into_iter().enumerate() {
        assert_eq!(sidecar.leaf(at as u64).unwrap(), Some(leaf));
    }
    assert_eq!(grown.tree.size, 6);
    let again = sealing.grown().recv().unwrap();
    assert_eq!((again.tree, again.closed.len()), (grown.tree, 0));
    assert_eq!(Sidecar::open(&places.hashes("b")).unwrap().count(), 1);
}

#[test]
fn origins_are_made_of_what_there_is() {
    let mut integrity = Integrity::default();
    assert_eq!(
        integrity.origin_for(Some("h"), "shop", "audit"),
        "h/shop/audit"
    );
    assert_eq!(
        integrity.origin_for(None, "my shop+more/~", "audit"),
        "localhost/my-shop-more--/audit"
    );
    integrity.origin = Some("shop.example/audit".to_owned());
    assert_eq!(
        integrity.origin_for(Some("h"), "s", "a"),
        "shop.example/audit"
    );
}

proptest! {
    #[test]
    fn lines_are_found_wherever_blocks_end(
        parts in proptest::collection::vec((0usize..3_000, 1usize..40), 0..40),
        torn in 0usize..200,
        skipped in 0usize..3,
    ) {
        let mut bytes: Vec<u8> = parts.iter().flat_map(|(length, count)| lines(*count, *length)).collect();
        let all = leaves(&bytes);
        let starts: Vec<u64> = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', &bytes).map(|newline| newline as u64 + 1))
            .collect();
        let whole = bytes.len() as u64;
        bytes.extend(vec![b'y'; torn]);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines");
        std::fs::write(&path, &bytes).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let skipped = skipped.min(all.len());
        let mut found = Vec::new();
        let end = each_line(&file, starts[skipped]..bytes.len() as u64, |leaf, line| {
            assert_eq!(line.last(), Some(&b'\n'));
            found.push(*leaf);
            Ok(())
        }).unwrap();
        prop_assert_eq!(end, whole);
        prop_assert!(found == all[skipped..]);
    }
}
