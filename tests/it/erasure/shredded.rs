//! After an erasure nothing of the subject is left anywhere, and every proof from before holds.

use std::fs;
use std::process::Command;

use serde_json::Value;
use vigil::testing::assert_no_leak;
use vigil::trail::subjects::{Erasure, SubjectKeys, erase};
use vigil::trail::{
    VerifyOptions, Which, check_proof, consistency, newest_checkpoint, prove, verifier_keys, verify,
};
use vigil::{EventId, flush};
use vigil_tests::{all_bytes, all_lines, builder, events, isolated, only};

use super::{customer, places, refer, register, revealed};
use crate::integrity::{foreign, prove as proved_by_others};

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            text.push(char::from(DIGITS[(group >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

/// Raw, in hexadecimal, and in base 64 wherever the group of three begins.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    for skip in 0..3.min(secret.len()) {
        let whole = (secret.len() - skip) / 3 * 3;
        forms.push(base64(&secret[skip..skip + whole]).into_bytes());
    }
    forms
}

#[track_caller]
pub(super) fn assert_nowhere(bytes: &[u8], secret: &[u8], what: &str) {
    for form in forms(secret) {
        let found = bytes.windows(form.len()).any(|window| window == form);
        assert!(
            !found,
            "{what} is found as {:?}",
            String::from_utf8_lossy(&form)
        );
    }
}

isolated! {
    fn nothing_is_left_of_an_erased_subject_and_every_proof_holds(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).origin("shop.example/audit").subject_keys(&keys).journal(1 << 20, std::time::Duration::from_secs(30)).init().unwrap();
        for _ in 0..20 {
            register("subject-jane", &customer("jane"), 5_550_100);
            register("subject-joan", &customer("joan"), 5_550_199);
        }
        refer("subject-joan", "subject-jane", "joan-canary says");
        assert!(flush().is_ok());
        let id: EventId = only_id(&events(&trail), "refer");
        let before = loop {
            // Under a checkpoint soon.
            match prove(&trail, Which::Id(id)) {
                Ok(proof) => break proof,
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        };
        let (checkpoint, known) = (newest_checkpoint(&trail).unwrap(), verifier_keys(&trail).unwrap());
        let old_lines = all_lines(&trail);
        // The wrapped key, which with the key-encryption key would give back all.
        let janes = kid(&old_lines, "subject-jane", &keys);
        let file: Value = serde_json::from_slice(&fs::read(keys.join("keys").join(&janes)).unwrap()).unwrap();
        let wrapped = file["wrapped"].as_str().unwrap().to_owned();

        let erasure = Erasure::new("GDPR Art. 17(1)(b)").request_id("R-118").operator("dpo").backup_days(14);
        let erased = erase(&trail, &keys, "subject-jane", &erasure).unwrap();
        assert_eq!((erased.kid.as_str(), erased.events), (janes.as_str(), 21));
        let certificate = erased.certificate.expect("the engine runs");
        check_proof(&certificate.to_string(), &certificate.event, &known).unwrap();
        let event: Value = serde_json::from_slice(&certificate.event).unwrap();
        assert_eq!(event["event_id"], erased.event.to_string());
        let told = &event["action"]["parameters"];
        assert_eq!(event["action"]["operation"], "audit_subject_erased");
        for (name, value) in [("kid", janes.as_str()), ("basis", "GDPR Art. 17(1)(b)"), ("request_id", "R-118"), ("operator", "dpo"), ("effective", &erased.effective), ("complete", &erased.complete)] {
            assert_eq!(told[name], value, "{told}");
        }
        assert_eq!(told["n_events"], 21);

        // The program that runs gives the subject a new key at once.
        register("subject-jane", &customer("again"), 5_550_101);
        register("subject-joan", &customer("joan"), 5_550_199);
        vigil.shutdown().unwrap();

        let bytes = all_bytes(dir);
        for secret in ["jane-canary@example.com", "jane-canary street 1", "subject-jane-canary", &wrapped] {
            assert_nowhere(&bytes, secret.as_bytes(), secret);
        }
        let last = |operation: &str| revealed(&trail, &keys, operation);
        let all = last("register");
        assert_eq!(all[0]["action"]["parameters"]["phone"], "***ERASED***");
        assert_eq!(all[0]["action"]["parameters"]["customer"]["email"], "***ERASED***");
        assert_eq!(all[1]["action"]["parameters"]["customer"]["email"], "joan-canary@example.com");
        assert_eq!(all[40]["action"]["parameters"]["customer"]["email"], "again-canary@example.com");
        assert_eq!(all[41]["action"]["parameters"]["phone"], 5_550_199);
        assert_ne!(kid(&all_lines(&trail), "subject-jane", &keys), janes);
        let shared = last("refer").remove(0);
        assert_eq!(shared["action"]["parameters"]["own"], "joan-canary says");
        assert_eq!(shared["action"]["parameters"]["other"]["email"], "***ERASED***");

        // Not a byte of what was there has changed, and whoever held a proof holds it still.
        assert_eq!(all_lines(&trail)[..old_lines.len()], old_lines);
        check_proof(&before.to_string(), &before.event, &known).unwrap();
        consistency(&trail, &checkpoint, &known).unwrap();
        assert_eq!(verify(&trail, &VerifyOptions::new()).unwrap().verdict, vigil::trail::Verdict::Intact);
        proved_by_others(&trail);
        let Some(bin) = foreign::verifiers() else { return };
        let (tiles, key) = (dir.join("tiles"), dir.join("shop.vkey"));
        vigil::trail::export_tlog(&trail, &tiles, true).unwrap();
        fs::write(&key, format!("{}\n", known[0])).unwrap();
        let output = Command::new(bin.join("aics-tlog")).args(["verify-checkpoint", "--vkey-file"]).arg(&key).arg("--tiles").arg(&tiles).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn after_a_rewrap_copies_of_the_store_are_worth_nothing(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).init().unwrap();
        for name in ["jane", "joan", "john"] {
            register(name, &customer(name), 1);
        }
        let kek = |keys: &std::path::Path| {
            let id = fs::read_to_string(keys.join("kek/current")).unwrap();
            fs::read(keys.join("kek").join(format!("{id}.key"))).unwrap()
        };
        let old = kek(&keys);
        assert_eq!(SubjectKeys::open(&keys).unwrap().rewrap().unwrap(), 3);
        assert_ne!(kek(&keys), old);
        assert_nowhere(&all_bytes(&keys), &old, "the old key-encryption key");
        // The program that runs takes the new one.
        register("jack", &customer("jack"), 1);
        vigil.shutdown().unwrap();
        for event in revealed(&trail, &keys, "register") {
            assert_eq!(event["action"]["parameters"]["phone"], 1);
        }
    }

    fn the_leak_test_covers_encrypted_fields(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).init().unwrap();
        assert_no_leak(["4111-canary", "street of the canary"], || {
            let mut leaky = customer("jane");
            leaky.email = "4111-canary".to_owned();
            leaky.addresses = vec!["street of the canary".to_owned()];
            register("jane", &leaky, 1);
        });
        vigil.shutdown().unwrap();
    }
}

fn only_id(events: &[Value], operation: &str) -> EventId {
    only(events, operation)["event_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

/// The kid that a subject has now: that of the last line from which something of its own can be read.
fn kid(lines: &[String], subject: &str, keys: &std::path::Path) -> String {
    let store = SubjectKeys::open(keys).unwrap();
    let lines = lines
        .iter()
        .rev()
        .filter(|line| line.contains("\"register\""));
    for line in lines {
        if store.reveal(line.as_bytes(), Some(subject)).unwrap().opened > 0 {
            let start = line.find("k_").unwrap();
            return line[start..start + 34].to_owned();
        }
    }
    panic!("no line of {subject}");
}
