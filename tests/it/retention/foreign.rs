//! After a removal, the programs of others accept what they accepted before; and ours say what is gone.

use std::fs;

use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tlog::{check_record, prove_record, record_hash};
use tlog_tiles::{Checkpoint, TileHashReader};
use vigil::trail::retention::{Age, Retention};
use vigil::trail::{
    TrailReader, check_proof, consistency, export_tlog, newest_checkpoint, prove, verifier_keys,
};
use vigil_tests::{isolated, trail_files};

use super::{Turned, applied, assert_intact, numbered, turned};
use crate::integrity::foreign::{Tiles, accepts, verifiers};

isolated! {
    fn what_was_signed_before_a_removal_is_accepted_after_it(dir) {
        let trail = dir.join("trail");
        let clock = Turned::days_ago(90);
        let vigil = turned(&trail, &clock).init().unwrap();
        for day in 0..10 {
            (0..300).for_each(|number| numbered(day * 300 + number));
            vigil.flush().unwrap();
            clock.advance(9);
        }
        vigil.shutdown().unwrap();
        let old = newest_checkpoint(&trail).unwrap();
        let keys = verifier_keys(&trail).unwrap();
        let key = dir.join("vkey");
        fs::write(&key, format!("{}\n", keys[0])).unwrap();
        let before = prove(&trail, 100).unwrap();
        let line = before.event.clone();
        let first = fs::read_to_string(&trail_files(&trail)[0]).unwrap();
        let done = applied(&trail, &Retention::new().age(Age::days(30)));
        assert!(done.events > 1_000);
        assert_intact(&trail);

        // The proof of before, and a new one, of the line that somebody has kept.
        assert_eq!(check_proof(&before.to_string(), &line, &keys).unwrap().index, 100);
        let after = prove(&trail, 100).unwrap();
        assert!(after.event.is_empty());
        let gone = after.gone.as_ref().unwrap();
        assert!(gone.contains("the line of event 100 is gone") && gone.contains(&format!("event {}", done.told_by[0])), "{gone}");
        assert_eq!(check_proof(&after.to_string(), &line, &keys).unwrap().index, 100);
        let id: vigil::EventId = serde_json::from_slice::<serde_json::Value>(&line).unwrap()["event_id"].as_str().unwrap().parse().unwrap();
        let error = prove(&trail, id).unwrap_err().to_string();
        assert!(error.contains("retention has removed"), "{error}");
        assert!(consistency(&trail, &old, &keys).unwrap().holds);

        let mut reader = TrailReader::open(&trail).unwrap();
        while reader.next_lines().unwrap().is_some() {}
        assert_eq!(reader.purged(), done.segments);
        assert!(reader.missing().is_empty());

        // Bundles that are whole are there.
        let tiles = dir.join("tiles");
        let exported = export_tlog(&trail, &tiles, true).unwrap();
        assert!(exported.without_entries >= done.events && exported.without_entries < done.events + 512, "{exported:?}");
        assert!(!tiles.join("tile/entries/000").exists());
        let note = fs::read(tiles.join("checkpoint")).unwrap();
        let note = Note::from_bytes(&note).unwrap();
        let verifier = StandardVerifier::new(&keys[0]).unwrap();
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        let checkpoint = Checkpoint::from_bytes(note.text()).unwrap();
        let (size, root) = (checkpoint.size(), *checkpoint.hash());
        let of_tiles = Tiles(tiles.clone());
        let hashes = TileHashReader::new(size, root, &of_tiles);
        for (index, line) in first.lines().enumerate().step_by(37) {
            let index = index as u64;
            let proof = prove_record(size, index, &hashes).unwrap();
            check_record(&proof, size, root, index, record_hash(line.as_bytes())).unwrap();
            assert!(check_record(&proof, size, root, index, record_hash(b"another")).is_err());
        }

        let Some(bin) = verifiers() else { return };
        let aics = bin.join("aics-tlog");
        let earlier = dir.join("old.checkpoint");
        fs::write(&earlier, &old).unwrap();
        let at = |path: &std::path::Path| path.to_str().unwrap().to_owned();
        let place = ["--tiles".to_owned(), at(&tiles), "--vkey-file".to_owned(), at(&key)];
        let with = |words: &[&str]| -> Vec<String> {
            words.iter().map(|word| (*word).to_owned()).chain(place.clone()).collect()
        };
        accepts(&aics, &with(&["verify-checkpoint"]));
        accepts(&aics, &with(&["verify-consistency", "--old-checkpoint", &at(&earlier)]));
        let lines = dir.join("lines");
        fs::write(&lines, &first).unwrap();
        accepts(&aics, &with(&["verify-inclusion", "--index", "100", "--leaf-line", "101", "--leaves-file", &at(&lines)]));
        let theirs = accepts(&bin.join("tlog-tiles"), &["gen-proof".to_owned(), at(&tiles), "100".to_owned()]);
        assert_eq!(theirs.trim_end(), after.to_string().trim_end());
    }
}
