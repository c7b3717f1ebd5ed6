//! Promise 4, for what has to be forgotten: it stands encrypted, under a key of the person it is of, and is gone when that
//! key is destroyed; and the trail is as it was.

mod erased;
mod independent;
#[cfg(target_os = "linux")]
mod killed;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use vigil::trail::subjects::{Revealed, SubjectKeys};
use vigil::{Sanitize, audit, audited, testing};
use vigil_tests::{all_bytes, builder, events, isolated, lines, only};

#[derive(Sanitize)]
struct Profile {
    plan: &'static str,
    #[audit(encrypt)]
    address: String,
    #[audit(encrypt)]
    visits: u32,
    #[audit(encrypt)]
    tags: Vec<String>,
}

#[audited(category = "DATA", subject = user)]
fn update(#[audit(skip)] user: &str, profile: &Profile, #[audit(encrypt)] note: &str) {
    let _ = (profile.plan, note);
}

/// What must be found nowhere; long enough not to be found by chance, in none of the sanitizer's own forms.
const ADDRESS: &str = "Quellenweg siebzehn, Hinterhaus \"links\"";
const NOTE: &str = "walks with a stick since the spring";

fn profile() -> Profile {
    Profile {
        plan: "basic",
        address: ADDRESS.to_owned(),
        visits: 40_961,
        tags: vec!["one of the tags".to_owned(), "another/tag~".to_owned()],
    }
}

fn places(dir: &Path) -> (PathBuf, PathBuf) {
    (dir.join("trail"), dir.join("keys"))
}

/// An engine with a store of keys.
fn start(dir: &Path) -> vigil::Guard {
    let (trail, keys) = places(dir);
    builder(&trail)
        .subject_keys(keys)
        .checkpoints(Duration::from_millis(20), 100)
        .init()
        .unwrap()
}

fn reveal(keys: &Path, line: &str) -> Revealed {
    let keys = SubjectKeys::open(keys).unwrap();
    keys.reveal(line.as_bytes(), None).unwrap()
}

fn parameters(line: &[u8]) -> Value {
    let event: Value = serde_json::from_slice(line).unwrap();
    event["action"]["parameters"].clone()
}

fn is_envelope(value: &Value) -> bool {
    value["$enc"] == 1 && value.as_object().is_some_and(|members| members.len() == 4)
}

isolated! {
    fn what_is_encrypted_is_read_with_the_keys_and_in_no_other_way(dir) {
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        update("u-17", &profile(), NOTE);
        update("u-18", &profile(), NOTE);
        vigil.shutdown().unwrap();
        let found = events(&trail);
        crate::schema::assert_valid(&found);
        let all = all_bytes(dir);
        for hidden in [ADDRESS, "Quellenweg", NOTE, "40961", "one of the tags", "u-17", "u-18"] {
            assert!(!String::from_utf8_lossy(&all).contains(hidden), "{hidden}");
        }
        let kid = |event: &Value| event["action"]["parameters"]["note"]["kid"].clone();
        assert_eq!(kid(&found[0]), kid(&found[1]));
        assert_ne!(kid(&found[0]), kid(&found[2]));
        let mut nonces = std::collections::BTreeSet::new();
        for event in &found {
            let parameters = &event["action"]["parameters"];
            assert_eq!(parameters["profile"]["plan"], "basic");
            let tags = parameters["profile"]["tags"].as_array().unwrap();
            let values = [&parameters["note"], &parameters["profile"]["address"], &parameters["profile"]["visits"], &tags[0], &tags[1]];
            for value in values {
                assert!(is_envelope(value), "{value}");
                assert!(nonces.insert(value["n"].to_string()), "a nonce twice");
            }
        }
        for line in lines(&trail) {
            let revealed = reveal(&keys, &line);
            assert_eq!((revealed.opened, revealed.erased, revealed.refused.len()), (5, 0, 0), "{:?}", revealed.refused);
            let parameters = parameters(&revealed.line);
            assert_eq!(parameters["note"], NOTE);
            assert_eq!(parameters["profile"]["address"], ADDRESS);
            assert_eq!(parameters["profile"]["visits"], 40_961);
            assert_eq!(parameters["profile"]["tags"][1], "another/tag~");
        }
    }

    fn a_ciphertext_opens_only_where_it_was_written(dir) {
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        update("u-17", &profile(), NOTE);
        update("u-18", &profile(), NOTE);
        vigil.shutdown().unwrap();
        let all = lines(&trail);
        let found = events(&trail);
        let text = |number: usize, pointer: &str| {
            let value = found[number].pointer(pointer).unwrap();
            let member = |name: &str| value[name].as_str().unwrap();
            format!("{{\"$enc\":1,\"kid\":\"{}\",\"n\":\"{}\",\"c\":\"{}\"}}", member("kid"), member("n"), member("c"))
        };
        let (note, address) = ("/action/parameters/note", "/action/parameters/profile/address");
        let own = text(0, note);
        assert!(all[0].contains(&own));
        let kid = |number: usize| found[number].pointer(note).unwrap()["kid"].as_str().unwrap().to_owned();
        let mut flipped = own.clone().into_bytes();
        let at = own.find("\"c\":\"").unwrap() + 7;
        flipped[at] = if flipped[at] == b'A' { b'B' } else { b'A' };
        for (what, other) in [
            ("of another event", text(1, note)),
            ("of another field", text(0, address)),
            ("of another subject", text(2, note)),
            ("under another name", own.replace(&kid(0), &kid(2))),
            ("under a name that nobody knows", own.replace(&kid(0), "k_00000000000000000000000000000000")),
            ("under a name that leads elsewhere", own.replace(&kid(0), "k_../../trail")),
            ("changed", String::from_utf8(flipped).unwrap()),
        ] {
            let revealed = reveal(&keys, &all[0].replace(&own, &other));
            assert_eq!((revealed.opened, revealed.refused.len()), (4, 1), "{what}");
            assert!(revealed.refused[0].starts_with(note), "{:?}", revealed.refused);
            assert!(!String::from_utf8_lossy(&revealed.line).contains(NOTE), "{what}");
        }
        // The whole event under another id.
        let id = found[0]["event_id"].as_str().unwrap();
        let revealed = reveal(&keys, &all[0].replace(id, found[1]["event_id"].as_str().unwrap()));
        assert_eq!((revealed.opened, revealed.refused.len()), (0, 5));
    }

    fn what_cannot_be_encrypted_is_redacted_and_that_is_said_once(dir) {
        static SAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        #[audited(category = "DATA", event = ev)]
        fn later(profile: &Profile) {
            ev.field("before", profile).subject("u-17").field("after", profile);
        }
        let vigil = builder(&dir.join("trail"))
            .subject_keys(dir.join("keys"))
            .on_error(|error| SAID.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        for _ in 0..3 {
            later(&profile());
            audit!(category = "DATA", operation = "alone", fields(profile = profile()), outcome = ok);
            audit!(category = "DATA", operation = "with", subject = "u-17", fields(profile = profile()), outcome = ok);
        }
        vigil.shutdown().unwrap();
        let found = events(&dir.join("trail"));
        let of = |operation: &str| -> Value {
            let mut events = found.iter().filter(|event| event["action"]["operation"].as_str().unwrap().ends_with(operation));
            events.next().unwrap()["action"]["parameters"].clone()
        };
        for value in [&of("later")["profile"], &of("later")["before"], &of("alone")["profile"]] {
            assert_eq!(value["address"], "***REDACTED***");
            assert_eq!(value["visits"], "***REDACTED***");
            assert_eq!(value["plan"], "basic");
        }
        assert!(is_envelope(&of("later")["after"]["address"]));
        assert!(is_envelope(&of("with")["profile"]["address"]));
        assert!(!String::from_utf8_lossy(&all_bytes(dir)).contains("Quellenweg"));
        let said = SAID.lock().unwrap();
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].contains("names no subject"), "{said:#?}");
    }

    fn without_a_store_nothing_is_plain(dir) {
        static SAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        let vigil = builder(dir).on_error(|error| SAID.lock().unwrap().push(error.to_string())).init().unwrap();
        update("u-17", &profile(), NOTE);
        update("u-17", &profile(), NOTE);
        vigil.shutdown().unwrap();
        let event = only(&events(dir)[..1], "update")["action"]["parameters"].clone();
        assert_eq!(event["note"], "***REDACTED***");
        assert_eq!(event["profile"]["address"], "***REDACTED***");
        let said = SAID.lock().unwrap();
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].contains("trail.subject_keys"), "{said:#?}");
    }

    fn the_leak_test_covers_what_is_encrypted(dir) {
        let vigil = start(dir);
        let secret = testing::canary();
        let profile = Profile { address: secret.clone(), ..profile() };
        testing::assert_no_leak([&secret], || update("u-17", &profile, &secret));
        // It does find the same value where it is not encrypted.
        let leaks = std::panic::catch_unwind(|| {
            testing::assert_no_leak([&secret], || {
                audit!(category = "DATA", operation = "open", subject = "u-17", fields(text = &secret), outcome = ok);
            });
        });
        assert!(leaks.is_err());
        vigil.shutdown().unwrap();
    }

    fn an_announced_event_and_its_outcome_hold_the_same_value(dir) {
        #[audited(category = "DATA", subject = user, delivery = "required")]
        fn transfer(#[audit(skip)] user: &str, #[audit(encrypt)] to: &str) -> Result<(), vigil::Error> {
            let _ = to;
            Ok(())
        }
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        transfer("u-17", NOTE).unwrap();
        vigil.shutdown().unwrap();
        let all = lines(&trail);
        assert_eq!(all.len(), 2);
        for line in all {
            let revealed = reveal(&keys, &line);
            assert_eq!((revealed.opened, revealed.refused.len()), (1, 0), "{line}: {:?}", revealed.refused);
            assert_eq!(parameters(&revealed.line)["to"], NOTE);
        }
    }
}
