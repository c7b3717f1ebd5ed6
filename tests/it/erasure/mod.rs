//! Forgetting a person: what was encrypted for somebody can be read until it is erased and not after, and nothing else of
//! the trail changes by that.

mod held;
mod interrupted;
#[cfg(target_os = "linux")]
mod killed;
mod python;
mod shredded;

use std::path::{Path, PathBuf};

use serde_json::Value;
use vigil::trail::subjects::SubjectKeys;
use vigil::{Error, Sanitize, audited};
use vigil_tests::{all_lines, builder, isolated};

#[derive(Sanitize)]
struct Customer {
    #[audit(encrypt)]
    email: String,
    #[audit(encrypt)]
    born: Option<u32>,
    #[audit(encrypt)]
    addresses: Vec<String>,
    plan: String,
}

fn customer(name: &str) -> Customer {
    Customer {
        email: format!("{name}-canary@example.com"),
        born: Some(19_840_517),
        addresses: vec![format!("{name}-canary street 1"), "a \"b\"\n/~".to_owned()],
        plan: "gold".to_owned(),
    }
}

#[audited(category = "DATA", subject = id)]
fn register(id: &str, customer: &Customer, #[audit(encrypt)] phone: u64) {
    let _ = (id, customer, phone);
}

#[audited(category = "DATA", subject = id, delivery = "required")]
fn change(id: u64, #[audit(encrypt)] email: &str) -> Result<(), Error> {
    let _ = (id, email);
    Ok(())
}

#[audited(category = "DATA", subject = from, event = ev)]
fn refer(from: &str, to: &str, #[audit(encrypt)] own: &str) {
    let _ = own;
    ev.subject(to).field("other", &customer(to));
}

#[audited(category = "DATA", subject = id, result)]
fn look_up(id: &str) -> Customer {
    customer(id)
}

fn places(dir: &Path) -> (PathBuf, PathBuf) {
    (dir.join("trail"), dir.join("keys"))
}

/// The events of an operation, in the clear as far as they can be.
fn revealed(trail: &Path, keys: &Path, operation: &str) -> Vec<Value> {
    let keys = SubjectKeys::open(keys).unwrap();
    let of = format!("\"operation\":\"{operation}\"");
    let lines = all_lines(trail);
    let lines = lines.iter().filter(|line| line.contains(&of));
    lines
        .map(|line| {
            let revealed = keys.reveal(line.as_bytes(), None).unwrap();
            assert!(revealed.refused.is_empty(), "{:?}", revealed.refused);
            serde_json::from_slice(&revealed.line).unwrap()
        })
        .collect()
}

isolated! {
    fn what_was_encrypted_is_read_by_its_key_alone(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).init().unwrap();
        register("jane", &customer("jane"), 5_550_100);
        change(7, "seven-canary@example.com").unwrap();
        refer("jane", "joan", "jane-canary says");
        look_up("joan");
        let mut scope = vigil::scope!("EXPORT", category = "DATA", subject = "jane");
        scope.field("customer", &customer("jane"));
        scope.success();
        vigil::audit!(category = "DATA", operation = "said", subject = "jane", fields(customer = customer("jane")), outcome = ok);
        vigil.shutdown().unwrap();

        let bytes = vigil_tests::all_bytes(dir);
        for secret in ["canary", "19840517", "5550100"] {
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{secret}");
        }
        let event = revealed(&trail, &keys, "register").remove(0);
        let parameters = &event["action"]["parameters"];
        assert_eq!(parameters["phone"], 5_550_100);
        assert_eq!(parameters["customer"]["email"], "jane-canary@example.com");
        assert_eq!(parameters["customer"]["born"], 19_840_517);
        assert_eq!(parameters["customer"]["addresses"][1], "a \"b\"\n/~");
        assert_eq!(parameters["customer"]["plan"], "gold");
        // The event that announces a call and that of its outcome hold the same ciphertext.
        let both = revealed(&trail, &keys, "change");
        assert_eq!(both.len(), 2);
        for event in &both {
            assert_eq!(event["action"]["parameters"]["email"], "seven-canary@example.com");
        }
        let event = revealed(&trail, &keys, "refer").remove(0);
        assert_eq!(event["action"]["parameters"]["own"], "jane-canary says");
        assert_eq!(event["action"]["parameters"]["other"]["email"], "joan-canary@example.com");
        let event = revealed(&trail, &keys, "look_up").remove(0);
        assert_eq!(event["action"]["result"]["value"]["email"], "joan-canary@example.com");
        for operation in ["EXPORT", "said"] {
            let event = revealed(&trail, &keys, operation).remove(0);
            assert_eq!(event["action"]["parameters"]["customer"]["email"], "jane-canary@example.com");
        }
        // Of one subject alone.
        let store = SubjectKeys::open(&keys).unwrap();
        let line = all_lines(&trail).into_iter().find(|line| line.contains("\"refer\"")).unwrap();
        let joan = store.reveal(line.as_bytes(), Some("joan")).unwrap();
        let text = String::from_utf8(joan.line.to_vec()).unwrap();
        assert!(text.contains("joan-canary@") && !text.contains("jane-canary says"));
        assert_eq!(store.reveal(line.as_bytes(), Some("nobody")).unwrap().opened, 0);
    }

    fn what_is_moved_is_refused(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).init().unwrap();
        for phone in [5_550_100, 5_550_101] {
            register("jane", &customer("jane"), phone);
        }
        register("joan", &customer("joan"), 5_550_102);
        vigil.shutdown().unwrap();
        let lines = all_lines(&trail);
        let lines: Vec<_> = lines.iter().filter(|line| line.contains("\"register\"")).collect();
        let store = SubjectKeys::open(&keys).unwrap();
        let envelope = |line: &str, key: &str| {
            let start = line.find(&format!("\"{key}\":{{\"$enc\"")).unwrap() + key.len() + 3;
            let end = start + line[start..].find('}').unwrap() + 1;
            line[start..end].to_owned()
        };
        let refuses = |line: &str, opened: u64| {
            let revealed = store.reveal(line.as_bytes(), None).unwrap();
            assert_eq!((revealed.refused.len(), revealed.opened), (1, opened), "{:?}", revealed.refused);
            assert!(!String::from_utf8_lossy(&revealed.line).contains("\"phone\":5"));
        };
        let phone = envelope(lines[0], "phone");
        assert_eq!(store.reveal(lines[0].as_bytes(), None).unwrap().opened, 5);
        // Of another event, of another subject, and of another place in the same event.
        refuses(&lines[0].replace(&phone, &envelope(lines[1], "phone")), 4);
        refuses(&lines[0].replace(&phone, &envelope(lines[2], "phone")), 4);
        refuses(&lines[0].replace(&phone, &envelope(lines[0], "email")), 4);
        refuses(&lines[0].replace("\"phone\":", "\"fax\":"), 4);
        // Under another name of a key, which there is, and which there is not.
        let kid = |envelope: &str| envelope[17..51].to_owned();
        let joans = kid(&envelope(lines[2], "phone"));
        refuses(&lines[0].replace(&phone, &phone.replace(&kid(&phone), &joans)), 4);
        let nobodys = format!("k_{}", "0".repeat(32));
        refuses(&lines[0].replace(&phone, &phone.replace(&kid(&phone), &nobodys)), 4);
        // A damaged one does not keep the others from being read.
        refuses(&lines[0].replace(&phone, &phone.replace("\"c\":\"", "\"c\":\"AAAA")), 4);
        refuses(&lines[0].replace(&phone, &phone.replace("\"n\":", "\"m\":")), 4);
    }

    fn without_subject_or_store_it_is_redacted_and_told_once(dir) {
        use std::sync::{Arc, Mutex};
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        let trail = dir.join("trail");
        let vigil = builder(&trail).on_error(move |error| tell.lock().unwrap().push(error.to_string())).init().unwrap();
        for _ in 0..3 {
            register("jane", &customer("jane"), 5_550_100);
            vigil::audit!(category = "DATA", operation = "said", fields(customer = customer("jane")), outcome = ok);
        }
        vigil.shutdown().unwrap();
        let text = all_lines(&trail).join("\n");
        assert!(!text.contains("canary") && !text.contains("5550100"));
        assert!(text.contains(r#""email":"***REDACTED***""#) && !text.contains("$enc"));
        let told = told.lock().unwrap();
        assert_eq!(told.iter().filter(|text| text.contains("trail.subject_keys")).count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|text| text.contains("names no subject")).count(), 1, "{told:?}");
    }

    fn a_store_inside_the_trail_is_refused(dir) {
        let trail = dir.join("trail");
        let error = builder(&trail).subject_keys(trail.join("keys")).init().unwrap_err();
        assert!(error.is_config() && error.to_string().contains("inside the trail"), "{error}");
    }
}
