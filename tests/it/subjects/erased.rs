//! What is erased is nowhere any more, and all that was proved before still is.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use sha2::{Digest as _, Sha256};
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tlog;
use vigil::trail::holds::{self, NewHold};
use vigil::trail::subjects::{Erasure, KeyWrapper, SecretKey, WrapError, Wrapped, erase};
use vigil::trail::{check_proof, prove, verifier_keys};
use vigil_tests::{all_bytes, all_events, builder, events, isolated, lines};

use super::{ADDRESS, NOTE, is_envelope, parameters, places, profile, reveal, start, update};
use crate::integrity;

/// Wraps by a key of its own, and remembers what it was given.
struct Spy(&'static Mutex<Vec<[u8; 32]>>);

impl Spy {
    fn stream(kid: &str) -> [u8; 32] {
        Sha256::digest(["a key that stands for a KMS", kid].concat()).into()
    }

    fn mixed(kid: &str, bytes: &[u8]) -> Vec<u8> {
        let stream = Self::stream(kid);
        bytes
            .iter()
            .zip(stream)
            .map(|(byte, with)| byte ^ with)
            .collect()
    }
}

impl KeyWrapper for Spy {
    fn wrap(&self, kid: &str, key: &SecretKey) -> Result<Wrapped, WrapError> {
        self.0.lock().unwrap().push(*key.as_bytes());
        let bytes = Self::mixed(kid, key.as_bytes());
        Ok(Wrapped {
            kek: "kms/1".into(),
            bytes,
        })
    }

    fn unwrap(&self, kid: &str, wrapped: &Wrapped) -> Result<SecretKey, WrapError> {
        Ok(SecretKey::new(
            Self::mixed(kid, &wrapped.bytes).as_slice().try_into()?,
        ))
    }
}

/// Whether the bytes, or a text that says them, are anywhere under a directory.
fn is_anywhere(dir: &Path, wanted: &[u8]) -> bool {
    let all = all_bytes(dir);
    let has = |wanted: &[u8]| all.windows(wanted.len()).any(|part| part == wanted);
    let hex: String = wanted.iter().map(|byte| format!("{byte:02x}")).collect();
    // At each of the three places that it may have in a longer text; the ends depend on what stands beside.
    let base64 = (0..3).any(|shift| {
        let shifted = [&vec![0; shift], wanted].concat();
        [
            Base64::encode_string(&shifted),
            Base64UrlUnpadded::encode_string(&shifted),
        ]
        .iter()
        .any(|text| has(&text.as_bytes()[4..text.trim_end_matches('=').len() - 2]))
    });
    has(wanted) || has(hex.as_bytes()) || has(hex.to_uppercase().as_bytes()) || base64
}

isolated! {
    fn nothing_of_an_erased_subject_is_left_and_every_proof_stands(dir) {
        static KEYS: Mutex<Vec<[u8; 32]>> = Mutex::new(Vec::new());
        let (trail, keys) = places(dir);
        let vigil = builder(&trail)
            .subject_keys(&keys)
            .key_wrapper(Spy(&KEYS))
            .checkpoints(std::time::Duration::from_millis(20), 100)
            .init()
            .unwrap();
        for _ in 0..20 {
            update("u-17", &profile(), NOTE);
            update("u-18", &profile(), NOTE);
        }
        vigil.flush().unwrap();
        let data_keys = KEYS.lock().unwrap().clone();
        assert_eq!(data_keys.len(), 2, "a key a subject");
        let before = lines(&trail);
        let kid = events(&trail)[0]["action"]["parameters"]["note"]["kid"].as_str().unwrap().to_owned();
        let wrapped = Spy::mixed(&kid, &data_keys[0]);
        assert!(is_anywhere(&keys, &wrapped), "this search finds a key that is there");
        while vigil::health().proof.unwrap().signed < 41 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let proofs: Vec<_> = (0..41).map(|index: u64| prove(&trail, index).unwrap()).collect();

        let erasure = Erasure::new("GDPR Art. 17(1)(b)").request_id("R-118").operator("dpo").backup_days(10);
        let erased = erase(&trail, &keys, "u-17", &erasure).unwrap();
        assert_eq!((&erased.kid, erased.events), (&kid, 20));
        // The same process, which had the key at hand: a new one from here on.
        update("u-17", &profile(), "again");
        vigil.shutdown().unwrap();

        for hidden in [ADDRESS.as_bytes(), NOTE.as_bytes(), b"u-17", &data_keys[0]] {
            assert!(!is_anywhere(dir, hidden), "{:?}", String::from_utf8_lossy(hidden));
        }
        assert!(!is_anywhere(dir, &wrapped));
        assert_eq!(lines(&trail)[..before.len()], before, "no byte of the lines has changed");

        let all = all_events(&trail);
        crate::schema::assert_valid(&all);
        let told: Vec<_> = all.iter().filter(|event| event["action"]["operation"] == "audit_subject_erased").collect();
        assert_eq!(told.len(), 1);
        let told = &told[0]["action"]["parameters"];
        for (name, value) in [("kid", kid.as_str()), ("request_id", "R-118"), ("basis", "GDPR Art. 17(1)(b)"), ("operator", "dpo"),
            ("effective", &erased.effective), ("complete", &erased.complete)] {
            assert_eq!(told[name], value, "{told:#}");
        }
        assert_eq!(told["n_events"], 20);

        // Verifiers of others: the whole trail, and each single proof from before.
        integrity::prove(&trail);
        let known = verifier_keys(&trail).unwrap();
        let certificate = erased.certificate.expect("the engine runs, so its event is signed");
        assert!(String::from_utf8_lossy(&certificate.event).contains(&kid));
        for proof in proofs.iter().chain([&certificate]) {
            let text = proof.to_string();
            check_proof(&text, &proof.event, &known).unwrap();
            accepted_by_others(&text, &proof.event, &known[0]);
        }
    }

    fn an_erased_value_reads_as_erased_and_another_as_it_was(dir) {
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        update("u-18", &profile(), NOTE);
        vigil.shutdown().unwrap();
        // Nobody runs: the trail is opened for the event alone.
        let erased = erase(&trail, &keys, "u-17", &Erasure::new("withdrawn consent")).unwrap();
        assert_eq!(erased.events, 1);
        let vigil = start(dir);
        update("u-17", &profile(), "later");
        vigil.shutdown().unwrap();
        let revealed: Vec<_> = lines(&trail).iter().map(|line| reveal(&keys, line)).collect();
        assert_eq!(revealed.iter().map(|one| (one.opened, one.erased, one.refused.len())).collect::<Vec<_>>(), [(0, 5, 0), (5, 0, 0), (5, 0, 0)]);
        assert_eq!(parameters(&revealed[0].line)["note"], "***ERASED***");
        assert_eq!(parameters(&revealed[1].line)["note"], NOTE);
        assert_eq!(parameters(&revealed[2].line)["note"], "later");
        let again = erase(&trail, &keys, "u-19", &Erasure::new("x")).unwrap_err();
        assert!(again.to_string().contains("holds no key of this subject"), "{again}");
    }

    fn a_legal_hold_wins(dir) {
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        vigil.shutdown().unwrap();
        let hold = holds::add(&trail, &NewHold::new("subpoena").subject("u-17")).unwrap();
        let refused = erase(&trail, &keys, "u-17", &Erasure::new("x")).unwrap_err();
        assert!(refused.is_refused() && refused.to_string().contains(&hold.id), "{refused}");
        assert_eq!(reveal(&keys, &lines(&trail)[0]).opened, 5);
        holds::remove(&trail, &hold.id).unwrap();
        erase(&trail, &keys, "u-17", &Erasure::new("x")).unwrap();
        assert_eq!(reveal(&keys, &lines(&trail)[0]).erased, 5);
        let denied = all_events(&trail);
        let outcomes: Vec<_> = denied.iter().filter(|event| event["action"]["operation"] == "audit_subject_erased")
            .map(|event| event["action"]["result"]["status"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["DENIED", "SUCCESS"]);
    }

    fn a_copy_of_the_keys_from_before_a_rewrap_opens_nothing_that_was_erased(dir) {
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        update("u-18", &profile(), NOTE);
        vigil.flush().unwrap();
        let kid = events(&trail)[0]["action"]["parameters"]["note"]["kid"].as_str().unwrap().to_owned();
        let copy = fs::read(keys.join("keys").join(&kid)).unwrap();
        erase(&trail, &keys, "u-17", &Erasure::new("x")).unwrap();
        let store = vigil::trail::subjects::SubjectKeys::open(&keys).unwrap();
        assert_eq!(store.rewrap().unwrap(), 1);
        // While the process runs, and goes on with the key it has.
        update("u-18", &profile(), NOTE);
        vigil.shutdown().unwrap();
        // Who put the file back, and its erasure out of mind, would still need the key that wrapped it.
        fs::write(keys.join("keys").join(&kid), copy).unwrap();
        fs::write(keys.join("erased"), "").unwrap();
        let all = lines(&trail);
        let failed = store.reveal(all[0].as_bytes(), None).unwrap_err();
        assert!(failed.to_string().contains("cannot unwrap the key"), "{failed}");
        for line in &all[1..] {
            assert_eq!(store.reveal(line.as_bytes(), None).unwrap().opened, 5);
        }
        assert!(is_envelope(&events(&trail)[2]["action"]["parameters"]["note"]));
    }
}

/// The note and the path of a proof, by crates that others have written; after docs/verifying.md.
fn accepted_by_others(proof: &str, event: &[u8], key: &str) {
    let (head, checkpoint) = proof.split_once("\n\n").unwrap();
    let mut head = head.lines();
    assert_eq!(head.next(), Some("c2sp.org/tlog-proof@v1"));
    let index = head
        .find_map(|line| line.strip_prefix("index "))
        .unwrap()
        .parse()
        .unwrap();
    let path: Vec<_> = head
        .map(|line| tlog::Hash::parse_hash(line).unwrap())
        .collect();
    let note = Note::from_bytes(checkpoint.as_bytes()).unwrap();
    let verifier = StandardVerifier::new(key.trim_end()).unwrap();
    note.verify(&VerifierList::new(vec![Box::new(verifier)]))
        .unwrap();
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    let leaf = tlog::record_hash(event);
    tlog::check_record(&path, checkpoint.size(), *checkpoint.hash(), index, leaf).unwrap();
    let other = tlog::record_hash(&[event, b" "].concat());
    assert!(
        tlog::check_record(&path, checkpoint.size(), *checkpoint.hash(), index, other).is_err()
    );
}
